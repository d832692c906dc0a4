"""Windows of a table's rows, dealt out so that none reaches into another part."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import torch
from torch import Tensor

from models.data.dealt_by import DealtBy, parts_of
from models.data.dealt_steps import CHUNK, Dealt, Table, classes_of, left_out
from models.data.description import Note
from models.data.folds import Keys, folded
from models.data.interface import Interface
from models.data.kinds import as_text
from models.data.preprocess import Preprocess
from models.data.sequence import Steps, too_long
from models.data.sequence_split import gap_of
from models.data.series import Order
from models.data.shares import before_folds
from models.data.split import Parts, deal_groups
from models.data.window_folds import fold_windows
from models.data.windows import Cut, Examples, Windows, cut, deal_windows, rows_of
from models.errors import refuse
from models.recipe import Split


def windows_of(
    table: Table,
    order: Order,
    split: Split,
    steps: Steps,
    by: DealtBy,
    asked: Interface,
    notes: list[Note],
) -> Dealt:
    """Cut windows of rows in order, and deal them out.

    Raises:
        DocumentError: no series is as long as a window, or none of them trains.
    """
    every = cut(order, steps.window, steps.horizon, steps.stride)
    if not len(every.starts):
        lengths = np.diff(order.bounds)
        whose = f'the longest series of "{steps.group.name}"' if steps.group else "the dataset"
        raise too_long(steps, int(lengths.max(initial=0)), whose)
    if every.short:
        notes.append(
            Note(
                severity="warning",
                code="short_series",
                message=f"{every.short:,} of {len(order.bounds) - 1:,} series have fewer than "
                f"{steps.reach + 1:,} rows, as a window and its target need; they are left out.",
                count=every.short,
            )
        )
    found, lacking = _with_values(table, order, every)
    notes += lacking
    # A row's place in the order decides where its example goes, and so does that of all its rows.
    whole, gap = before_folds(split), gap_of(split, steps)
    if by.by == "time":
        parts = deal_windows(found, order.times, order.series, whole, gap)
    elif by.by in ("group", "stratified_group"):
        own = order.series[found.starts].astype(np.float64)
        kept = by.by == "stratified_group"
        classes = classes_of(table, asked, order.rows[found.targets]) if kept else None
        parts = deal_groups(np.arange(len(own)), whole, own, classes)
        parts = folded(parts, split, by.by, Keys(own, classes))
        parts = Parts(*map(np.sort, parts))
    else:
        parts, crossing = _by_column(table.frame, order, found, by)
        if crossing:
            notes.append(
                Note(
                    severity="info",
                    code="windows_across_parts",
                    message=f"{crossing:,} windows have rows in more than one part; they are left "
                    "out.",
                    count=crossing,
                )
            )
    if split.fold is not None and by.by in ("time", "column"):
        parts = fold_windows(found, order.times, order.series, parts, split, gap)
    learnt = order.rows[rows_of(found, parts.train, len(order.rows))]

    def gather(preprocess: Preprocess) -> Callable[[np.ndarray], tuple[Examples, ...]]:
        tables = _features(preprocess, table.raw, order.rows)

        def of(chosen: np.ndarray) -> tuple[Examples, ...]:
            starts = torch.from_numpy(found.starts[chosen])
            return tuple(Windows(one, starts, steps.window) for one in tables)

        return of

    return Dealt(parts, order.rows[found.targets], learnt, gather, order.rows[found.ends], notes)


def _with_values(table: Table, order: Order, found: Cut) -> tuple[Cut, list[Note]]:
    """Return the windows that have what they need, and notes on the others."""
    targets = order.rows[found.targets]
    needed = [*table.goals, *([table.weights] if table.weights is not None else [])]
    known = ~np.isnan([values[targets] for values in needed]).any(axis=0)
    notes: list[Note] = []
    if absent := int((~known).sum()):
        notes.append(left_out("missing_targets", absent, "windows without a value in the target"))
    if table.required:
        lacking = np.isnan(table.raw[order.rows][:, table.required]).any(axis=1)
        sums = np.concatenate([[0], np.cumsum(lacking)])
        whole = sums[found.ends + 1] == sums[found.starts]
        if absent := int((known & ~whole).sum()):
            what = "windows with a row that lacks an input"
            notes.append(left_out("missing_inputs", absent, what))
        known &= whole
    return replace(found, starts=found.starts[known]), notes


def _by_column(frame: pl.DataFrame, order: Order, found: Cut, by: DealtBy) -> tuple[Parts, int]:
    """Return the windows whose rows all name one part, and how many others there are."""
    if by.column is None:
        raise ValueError("a split by a column has one")
    named = parts_of(by.column)
    numbers = {"train": 0, "validation": 1, "test": 2}
    codes = {value: numbers[part] for value, part in named.items()}
    part = as_text(frame[by.column.name]).replace_strict(codes, default=-1, return_dtype=pl.Int64)
    own = part.to_numpy()[order.rows]
    changes = np.concatenate([[0], np.cumsum(np.diff(own) != 0)])
    alike = changes[found.targets] == changes[found.starts]
    dealt = [np.flatnonzero(alike & (own[found.starts] == number)) for number in range(3)]
    if not len(dealt[0]):
        raise refuse(
            "nothing_to_train_on",
            f'Expected windows whose rows "{by.column.name}" all calls train, got none. Shorten '
            "the window.",
            path=["sequence", "window"],
            column=by.column.name,
        )
    return Parts(*dealt), int((~alike).sum())


def _features(preprocess: Preprocess, raw: np.ndarray, rows: np.ndarray) -> tuple[Tensor, ...]:
    """Return what enters at each Input of every row, in this order, (rows, features)."""
    chunks = [rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
    made = [preprocess(torch.from_numpy(raw[chunk])) for chunk in chunks]
    return tuple(torch.cat(pieces).contiguous() for pieces in zip(*made, strict=True))
