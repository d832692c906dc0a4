"""Can a recipe be followed? Every field against the data, the network and the tables."""

from collections.abc import Mapping, Sequence

from models.aims import Aim, aims, reported
from models.class_weights import check_class_weights
from models.data.dealt_by import dealt_by
from models.data.description import Description
from models.data.enough import check_keys, check_windows
from models.data.interface import Interface
from models.data.sequence import count_of, steps_of
from models.data.sequence_split import dealt_steps
from models.data.shares import sizes, small_class, stratified_sizes, too_few_for_folds
from models.errors import Fix, Problems, SetRecipe, refuse
from models.objective_check import check_clipping, check_loss, check_metrics, check_monitors
from models.objectives.augmentations import AUGMENTATIONS
from models.objectives.base import Declaration, declare
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES, Schedule
from models.recipe import Objective, Recipe, Split


def check_recipe(recipe: Recipe, interface: Interface, description: Description) -> None:
    """Check every field that is set.

    Raises:
        DocumentError: with all problems; `where` is a path of the recipe, or an Output and a path
            of its own.
    """
    problems = Problems()
    outputs = interface.alone()
    metrics = Problems()
    with metrics.collecting():
        check_metrics(recipe, outputs)
    known = recipe.model_copy(update={"metrics": []}) if metrics.found else recipe
    all_aims = aims(interface, known)
    for aim in all_aims:
        with problems.collecting():
            check_loss(aim, recipe, description)
    schedule: Schedule | None = None
    with problems.collecting():
        if recipe.optimizer is not None:
            declare(OPTIMIZERS, recipe.optimizer, "optimizer", ["optimizer"])
    with problems.collecting():
        if recipe.schedule is not None:
            schedule = declare(SCHEDULES, recipe.schedule, "schedule", ["schedule"])
    with problems.collecting():
        check_clipping(recipe)
    problems.found += metrics.found
    with problems.collecting():
        check_split(recipe, interface, description)
    with problems.collecting():
        check_class_weights(recipe, interface)
    with problems.collecting():
        _check_rest(recipe, interface)
    with problems.collecting():
        _check_augmentation(recipe, description)
    with problems.collecting():
        _check_repeatable(recipe)
    with problems.collecting():
        _check_validation(recipe)
    if not metrics.found:
        with problems.collecting():
            check_monitors(recipe, schedule, reported(all_aims))
    if len(all_aims) > 1:
        with problems.collecting():
            _check_names(all_aims)
    problems.tell()


def in_full(
    table: Mapping[str, type[Declaration]], objective: Objective, what: str, *place: int
) -> Objective:
    """Return the objective with every parameter that its type has.

    Args:
        place: which of the recipe's list it is, where that has several.

    Raises:
        DocumentError: unknown type or parameter.
    """
    declaration = declare(table, objective, what, [what, *place])
    return Objective(type=objective.type, **declaration.model_dump())


def check_split(recipe: Recipe, interface: Interface, description: Description) -> None:
    """Check that rows, or sequences of them, can be dealt out as the recipe says.

    What it leaves open is checked of sequences, whose windows may be too long for any split.

    Raises:
        DocumentError: the split contradicts itself, does not suit the target, or there are too few
            rows, members of a class, groups, moments or windows for it.
    """
    split = recipe.split
    steps = steps_of(description, recipe)
    if split is None:
        if steps is not None and dealt_steps(description, None, steps).by == "time":
            check_windows(description, steps, Split())
        return
    _check_folds(split)
    rows, members = labelled(description, interface)
    by = dealt_by(description, split) if steps is None else dealt_steps(description, split, steps)
    if by.by == "stratified_group" and interface.stratified is None:
        raise refuse(
            "task_mismatch",
            "Expected a target with classes, whose shares are to be kept, for split.by "
            '"stratified_group", got numbers. Set split.by to "group".',
            path=["split", "by"],
        )
    if by.by in ("column", "given"):
        return
    examples = rows if steps is None else count_of(description, steps, rows)
    dealt = sizes(examples, split)
    check_keys(by, split)
    if steps is not None and steps.forecasts and by.by == "time":
        check_windows(description, steps, split)
    if steps is not None or by.by != "rows":
        return
    goal = interface.stratified
    if goal is not None and split.stratify and split.shuffle and members is not None:
        own = stratified_sizes(members, split, goal.target)
        rest = {name: part.train + part.validation for name, part in own.items()}
        if split.folds is not None and (smallest := min(rest.values())) < split.folds:
            raise small_class(split.folds, smallest, goal.target)
    elif split.folds is not None and (rest := dealt.train + dealt.validation) < split.folds:
        raise too_few_for_folds("rows", split.folds, rest, rest)


