"""An uploaded file as a dataset: sniffed by its content, read, described and stored."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import polars as pl

from models.data.change import changed
from models.data.csv.table import read_table
from models.data.describe import describe_table
from models.data.description import Description
from models.data.files import TABLE, replacing
from models.data.images.labels import check_options
from models.data.images.pixels import pixel_columns, read_pixels
from models.data.images.reader import read_images
from models.data.options import IngestOptions
from models.data.parquet import read_parquet
from models.data.sniff import sniff
from models.data.workbook import read_workbook
from models.errors import DocumentError, Problem, refuse

ROW_GROUP = 16_384
"""Rows; a preview reads one such group only."""
_PAYS = 0.6
"""The size, of what it was, from which packing is worth its time."""


def ingest(
    path: Path,
    folder: Path,
    filename: str,
    options: IngestOptions | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Description:
    """Read the file at `path` and store its data in `folder`, writing nowhere else.

    Args:
        path: the file as it was uploaded.
        folder: an existing folder; it gets `table.parquet`, or `images.npy` (uint8, N × channels ×
            height × width) and `labels.npy` (int64 class codes).
        filename: what the file was called, for messages only.
        options: what is known of the file.
        progress: called with the share that is done, from 0 to 1.

    Raises:
        DocumentError: `unsupported_type` for what is neither a table nor an archive; else what is
            wrong with it, naming row and column or the archive's entry. Nothing is left in
            `folder`.
    """
    options = options or IngestOptions()
    found = sniff(path, filename)
    if found == "zip":
        return read_images(path, folder, options, progress)
    check_options(options)
    if found == "parquet":
        table = read_parquet(path, options)
    elif found == "workbook":
        table = read_workbook(path, folder, options, lambda share: progress(0.8 * share))
    else:
        table = read_table(path, options, lambda share: progress(0.8 * share))
    pixels = None if options.images is False else pixel_columns(table.frame)
    if pixels is not None:
        return read_pixels(table, *pixels, path.stat().st_size, folder)
    if options.images:
        raise refuse(
            "no_images",
            "Expected a table of images, with a column of labels and as many columns of pixels "
            "from 0 to 255 as make a square, got another one. Leave options.images out.",
            path=["options", "images"],
        )
    with replacing(folder / TABLE) as aside, ThreadPoolExecutor(1) as meanwhile:
        written = meanwhile.submit(
            table.frame.write_parquet,
            aside,
            compression=_compression(table.frame),
            statistics=False,
            row_group_size=ROW_GROUP,
        )
        description = describe_table(table.frame, options.kinds, path.stat().st_size, table.notes)
        description = _with_roles(table.frame, description, options)
        description.reading = table.reading
        written.result()
    progress(1.0)
    return description


def _compression(frame: pl.DataFrame) -> Literal["lz4", "uncompressed"]:
    """Return LZ4 where it saves much of the first rows.

    It takes a third from measured numbers, or less, and as long as reading all of them.
    """
    sizes: list[int] = []
    for compression in ("lz4", "uncompressed"):
        packed = io.BytesIO()
        frame.head(ROW_GROUP).write_parquet(packed, compression=compression, statistics=False)
        sizes.append(packed.tell())
    return "lz4" if sizes[0] < _PAYS * sizes[1] else "uncompressed"


def _with_roles(
    frame: pl.DataFrame, description: Description, options: IngestOptions
) -> Description:
    roles = [{"name": name, "role": role} for name, role in options.roles.items()]
    try:
        return changed(frame, description, roles) if roles else description
    except DocumentError as error:
        raise DocumentError([_of_role(problem) for problem in error.problems]) from error


def _of_role(problem: Problem) -> Problem:
    """Return the problem of a role as one of the options."""
    path = ["options", "roles", *([problem.where.column] if problem.where.column else [])]
    return problem.model_copy(update={"where": problem.where.model_copy(update={"path": path})})
