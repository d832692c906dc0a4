"""Tables whose every row is an image: a label, and a column for each pixel."""

import math
import re
from pathlib import Path

import numpy as np
import polars as pl

from models.data.csv.table import Table
from models.data.description import Description, Note
from models.data.images.array_labels import labelled
from models.data.images.report import described
from models.data.images.store import writing
from models.data.origin import PixelColumns

FEWEST = 49
"""Pixels. Fewer columns whose numbers make a square are more likely something else."""
LEVELS = 16
"""Where columns are not named after pixels, their numbers reach beyond this."""
_NAME = re.compile(r"^(pixel|pix|px|p|x|v)?[ _.-]?\d+([ _.x-]\d+)?$", re.IGNORECASE)
_PIECE = 2_048


def pixel_columns(frame: pl.DataFrame) -> tuple[list[str], str] | None:
    """Return the columns of pixels, in order, and the one of labels; None in other tables.

    There is one column beside those of pixels, first or last. Pixels are whole numbers from 0 to
    255, as many as make a square; they are named after pixels, or nothing is said of them.
    """
    count = frame.width - 1
    if count < FEWEST or math.isqrt(count) ** 2 != count or frame.height < 2:
        return None
    first, last = frame.columns[0], frame.columns[-1]
    # Where nothing has a name, the labels are those of which there are fewer.
    ends = [(first, frame.columns[1:]), (last, frame.columns[:-1])]
    if frame[last].n_unique() < frame[first].n_unique():
        ends.reverse()
    for label, pixels in ends:
        if any(frame.schema[name] != pl.Int64 for name in pixels):
            continue
        named = all(_NAME.match(name) for name in pixels)
        nameless = all(re.fullmatch(r"column_\d+", name) for name in frame.columns)
        if not named and not nameless:
            continue
        part = frame.select(pixels)
        low, high = part.min().to_numpy().min(), part.max().to_numpy().max()
        if low >= 0 and high <= 255 and (named or high > LEVELS) and not _missing(part):
            return pixels, label
    return None


def read_pixels(
    table: Table, pixels: list[str], label: str, size: int, folder: Path
) -> Description:
    """Write the rows as images, class by class.

    Args:
        size: of the file in bytes.

    Raises:
        DocumentError: the labels are neither classes nor numbers.
    """
    frame = table.frame
    if frame[label].null_count():
        frame = frame.filter(pl.col(label).is_not_null())
    labels = labelled(frame[label].to_numpy())
    side = math.isqrt(len(pixels))
    highest = int(frame.select(pixels).max().to_numpy().max())
    # Sixteen grey levels or one bit would be next to black among 256.
    factor = 255 / highest if highest <= LEVELS else 1.0
    values = labels.values
    order = (
        np.argsort(values, kind="stable") if labels.names is not None else np.arange(len(values))
    )
    with writing(folder, (1, side, side)) as stored:
        for start in range(0, len(order), _PIECE):
            rows = order[start : start + _PIECE]
            piece = frame.select(pixels)[rows].to_numpy() * factor
            stored.images.add(np.round(piece).astype(np.uint8).reshape(-1, 1, side, side))
        stored.labels = values[order]
    notes = [*table.notes, _found(pixels, label, side)]
    if factor != 1:
        message = f"Pixels of 0 to {highest} were scaled to whole numbers from 0 to 255."
        notes.append(Note(severity="info", code="deep_pixels", message=message))
    if absent := table.frame.height - frame.height:
        message = f'{absent:,} rows without a value in "{label}" were left out.'
        notes.append(
            Note(severity="warning", code="missing_targets", message=message, count=absent)
        )
    return described(
        size,
        stored.labels,
        (1, side, side),
        labels.names,
        notes,
        reason=f'The column "{label}" holds '
        + ("numbers" if labels.names is None else f"{len(labels.names)} classes"),
        target=labels.target,
        origin=PixelColumns(
            label=label, last=frame.columns[-1] == label, high=highest if factor != 1 else 255
        ),
        reading=table.reading,
    )


def _missing(frame: pl.DataFrame) -> bool:
    return any(column.null_count() for column in frame.iter_columns())


def _found(pixels: list[str], label: str, side: int) -> Note:
    return Note(
        severity="info",
        code="pixels",
        message=f"Every row is an image of {side} × {side} pixels, one in each of the "
        f'{len(pixels):,} columns from "{pixels[0]}" to "{pixels[-1]}"; "{label}" says what it is. '
        "To read it as a table, upload it with options.images set to false.",
    )