def _check_folds(split: Split) -> None:
    """Check that a fold and how many there are go together.

    Raises:
        DocumentError: one is missing, or the fold is none of so many.
    """
    if (split.folds is None) != (split.fold is None):
        given, missing = ("folds", "fold") if split.fold is None else ("fold", "folds")
        raise refuse(
            "contradiction",
            f"Expected split.folds and split.fold together, got {given} alone. Send {missing} as "
            "well, or cross-validate, which makes a run of each fold.",
            path=["split", missing],
        )
    if split.folds is not None and split.fold is not None and split.fold > split.folds:
        raise refuse(
            "contradiction",
            f"Expected split.fold from 1 to {split.folds}, got {split.fold}.",
            path=["split", "fold"],
        )


def labelled(description: Description, interface: Interface) -> tuple[int, dict[str, int] | None]:
    """Return how many rows can be used, and the members of each class: of the smallest at least.

    A row is used where it has every target, a weight, and those inputs whose rows are left out
    without a value; where several columns lack values, that are as many rows at least, and the
    classes have as many members at most. They are those by which a split is stratified; None where
    nothing is known of them.
    """
    if description.kind == "images":
        members = {entry.name: entry.count for entry in description.classes}
        return description.rows, members or None
    needed = {goal.target for goal in interface.goals} | {interface.weight}
    columns = [
        column
        for column in description.columns
        if column.name in needed
        or (column.name in interface.columns and column.treated.missing == "drop")
    ]
    rows = max(0, description.rows - sum(column.missing for column in columns))
    goal = interface.stratified
    if goal is None or goal.classes is None:
        return rows, None
    column = next(column for column in columns if column.name == goal.target)
    counts = {bin.label: bin.count for bin in column.distribution}
    if column.rarest is not None:
        counts[column.rarest.label] = column.rarest.count
    elif not set(goal.classes) <= counts.keys():
        return rows, None
    return rows, {name: counts[name] for name in goal.classes if name in counts}


def _check_names(all_aims: Sequence[Aim]) -> None:
    """Check that no value of an Output is called as one of the validation.

    Raises:
        DocumentError: an Output is called "val".
    """
    for aim in all_aims:
        if aim.prefix == "val_":
            raise refuse(
                "reserved_name",
                'Expected another id than "val" for one of several Outputs, because the values of '
                "the validation begin with it. Rename the Output.",
                node=aim.name,
            )


def _check_augmentation(recipe: Recipe, description: Description) -> None:
    problems = Problems()
    for place, entry in enumerate(recipe.augmentation):
        with problems.collecting():
            declare(AUGMENTATIONS, entry, "augmentation", ["augmentation", place])
    problems.tell()
    if recipe.augmentation and description.kind != "images":
        raise refuse(
            "augmentation_needs_images",
            "Expected no augmentation for a table, because what it does is done to images, got "
            f"{recipe.augmentation[0].type}. Leave augmentation empty.",
            Fix(title="Leave it out", changes=[SetRecipe(values={"augmentation": []})]),
            path=["augmentation"],
        )


def _check_rest(recipe: Recipe, interface: Interface) -> None:
    tasks = {goal.task for goal in interface.goals}
    if recipe.target_scaling == "standard" and "regression" not in tasks:
        what = "classes" if "classification" in tasks else "labels"
        raise refuse(
            "task_mismatch",
            f"Expected no target scaling for {interface.task}, because {what} have no scale, got "
            '"standard". Leave target_scaling out.',
            path=["target_scaling"],
        )


def _check_repeatable(recipe: Recipe) -> None:
    if not recipe.deterministic or recipe.max_seconds is None:
        return
    title = "Leave max_seconds out"
    raise refuse(
        "contradiction",
        "Expected a deterministic training to end after a number of epochs or steps, got "
        f"max_seconds={recipe.max_seconds:g}, which are more steps on a faster day. {title}, or "
        "deterministic.",
        Fix(title=title, changes=[SetRecipe(values={"max_seconds": None})]),
        path=["max_seconds"],
    )


def _check_validation(recipe: Recipe) -> None:
    if recipe.validate_every is None or recipe.split is None or recipe.split.validation > 0:
        return
    title = "Validate nothing"
    raise refuse(
        "nothing_to_validate",
        f"Expected rows to validate after every {recipe.validate_every:,} steps, got a split "
        "without any. Raise split.validation, or leave validate_every out.",
        Fix(title=title, changes=[SetRecipe(values={"validate_every": None})]),
        path=["validate_every"],
    )
