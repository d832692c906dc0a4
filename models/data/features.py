"""Which columns enter at which Input of a network."""

from collections.abc import Mapping, Sequence

from models.data.description import Column, Description
from models.data.ends import NOTHING, Ends, InputEnd, OutputEnd
from models.data.lookup import Spot, find
from models.data.target import INPUT_KINDS
from models.errors import Fix, Problems, SetParams, SetRecipe, refuse
from models.recipe import Recipe

Taken = Mapping[str, str]
"""Columns that are no inputs, each with what it is: target, weight, or what splits the rows."""
_NEVER = ("ignore", "weight", "time", "group")
"""Roles of columns that are no inputs unless the recipe or an Input names them."""


def width(column: Column) -> int:
    """Return how many features the column becomes, as `Preprocess` makes them."""
    treated = column.treated
    if column.kind == "text":
        return treated.output_sequence_length or 1
    indicator = int(treated.indicator or False)
    if column.kind == "category" and treated.encoding == "one_hot":
        return len(column.categories or ()) + (treated.missing == "category")
    if column.kind == "date":
        # A cycle is a sine and a cosine.
        return indicator + sum(1 if part in ("time", "year") else 2 for part in treated.parts or ())
    return 1 + indicator


def vocabulary(column: Column) -> int | None:
    """Return how many codes a column enters as; None where it enters as features."""
    treated = column.treated
    if column.kind == "text":
        return treated.max_tokens
    if column.kind != "category" or treated.encoding != "index":
        return None
    return 1 + len(column.categories or ()) + (treated.missing == "category")


def first_ends(description: Description, recipe: Recipe) -> Ends:
    """Return the Inputs and Outputs that a first network needs.

    One Input, and one for each column of codes and each text; one Output, or one for each column
    whose role is target.
    """
    targets = [column.name for column in description.columns if column.role == "target"]
    proposed = description.problem.target if description.problem else None
    several = len(targets) > 1 and recipe.target is None
    others = {*(targets if several else [recipe.target or proposed]), recipe.sample_weight}
    entering = [
        column
        for column in description.columns
        if column.name not in others
        and (column.role == "input" if recipe.inputs is None else column.name in recipe.inputs)
    ]
    steps = recipe.sequence not in (None, "none")
    indexed = [column for column in entering if vocabulary(column) is not None and not steps]
    kinds = [("text" if column.kind == "text" else "codes") for column in indexed]
    own = [
        InputEnd(f"{kind}_{kinds[: place + 1].count(kind)}", (column.name,))
        for place, (kind, column) in enumerate(zip(kinds, indexed, strict=True))
    ]
    rest = [InputEnd("input" if own else None)] if len(indexed) < len(entering) or not own else []
    outputs = [OutputEnd(f"output_{place}", name) for place, name in enumerate(targets, 1)]
    return Ends((*rest, *own), tuple(outputs) if several else (NOTHING,))


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
    entering = [rest if columns is None else columns for columns in named]
    for end, columns in zip(inputs, entering, strict=True):
        with problems.collecting():
            _check_alike(end, columns)
    problems.tell()
    return entering


