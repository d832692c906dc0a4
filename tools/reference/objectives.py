"""The pages of losses, optimizers, schedules, metrics and augmentations."""

from collections.abc import Callable, Mapping

from models.catalog import ObjectiveType
from models.objectives.augmentations import AUGMENTATIONS
from models.objectives.base import Declaration
from models.objectives.losses import LOSSES
from models.objectives.metrics import METRICS
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES
from tools.reference import curves, equivalents, images, worked
from tools.reference.curves import Drawn
from tools.reference.declared import example, line, paragraphs
from tools.reference.page import Kind, Page, code, escaped, listed, picture
from tools.reference.parameters import parameters

LOSS = Kind("losses", "Losses", "How wrong a prediction is, as one number to make smaller.")
OPTIMIZER = Kind("optimizers", "Optimizers", "How a gradient changes the weights.")
SCHEDULE = Kind("schedules", "Schedules", "How the learning rate changes over a run.")
METRIC = Kind("metrics", "Metrics", "How good a network is, in numbers that people understand.")
AUGMENTATION = Kind(
    "augmentations",
    "Augmentations",
    "How training images are changed each time they are shown, so that a network learns what "
    "matters in them.",
)
TASKS = {
    "regression": "For numbers",
    "classification": "For classes",
    "multilabel": "For several labels",
}


def loss(entry: ObjectiveType) -> Page:
    """Return the page of a loss."""
    kept = LOSSES[entry.type]
    says, drawn = curves.loss(kept)
    return _page(entry, kept, (says, drawn), {"loss": example(kept)}, equivalents.loss(kept()))


def optimizer(entry: ObjectiveType) -> Page:
    """Return the page of an optimizer."""
    kept = OPTIMIZERS[entry.type]
    return _page(
        entry,
        kept,
        curves.path(kept),
        {"optimizer": example(kept)},
        equivalents.optimizer(kept.model_validate({})),
    )


def schedule(entry: ObjectiveType) -> Page:
    """Return the page of a schedule."""
    kept = SCHEDULES[entry.type]
    return _page(
        entry, kept, curves.rate(kept), {"schedule": example(kept)}, equivalents.schedule(kept())
    )


def metric(entry: ObjectiveType) -> Page:
    """Return the page of a metric."""
    kept = METRICS[entry.type]
    made = kept()
    recipe = {"metrics": [example(kept)]}
    return _page(entry, kept, worked.example(made), recipe, equivalents.metric(made))


def augmentation(entry: ObjectiveType) -> Page:
    """Return the page of an augmentation."""
    kept = AUGMENTATIONS[entry.type]
    recipe = {"augmentation": [example(kept)]}
    return _page(entry, kept, images.shown(kept), recipe, equivalents.augmentation(kept()))


KINDS: Mapping[Kind, Callable[[ObjectiveType], Page]] = {
    LOSS: loss,
    OPTIMIZER: optimizer,
    SCHEDULE: schedule,
    METRIC: metric,
    AUGMENTATION: augmentation,
}


def _page(
    entry: ObjectiveType,
    kept: type[Declaration],
    drawn: Drawn,
    recipe: Mapping[str, object],
    sources: list[tuple[str, str]],
) -> Page:
    """Return a page; `drawn` says what is seen and draws it, `recipe` is the part that names it."""
    says, svg = drawn
    names = listed(kept.aliases)
    better = {"lower": "Lower values are better.", "higher": "Higher values are better.", None: ""}
    notes = [*paragraphs(kept)[1:], better[entry.better]]
    return Page(
        name=entry.type,
        title=entry.title,
        summary=entry.summary,
        group=TASKS[entry.tasks[0]] if entry.tasks else None,
        sections=[
            ("Formula", code(entry.formula) if entry.formula else ""),
            ("Picture", f"{picture(entry.type, says)}\n\n{escaped(says)}."),
            ("More about it", escaped("\n\n".join(filter(None, notes)))),
            ("Parameters", parameters(entry.params)),
            (
                "Example",
                f"In a recipe:\n\n{code(line(recipe), 'json')}"
                + (f"\n\nAlso known as {names}." if names else ""),
            ),
            *sources,
        ],
        pictures={entry.type: svg},
    )
