"""Can a recipe be followed? Every field against the data, the network and the tables."""

from collections.abc import Mapping

from models.data.description import Description
from models.data.interface import Interface, near
from models.data.shares import sizes, stratified_sizes
from models.ending import Ending
from models.errors import Problems, refuse
from models.objective_check import check_clipping, check_loss, check_metrics, check_monitors
from models.objectives.base import Declaration, declare
from models.objectives.metrics.base import Metric
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES, Schedule
from models.recipe import Objective, Recipe


def check_recipe(
    recipe: Recipe, interface: Interface, description: Description, end: Ending
) -> None:
    """Check every field that is set.

    Raises:
        DocumentError: with all problems; `where.path` is a path of the recipe.
    """
    problems = Problems()
    with problems.collecting():
        check_loss(recipe, interface, description, end)
    schedule: Schedule | None = None
    with problems.collecting():
        if recipe.optimizer is not None:
            declare(OPTIMIZERS, recipe.optimizer, "optimizer", ["optimizer"])
    with problems.collecting():
        if recipe.schedule is not None:
            schedule = declare(SCHEDULES, recipe.schedule, "schedule", ["schedule"])
    with problems.collecting():
        check_clipping(recipe)
    metrics: list[Metric] | None = None
    with problems.collecting():
        metrics = check_metrics(recipe, interface)
    for check in (_check_split, _check_class_weight):
        with problems.collecting():
            check(recipe, interface, description)
    with problems.collecting():
        _check_rest(recipe, interface)
    if metrics is not None:
        with problems.collecting():
            check_monitors(recipe, schedule, metrics)
    problems.tell()


def in_full(table: Mapping[str, type[Declaration]], objective: Objective, what: str) -> Objective:
    """Return the objective with every parameter that its type has.

    Raises:
        DocumentError: unknown type or parameter.
    """
    declaration = declare(table, objective, what, [what])
    return Objective(type=objective.type, **declaration.model_dump())


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
    problems = Problems()
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
    problems.tell()


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
