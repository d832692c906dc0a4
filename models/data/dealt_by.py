"""What a split deals out: rows, groups, moments, or the parts that a column names."""

from typing import Literal, NamedTuple

from models.data.description import Column, Description
from models.data.lookup import Spot, find, listed
from models.data.target import NUMERIC
from models.errors import DocumentError, refuse
from models.recipe import Split

By = Literal["rows", "group", "stratified_group", "time", "column", "given"]
Part = Literal["train", "validation", "test"]
NAMES: dict[Part, tuple[str, ...]] = {
    "train": ("train", "training", "learn"),
    "validation": ("validation", "valid", "val", "dev", "development"),
    "test": ("test", "testing", "holdout", "eval", "evaluation"),
}
"""What a column may call the parts, in any case."""


class DealtBy(NamedTuple):
    """What is dealt out, and the column that says so; None for rows."""

    by: By = "rows"
    column: Column | None = None


def dealt_by(description: Description, split: Split | None) -> DealtBy:
    """Return what a split deals out.

    Raises:
        DocumentError: a column is asked for and not there, or cannot be it; `where` is a path of
            the recipe.
    """
    split = split or Split()
    if description.kind == "images" and split.by not in (None, "rows", "given"):
        raise refuse(
            "no_columns",
            f'Expected split.by "rows" for a dataset of images, which has no columns, got '
            f'"{split.by}". Leave it out.',
            path=["split", "by"],
        )
    if split.by == "given" and description.split is None:
        raise refuse(
            "no_given_split",
            'Expected data that bring a split along for split.by "given", such as images in the '
            "folders train and test, got others. Leave it out.",
            path=["split", "by"],
        )
    by = split.by or _by_role(description)
    if by in ("rows", "given"):
        if split.column is not None:
            raise refuse(
                "contradiction",
                f'Expected no split.column where rows are dealt out, got "{split.column}". Set '
                "split.by to group, time or column, or leave the column out.",
                path=["split", "column"],
            )
        if split.gap:
            raise _no_gap(by)
        return DealtBy(by)
    if split.gap and by != "time":
        raise _no_gap(by)
    spot: Spot = {"path": ["split", "column"]}
    column = _named(description, by, split.column, spot)
    _check(column, by, spot)
    return DealtBy(by, column)


def parts_of(column: Column) -> dict[str, Part]:
    """Return the part that each value of a column names.

    Raises:
        DocumentError: a value names none, or none names the training part.
    """
    spot: Spot = {"path": ["split", "column"], "column": column.name}
    known: dict[str, Part] = {name: part for part, names in NAMES.items() for name in names}
    values = column.categories or []
    unknown = [value for value in values if value.strip().casefold() not in known]
    if unknown or not values:
        raise refuse(
            "unknown_part",
            f'Expected train, validation or test in each row of "{column.name}" to split by, got '
            f"{listed(unknown) or 'no values'}. Write one of them, or split in another way.",
            **spot,
        )
    found: dict[str, Part] = {value: known[value.strip().casefold()] for value in values}
    if "train" not in found.values():
        raise refuse(
            "nothing_to_train_on",
            f'Expected rows that "{column.name}" calls train, got only {listed(values)}. '
            "Name some, or split in another way.",
            **spot,
        )
    return found


def shares_of(column: Column) -> dict[Part, float]:
    """Return the share of the rows that each part gets by a column that names them."""
    named = parts_of(column)
    counts: dict[Part, int] = {"train": 0, "validation": 0, "test": 0}
    for bar in column.distribution:
        if bar.label in named:
            counts[named[bar.label]] += bar.count
    total = max(1, sum(counts.values()))
    return {part: count / total for part, count in counts.items()}


def _by_role(description: Description) -> By:
    if description.split is not None:
        return "given"
    roles = {column.role for column in description.columns}
    return "group" if "group" in roles else "time" if "time" in roles else "rows"


def _named(description: Description, by: By, name: str | None, spot: Spot) -> Column:
    if name is not None:
        return find(description, name, spot)
    wanted = "group" if by == "stratified_group" else by
    column = next((column for column in description.columns if column.role == wanted), None)
    if column is not None:
        return column
    role = f", or give one the role {wanted}" if wanted in ("group", "time") else ""
    raise refuse(
        "no_split_column",
        f"Expected a column to split by {wanted}, got none. Name one in split.column{role}.",
        **spot,
    )


def _check(column: Column, by: By, spot: Spot) -> None:
    if by == "column":
        parts_of(column)
    if by == "time":
        if column.kind not in (*NUMERIC, "date"):
            raise _unsuited(column, "dates or numbers to order rows by", spot)
        if column.kind == "date" and column.date_format is None:
            raise _unsuited(column, "dates that are written alike", spot)
    if by in ("group", "stratified_group") and column.kind in ("empty", "constant"):
        raise _unsuited(column, "a column with several groups", spot)


def _unsuited(column: Column, expected: str, spot: Spot) -> DocumentError:
    return refuse(
        "unusable_split",
        f'Expected {expected}, got "{column.name}" of kind {column.kind} ({column.kind_reason}). '
        "Choose another column, or split in another way.",
        column=column.name,
        **spot,
    )


def _no_gap(by: By) -> DocumentError:
    return refuse(
        "contradiction",
        f"Expected no split.gap where {by} is what rows are dealt by, got one. A gap is for a "
        "split by time; set it to 0.",
        path=["split", "gap"],
    )
