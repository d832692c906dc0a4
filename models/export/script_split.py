"""How a script deals examples out, as a run does."""

from types import ModuleType
from typing import Any

from models.call import repr_argument
from models.data import balance
from models.data import folds as folding
from models.data import split as splitting
from models.data.csv.values import MISSING
from models.data.dealt_by import By, DealtBy, dealt_by, parts_of, shares_of
from models.data.description import Column, Description
from models.data.images.layout import PARTS
from models.data.interface import Goal, Interface
from models.data.sequence import Steps
from models.data.sequence_split import dealt_steps
from models.data.target import NUMERIC
from models.export.brought import brought
from models.export.script_images import part_constants
from models.recipe import Split

_NUMBERS = {"train": 0, "validation": 1, "test": 2}
_BRINGS = {
    "group": (balance, "by_size"),
    "stratified_group": (balance, "balanced"),
    "time": (splitting, "by_time"),
}
"""Functions of a run that scripts have word for word."""


def facts(
    description: Description, asked: Interface, split: Split, steps: Steps | None
) -> dict[str, Any]:
    """Return what the templates ask for."""
    dealt, goal = _dealt(description, split, steps), asked.stratified
    windows = steps if steps is not None and steps.forecasts else None
    # Whole groups are examples by themselves.
    by = "rows" if dealt.by == "group" and steps is not windows else dealt.by
    if not _keeps_shares(split, by, windows):
        goal = None
    grouping = _grouping(dealt, steps)
    shares = {"validation": split.validation if split.fold is None else 0.0, "test": split.test}
    exist = {part: share > 0 for part, share in shares.items()}
    given = description.split if by == "given" else None
    if given is not None:
        own = {"validation": given.validation > 0, "test": given.test > 0}
        shares = {part: 0.0 if own[part] else share for part, share in shares.items()}
        exist = {part: own[part] or exist[part] for part in exist}
    if by == "column" and dealt.column is not None:
        found = shares_of(dealt.column)
        exist = {"validation": found["validation"] > 0, "test": found["test"] > 0}
    if split.fold is not None:
        exist["validation"] = True
    return {
        "by": by,
        "dealt": _arguments(description, dealt, goal, steps, folds=split.fold is not None),
        "stratified": asked.goals.index(goal) if goal is not None else None,
        "strata": constant("CLASSES", goal, asked) if goal is not None else None,
        "named_groups": grouping is not None and not _of_numbers(grouping),
        "markers": repr_argument(list(MISSING)),
        "unsure_groups": grouping is not None and grouping.categories is None,
        "given": given,
        "parted": description.split is not None,
        "gap": split.gap,
        "shuffle": split.shuffle,
        "split_seed": split.seed,
        "validation": shares["validation"],
        "test": shares["test"],
        "validates": exist["validation"],
        "tests": exist["test"],
        "folds": split.folds,
        "fold": split.fold,
        "split_functions": _functions(split, by, windows, goal),
    }


def constants(description: Description, split: Split, steps: Steps | None) -> list[str]:
    """Return what is known of the parts, as lines of the script."""
    by, column = _dealt(description, split, steps)
    if description.split is not None:
        return _given(description, by)
    if column is None:
        return []
    if by == "column":
        named = {value.strip(): _NUMBERS[part] for value, part in parts_of(column).items()}
        return [
            f"PART = {repr_argument(column.name)}  # says whether a row trains, validates or tests",
            f"PARTS = {_pairs(named)}",
        ]
    if steps is not None:
        return []
    return time_constants(column) if by == "time" else group_constants(column)


def _given(description: Description, by: By) -> list[str]:
    """Return what parts that images bring along are called, as lines of the script."""
    parts = f"PARTS = {_pairs(PARTS)}"
    if description.origin is None:
        return ["# What the folders of the parts may be called.", parts]
    return [*found, parts] if by == "given" and (found := part_constants(description)) else []


def dated(description: Description, split: Split, steps: Steps | None) -> bool:
    """Return whether rows are put in order by dates."""
    column = steps.time if steps is not None else _by_time(_dealt(description, split, steps))
    return column is not None and column.kind == "date"


def time_constants(column: Column) -> list[str]:
    """Return what is known of a column of times, as lines of the script."""
    lines = [f"TIME = {repr_argument(column.name)}"]
    if column.kind == "date":
        lines.append(f"WRITTEN = {repr_argument(column.date_format)}")
    return lines


def group_constants(column: Column) -> list[str]:
    """Return what is known of a column of groups, as lines of the script."""
    return [f"GROUP = {repr_argument(column.name)}"]


