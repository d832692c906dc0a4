"""Do loss, metrics and clipping of a recipe suit the data, the network and each other?"""

from typing import Any

from models.data.description import Description
from models.data.interface import Interface, near
from models.ending import Ending
from models.errors import Fix, Problems, SetRecipe, refuse
from models.objectives.base import Declaration, declare
from models.objectives.losses import LOSSES, Loss
from models.objectives.metrics import metric_of, named
from models.objectives.metrics.base import Metric
from models.objectives.schedules import Schedule
from models.recipe import Objective, Recipe


def loss_type(interface: Interface, end: Ending) -> tuple[str, str]:
    """Return the loss that suits task and output layer, and why."""
    if interface.task == "regression":
        return "MeanSquaredError", "A number is predicted: large errors should weigh most"
    classes = interface.classes or ()
    if len(classes) == 2 and end.units in (None, 1) and end.activation != "softmax":
        return "BinaryCrossentropy", "Two classes and one sigmoid output"
    return (
        "CategoricalCrossentropy",
        f"{len(classes)} classes and {len(classes)} outputs that share out the probability",
    )


def check_loss(recipe: Recipe, interface: Interface, description: Description, end: Ending) -> None:
    """Check the loss against task, classes, output layer and target.

    Raises:
        DocumentError: it does not suit them.
    """
    if recipe.loss is None:
        return
    loss = declare(LOSSES, recipe.loss, "loss", ["loss"])
    suited, why = loss_type(interface, end)
    fix = _set(f"Use {suited}", loss={"type": suited})
    _check_task(loss, interface, "loss", ["loss", "type"], fix)
    classes = len(interface.classes or ())
    one_output = loss.takes == "codes" and suited == "BinaryCrossentropy" and end.units == 1
    if (loss.classes == "two" and classes > 2) or one_output:
        raise refuse(
            "loss_mismatch",
            f"Expected a loss that suits {classes} classes and this output layer, got {loss.name}. "
            f"{fix.title}: {why[0].lower() + why[1:]}.",
            fix,
            path=["loss", "type"],
        )
    _check_target(recipe, loss, interface, description, fix)


def _check_target(
    recipe: Recipe, loss: Loss, interface: Interface, description: Description, fix: Fix
) -> None:
    if loss.own_unit and recipe.target_scaling == "standard":
        raise refuse(
            "contradiction",
            f"Expected the target as it is for {loss.name}, which means nothing on a standardised "
            'target, got target_scaling "standard". Set target_scaling to "none".',
            _set("Train on the target as it is", target_scaling="none"),
            path=["target_scaling"],
        )
    column = next((c for c in description.columns if c.name == interface.target), None)
    lowest = column.minimum if column is not None else None
    if loss.lowest_target is not None and lowest is not None and lowest < loss.lowest_target:
        raise refuse(
            "loss_mismatch",
            f"Expected a target of {loss.lowest_target:g} or more for {loss.name}, got values down "
            f'to {lowest:g} in "{interface.target}". {fix.title}.',
            fix,
            path=["loss", "type"],
        )


def check_metrics(recipe: Recipe, interface: Interface) -> list[Metric]:
    """Check the metrics against task and classes, and return them.

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
            _check_metric(metric, interface, entries, index, twice)
    problems.tell()
    return found


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
    _check_task(metric, interface, "metric", ["metrics", index], without)
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
    declaration: Declaration, interface: Interface, what: str, path: list[str | int], fix: Fix
) -> None:
    if declaration.tasks is None or interface.task in declaration.tasks:
        return
    raise refuse(
        "task_mismatch",
        f"Expected a {what} for {interface.task}, got {declaration.name}, which is for "
        f"{' and '.join(declaration.tasks)}. {fix.title}.",
        fix,
        path=path,
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


def check_monitors(recipe: Recipe, schedule: Schedule | None, metrics: list[Metric]) -> None:
    """Check that early stopping and schedule watch values that the run reports.

    Raises:
        DocumentError: they watch something else.
    """
    if recipe.metrics is None:
        return
    problems = Problems()
    reported = ["loss", *(metric.label for metric in metrics)]
    stopping = recipe.stopping_rule
    if stopping is not None:
        changed = stopping.model_dump() | {"monitor": "loss"}
        with problems.collecting():
            _check_monitor(recipe, stopping.monitor, reported, "early_stopping", changed)
    if schedule is not None and (watched := schedule.watches()) is not None:
        changed = {"type": schedule.name, **schedule.model_dump(), "monitor": "loss"}
        with problems.collecting():
            _check_monitor(recipe, watched, reported, "schedule", changed)
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
