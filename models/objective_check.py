"""Do loss, metrics and clipping of a recipe suit the data, the network and each other?"""

from collections.abc import Sequence
from typing import Any

from models.aims import Aim, suits
from models.data.description import Description
from models.data.interface import Interface
from models.data.lookup import near
from models.errors import Fix, Problems, SetParams, SetRecipe, refuse
from models.objectives.base import Declaration, declare
from models.objectives.losses import LOSSES, Loss
from models.objectives.metrics import metric_of, named
from models.objectives.metrics.base import Metric
from models.objectives.schedules import Schedule
from models.recipe import Objective, Recipe


def check_loss(aim: Aim, recipe: Recipe, description: Description) -> None:
    """Check the loss of an Output against task, classes, output layer and target.

    Raises:
        DocumentError: it does not suit them.
    """
    if aim.goal.end.loss is None and aim.given is None:
        return
    loss, asked = aim.loss, aim.asked
    if not aim.named and aim.goal.end.loss is not None and aim.given is not None:
        _check_one_loss(aim, declare(LOSSES, aim.given, "loss", ["loss"]))
    suited, why = aim.suited
    fix = aim.use(suited)
    _check_task(loss, asked, "loss", aim.loss_spot, fix)
    classes = len(asked.exclusive or ())
    one_output = (
        loss.takes == "codes" and suited == "BinaryCrossentropy" and aim.goal.end.units == 1
    )
    if (loss.classes == "two" and classes > 2) or one_output:
        raise refuse(
            "loss_mismatch",
            f"Expected a loss that suits {classes} classes and this output layer, got {loss.name}. "
            f"{fix.title}: {why[0].lower() + why[1:]}.",
            fix,
            **aim.loss_spot,
        )
    _check_target(recipe, loss, aim, description, fix)


def _check_one_loss(aim: Aim, given: Loss) -> None:
    if given == aim.loss:
        return
    title = "Leave the loss to the recipe"
    change = SetParams(node=aim.name, params={"loss": None})
    raise refuse(
        "contradiction",
        f"Expected one loss, got {aim.loss.name} at the Output and {given.name} in the recipe. "
        f"{title}, or set it there to the same.",
        Fix(title=title, changes=[change]),
        **aim.loss_spot,
    )


def _check_target(recipe: Recipe, loss: Loss, aim: Aim, description: Description, fix: Fix) -> None:
    if loss.own_unit and recipe.target_scaling == "standard":
        raise refuse(
            "contradiction",
            f"Expected the target as it is for {loss.name}, which means nothing on a standardised "
            'target, got target_scaling "standard". Set target_scaling to "none".',
            _set("Train on the target as it is", target_scaling="none"),
            path=["target_scaling"],
        )
    column = next((c for c in description.columns if c.name == aim.asked.target), None)
    lowest = column.minimum if column is not None else None
    if loss.lowest_target is not None and lowest is not None and lowest < loss.lowest_target:
        raise refuse(
            "loss_mismatch",
            f"Expected a target of {loss.lowest_target:g} or more for {loss.name}, got values down "
            f'to {lowest:g} in "{aim.asked.target}". {fix.title}.',
            fix,
            **aim.loss_spot,
        )


def check_metrics(recipe: Recipe, outputs: Sequence[Interface]) -> None:
    """Check the metrics against task and classes: each has to suit one Output at least.

    Raises:
        DocumentError: unknown ones, and those that do not suit; each fix leaves the others.
    """
    problems = Problems()
    found: list[Metric] = []
    entries = list(recipe.metrics or [])
    for index, entry in enumerate(entries):
        with problems.collecting():
            metric = metric_of(entry, ["metrics", index])
            twice = metric.label in {other.label for other in found}
            found.append(metric)
            suiting = (asked for asked in outputs if suits(metric, asked))
            _check_metric(metric, next(suiting, outputs[0]), entries, index, twice)
    problems.tell()


