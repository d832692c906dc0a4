"""A table's rows as steps in time: put in order, and described."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.data.columns import numbers
from models.data.dates import seconds_of
from models.data.description import Column, Series
from models.data.kinds import as_text
from models.data.target import NUMERIC

MOST_LAG = 400
LIKE = 0.3
"""Least correlation of changes with themselves that is told as a season."""
FEWEST = 24
"""Fewer changes tell of no season."""


@dataclass(frozen=True)
class Order:
    """Rows in the order of their steps, series after series.

    Attributes:
        rows: row numbers of the file, (N,); those without a time or a group are left out.
        series: of each of them, which series it belongs to, counted from 0, (N,).
        times: when each of them is, (N,): seconds, numbers, or the place in its series.
        lacking: how many rows have no time or no group.
        sorted: whether the file has the rows of every series in order of time.
    """

    rows: np.ndarray
    series: np.ndarray
    times: np.ndarray
    lacking: int
    sorted: bool

    @property
    def bounds(self) -> np.ndarray:
        """Where each series begins, and at last where the last one ends, (series + 1,)."""
        return np.flatnonzero(np.diff(self.series, prepend=-1, append=-1))

    def only(self, kept: np.ndarray) -> "Order":
        """Return some of the rows, bool (N,), as an order of their own."""
        codes = np.unique(self.series[kept], return_inverse=True)[1]
        return Order(self.rows[kept], codes, self.times[kept], self.lacking, self.sorted)


def ordered(frame: pl.DataFrame, time: Column | None, group: Column | None) -> Order:
    """Put rows in order of series and time; rows of the same time stay as the file has them."""
    rows = np.arange(frame.height)
    times = moments(frame[time.name], time) if time is not None else rows.astype(np.float64)
    series = np.zeros(frame.height)
    if group is not None:
        series = frame[group.name].rank("dense").cast(pl.Float64).to_numpy() - 1
    known = ~(np.isnan(times) | np.isnan(series))
    kept = rows[known]
    order = kept[np.lexsort((times[known], series[known]))]
    codes = np.unique(series[order], return_inverse=True)[1]
    if time is None and group is not None:
        # Without times, rows of several series that are as far along belong together.
        begins = np.searchsorted(codes, codes, side="left")
        times[order] = np.arange(len(order)) - begins
    # In the file, each series by itself is in order where its times never fall.
    by_series = kept[np.argsort(series[known], kind="stable")]
    inside = series[by_series][1:] == series[by_series][:-1]
    falls = np.diff(times[by_series]) < 0
    in_order = not bool((inside & falls).any())
    return Order(order, codes, times[order], int((~known).sum()), in_order)


def moments(values: pl.Series, column: Column) -> np.ndarray:
    """Return numbers, or dates in seconds since 1970, float64 (N,); NaN where missing."""
    if column.kind == "date":
        found = seconds_of(as_text(values), column.date_format or "")
    else:
        found = numbers(values)
    return found.to_numpy().astype(np.float64)


def describe_series(
    frame: pl.DataFrame, columns: Sequence[Column], target: Column | None
) -> Series | None:
    """Describe the rows as steps; None where no column has the role time."""
    time = next((column for column in columns if column.role == "time"), None)
    if time is None or (time.kind not in (*NUMERIC, "date")):
        return None
    group = next((column for column in columns if column.role == "group"), None)
    order = ordered(frame, time, group)
    lengths = np.diff(order.bounds)
    if not len(lengths):
        return None
    step, uneven, doubles = spacing(order)
    values = None
    if target is not None and target.kind in NUMERIC:
        values = moments(frame[target.name], target)[order.rows]
    return Series(
        time=time.name,
        group=group.name if group is not None else None,
        series=len(lengths),
        shortest=int(lengths.min()),
        longest=int(lengths.max()),
        step=step,
        uneven=uneven,
        doubles=doubles,
        sorted=order.sorted,
        season=None if values is None else season(values[_longest(order)]),
    )


def spacing(order: Order) -> tuple[float | None, int, int]:
    """Return the usual step, how many others there are, and how many rows share a time."""
    inside = order.series[1:] == order.series[:-1]
    steps = np.diff(order.times)[inside]
    doubles = int((steps == 0).sum())
    steps = steps[steps > 0]
    if not len(steps):
        return None, 0, doubles
    values, counts = np.unique(steps, return_counts=True)
    usual = float(values[counts.argmax()])
    # Numbers that are written with decimals differ in the last of them.
    uneven = int((np.abs(steps - usual) > 1e-6 * usual).sum())
    return usual, uneven, doubles


def season(values: np.ndarray) -> int | None:
    """Return after how many steps a series is most like itself again; None where it is not.

    The highest peak of the autocorrelation of its changes from step to step, after that first fell
    below zero: a trend, and slow swings, are left out of account so.
    """
    known = values[~np.isnan(values)]
    changes = np.diff(known)
    size = len(changes)
    if size < FEWEST or not changes.std() > 0:
        return None
    centred = changes - changes.mean()
    spectrum = np.fft.rfft(centred, 2 * size)
    likeness = np.fft.irfft(np.abs(spectrum) ** 2)[: min(MOST_LAG, size // 2)]
    likeness /= likeness[0]
    below = np.flatnonzero(likeness < 0)
    if not len(below):
        return None
    start = int(below[0])
    best = start + int(likeness[start:].argmax())
    return best if best < len(likeness) - 1 and likeness[best] > LIKE else None


def _longest(order: Order) -> slice:
    bounds = order.bounds
    place = int(np.diff(bounds).argmax())
    return slice(int(bounds[place]), int(bounds[place + 1]))
