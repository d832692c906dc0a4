"""Whole groups of a table's rows, each of them one sequence with one label."""

from collections.abc import Callable

import numpy as np
import polars as pl
import torch

from models.data.arranged import gathered
from models.data.dealt_by import DealtBy, parts_of
from models.data.dealt_steps import CHUNK, Dealt, Table, classes_of, left_out
from models.data.description import Note
from models.data.folds import Keys, folded
from models.data.interface import Interface
from models.data.kinds import as_text
from models.data.preprocess import Preprocess
from models.data.sequence import Steps
from models.data.series import Order
from models.data.shares import before_folds
from models.data.split import Parts, deal, deal_groups, deal_times
from models.data.windows import Examples
from models.errors import refuse
from models.recipe import Split

MOST_NUMBERS = 250_000_000
"""Of sequences that are filled up to one length, all together: a gigabyte."""


def groups_of(
    table: Table,
    order: Order,
    split: Split,
    steps: Steps,
    by: DealtBy,
    asked: Interface,
    notes: list[Note],
) -> Dealt:
    """Deal groups out, each with the label that all of its rows have.

    Raises:
        DocumentError: the label changes within a group, or no group trains.
    """
    if table.required:
        whole = np.asarray(~np.isnan(table.raw[order.rows][:, table.required]).any(axis=1))
        if absent := int((~whole).sum()):
            notes.append(left_out("missing_inputs", absent, "rows that lack an input"))
        order = order.only(whole)
    bounds = order.bounds
    firsts, ends = order.rows[bounds[:-1]], bounds[1:]
    if steps.group is None:
        raise ValueError("whole groups have a column that says so")
    for values, goal in zip(table.goals, asked.goals, strict=True):
        _check_labels(values[order.rows], order, goal.target, table.frame, steps.group.name)
    needed = [*table.goals, *([table.weights] if table.weights is not None else [])]
    known = ~np.isnan([values[firsts] for values in needed]).any(axis=0)
    if absent := int((~known).sum()):
        notes.append(left_out("missing_targets", absent, "groups without a value in the target"))
    kept = np.flatnonzero(known)
    lengths = np.diff(bounds)
    if longer := int((lengths[kept] > steps.window).sum()):
        notes.append(
            Note(
                severity="info",
                code="sequences_cut",
                message=f"{longer:,} of {len(kept):,} groups have more than {steps.window:,} rows; "
                "those after them are left out.",
                count=longer,
            )
        )
    parts = _deal_whole(kept, order.times[bounds[:-1]][kept], split, by, asked, table, firsts)
    covered = np.zeros(len(order.rows), dtype=bool)
    for place in kept[parts.train]:
        covered[bounds[place] : min(ends[place], bounds[place] + steps.window)] = True

    def gather(preprocess: Preprocess) -> Callable[[np.ndarray], tuple[Examples, ...]]:
        raw = table.raw[order.rows]

        def of(chosen: np.ndarray) -> tuple[Examples, ...]:
            numbers = len(chosen) * steps.window * sum(preprocess.widths)
            if numbers > MOST_NUMBERS:
                raise refuse(
                    "sequences_too_large",
                    f"Expected sequences of {MOST_NUMBERS:,} numbers in all, got {len(chosen):,} "
                    f"of {steps.window:,} steps: {numbers:,}. Shorten sequence.window.",
                    path=["sequence", "window"],
                )
            places = kept[chosen]
            size = max(1, CHUNK // steps.window)
            chunks = [places[at : at + size] for at in range(0, len(places), size)]
            lasts = np.minimum(ends, bounds[:-1] + steps.window) - 1
            made = [
                preprocess(
                    torch.from_numpy(gathered(raw, bounds[chunk], lasts[chunk], steps.window))
                )
                for chunk in chunks
            ]
            return tuple(torch.cat(pieces) for pieces in zip(*made, strict=True))

        return of

    return Dealt(parts, firsts[kept], order.rows[covered], gather, None, notes)


def _check_labels(
    values: np.ndarray, order: Order, target: str, frame: pl.DataFrame, group: str
) -> None:
    """Check that a target is the same in every row of a group.

    Raises:
        DocumentError: it changes; names the first row that differs.
    """
    inside = order.series[1:] == order.series[:-1]
    before, after = values[:-1], values[1:]
    differs = inside & ~((before == after) | (np.isnan(before) & np.isnan(after)))
    if not differs.any():
        return
    place = int(differs.argmax()) + 1
    row = int(order.rows[place])
    raise refuse(
        "label_changes",
        f'Expected the same "{target}" in all rows of a group of "{group}", got another in row '
        f"{row + 2:,} than in the row before it in the group "
        f'"{frame[group][row]}". Correct the file, choose another target or group, or use windows.',
        path=["sequence", "group"],
        row=row + 2,
        column=target,
    )


def _deal_whole(
    kept: np.ndarray,
    begins: np.ndarray,
    split: Split,
    by: DealtBy,
    asked: Interface,
    table: Table,
    firsts: np.ndarray,
) -> Parts:
    """Deal whole groups out, into folds where the split has them; returns places among them."""
    places, whole = np.arange(len(kept)), before_folds(split)
    classes = classes_of(table, asked, firsts[kept])
    if by.by == "time":
        return folded(deal_times(places, whole, begins), split, "time", Keys(begins))
    if by.by == "stratified_group":
        parts = deal_groups(places, whole, places, classes)
        return folded(parts, split, by.by, Keys(places, classes))
    if by.by == "column" and by.column is not None:
        named = parts_of(by.column)
        part = as_text(table.frame[by.column.name]).replace_strict(named, default=None)
        own = part.to_numpy()[firsts[kept]]
        parts = Parts(*(np.flatnonzero(own == name) for name in ("train", "validation", "test")))
        if len(parts.train):
            return folded(parts, split, "rows", Keys(classes=classes))
        raise refuse(
            "nothing_to_train_on",
            f'Expected groups that "{by.column.name}" calls train, got none.',
            path=["split", "column"],
            column=by.column.name,
        )
    if (goal := asked.stratified) is None:
        parts = deal(places, whole)
    else:
        parts = deal(places, whole, classes, goal.classes or (), goal.target)
    return folded(parts, split, "rows", Keys(classes=classes))
