"""A table whose rows are steps as tensors: windows of its rows, or whole groups of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import torch
from torch import Tensor

from models.data.arranged import gathered
from models.data.dealt_by import DealtBy, parts_of
from models.data.description import Description, Note
from models.data.interface import Interface
from models.data.kinds import as_text
from models.data.preparation import PreparedSequence
from models.data.preprocess import Preprocess
from models.data.sequence import Steps, too_long
from models.data.sequence_split import dealt_steps, gap_of
from models.data.series import Order, ordered, spacing
from models.data.split import Parts, deal, deal_groups, deal_times
from models.data.windows import Cut, Examples, Windows, cut, deal_windows, rows_of
from models.errors import refuse
from models.recipe import Recipe, Split

CHUNK = 65_536
MOST_NUMBERS = 250_000_000
"""Of sequences that are filled up to one length, all together: a gigabyte."""


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


def columns_of(steps: Steps | None) -> set[str]:
    """Return the columns that order and part the rows."""
    asked = (steps.time, steps.group) if steps is not None else ()
    return {column.name for column in asked if column is not None}


def deal_steps(
    table: Table, description: Description, recipe: Recipe, steps: Steps, asked: Interface
) -> Dealt:
    """Put the rows in order, make examples of them and deal these out.

    Raises:
        DocumentError: too few rows for the parts, or a group whose label changes.
    """
    if recipe.split is None:
        raise ValueError("a recipe in full has a split")
    by = dealt_steps(description, recipe.split, steps)
    order = ordered(table.frame, steps.time, steps.group)
    notes = _notes_on(order, steps)
    if steps.forecasts:
        return _deal_windows(table, order, recipe.split, steps, by, notes)
    return _deal_groups(table, order, recipe.split, steps, by, asked, notes)


def prepared_sequence(steps: Steps) -> PreparedSequence:
    """Return what a model keeps of it."""
    time = steps.time
    return PreparedSequence(
        kind=steps.kind,
        window=steps.window,
        horizon=steps.horizon,
        time=time.name if time is not None else None,
        format=time.date_format if time is not None and time.kind == "date" else None,
        group=steps.group.name if steps.group is not None else None,
    )


def _deal_windows(
    table: Table, order: Order, split: Split, steps: Steps, by: DealtBy, notes: list[Note]
) -> Dealt:
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
    found, left_out = _with_values(table, order, every)
    notes += left_out
    # A row's place in the order decides where its example goes, and so does that of all its rows.
    if by.by == "time":
        gap = gap_of(split, steps)
        parts = deal_windows(found, order.times, order.series, split, gap)
    elif by.by == "group":
        own = order.series[found.starts].astype(np.float64)
        parts = Parts(*map(np.sort, deal_groups(np.arange(len(own)), split, own)))
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
        notes.append(_left_out("missing_targets", absent, "windows without a value in the target"))
    if table.required:
        lacking = np.isnan(table.raw[order.rows][:, table.required]).any(axis=1)
        sums = np.concatenate([[0], np.cumsum(lacking)])
        whole = sums[found.ends + 1] == sums[found.starts]
        if absent := int((known & ~whole).sum()):
            what = "windows with a row that lacks an input"
            notes.append(_left_out("missing_inputs", absent, what))
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


def _deal_groups(
    table: Table,
    order: Order,
    split: Split,
    steps: Steps,
    by: DealtBy,
    asked: Interface,
    notes: list[Note],
) -> Dealt:
    bounds = order.bounds
    firsts, ends = order.rows[bounds[:-1]], bounds[1:]
    if steps.group is None:
        raise ValueError("whole groups have a column that says so")
    for values, goal in zip(table.goals, asked.goals, strict=True):
        _check_labels(values[order.rows], order, goal.target, table.frame, steps.group.name)
    needed = [*table.goals, *([table.weights] if table.weights is not None else [])]
    known = ~np.isnan([values[firsts] for values in needed]).any(axis=0)
    if absent := int((~known).sum()):
        notes.append(_left_out("missing_targets", absent, "groups without a value in the target"))
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
    """Deal whole groups out; returns places among them."""
    places = np.arange(len(kept))
    if by.by == "time":
        return deal_times(places, split, begins)
    if by.by == "column" and by.column is not None:
        named = parts_of(by.column)
        part = as_text(table.frame[by.column.name]).replace_strict(named, default=None)
        own = part.to_numpy()[firsts[kept]]
        parts = Parts(*(np.flatnonzero(own == name) for name in ("train", "validation", "test")))
        if len(parts.train):
            return parts
        raise refuse(
            "nothing_to_train_on",
            f'Expected groups that "{by.column.name}" calls train, got none.',
            path=["split", "column"],
            column=by.column.name,
        )
    goal = asked.stratified
    if goal is None:
        return deal(places, split)
    codes = table.goals[asked.goals.index(goal)][firsts[kept]].astype(np.int64)
    return deal(places, split, codes, goal.classes or (), goal.target)


def _features(preprocess: Preprocess, raw: np.ndarray, rows: np.ndarray) -> tuple[Tensor, ...]:
    """Return what enters at each Input of every row, in this order, (rows, features)."""
    chunks = [rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
    made = [preprocess(torch.from_numpy(raw[chunk])) for chunk in chunks]
    return tuple(torch.cat(pieces).contiguous() for pieces in zip(*made, strict=True))


def _notes_on(order: Order, steps: Steps) -> list[Note]:
    """Return what there is to tell of times and order."""
    notes: list[Note] = []
    if order.lacking:
        what = "rows without a value in the time or the group of the sequence"
        notes.append(_left_out("missing_steps", order.lacking, what))
    if steps.time is None:
        return notes
    name = steps.time.name
    if not order.sorted:
        notes.append(
            Note(
                severity="info",
                code="rows_sorted",
                message=f'The rows of the file are not in order of "{name}"; they are taken in '
                "that order.",
            )
        )
    usual, uneven, doubles = spacing(order)
    if doubles:
        advice = "" if steps.group else ", or name the column that tells several series apart"
        notes.append(
            Note(
                severity="warning",
                code="duplicate_times",
                message=f'{doubles:,} rows have the same "{name}" as the row before them; they '
                f"stay in the order of the file. Remove them{advice}.",
                count=doubles,
            )
        )
    if uneven:
        notes.append(
            Note(
                severity="warning",
                code="uneven_times",
                message=f'{uneven:,} steps of "{name}" are not as long as most '
                f"({_lasting(usual or 0.0, dates=steps.time.kind == 'date')}). A window counts "
                "rows, whatever time lies between them.",
                count=uneven,
            )
        )
    return notes


def _lasting(step: float, *, dates: bool) -> str:
    if not dates:
        return f"{step:g}"
    for name, seconds in (("day", 86_400.0), ("hour", 3_600.0), ("minute", 60.0)):
        if step >= seconds:
            count = step / seconds
            return f"{count:g} {name}{'s' if count != 1 else ''}"
    return f"{step:g} seconds"


def _left_out(code: str, count: int, what: str) -> Note:
    return Note(
        severity="warning", code=code, message=f"{count:,} {what} are left out.", count=count
    )
