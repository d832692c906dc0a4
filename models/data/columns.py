"""Columns described: kind, statistics and distribution of each."""

import math

import numpy as np
import polars as pl

from models.data.date_formats import Dates, has_time, shown
from models.data.dates import find_dates, seconds_of
from models.data.description import CHOSEN, Bin, Column
from models.data.kinds import FEW, MAX_CATEGORIES, Kind, as_text, categories_of, infer, is_whole
from models.data.target import NUMERIC, USUAL_INPUTS
from models.data.text_statistics import text_statistics, word_bars
from models.data.treatment import ColumnKind
from models.errors import DocumentError, Problem, Where, refuse

BINS = 20
MAX_BARS = 100
_EXAMPLES = 5


def describe(values: pl.Series, *, chosen: ColumnKind | None = None, alone: bool = False) -> Column:
    """Describe Int64, Float64 or String values; null is missing.

    Raises:
        DocumentError: the kind that was chosen does not suit the values.
    """
    known = values.drop_nulls()
    # Sorted once: distinct values, extremes, median and bins can then be read off.
    known = _sorted(known) if known.dtype != pl.String else known
    different = known.unique() if known.dtype == pl.String else None
    unique = different.len() if different is not None else _distinct(known)
    kind = (
        choose(values, chosen)
        if chosen is not None
        else infer(values, alone=alone, unique=unique, different=different)
    )
    column = Column(
        name=values.name,
        kind=kind.kind,
        kind_reason=kind.reason,
        role="input" if kind.kind in USUAL_INPUTS else "ignore",
        missing=values.null_count(),
        unique=unique,
        categories=kind.categories,
        examples=[
            text[:100]
            for text in as_text(values.head(1_000).drop_nulls().unique(maintain_order=True)).head(
                _EXAMPLES
            )
        ],
    )
    if not known.len():
        return column
    if kind.dates is not None:
        return _with_dates(column, as_text(known), kind.dates, kind.dates.format)
    if kind.kind in NUMERIC or (kind.kind == "constant" and known.dtype != pl.String):
        ordered = numbers(known)
        return _with_statistics(column, ordered if known.dtype != pl.String else ordered.sort())
    if kind.kind == "text":
        return with_texts(column, known)
    if kind.categories is not None:
        bars = _bars(known, kind.categories)
        if len(bars) > MAX_BARS:
            column.rarest = min(bars, key=lambda bar: bar.count)
        column.distribution = _largest(bars)
    return column


def _sorted(known: pl.Series) -> pl.Series:
    # NumPy sorts numbers several at a time, which takes a third of the time.
    return pl.Series(known.name, np.sort(known.to_numpy()), dtype=known.dtype)


def _distinct(ordered: pl.Series) -> int:
    values = ordered.to_numpy()
    return int(np.count_nonzero(values[1:] != values[:-1])) + 1 if len(values) else 0


def numbers(values: pl.Series) -> pl.Series:
    """Return the values as Float64; text that is no number becomes null."""
    if values.dtype == pl.String:
        return values.str.strip_chars().cast(pl.Float64, strict=False)
    return values.cast(pl.Float64)


def choose(values: pl.Series, kind: ColumnKind) -> Kind:
    """Return the kind that a person chose, with its categories.

    Raises:
        DocumentError: the values are not of that kind; names the first row that is not.
    """
    known = values.drop_nulls()
    if kind in ("constant", "empty"):
        raise refuse(
            "kind_mismatch",
            f'Expected a kind that can be chosen for the column "{values.name}", got {kind}, which '
            "only follows from the values. Choose number, category or another.",
            column=values.name,
        )
    if kind in NUMERIC:
        return Kind(kind, CHOSEN, _choose_numbers(values, kind))
    if kind in ("category", "boolean"):
        categories = categories_of(known) if known.n_unique() <= MAX_CATEGORIES else []
        if not categories:
            found = f"{known.n_unique():,} different values"
            raise _mismatch(
                values, f"1 to {MAX_CATEGORIES:,} different values for a category", found
            )
        if kind == "boolean" and len(categories) != 2:
            raise _mismatch(
                values, "two different values for a boolean", f"{len(categories):,} of them"
            )
        return Kind(kind, CHOSEN, categories)
    if kind == "date":
        return Kind(kind, CHOSEN, dates=_choose_dates(values))
    return Kind(kind, CHOSEN)


def written_as(column: Column, values: pl.Series, format: str) -> Column:
    """Return a column of dates read by another of the formats that fit all of them."""
    dates = Dates(column.date_formats[0], tuple(column.date_formats[1:]))
    fresh = column.model_copy(update={"distribution": []})
    return _with_dates(fresh, as_text(values.drop_nulls()), dates, format)


def with_texts(column: Column, values: pl.Series) -> Column:
    """Fill in what follows from texts; null is missing."""
    known = as_text(values.drop_nulls())
    column.text, column.distribution = text_statistics(known), word_bars(known)
    return column


