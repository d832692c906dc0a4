"""How objectives are written in PyTorch, Keras and scikit-learn: what their declarations say."""

from models.call import Call, Named
from models.objectives.augmentations import Augmentation
from models.objectives.losses import Loss
from models.objectives.metrics.base import Metric
from models.objectives.optimizers import Optimizer
from models.objectives.schedules import Schedule
from tools.reference.page import code, escaped, own_modules

Sections = list[tuple[str, str]]

BROUGHT = "\n\nPrinted source brings this function along."
ANSWERS = {
    "classes": "predicted",
    "numbers": "predicted",
    "probabilities": "probabilities",
    "second": "probabilities[:, 1]",
    "outputs": "outputs",
}
"""What source calls the answers that a metric is worked out from."""


def loss(made: Loss) -> Sections:
    """Return the function of outputs and targets, and Keras's loss."""
    function = made.torch(logits=made.stable_after is not None)
    root = ".sqrt()" if made.combine == "root_mean_square" else ""
    torch = code(f"{_of(function, 'outputs', 'targets')}{root}", "python")
    if not function.name.startswith("F."):
        torch += BROUGHT
    if made.stable_after is not None:
        torch += f"\n\nThe outputs are those before the last {made.stable_after}."
    keras = made.keras()
    own = BROUGHT if isinstance(keras, Named) else ""
    return [("In PyTorch", torch), ("In Keras", code(str(keras), "python") + own)]


def optimizer(made: Optimizer) -> Sections:
    """Return PyTorch's optimizer, what that does otherwise, and Keras's."""
    source, unlike = str(made.torch()), made.unlike_torch()
    note = f"\n\n{escaped(unlike)}." if unlike else ""
    return [
        ("In PyTorch", code(source, "python") + own_modules(source) + note),
        ("In Keras", code(str(made.keras()), "python")),
    ]


def schedule(made: Schedule) -> Sections:
    """Return PyTorch's scheduler or the function of the step, and Keras's schedule."""
    scheduler = made.torch()
    if scheduler is not None:
        torch = code(str(scheduler), "python")
    else:
        rate = _of(made.function(), "step", "steps", "learning_rate")
        torch = code(str(rate), "python") + BROUGHT
    keras = made.keras(0.001)
    none = "Keras has no schedule of this kind: printed source brings a function along."
    return [
        ("In PyTorch", torch),
        ("In Keras", none if keras is None else code(str(keras), "python")),
    ]


def metric(made: Metric) -> Sections:
    """Return scikit-learn's function, as PyTorch has no metrics, and what Keras calls it."""
    classes = 0 if made.tasks == ("regression",) else 2 if made.classes == "two" else 3
    scored, keras = made.scored(classes), made.keras()
    told = "PyTorch has no metrics; printed source takes those of scikit-learn."
    brought = "" if "." in scored.call.name else BROUGHT
    source = code(scored.source(ANSWERS), "python") + brought
    sections = [("In PyTorch", source if brought else f"{told}\n\n{source}")]
    if keras is not None:
        shown = f'"{keras}"' if isinstance(keras, str) else str(keras)
        sections.append(("In Keras", code(shown, "python")))
    return sections


def augmentation(made: Augmentation) -> Sections:
    """Return torchvision's transform and Keras's layer, and which of them there is not."""
    torch, keras = made.torch(), made.keras()
    none = "{} has none of this kind."
    return [
        ("In PyTorch", none.format("torchvision") if torch is None else code(str(torch), "python")),
        ("In Keras", none.format("Keras") if keras is None else code(str(keras), "python")),
    ]


def _of(function: Call, *names: str) -> Call:
    """Return a call of a function of values, by their names in source."""
    return Call(function.name, (*map(Named, names), *function.args), function.kwargs)
