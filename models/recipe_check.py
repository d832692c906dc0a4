"""Can a recipe be followed? Every field against the data, the network and the tables."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from models.architecture import Architecture
from models.data.description import Description
from models.data.interface import Interface, near
from models.data.shares import sizes, stratified_sizes
from models.errors import DocumentError, Fix, Problem, SetRecipe, Where, refuse
from models.objectives.base import Declaration, declare, find
from models.objectives.losses import LOSSES
from models.objectives.metrics import METRICS
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES, Schedule
from models.recipe import Objective, Recipe


@dataclass(frozen=True)
class Ending:
    """How a network ends: what its last layer says of its outputs, None where it does not say."""

    units: int | None
    activation: str | None


def ending(architecture: Architecture) -> Ending:
    """Read the last layer before the output: its units and its activation."""
    nodes = {node.id: node for node in architecture.nodes}
    sources = {edge.target: edge.source for edge in architecture.edges}
    current = next((node for node in architecture.nodes if node.type == "Output"), None)
    activation: str | None = None
    for _ in architecture.nodes:
        if current is None or current.id not in sources:
            break
        current = nodes.get(sources[current.id])
        if current is None:
            break
        if activation is None and isinstance(found := current.params.get("activation"), str):
            activation = found
        if isinstance(units := current.params.get("units"), int):
            return Ending(units, activation or "linear")
        if current.type not in ("Activation", "Dropout"):
            break
    return Ending(None, activation)


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


@dataclass
class _Problems:
    found: list[Problem] = field(default_factory=list)

    @contextmanager
    def collecting(self) -> Iterator[None]:
        try:
            yield
        except DocumentError as error:
            self.found += error.problems


def check_recipe(
    recipe: Recipe, interface: Interface, description: Description, end: Ending
) -> None:
    """Check every field that is set.

    Raises:
        DocumentError: with all problems; `where.path` is a path of the recipe.
    """
    problems = _Problems()
    with problems.collecting():
        _check_loss(recipe, interface, end)
    schedule: Schedule | None = None
    with problems.collecting():
        if recipe.optimizer is not None:
            declare(OPTIMIZERS, recipe.optimizer, "optimizer", ["optimizer"])
    with problems.collecting():
        if recipe.schedule is not None:
            schedule = declare(SCHEDULES, recipe.schedule, "schedule", ["schedule"])
    with problems.collecting():
        _check_clipping(recipe)
    for index, name in enumerate(recipe.metrics or []):
        with problems.collecting():
            metric = find(METRICS, name, "metric", ["metrics", index])
            _check_task(metric, interface, "metric", ["metrics", index])
    for check in (_check_split, _check_class_weight):
        with problems.collecting():
            check(recipe, interface, description)
    with problems.collecting():
        _check_rest(recipe, interface)
    with problems.collecting():
        _check_monitors(recipe, schedule)
    if problems.found:
        raise DocumentError(problems.found)


def in_full(table: Mapping[str, type[Declaration]], objective: Objective, what: str) -> Objective:
    """Return the objective with every parameter that its type has.

    Raises:
        DocumentError: unknown type or parameter.
    """
    declaration = declare(table, objective, what, [what])
    return Objective(type=objective.type, **declaration.model_dump())


def _check_loss(recipe: Recipe, interface: Interface, end: Ending) -> None:
    if recipe.loss is None:
        return
    loss = declare(LOSSES, recipe.loss, "loss", ["loss"])
    fitting, why = loss_type(interface, end)
    fix = Fix(
        title=f"Use {fitting}",
        changes=[SetRecipe(values={"loss": {"type": fitting}})],
    )
    _check_task(loss, interface, "loss", ["loss", "type"], fix)
    classes = len(interface.classes or ())
    name = recipe.loss.type
    wrong = (name == "BinaryCrossentropy" and classes > 2) or (
        name == "CategoricalCrossentropy" and fitting == "BinaryCrossentropy" and end.units == 1
    )
    if wrong:
        raise DocumentError(
            [
                Problem(
                    code="loss_mismatch",
                    message=f"Expected a loss that suits {classes} classes and this output layer, "
                    f"got {name}. Use {fitting}: {why[0].lower() + why[1:]}.",
                    fix=fix,
                    where=Where(path=["loss", "type"]),
                )
            ]
        )


def _check_task(
    declaration: Declaration | type[Declaration],
    interface: Interface,
    what: str,
    path: list[str | int],
    fix: Fix | None = None,
) -> None:
    if declaration.tasks is None or interface.task in declaration.tasks:
        return
    advice = f" {fix.title}." if fix else " Choose another, or leave it out."
    raise DocumentError(
        [
            Problem(
                code="task_mismatch",
                message=f"Expected a {what} for {interface.task}, got {declaration.name}, which is "
                f"for {' and '.join(declaration.tasks)}.{advice}",
                fix=fix,
                where=Where(path=path),
            )
        ]
    )


def _check_clipping(recipe: Recipe) -> None:
    """Check that the gradient is clipped in one way only; the optimizer checks its own ways."""
    given = recipe.optimizer.params if recipe.optimizer else {}
    ways = ("clipnorm", "clipvalue", "global_clipnorm")
    own = next((name for name in ways if given.get(name) is not None), None)
    if recipe.clip_norm is None or own is None:
        return
    fix = Fix(title=f"Clip by {own} only", changes=[SetRecipe(values={"clip_norm": None})])
    raise DocumentError(
        [
            Problem(
                code="contradiction",
                message=f"Expected one way of clipping the gradient, got clip_norm="
                f"{recipe.clip_norm:g} beside the optimizer's {own}={given[own]!r}. {fix.title}.",
                fix=fix,
                where=Where(path=["clip_norm"]),
            )
        ]
    )


def _check_split(recipe: Recipe, interface: Interface, description: Description) -> None:
    split = recipe.split
    if split is None:
        return
    rows, members = labelled(description, interface)
    sizes(rows, split)
    if interface.classes is not None and split.stratify and split.shuffle and members is not None:
        stratified_sizes(members, split, interface.target)


def labelled(description: Description, interface: Interface) -> tuple[int, dict[str, int] | None]:
    """Return how many rows have a target, and the members of each class where they are known."""
    if description.kind == "images":
        members = {entry.name: entry.count for entry in description.classes}
        return sum(members.values()), members
    column = next(c for c in description.columns if c.name == interface.target)
    rows = description.rows - column.missing
    counts = {bin.label: bin.count for bin in column.distribution}
    known = set(interface.classes or ()) <= counts.keys()
    return rows, {name: counts[name] for name in interface.classes or ()} if known else None


def _check_class_weight(recipe: Recipe, interface: Interface, _: Description) -> None:
    weights = recipe.class_weight
    if weights is None:
        return
    if interface.classes is None:
        raise refuse(
            "task_mismatch",
            "Expected no class weights for regression, got some. Leave class_weight out.",
            path=["class_weight"],
        )
    if weights == "balanced":
        return
    problems = _Problems()
    for name, weight in weights.items():
        with problems.collecting():
            if name not in interface.classes:
                raise refuse(
                    "unknown_class",
                    f'Expected a class of "{interface.target}", got "{name}". '
                    + near(name, interface.classes),
                    path=["class_weight", name],
                )
            if weight < 0:
                raise refuse(
                    "negative_weight",
                    f'Expected a weight of 0 or more for the class "{name}", got {weight:g}.',
                    path=["class_weight", name],
                )
    if not problems.found and not any(weights.get(name, 1) > 0 for name in interface.classes):
        raise refuse(
            "no_weight",
            "Expected at least one class with a weight above 0, got 0 for all of them.",
            path=["class_weight"],
        )
    if problems.found:
        raise DocumentError(problems.found)


def _check_rest(recipe: Recipe, interface: Interface) -> None:
    if recipe.target_scaling == "standard" and interface.task == "classification":
        raise refuse(
            "task_mismatch",
            "Expected no target scaling for classification, because classes have no scale, got "
            '"standard". Leave target_scaling out.',
            path=["target_scaling"],
        )
    if recipe.augmentation:
        raise refuse(
            "unknown_augmentation",
            f"Expected no augmentation, because none can be carried out, got "
            f'"{recipe.augmentation[0].type}". Leave augmentation empty.',
            path=["augmentation", 0, "type"],
        )


def _check_monitors(recipe: Recipe, schedule: Schedule | None) -> None:
    """Check that early stopping and schedule watch values that the run reports."""
    if recipe.metrics is None:
        return
    problems = _Problems()
    stopping = recipe.stopping_rule
    if stopping is not None:
        changed = stopping.model_dump() | {"monitor": "loss"}
        with problems.collecting():
            _check_monitor(recipe, stopping.monitor, "early_stopping", changed)
    if schedule is not None and (watched := schedule.watches()) is not None:
        changed = {"type": schedule.name, **schedule.model_dump(), "monitor": "loss"}
        with problems.collecting():
            _check_monitor(recipe, watched, "schedule", changed)
    if problems.found:
        raise DocumentError(problems.found)


def _check_monitor(recipe: Recipe, monitor: str, field: str, mended: dict[str, Any]) -> None:
    """Check one value; `mended` is the field as it would watch the training loss."""
    names = ["loss", *(recipe.metrics or [])]
    validated = recipe.split is None or recipe.split.validation > 0
    choices = [f"val_{name}" for name in names] * validated + names
    if monitor in choices:
        return
    where = Where(path=[field, "monitor"])
    fix = Fix(title="Monitor the training loss", changes=[SetRecipe(values={field: mended})])
    if monitor.startswith("val_") and not validated:
        code = "nothing_to_monitor"
        message = (
            f'Expected a validation part to monitor "{monitor}" on, got a split without one. '
            "Raise split.validation, or monitor the training loss."
        )
    else:
        code = "unknown_metric"
        what = field.replace("_", " ")
        message = f'Expected {what} to monitor a value of this run, got "{monitor}". ' + near(
            monitor, choices
        )
    raise DocumentError([Problem(code=code, message=message, fix=fix, where=where)])
