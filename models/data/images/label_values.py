"""What a table says of images: a class for each, a number, or any number of labels."""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from models.data.columns import describe
from models.data.columns import numbers as numbers_of
from models.data.description import Column
from models.data.images.several import Several, joined, one_hot
from models.data.kinds import as_text
from models.data.target import MAX_CLASSES
from models.errors import refuse

TARGETS = ("label", "labels", "class", "target", "category", "breed", "species", "diagnosis", "y")
SPLITS = ("split", "set", "subset", "part", "data set", "data_set", "dataset", "usage", "fold")
_NONE = "none"
"""Said of the separator where a cell is one label."""


class Values(NamedTuple):
    """What stands in the rows of a table.

    Attributes:
        columns: from which it was read.
        classes: the class of each row; None where it has none.
        numbers: instead of classes, the number of each row; None where it has none.
        labels: instead of classes, the labels of each row.
        told: numbers described.
        how: in words, where from; empty for a column as it stands.
        separator: between the labels of a cell; None where each has a column, or a row.
        together: whether each label of an image has a row.
    """

    columns: list[str]
    classes: list[str | None] | None = None
    numbers: list[float | None] | None = None
    labels: list[tuple[str, ...]] | None = None
    told: Column | None = None
    how: str = ""
    separator: str | None = None
    together: bool = False


def values_of(
    frame: pl.DataFrame,
    column: str,
    where: str,
    row: Callable[[int], int],
    separator: str | None = None,
) -> Values:
    """Return what a table says of the images that its column `column` names.

    Args:
        where: the name of the table, for messages.
        row: tells the number of a row in the file.
        separator: between the labels of a cell, or "none", if it need not be found out.

    Raises:
        DocumentError: it has no column of labels, or several could be it, or a cell is not as the
            others are.
    """
    rest = [name for name in frame.columns if name != column and name.strip().lower() not in SPLITS]
    named = [name for name in rest if name.strip().lower() in TARGETS]
    said = None if separator == _NONE else separator
    if not named and said is None:
        found = one_hot(frame.select(rest), where, row)
        if found is not None:
            return _of_columns(found, rest)
    target = _target(column, where, named, rest)
    described = describe(frame[target])
    numeric = described.kind in ("number", "integer")
    if said is None and numeric and (described.categories is None or described.kind == "number"):
        return Values([target], numbers=numbers_of(frame[target]).to_list(), told=described)
    texts = as_text(frame[target])
    found = None if separator == _NONE else joined(texts, where, row, said)
    if found is not None:
        return Values([target], labels=found.of_rows, how=found.how, separator=found.separator)
    if described.unique > MAX_CLASSES:
        raise refuse(
            "too_many_classes",
            f"Expected at most {MAX_CLASSES:,} classes, got {described.unique:,} in the column "
            f'"{target}" of "{where}".',
            column=target,
        )
    return Values([target], classes=texts.to_list())


def _of_columns(found: Several, columns: list[str]) -> Values:
    """Return labels, or classes where every row has exactly one label."""
    if all(len(labels) == 1 for labels in found.of_rows):
        how = f"{found.how}, of which each image has exactly one"
        return Values(columns, classes=[labels[0] for labels in found.of_rows], how=how)
    seen = {name for labels in found.of_rows for name in labels}
    return Values([name for name in columns if name in seen], labels=found.of_rows, how=found.how)


def _target(column: str, where: str, named: list[str], rest: list[str]) -> str:
    """Return the column of labels: by its name, or the only one that it can be.

    Raises:
        DocumentError: there is none, or several could be it.
    """
    if named:
        return named[0]
    if len(rest) == 1:
        return rest[0]
    told = ", ".join(f'"{name}"' for name in rest[:5])
    raise refuse(
        "no_labels",
        f'Expected one column of labels beside "{column}" in "{where}", or a column of 0 and 1 for '
        f"each label, got {told if rest else 'none'}. Call the one that is to be predicted "
        '"label", or leave the others out.',
        column=column,
    )
