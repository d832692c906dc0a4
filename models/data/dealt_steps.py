"""Examples of several rows before anything is fitted: what was read, and how it was dealt out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from models.data.description import Note
from models.data.interface import Interface
from models.data.preprocess import Preprocess
from models.data.split import Parts
from models.data.windows import Examples

CHUNK = 65_536
"""Rows that are prepared at once."""


@dataclass(frozen=True)
class Table:
    """Columns of a table that were read.

    Attributes:
        frame: with the columns that order, part and split the rows.
        raw: input columns as `Preparation.encode` has them, (rows, columns).
        goals: of each target its values, (rows,); NaN where missing.
        weights: of each row, (rows,), or None.
        required: places of the input columns without which a row is left out.
    """

    frame: pl.DataFrame
    raw: np.ndarray
    goals: list[np.ndarray]
    weights: np.ndarray | None
    required: list[int]


@dataclass(frozen=True)
class Dealt:
    """Examples of a table, dealt out, before anything is fitted.

    Attributes:
        parts: places among the examples.
        rows: of each example the row of the table whose target and weight are its own, (N,).
        learnt: rows of the table that the training part covers, by which columns are fitted.
        gather: makes what enters at each Input of some examples, after fitting.
        last: of each example the last row before its target, (N,); None where that is nothing.
        notes: what was left out, and why.
    """

    parts: Parts
    rows: np.ndarray
    learnt: np.ndarray
    gather: Callable[[Preprocess], Callable[[np.ndarray], tuple[Examples, ...]]]
    last: np.ndarray | None
    notes: list[Note]


def classes_of(table: Table, asked: Interface, rows: np.ndarray) -> np.ndarray | None:
    """Return the class codes of rows by which a split is stratified, int64 (N,); None if none."""
    goal = asked.stratified
    if goal is None:
        return None
    return table.goals[asked.goals.index(goal)][rows].astype(np.int64)


def left_out(code: str, count: int, what: str) -> Note:
    """Return the note on examples that lack something."""
    return Note(
        severity="warning", code=code, message=f"{count:,} {what} are left out.", count=count
    )