def times(column: Column) -> str:
    """Return the times of all rows, as source."""
    read = "moment(cell, WRITTEN)" if column.kind == "date" else "number(cell)"
    return f"np.array([{read} for cell in columns[TIME]])"


def groups(column: Column) -> str:
    """Return the groups of all rows as numbers, as source."""
    if _of_numbers(column):
        return "np.array([number(cell) for cell in columns[GROUP]])"
    return "groups_of(columns[GROUP])"


def constant(name: str, goal: Goal, asked: Interface) -> str:
    """Return the name of what is known of a goal; that of one that all Outputs have is short."""
    return name if alike(asked) else f"{name}_{goal.end.node}".upper()


def alike(asked: Interface) -> bool:
    """Return whether all Outputs are to predict the same."""
    return len({(goal.target, goal.classes) for goal in asked.goals}) == 1


def _dealt(description: Description, split: Split, steps: Steps | None) -> DealtBy:
    if steps is None:
        return dealt_by(description, split)
    return dealt_steps(description, split, steps)


def _by_time(dealt: DealtBy) -> Column | None:
    return dealt.column if dealt.by == "time" else None


def _keeps_shares(split: Split, by: By, steps: Steps | None) -> bool:
    """Return whether the classes say along with `by` where a row goes."""
    if by == "stratified_group":
        return True
    if by == "group":
        return split.fold is not None and steps is None
    kept = by in ("rows", "given") or (by == "column" and split.fold is not None)
    return steps is None and kept and split.stratify and split.shuffle


def _functions(split: Split, by: By, steps: Steps | None, goal: Goal | None) -> list[str]:
    """Return the source of the functions of a run that deal so."""
    used: list[tuple[ModuleType, str]] = []
    if by == "time" and steps is not None:
        return []
    if by in _BRINGS:
        used.append(_BRINGS[by if goal is not None or by == "time" else "group"])
    if split.fold is not None and by in ("group", "stratified_group"):
        used.append((balance, "balanced" if goal is not None else "lightest"))
    elif split.fold is not None and steps is None:
        used.append((folding, "growing" if by == "time" else "in_turn"))
    return [*dict.fromkeys(source for module, name in used for source in brought(module, [name]))]


def _arguments(
    description: Description,
    dealt: DealtBy,
    goal: Goal | None,
    steps: Steps | None,
    *,
    folds: bool,
) -> str:
    """Return what examples are dealt out by, as source; `{goal}` stands for the classes' codes."""
    named = "np.array([PARTS.get(cell) for cell in columns[PART]], dtype=float)"
    if steps is not None and steps.forecasts:
        own = {"time": "times, series", "column": named}
        more = ", times, series" if dealt.by == "column" and folds else ""
        more += ", {goal}" if goal is not None else ""
        return f"starts(series, known), {own.get(dealt.by, 'series')}{more}"
    if description.kind == "images":
        every = "{goal}" if goal is not None else "np.arange(len({goal}))"
        return f"{every}, given" if dealt.by == "given" else every
    rows, column = "np.flatnonzero(known)", dealt.column
    if steps is not None and dealt.by != "group":
        own = {"time": "times[first]", "column": f"{named}[first]"}
        told = f"{rows}, {own.get(dealt.by, 'np.arange(len(known))')}"
        return told + (", {goal}" if goal is not None else "")
    if column is None or steps is not None:
        return rows if goal is None else "np.where(known, {goal}, np.nan)"
    if dealt.by == "time":
        return f"{rows}, {times(column)}"
    if dealt.by == "column":
        return f"{rows}, {named}" + (", {goal}" if goal is not None else "")
    return f"{rows}, {groups(column)}" + (", {goal}" if goal is not None else "")


def _grouping(dealt: DealtBy, steps: Steps | None) -> Column | None:
    """Return the column of groups, if there is one."""
    if steps is not None:
        return steps.group
    return dealt.column if dealt.by in ("group", "stratified_group") else None


def _of_numbers(column: Column) -> bool:
    """Return whether a column is known to be of numbers, whose order is not that of their texts."""
    if column.kind in NUMERIC:
        return True
    return bool(column.categories) and all(map(_is_number, column.categories))


def _is_number(text: str) -> bool:
    try:
        return f"{float(text):.15g}" == text
    except ValueError:
        return False


def _pairs(values: dict[str, int]) -> str:
    return f"{{{', '.join(f'{repr_argument(key)}: {value}' for key, value in values.items())}}}"