def _candidates(description: Description, asked: list[str] | None, taken: Taken) -> list[Column]:
    """Return the columns that the recipe names, or every one that can be an input."""
    if asked is not None:
        return _asked(description, asked, taken)
    # A single target is an input once the recipe has another one; of several each is meant, unless
    # none is kept from the inputs, as where later rows are predicted.
    targets = [column for column in description.columns if column.role == "target"]
    several = len(targets) > 1 and "target" in taken.values()
    columns = [
        column
        for column in description.columns
        if column.name not in taken
        and column.role not in (*_NEVER, *(["target"] if several else []))
        and _can_enter(column)
    ]
    text = next((name for name, what in taken.items() if what == "text"), None)
    if not columns and text is not None:
        change = SetRecipe(values={"sequence": "none"})
        fix = Fix(title="Take each row as an example", changes=[change])
        raise _text_in_sequence(text, fix, {"path": ["sequence"]})
    if not columns:
        target = next(iter(taken), "")
        raise refuse(
            "no_inputs",
            f'Expected at least one input column beside the target "{target}", got none '
            "that is a number, a category, a date or a text. Change the kind or the role of a "
            "column.",
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
    if taken.get(name) == "split":
        raise refuse(
            "split_among_inputs",
            f'Expected "{name}", by which the rows are split, not to be an input, because no value '
            "of it in one part need be in another. Remove it from the inputs, or split in another "
            "way.",
            fix,
            column=name,
            **spot,
        )
    if taken.get(name) == "text":
        raise _text_in_sequence(name, fix, spot)
    if name in taken:
        raise refuse(
            "target_among_inputs",
            f'Expected the target "{name}" not to be an input, because the network would be shown '
            "the answer. Remove it from the inputs or choose another target.",
            fix,
            column=name,
            **spot,
        )
    if not _can_enter(column):
        raise refuse(
            "unusable_input",
            f'Expected an input of numbers, categories, dates or texts, got "{name}" of kind '
            f"{column.kind} ({column.kind_reason}). Remove it from the inputs, or change its kind.",
            fix,
            column=name,
            **spot,
        )
    return column


def _text_in_sequence(name: str, fix: Fix | None, spot: Spot) -> Exception:
    """Return the refusal of a text among the columns of steps."""
    return refuse(
        "text_in_sequence",
        f'Expected numbers, categories or dates as the steps of a sequence, got "{name}", a '
        "text, which is a sequence by itself. Remove it from the inputs, or take each row as "
        'an example: set sequence to "none".',
        fix,
        column=name,
        **spot,
    )


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


def _check_alike(end: InputEnd, columns: Sequence[Column]) -> None:
    """Check that codes for an Embedding do not enter beside features, and a text by itself."""
    text = next((column.name for column in columns if column.kind == "text"), None)
    if text is not None and len(columns) > 1:
        raise _text_beside_columns(end, columns, text)
    indexed = [column for column in columns if vocabulary(column) is not None]
    if not indexed or len(indexed) == len(columns):
        return
    name = indexed[0].name
    raise refuse(
        "codes_beside_features",
        f'Expected "{name}", whose categories are encoded as index, to enter at an Input of its '
        f"own that leads to an Embedding, got it beside {len(columns) - len(indexed):,} columns of "
        "features. Add an Input with this column, or set its encoding to one_hot.",
        node=end.node,
        path=["params", "columns"] if end.node else ["inputs"],
        column=name,
    )


def _text_beside_columns(end: InputEnd, columns: Sequence[Column], text: str) -> Exception:
    others = [column.name for column in columns if column.name != text]
    if end.node is not None and end.columns is not None:
        fix = Fix(
            title=f'Take "{text}" out of this Input',
            changes=[SetParams(node=end.node, params={"columns": others})],
        )
    else:
        fix = Fix(title=f'Leave "{text}" out', changes=[SetRecipe(values={"inputs": others})])
    return refuse(
        "text_beside_columns",
        f'Expected the text "{text}" to enter at an Input of its own that leads to an Embedding, '
        f"got it beside {len(others):,} other column{'s' if len(others) > 1 else ''}. Add an Input "
        "with this column alone, or leave it out.",
        fix,
        node=end.node,
        path=["params", "columns"] if end.node else ["inputs"],
        column=text,
    )


def _can_enter(column: Column) -> bool:
    # Dates of datasets that were read before formats were kept cannot be worked with.
    known = column.kind != "date" or column.date_format is not None
    return column.kind in INPUT_KINDS and known


def _nothing_left(end: InputEnd, used: int) -> Exception:
    return refuse(
        "no_columns",
        f"Expected columns to enter here, got none: the other Inputs name all {used:,}. Choose "
        "columns for this Input, or take some out of the others.",
        node=end.node,
        path=["params", "columns"],
    )