def _check_metric(
    metric: Metric,
    interface: Interface,
    entries: list[str | Objective],
    index: int,
    twice: bool,
) -> None:
    others = [_plain(entry) for place, entry in enumerate(entries) if place != index]
    without = _set(f"Leave {metric.name} out", metrics=others)
    if twice:
        raise refuse(
            "metric_twice",
            f"Expected each metric once, got {metric.label} again. {without.title}.",
            without,
            path=["metrics", index],
        )
    _check_task(metric, interface, "metric", {"path": ["metrics", index]}, without)
    if interface.classes is None:
        return
    wrong = metric.misfit(len(interface.classes))
    if wrong is None:
        return
    fix = without
    if wrong.instead is not None:
        mended = [_plain(entry) for entry in entries]
        mended[index] = _plain(named(wrong.instead))
        fix = _set(f"Use {wrong.instead.label}", metrics=mended)
    raise refuse(
        "metric_mismatch",
        f"Expected {wrong.expected}, got {wrong.received}. {fix.title}.",
        fix,
        path=["metrics", index],
    )


def _plain(entry: str | Objective) -> Any:
    return entry if isinstance(entry, str) else {"type": entry.type, **entry.params}


def _check_task(
    declaration: Declaration, interface: Interface, what: str, spot: dict[str, Any], fix: Fix
) -> None:
    if declaration.tasks is None or interface.task in declaration.tasks:
        return
    raise refuse(
        "task_mismatch",
        f"Expected a {what} for {interface.task}, got {declaration.name}, which is for "
        f"{' and '.join(declaration.tasks)}. {fix.title}.",
        fix,
        **spot,
    )


def check_clipping(recipe: Recipe) -> None:
    """Check that the gradient is clipped in one way only; the optimizer checks its own ways.

    Raises:
        DocumentError: both recipe and optimizer set a limit.
    """
    given = recipe.optimizer.params if recipe.optimizer else {}
    ways = ("clipnorm", "clipvalue", "global_clipnorm")
    own = next((name for name in ways if given.get(name) is not None), None)
    if recipe.clip_norm is None or own is None:
        return
    fix = _set(f"Clip by {own} only", clip_norm=None)
    raise refuse(
        "contradiction",
        f"Expected one way of clipping the gradient, got clip_norm={recipe.clip_norm:g} beside the "
        f"optimizer's {own}={given[own]!r}. {fix.title}.",
        fix,
        path=["clip_norm"],
    )


def check_monitors(recipe: Recipe, schedule: Schedule | None, told: list[str]) -> None:
    """Check that early stopping and schedule watch values that the run reports, `told`.

    Raises:
        DocumentError: they watch something else.
    """
    if recipe.metrics is None:
        return
    problems = Problems()
    stopping = recipe.stopping_rule
    if stopping is not None:
        changed = stopping.model_dump() | {"monitor": "loss"}
        with problems.collecting():
            _check_monitor(recipe, stopping.monitor, told, "early_stopping", changed)
    if schedule is not None and (watched := schedule.watches()) is not None:
        changed = {"type": schedule.name, **schedule.model_dump(), "monitor": "loss"}
        with problems.collecting():
            _check_monitor(recipe, watched, told, "schedule", changed)
    problems.tell()


def _check_monitor(
    recipe: Recipe, monitor: str, reported: list[str], field: str, mended: dict[str, Any]
) -> None:
    """Check one value; `mended` is the field as it would watch the training loss."""
    validated = recipe.split is None or recipe.split.validation > 0
    choices = [f"val_{name}" for name in reported] * validated + reported
    if monitor in choices:
        return
    fix = _set("Monitor the training loss", **{field: mended})
    if monitor.startswith("val_") and not validated:
        code = "nothing_to_monitor"
        message = (
            f'Expected a validation part to monitor "{monitor}" on, got a split without one. '
            "Raise split.validation, or monitor the training loss."
        )
    else:
        code = "unknown_metric"
        what = field.replace("_", " ")
        message = f'Expected {what} to monitor a value of this run, got "{monitor}". '
        message += near(monitor, choices)
    raise refuse(code, message, fix, path=[field, "monitor"])


def _set(title: str, **values: Any) -> Fix:
    return Fix(title=title, changes=[SetRecipe(values=values)])
