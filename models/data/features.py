"""Which columns enter at which Input of a network."""

from collections.abc import Mapping, Sequence

from models.data.description import Column, Description
from models.data.ends import InputEnd
from models.data.lookup import Spot, find
from models.data.target import FEATURE_KINDS
from models.errors import Fix, Problems, SetParams, SetRecipe, refuse

Taken = Mapping[str, str]
"""Columns that are no inputs, each with what it is: the target, the weight of the rows."""


def width(column: Column) -> int:
    """Return how many features the column becomes: one, or one for each category."""
    return len(column.categories or ()) if column.kind == "category" else 1


def columns_of(
    description: Description, asked: list[str] | None, inputs: Sequence[InputEnd], taken: Taken
) -> list[list[Column]]:
    """Return the columns that enter at each Input, in the order of their features.

    An Input that names none gets those that no other names.

    Args:
        asked: the recipe's inputs; None means every column that can be one.

    Raises:
        DocumentError: a column is not there, cannot be used, is taken, or is left to no Input.
    """
    problems = Problems()
    known: list[Column] = []
    with problems.collecting():
        known = _candidates(description, asked, taken)
    named: list[list[Column] | None] = []
    for end in inputs:
        named.append(None if end.columns is None else [])
        for place, name in enumerate(end.columns or ()):
            with problems.collecting():
                column = _named(description, end, place, taken)
                _check_asked(name, place, end, asked)
                named[-1] = [*(named[-1] or []), column]
    problems.tell()
    used = {column.name for columns in named for column in columns or ()}
    rest = [column for column in known if column.name not in used]
    for end, columns in zip(inputs, named, strict=True):
        with problems.collecting():
            if columns is None and not rest:
                raise _nothing_left(end, len(used))
    problems.tell()
    return [rest if columns is None else columns for columns in named]


def _candidates(description: Description, asked: list[str] | None, taken: Taken) -> list[Column]:
    """Return the columns that the recipe names, or every one that can be an input."""
    if asked is not None:
        return _asked(description, asked, taken)
    columns = [
        column
        for column in description.columns
        if column.name not in taken
        and column.role not in ("ignore", "weight")
        and column.kind in FEATURE_KINDS
    ]
    if not columns:
        target = next(iter(taken))
        raise refuse(
            "no_inputs",
            f'Expected at least one input column beside the target "{target}", got none '
            "that is a number or a category. Change the kind or the role of a column.",
            path=["inputs"],
        )
    return columns


def _asked(description: Description, names: list[str], taken: Taken) -> list[Column]:
    if not names:
        raise refuse(
            "no_inputs",
            "Expected at least one input column, got an empty list. Name one, or leave the inputs "
            "out to use every suitable column.",
            path=["inputs"],
        )
    columns: list[Column] = []
    problems = Problems()
    for index, name in enumerate(names):
        with problems.collecting():
            repeated = names.index(name) < index
            spot: Spot = {"path": ["inputs", index]}
            columns.append(_input(description, name, repeated, taken, spot, None))
    problems.tell()
    return columns


def _named(description: Description, end: InputEnd, place: int, taken: Taken) -> Column:
    """Return a column that an Input names for itself."""
    names = list(end.columns or ())
    name = names[place]
    others = [other for index, other in enumerate(names) if index != place]
    fix = None
    if end.node is not None:
        change = SetParams(node=end.node, params={"columns": others or None})
        fix = Fix(title=f'Take "{name}" out of this Input', changes=[change])
    spot: Spot = {"node": end.node, "path": ["params", "columns", place]}
    return _input(description, name, names.index(name) < place, taken, spot, fix)


def _input(
    description: Description, name: str, repeated: bool, taken: Taken, spot: Spot, fix: Fix | None
) -> Column:
    column = find(description, name, spot)
    if repeated:
        raise refuse(
            "duplicate_column",
            f'Expected every input once, got "{name}" twice. Remove one of them.',
            fix,
            column=name,
            **spot,
        )
    if taken.get(name) == "weight":
        raise refuse(
            "weight_among_inputs",
            f'Expected the weight of the rows "{name}" not to be an input. Remove it from the '
            "inputs, or give the column another role.",
            fix,
            column=name,
            **spot,
        )
    if name in taken:
        raise refuse(
            "target_among_inputs",
            f'Expected the target "{name}" not to be an input, because the network would be shown '
            "the answer. Remove it from the inputs or choose another target.",
            fix,
            column=name,
            **spot,
        )
    if column.kind not in FEATURE_KINDS:
        raise refuse(
            "unusable_input",
            f'Expected an input of numbers or categories, got "{name}" of kind {column.kind} '
            f"({column.kind_reason}). Remove it from the inputs, or change its kind.",
            fix,
            column=name,
            **spot,
        )
    return column


def _check_asked(name: str, place: int, end: InputEnd, asked: list[str] | None) -> None:
    """Check that the recipe, where it names inputs, has a column that an Input names."""
    if asked is None or name in asked:
        return
    title = f'Add "{name}" to the inputs'
    raise refuse(
        "contradiction",
        f'Expected columns that are among the inputs of the recipe, got "{name}", which it leaves '
        f"out. {title}, or take it out of this Input.",
        Fix(title=title, changes=[SetRecipe(values={"inputs": [*asked, name]})]),
        node=end.node,
        path=["params", "columns", place],
        column=name,
    )


def _nothing_left(end: InputEnd, used: int) -> Exception:
    return refuse(
        "no_columns",
        f"Expected columns to enter here, got none: the other Inputs name all {used:,}. Choose "
        "columns for this Input, or take some out of the others.",
        node=end.node,
        path=["params", "columns"],
    )
