"""A Parquet file as a table."""

from pathlib import Path

import polars as pl

from models.data.csv.dialect import MAX_COLUMNS
from models.data.csv.table import Table
from models.data.csv.values import LARGEST
from models.data.description import Note, Reading
from models.data.lookup import near
from models.data.options import IngestOptions
from models.errors import DocumentError, refuse

MAX_CELLS = 1_000_000_000
"""A small file can unpack to more rows than any memory holds: they are counted first."""
_DAMAGE = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)
"""What polars raises on damaged files. The second is its own reader's slip, and no `Exception`."""


def read_parquet(path: Path, options: IngestOptions) -> Table:
    """Read a Parquet file as columns of Int64, Float64 or text; null is missing.

    Dates and times become text as ISO 8601 has it, booleans "false" and "true", decimals numbers.

    Raises:
        DocumentError: it cannot be read, is too large, or a column is not of numbers, text, dates
            or booleans; names it.
    """
    try:
        lazy = pl.scan_parquet(path, glob=False)
        schema = lazy.collect_schema()
        rows = lazy.select(pl.len()).collect().item()
    except _DAMAGE as error:
        raise _unreadable() from error
    _check_size(schema, rows)
    for name in options.kinds:
        if name not in schema:
            raise refuse(
                "unknown_column",
                f'Expected the name of a column in options.kinds, got "{name}". '
                + near(name, schema.names()),
                path=["options", "kinds", name],
            )
    notes: list[Note] = []
    expressions = [_converted(name, dtype, notes) for name, dtype in schema.items()]
    try:
        frame = lazy.select(expressions).collect()
    except _DAMAGE as error:
        raise _unreadable() from error
    frame = frame.with_columns(
        pl.when(~pl.col(name).is_in(options.missing)).then(pl.col(name)).alias(name)
        for name, dtype in frame.schema.items()
        if dtype == pl.String and options.missing
    )
    _check_finite(frame)
    reading = Reading(encoding="", delimiter="", decimal=".", header=True, type="parquet")
    return Table(frame, reading, notes, lambda row: row + 1)


def _check_size(schema: pl.Schema, rows: int) -> None:
    if not len(schema) or not rows:
        raise refuse("empty_file", "Expected a table with columns and rows, got none.")
    if len(schema) > MAX_COLUMNS:
        raise refuse(
            "too_many_columns",
            f"Expected at most {MAX_COLUMNS:,} columns, got {len(schema):,}. Leave columns out.",
        )
    if rows * len(schema) > MAX_CELLS:
        raise refuse(
            "too_large",
            f"Expected at most {MAX_CELLS:,} values, got {rows:,} rows of {len(schema):,} columns. "
            "Leave rows or columns out.",
        )
    for name in schema:
        if not name.strip() or len(name) > 200:
            raise refuse(
                "empty_header",
                "Expected a name of 1 to 200 characters for every column, got "
                f'"{name[:50]}". Rename it and upload the file again.',
                column=name[:200],
            )


def _converted(name: str, dtype: pl.DataType, notes: list[Note]) -> pl.Expr:
    """Return a column as Int64, Float64 or text."""
    column = pl.col(name)
    if dtype == pl.Boolean:
        return column.cast(pl.String)
    if dtype.is_integer():
        # Beyond 64 bits with a sign, and beyond 2^53 as numbers, only the size is kept.
        large = dtype in (pl.UInt64, pl.Int128, pl.UInt128)
        return column.cast(pl.Float64) if large else column.cast(pl.Int64)
    if dtype.is_float() or dtype.is_decimal():
        return column.cast(pl.Float64).fill_nan(None)
    if dtype == pl.Date:
        return column.dt.strftime("%Y-%m-%d")
    if dtype == pl.Datetime:
        zone = getattr(dtype, "time_zone", None)
        if zone not in (None, "UTC"):
            message = f'The times of "{name}" are of the zone {zone}; they are read as UTC.'
            notes.append(Note(severity="info", code="time_zone", message=message))
        told = column.dt.convert_time_zone("UTC") if zone else column
        return told.dt.strftime("%Y-%m-%dT%H:%M:%S")
    if dtype == pl.Time:
        return column.dt.strftime("%H:%M:%S")
    if dtype == pl.Duration:
        return column.dt.total_microseconds().cast(pl.Float64) / 1e6
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        text = column.cast(pl.String).str.strip_chars()
        return pl.when(text != "").then(text).alias(name)
    if dtype == pl.Null:
        return column.cast(pl.String)
    raise refuse(
        "unsupported_column",
        f'Expected columns of numbers, text, dates or booleans, got "{name}" of {dtype}. Leave it '
        "out, or write its parts as columns of their own.",
        column=name,
    )


def _check_finite(frame: pl.DataFrame) -> None:
    for name, dtype in frame.schema.items():
        if dtype == pl.Float64:
            wrong = (frame[name].abs() > LARGEST).fill_null(False)
            if wrong.any():
                row = (wrong.arg_max() or 0) + 1
                raise refuse(
                    "not_finite",
                    f"Expected finite numbers of at most {LARGEST:g} in size in the column "
                    f'"{name}", got {frame[name][row - 1]} in row {row:,}. Write a number in '
                    "range, or null.",
                    row=row,
                    column=name,
                )


def _unreadable() -> DocumentError:
    return refuse(
        "unreadable",
        "Expected a Parquet file, got one that cannot be read. Write it again, or write it as CSV.",
    )
