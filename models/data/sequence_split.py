"""What a split deals out where rows are steps: no example of one part holds rows of another."""

from models.data.dealt_by import DealtBy, parts_of
from models.data.description import Column, Description
from models.data.lookup import find
from models.data.sequence import Steps
from models.errors import DocumentError, Fix, SetRecipe, refuse
from models.recipe import Split


def dealt_steps(description: Description, split: Split | None, steps: Steps) -> DealtBy:
    """Return what a split deals out: moments, whole series, or the parts that a column names.

    Windows that are dealt by time lie in one part with all their rows: between the targets of two
    parts there is a gap of the window and the horizon less one, or a larger one if that is asked.

    Raises:
        DocumentError: the split would let one part see rows of another, or names a column that
            cannot be it; `where` is a path of the recipe.
    """
    split = split or Split()
    usual = "time" if steps.forecasts else "group"
    by = split.by or usual
    if not steps.forecasts and by == "rows":
        by = "group"
    if by in ("rows", "given"):
        wish = split.model_copy(update={"by": usual, "column": None})
        raise refuse(
            "split_leaks",
            f"Expected windows to be split by time, got split.by {by}: windows that overlap would "
            "be in several parts, so that the test is on rows that were learnt. Split by time, or "
            "by group.",
            Fix(
                title="Split by time",
                changes=[SetRecipe(values={"split": wish.model_dump(mode="json")})],
            ),
            path=["split", "by"],
        )
    if split.gap and by != "time":
        raise refuse(
            "contradiction",
            f"Expected no split.gap where {by} is what is dealt out, got one. Set it to 0.",
            path=["split", "gap"],
        )
    if by == "column":
        return DealtBy("column", _by_column(description, split))
    own = steps.time if by == "time" else steps.group
    if own is None and (by != "time" or not steps.forecasts):
        what = "time" if by == "time" else "group"
        raise refuse(
            "no_split_column",
            f"Expected a column of the sequence to split by {what}, got none. Name one in "
            f"sequence.{what}, or split in another way.",
            path=["split", "by"],
        )
    name = own.name if own is not None else None
    if split.column not in (None, name):
        raise refuse(
            "contradiction",
            f"Expected the sequence to be split by its own column of {by}, "
            f'{_quoted(name)}, got "{split.column}". Leave split.column out.',
            path=["split", "column"],
            column=split.column,
        )
    return DealtBy(by, own)


def gap_of(split: Split | None, steps: Steps) -> int:
    """Return by how many rows the targets of two parts are apart at least, less one."""
    return max(steps.reach, split.gap if split is not None else 0)


def _by_column(description: Description, split: Split) -> Column:
    if split.column is None:
        raise _no_column()
    column = find(description, split.column, {"path": ["split", "column"]})
    parts_of(column)
    return column


def _no_column() -> DocumentError:
    return refuse(
        "no_split_column",
        "Expected a column to split by column, got none. Name one in split.column.",
        path=["split", "column"],
    )


def _quoted(name: str | None) -> str:
    return "the order of the file" if name is None else f'"{name}"'
