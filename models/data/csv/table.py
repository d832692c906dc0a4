"""A CSV file as a table, with what was found on the way."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import polars as pl

from models.data.csv.blanks import BLANKS, as_tabs
from models.data.csv.dialect import Dialect, detect, told_delimiter
from models.data.csv.encoding import Text, open_text
from models.data.csv.records import Records, whole_records
from models.data.csv.values import Mixed, Values
from models.data.description import Note, Reading
from models.data.lookup import near
from models.data.options import IngestOptions, ReadingOptions
from models.errors import DocumentError, refuse

_TEXT_KINDS = frozenset({"category", "text", "date", "identifier", "boolean"})


@dataclass(frozen=True)
class Table:
    """The rows as they stand in the file: Int64, Float64 or String columns, null where missing.

    `file_row` gives the number of a row in the file: the first is row 1, whatever it holds.
    """

    frame: pl.DataFrame
    reading: Reading
    notes: list[Note]
    file_row: Callable[[int], int]


class TableFile:
    """A CSV file that is read once, chunk by chunk, after a look at how it is written.

    Attributes:
        text: its encoding, and how far it has been read.
        dialect: its delimiter, decimal sign and names.

    Raises:
        DocumentError: it is empty, or its header is none.
    """

    def __init__(self, path: Path, options: ReadingOptions) -> None:
        self.text = open_text(path, options.encoding)
        self._chunks = whole_records(self.text.blocks())
        told, first = told_delimiter(_first(self._chunks))
        self._first = first if first.strip() else _first(self._chunks)
        self.dialect = detect(self._first, options, told)
        aligned = self.dialect.delimiter == BLANKS
        if aligned:
            self._first, self._chunks = as_tabs(self._first), map(as_tabs, self._chunks)
        self._records = Records(
            ord(self.dialect.separator),
            len(self.dialect.names),
            row=1 if told is None else 2,
            aligned=aligned,
        )

    def values(self, missing: Sequence[str], as_text: frozenset[str]) -> Values:
        """Return what makes columns of the chunks, those of `as_text` as they stand."""
        return Values(
            self.dialect.names,
            self.dialect.sample,
            delimiter=self.dialect.separator,
            decimal_comma=self.dialect.decimal_comma,
            missing=missing,
            as_text=as_text,
        )

    def rows(self) -> Iterator[bytes]:
        """Yield the records below the header, in chunks.

        Raises:
            DocumentError: there are none, or one is too long or too short.
        """
        empty, skip_header = True, self.dialect.header
        for chunk in self._records.checked(chain([self._first], self._chunks)):
            body = _without_first_record(chunk) if skip_header else chunk
            skip_header = False
            if body:
                empty = False
                yield body
        if empty:
            raise _header_only(self.dialect.names)

    def row(self, index: int) -> int:
        """Return the number in the file of a row that was read: the file's first is row 1."""
        return self._records.file_row(index + self.dialect.header)

    def notes(self) -> list[Note]:
        """Return what was found in what has been read."""
        return [*_text_notes(self.text, self._records), *self.dialect.notes]


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
    size = max(1, path.stat().st_size)
    file = TableFile(path, options)
    _check_option_names(options, file.dialect)
    values = file.values(options.missing, as_text)
    frames: list[pl.DataFrame] = []
    for rows in _ahead(file.rows()):
        frames.append(values.parse(rows))
        progress(min(1.0, file.text.bytes_read / size))
    notes = [*file.notes(), *values.finish(file.row)]
    frame = pl.concat(frames, how="vertical_relaxed", rechunk=False)
    reading = Reading(
        encoding=file.text.codec,
        delimiter=file.dialect.delimiter,
        decimal="," if file.dialect.decimal_comma else ".",
        header=file.dialect.header,
        missing=list(options.missing),
    )
    return Table(frame, reading, notes, file.row)


def _ahead(items: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the items, the next of which is made meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item


def _first(chunks: Iterator[bytes]) -> bytes:
    for chunk in chunks:
        if chunk.strip():
            return chunk
    raise refuse("empty_file", "Expected a table with a header and rows, got an empty file.")


def _header_only(names: list[str]) -> DocumentError:
    return refuse(
        "header_only",
        "Expected rows below the header, got only the header "
        f"({', '.join(names[:5])}{' …' if len(names) > 5 else ''}). "
        "Add rows, or set the option header to false if the first row holds values.",
        row=2,
    )


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
