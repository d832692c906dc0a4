"""What kind of values a column holds, found out from all of them, with the reason."""

import re
from dataclasses import dataclass

import polars as pl

from models.data.date_formats import Dates, ambiguity
from models.data.dates import find_dates
from models.data.treatment import ColumnKind

MAX_CATEGORIES = 1_000
MAX_INPUT_CATEGORIES = 100
"""Beyond this a category would become more features than most data can fill."""
FEW = 20
_BOOLEANS = [("false", "true"), ("no", "yes"), ("n", "y"), ("f", "t"), ("off", "on")]
_ID_NAME = re.compile(r"(.*[_\s-])?(id|uuid|guid|index|idx|row|rownames?|key|nr|no|unnamed:? ?\d*)")
_ID_CAMEL = re.compile(r".*[a-z](Id|ID|Key|Index)")
_WORDS = 4


@dataclass(frozen=True)
class Kind:
    """A column's kind, and why.

    Attributes:
        categories: in the order of their codes, where it has any.
        dates: how dates are written.
    """

    kind: ColumnKind
    reason: str
    categories: list[str] | None = None
    dates: Dates | None = None


def infer(
    values: pl.Series,
    *,
    alone: bool = False,
    unique: int | None = None,
    different: pl.Series | None = None,
) -> Kind:
    """Infer the kind of Int64, Float64 or String values; null is missing.

    Args:
        values: the column.
        alone: whether it is the only column that could be an input, so that mere numbering is not
            taken for an identifier.
        unique: how many distinct values it has, where that is known.
        different: these values in any order, where they are known.
    """
    known = values.drop_nulls()
    count = known.len()
    if count == 0:
        return Kind("empty", "no row has a value")
    unique = known.n_unique() if unique is None else unique
    if unique == 1 and values.len() > 1:
        return Kind("constant", f'every value is "{as_text(known.head(1))[0]}"')
    if values.dtype == pl.String:
        return _of_text(known, unique, known.unique() if different is None else different)
    if values.dtype == pl.Float64 and is_whole(known):
        known = known.cast(pl.Int64)
    if known.dtype == pl.Int64:
        return _of_integers(values.name, known, unique, values.len(), alone)
    return Kind("number", "all values are numbers")


def categories_of(values: pl.Series) -> list[str]:
    """Return the distinct values as text in the order of their codes: by size, text from A to Z."""
    known = values.drop_nulls().unique()
    if known.dtype == pl.String:
        words = sorted(known.to_list())
        return _boolean(words) or sorted(words, key=str.casefold)
    return as_text(known.sort()).to_list()


def as_text(values: pl.Series) -> pl.Series:
    """Return the values as the text of categories: whole numbers without decimals."""
    if values.dtype == pl.Float64:
        if is_whole(values.drop_nulls()):
            return values.cast(pl.Int64).cast(pl.String)
        whole = values == values.round()
        text = values.cast(pl.String)
        return pl.select(
            pl.when(whole).then(text.str.strip_suffix(".0")).otherwise(text).alias(values.name)
        ).to_series()
    return values.cast(pl.String)


def is_whole(known: pl.Series) -> bool:
    """Return whether all numbers are whole and small enough to be exact."""
    if known.dtype != pl.Float64:
        return known.dtype.is_integer()
    # Most columns that are not show it at once.
    return _all_whole(known.head(1_000)) and _all_whole(known)


def _all_whole(known: pl.Series) -> bool:
    return bool(((known == known.round()) & (known.abs() < 2**53)).all())


def _of_integers(name: str, known: pl.Series, unique: int, rows: int, alone: bool) -> Kind:
    low, high = int(known.min() or 0), int(known.max() or 0)  # pyright: ignore[reportArgumentType]
    categories = categories_of(known) if unique <= FEW else None
    if unique == 2 and (low, high) == (0, 1):
        return Kind("boolean", "the values are 0 and 1", ["0", "1"])
    if rows >= 3 and unique == known.len() and not alone:
        if _looks_like_id(name):
            return Kind(
                "identifier", f'no value returns, and "{name}" is the name of an identifier'
            )
        if known.len() == rows and low in (0, 1) and bool((known.diff().drop_nulls() == 1).all()):
            return Kind("identifier", f"the rows are numbered from {low} to {high}")
    if categories is not None and unique <= max(2, known.len() // 5):
        return Kind("integer", f"whole numbers, only {unique} different ones", categories)
    return Kind("integer", "all values are whole numbers")


def _of_text(known: pl.Series, unique: int, different: pl.Series) -> Kind:
    count = known.len()
    if unique == 2 and (words := _boolean(different.to_list())):
        return Kind("boolean", f'the values are "{words[0]}" and "{words[1]}"', words)
    if (dates := find_dates(known)) is not None:
        return Kind("date", _why_dates(known, dates), dates=dates)
    words = known.head(10_000).str.split(" ").list.len().mean()
    wordy = isinstance(words, float) and words > _WORDS
    if unique == count and count > 5:
        if wordy:
            return Kind("text", "every value is a different text of several words")
        return Kind("identifier", "no value returns in another row")
    if wordy and unique > 0.2 * count and unique > FEW:
        return Kind("text", f"{unique:,} different texts of several words")
    if unique > MAX_CATEGORIES:
        return Kind("text", f"{unique:,} different texts are too many for categories")
    if _looks_like_id(known.name) and unique > 0.9 * count and count > 5:
        name = f'"{known.name}" is a name of identifiers'
        return Kind("identifier", f"hardly a value returns, and {name}")
    if unique > FEW and unique > 0.5 * count:
        return Kind("text", f"most of the {unique:,} different texts do not return")
    return Kind(
        "category", f"{unique:,} different texts return in {count:,} rows", categories_of(different)
    )


def _why_dates(known: pl.Series, dates: Dates) -> str:
    open_question = ambiguity(dates)
    if open_question is None:
        return f'all values are dates, such as "{known[0]}"'
    return f'all values are dates, such as "{known[0]}"; {open_question}'


def _looks_like_id(name: str) -> bool:
    return bool(_ID_NAME.fullmatch(name.casefold()) or _ID_CAMEL.fullmatch(name))


def _boolean(words: list[str]) -> list[str] | None:
    """Return the two words as [no, yes] when that is what they mean, else None."""
    if len(words) != 2:
        return None
    by_fold = {word.casefold(): word for word in words}
    for no, yes in _BOOLEANS:
        if by_fold.keys() == {no, yes}:
            return [by_fold[no], by_fold[yes]]
    return None
