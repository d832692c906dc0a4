"""What is learnt of a column from its raw values in the training part."""

import numpy as np
import polars as pl

from models.data.columns import numbers
from models.data.dates import seconds_of
from models.data.description import Column
from models.data.kinds import as_text
from models.data.preparation import InputColumn, PreparedPart
from models.data.target import NUMERIC
from models.data.treatment import Scaling


def raw_values(values: pl.Series, column: Column) -> np.ndarray:
    """Return float64 (N,): numbers, codes of categories, seconds of dates; NaN where missing.

    Of texts it tells only which are the same: `RawRows` makes ids of them.
    """
    if column.kind in NUMERIC:
        return numbers(values).to_numpy().astype(np.float64)
    if column.kind == "date":
        seconds = seconds_of(as_text(values), column.date_format or "")
        return seconds.to_numpy().astype(np.float64)
    if column.kind == "text":
        return values.rank("dense").cast(pl.Float64).to_numpy().astype(np.float64)
    return codes_of(values, column.ranked)


def codes_of(values: pl.Series, categories: list[str]) -> np.ndarray:
    """Return float64 (N,) of the values' places among the categories; NaN where missing."""
    codes = as_text(values).cast(pl.Enum(categories)).to_physical()
    return codes.cast(pl.Float64).to_numpy().astype(np.float64)


def fit(column: Column, raw: np.ndarray) -> InputColumn:
    """Learn what to do with a column from its raw values in the training part."""
    treated = column.treated
    indicator, required = bool(treated.indicator), treated.missing == "drop"
    if column.kind in NUMERIC:
        fill = _fill(column, raw)
        filled = np.where(np.isnan(raw), fill, raw)
        mean, scale = _scale(treated.scaling or "standard", filled)
        return InputColumn(
            name=column.name,
            kind="number",
            fill=fill,
            mean=mean,
            scale=scale,
            log=treated.scaling == "log",
            indicator=indicator,
            required=required,
        )
    if column.kind == "date":
        return _fit_date(column, raw)
    return _fit_categories(column, raw)


def _fit_date(column: Column, raw: np.ndarray) -> InputColumn:
    treated = column.treated
    fill = _fill(column, raw)
    filled = np.where(np.isnan(raw), fill, raw)
    years = np.floor(filled).astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    parts = []
    for part in treated.parts or []:
        mean, scale = 0.0, 1.0
        if part in ("time", "year"):
            mean, scale = _scale("standard", filled if part == "time" else years.astype(float))
        parts.append(PreparedPart(part=part, mean=mean, scale=scale))
    return InputColumn(
        name=column.name,
        kind="date",
        fill=fill,
        format=column.date_format,
        parts=parts,
        indicator=bool(treated.indicator),
        required=treated.missing == "drop",
    )


def _fit_categories(column: Column, raw: np.ndarray) -> InputColumn:
    treated = column.treated
    categories = column.ranked
    extra = treated.missing == "category"
    if treated.missing == "constant":
        fill = float(categories.index(str(treated.fill_value)))
    elif extra:
        fill = float(len(categories))
    else:
        known = raw[~np.isnan(raw)]
        fill = float(np.bincount(known.astype(np.int64), minlength=len(categories)).argmax())
    filled = np.where(np.isnan(raw), fill, raw).astype(np.int64)
    # With a category for missing, that counts as seen where the training part lacks a value; else
    # a value that is filled in is none that was seen.
    counted = filled if extra else raw[~np.isnan(raw)].astype(np.int64)
    seen = np.bincount(counted, minlength=len(categories) + extra) > 0
    mean, scale = 0.0, 1.0
    if treated.encoding == "ordinal":
        places = np.where(seen, np.cumsum(seen) - 1.0, -1.0)
        mean, scale = _scale(treated.scaling or "standard", places[filled])
    return InputColumn(
        name=column.name,
        kind="boolean" if column.kind == "boolean" else "category",
        fill=fill,
        mean=mean,
        scale=scale,
        categories=categories,
        seen=seen.tolist(),
        encoding=treated.encoding or "one_hot",
        missing_category=extra,
        indicator=bool(treated.indicator),
        required=treated.missing == "drop",
    )


def _fill(column: Column, raw: np.ndarray) -> float:
    """Return what stands for a missing number or date; 0 where the training part knows none."""
    treated, known = column.treated, raw[~np.isnan(raw)]
    if treated.missing == "constant":
        return float(treated.fill_value or 0.0)
    if not len(known):
        return 0.0
    if treated.missing == "median":
        return float(np.median(known))
    if treated.missing == "most_frequent":
        values, counts = np.unique(known, return_counts=True)
        return float(values[counts.argmax()])
    return float(known.mean())


def _scale(scaling: Scaling, filled: np.ndarray) -> tuple[float, float]:
    """Return what is taken away from filled values, and what they are divided by."""
    if scaling == "none" or not len(filled):
        return 0.0, 1.0
    if scaling == "min_max":
        low, high = float(filled.min()), float(filled.max())
        return low, _usable(high - low, low)
    if scaling == "robust":
        first, middle, third = np.percentile(filled, [25, 50, 75])
        return float(middle), _usable(float(third - first), float(middle))
    if scaling == "log":
        filled = np.sign(filled) * np.log1p(np.abs(filled))
    mean = float(filled.mean())
    return mean, _usable(float(filled.std()), mean)


def _usable(scale: float, middle: float) -> float:
    """Return a scale that can be divided by: 1 where all values are the same but for rounding."""
    return scale if scale > 1e-12 * max(1.0, abs(middle)) else 1.0