def _choose_dates(values: pl.Series) -> Dates:
    found = find_dates(as_text(values.drop_nulls()))
    if found is None:
        example = as_text(values.drop_nulls().head(1))
        what = f'"{example[0]}" and others that' if example.len() else "values that"
        raise _mismatch(values, "dates, all written alike", f"{what} no one format reads")
    return found


def _choose_numbers(values: pl.Series, kind: ColumnKind) -> list[str] | None:
    parsed = numbers(values)
    wrong = (parsed.is_null() & values.is_not_null()) | parsed.is_infinite().fill_null(False)
    if kind == "integer":
        wrong = wrong | (parsed != parsed.round()).fill_null(False)
    if wrong.any():
        index = wrong.arg_max() or 0
        count = int(wrong.sum() or 0)
        what = "whole numbers" if kind == "integer" else "numbers"
        raise DocumentError(
            [
                Problem(
                    code="kind_mismatch",
                    message=f'Expected {what} in the column "{values.name}" to call it {kind}, got '
                    f'"{values[index]}" in row {index + 2:,} ({count:,} such values). Correct the '
                    "file, or choose another kind.",
                    where=Where(row=index + 2, column=values.name),
                )
            ]
        )
    known = parsed.drop_nulls()
    few = known.n_unique() <= FEW
    return (
        categories_of(values) if kind == "integer" and few and values.dtype != pl.String else None
    )


def _with_dates(column: Column, known: pl.Series, dates: Dates, format: str) -> Column:
    """Fill in what follows from dates; numbers are seconds since 1970."""
    column.date_format = format
    column.date_formats = [dates.format, *dates.others]
    ordered = seconds_of(known, format).sort()
    column = _with_statistics(column, ordered)
    time = has_time(format)
    for bar in column.distribution:
        low, high = shown(bar.low or 0.0, time=time), shown(bar.high or 0.0, time=time)
        bar.label = low if low == high else f"{low} – {high}"
    return column


def _mismatch(values: pl.Series, expected: str, found: str) -> DocumentError:
    return refuse(
        "kind_mismatch",
        f'Expected {expected} in the column "{values.name}", got {found}. Choose another kind.',
        column=values.name,
    )


def _with_statistics(column: Column, known: pl.Series) -> Column:
    """Fill in what follows from sorted Float64 values."""
    low, high = float(known[0]), float(known[-1])
    column.minimum, column.maximum = low, high
    column.mean = _finite(known.mean())
    middle = known.len() // 2
    column.median = float((known[middle] + known[~middle]) / 2)
    column.std = _finite(known.std()) if known.len() > 1 else None
    column.outliers = _outliers(known.to_numpy()) if column.kind in NUMERIC else None
    if column.kind == "integer" and is_whole(known) and column.unique <= FEW:
        counted = known.alias("value").value_counts().sort("value")
        values = counted.get_column("value")
        column.distribution = [
            Bin(label=label, count=count, low=value, high=value)
            for label, count, value in zip(
                as_text(values), counted.get_column("count"), values, strict=True
            )
        ]
    elif math.isfinite(high - low):
        edges = np.linspace(low, high, BINS + 1)
        places = np.searchsorted(known.to_numpy(), edges[1:-1], side="left")
        counts = np.diff(places, prepend=0, append=known.len())
        column.distribution = [
            Bin(label=f"{a:.4g} – {b:.4g}", count=int(count), low=float(a), high=float(b))
            for count, a, b in zip(counts, edges[:-1], edges[1:], strict=True)
        ]
    return column


def _outliers(ordered: np.ndarray) -> int:
    """Return how many of sorted numbers lie outside Tukey's fences."""
    first, third = (_quantile(ordered, share) for share in (0.25, 0.75))
    reach = 1.5 * (third - first)
    if not math.isfinite(reach):
        return 0
    low = np.searchsorted(ordered, first - reach, side="left")
    high = np.searchsorted(ordered, third + reach, side="right")
    return int(low + len(ordered) - high)


def _quantile(ordered: np.ndarray, share: float) -> float:
    """Return a quantile of sorted numbers as `numpy.quantile` does, which would sort them again."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    return float(np.quantile(ordered[below : below + 2], place - below))


def _bars(known: pl.Series, categories: list[str]) -> list[Bin]:
    # Counting texts as such takes several times their own memory.
    codes = as_text(known).cast(pl.Enum(categories), strict=False).to_physical().drop_nulls()
    counts = np.bincount(codes.to_numpy(), minlength=len(categories))
    return [
        Bin(label=name, count=count)
        for name, count in zip(categories, counts.tolist(), strict=True)
    ]


def _largest(bars: list[Bin]) -> list[Bin]:
    if len(bars) <= MAX_BARS:
        return bars
    largest = sorted(bars, key=lambda bar: -bar.count)
    rest = sum(bar.count for bar in largest[MAX_BARS - 1 :])
    shown = f"{len(bars) - MAX_BARS + 1:,} others"
    return [*largest[: MAX_BARS - 1], Bin(label=shown, count=rest)]


def _finite(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
