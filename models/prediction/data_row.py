"""A sequence of the dataset itself to predict from: the window that ends in one of its rows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import polars as pl
import torch

from models.data.arranged import gathered
from models.data.description import Description
from models.data.files import TABLE
from models.data.fit import raw_values
from models.data.kinds import as_text
from models.data.preparation import PreparedSequence
from models.data.series import Order, ordered
from models.errors import Where, refuse
from models.model import Model, predictions

Row = int | Literal["last"]


@dataclass(frozen=True)
class Place:
    """A sequence among ordered rows: its first and last place, and that of its target, if any."""

    first: int
    last: int
    target: int | None


def predict_row(model: Model, folder: Path, description: Description, row: Row) -> dict[str, Any]:
    """Return the prediction from the sequence that ends in a row of the dataset, and its rows.

    Args:
        row: counted from 0 as `read_rows` does; "last" is the newest of all.

    Raises:
        DocumentError: the model takes rows by themselves, there is no such row, or there are too
            few before it.
    """
    preparation, sequence = model.preparation, model.preparation.sequence
    if sequence is None:
        raise refuse(
            "no_sequences",
            "Expected rows to predict from, because each is an example by itself for this model, "
            "got the number of one. Send rows.",
            path=["row"],
        )
    columns = {column.name: column for column in description.columns}
    frame = pl.read_parquet(folder / TABLE, glob=False)
    order = ordered(
        frame,
        columns[sequence.time] if sequence.time is not None else None,
        columns[sequence.group] if sequence.group is not None else None,
    )
    place = _place(order, sequence, row)
    rows = order.rows[place.first : place.last + 1]
    shown = frame[rows]
    raw = np.column_stack(
        [raw_values(shown[column.name], columns[column.name]) for column in preparation.columns]
    )
    one = gathered(raw, np.array([0]), np.array([len(raw) - 1]), sequence.window)
    answers = model.finite_answers(
        torch.from_numpy(one), lambda _: (f"Row {row}", Where(path=["row"]))
    )
    truth = None if place.target is None else frame[int(order.rows[place.target])]
    outputs = []
    for answer, output in zip(answers, preparation.outputs, strict=True):
        (told,) = predictions(answer, output)
        known = None if truth is None else as_text(truth[output.target])[0]
        if known is not None and output.classes is None:
            known = float(known)
        outputs.append([{**told, "expected": known}])
    cells = [[None if cell is None else str(cell) for cell in line] for line in shown.iter_rows()]
    return {
        "total": 1,
        "row": int(rows[-1]),
        "columns": frame.columns,
        "rows": cells,
        "outputs": outputs,
    }


def _place(order: Order, sequence: PreparedSequence, row: Row) -> Place:
    """Return where the sequence of a row stands.

    Raises:
        DocumentError: there is none.
    """
    bounds = order.bounds
    begins = np.repeat(bounds[:-1], np.diff(bounds))
    ends = np.repeat(bounds[1:], np.diff(bounds))
    places = np.arange(len(order.rows))
    windows = sequence.kind == "windows"
    if row == "last":
        fits = places - begins + 1 >= (sequence.window if windows else 1)
        found = places[fits][np.argsort(order.times[fits], kind="stable")][-1:]
    else:
        found = np.flatnonzero(order.rows == row)
    if not len(found):
        what = "a window of its own" if row == "last" else "a time and a group"
        raise refuse(
            "no_such_row",
            f"Expected a row of the dataset that has {what}, from 0 to "
            f"{int(order.rows.max(initial=0)):,}, got {row}.",
            path=["row"],
        )
    place = int(found[0])
    first, end = int(begins[place]), int(ends[place])
    if not windows:
        return Place(first, min(end, first + sequence.window) - 1, first)
    if place - first + 1 < sequence.window:
        raise refuse(
            "too_few_rows",
            f"Expected {sequence.window - 1:,} rows before it in its series, as a window of "
            f"{sequence.window:,} needs, got {place - first:,} before row {row}. Choose a later "
            "row.",
            path=["row"],
        )
    target = place + sequence.horizon
    return Place(place - sequence.window + 1, place, target if target < end else None)
