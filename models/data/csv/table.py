"""A CSV file as a table, with what was found on the way."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from models.data.csv.dialect import Dialect, detect
from models.data.csv.encoding import Text, open_text
from models.data.csv.records import Records, whole_records
from models.data.csv.values import Mixed, Values
from models.data.description import Note, Reading
from models.data.lookup import near
from models.data.options import IngestOptions
from models.errors import refuse

_TEXT_KINDS = frozenset({"category", "text", "date", "identifier", "boolean"})


@dataclass(frozen=True)
class Table:
    """The rows as they stand in the file: Int64, Float64 or String columns, null where missing.

    `file_row` gives the number of a row in the file, the header being row 1.
    """

    frame: pl.DataFrame
    reading: Reading
    notes: list[Note]
    file_row: Callable[[int], int]


def read_table(path: Path, options: IngestOptions, progress: Callable[[float], None]) -> Table:
    """Read a CSV file in one pass of constant memory beside the table itself.

    Raises:
        DocumentError: the file is not a table; names row and column.
    """
    as_text = frozenset(name for name, kind in options.kinds.items() if kind in _TEXT_KINDS)
    while True:
        try:
            return _read(path, options, as_text, progress)
        except Mixed as mixed:
            as_text |= frozenset(mixed.names)


def _read(
    path: Path, options: IngestOptions, as_text: frozenset[str], progress: Callable[[float], None]
) -> Table:
    text = open_text(path, options.encoding)
    size = max(1, path.stat().st_size)
    blocks = text.blocks()
    chunks = whole_records(blocks)
    first = _first(chunks)
    dialect = detect(first, options)
    _check_option_names(options, dialect)
    records = Records(ord(dialect.delimiter), len(dialect.names))
    values = Values(
        dialect.names,
        dialect.sample,
        delimiter=dialect.delimiter,
        decimal_comma=dialect.decimal_comma,
        missing=options.missing,
        as_text=as_text,
    )
    frames: list[pl.DataFrame] = []
    skip_header = dialect.header
    for chunk in records.checked(_chain(first, chunks)):
        body = _without_first_record(chunk) if skip_header else chunk
        skip_header = False
        if body:
            frames.append(values.parse(body))
        progress(min(1.0, text.bytes_read / size))
    if not frames:
        raise refuse(
            "header_only",
            "Expected rows below the header, got only the header "
            f"({', '.join(dialect.names[:5])}{' …' if len(dialect.names) > 5 else ''}). "
            "Add rows, or set the option header to false if the first row holds values.",
            row=2,
        )

    def file_row(index: int) -> int:
        return records.file_row(index + dialect.header)

    notes = [*_text_notes(text, records), *dialect.notes, *values.finish(file_row)]
    frame = pl.concat(frames, how="vertical_relaxed", rechunk=False)
    reading = Reading(
        encoding=text.codec,
        delimiter=dialect.delimiter,
        decimal="," if dialect.decimal_comma else ".",
        header=dialect.header,
        missing=list(options.missing),
    )
    return Table(frame, reading, notes, file_row)


def _first(chunks: Iterator[bytes]) -> bytes:
    for chunk in chunks:
        if chunk.strip():
            return chunk
    raise refuse("empty_file", "Expected a table with a header and rows, got an empty file.")


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _without_first_record(chunk: bytes) -> bytes:
    end = chunk.index(b"\n") + 1
    while chunk.count(b'"', 0, end) % 2:
        end = chunk.index(b"\n", end) + 1
    return chunk[end:]


def _check_option_names(options: IngestOptions, dialect: Dialect) -> None:
    for name in options.kinds:
        if name not in dialect.names:
            raise refuse(
                "unknown_column",
                f'Expected the name of a column in options.kinds, got "{name}". '
                + near(name, dialect.names),
                path=["options", "kinds", name],
            )


def _text_notes(text: Text, records: Records) -> list[Note]:
    notes: list[Note] = []
    if text.title is not None:
        message = f"The text is encoded in {text.title}; read so."
        notes.append(Note(severity="info", code="encoding", message=message))
    ends = [name for name, count in text.line_ends.items() if count]
    if "CR" in ends:
        found = "carriage returns" if len(ends) == 1 else "a mixture of " + " and ".join(ends)
        message = f"The lines end with {found}; read right all the same."
        notes.append(Note(severity="info", code="line_ends", message=message))
    elif len(ends) > 1:
        message = f"The lines end with a mixture of {' and '.join(ends)}; read right all the same."
        notes.append(Note(severity="info", code="line_ends", message=message))
    if records.blanks:
        notes.append(
            Note(
                severity="info",
                code="blank_rows",
                message="Blank rows were left out.",
                count=records.blanks,
            )
        )
    return notes
