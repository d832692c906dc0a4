"""How a CSV file is written: its delimiter, its decimal sign, and whether it begins with names."""

import csv
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from models.data.csv.blanks import BLANKS, as_tabs, parted_by_blanks
from models.data.csv.values import NUMBER
from models.data.description import Note
from models.data.options import ReadingOptions
from models.errors import DocumentError, refuse

MAX_COLUMNS = 5_000
SAMPLE_RECORDS = 200
_PREFERRED = "\t;|,"
"""In order: the comma is last because it also stands in numbers and in prose."""
_TITLES = {
    "\t": "a tab",
    ";": "a semicolon",
    "|": "a vertical bar",
    ",": "a comma",
    BLANKS: "blanks, any number of them",
}
_DECIMAL_COMMA = re.compile(r"\s*[+-]?(\d*|\d{1,3}(\.\d{3})+),\d+\s*")
_THOUSANDS = re.compile(r"\s*[+-]?[1-9]\d{0,2}\.\d{3}\s*")
_DECIMAL_POINT = re.compile(r"\s*[+-]?\d*\.\d+([eE][+-]?\d+)?\s*")
_NUMBER = re.compile(rf"\s*{NUMBER}\s*")
_TELLS_DELIMITER = re.compile(rb'"?sep=([\t;|,])"?\r?\n', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """How the file is written. `names` are the columns' names; `sample` the first data records."""

    delimiter: str
    decimal_comma: bool
    header: bool
    names: list[str]
    sample: list[list[str]]
    notes: list[Note]

    @property
    def separator(self) -> str:
        """What stands between cells once runs of blanks are tabs."""
        return "\t" if self.delimiter == BLANKS else self.delimiter


def told_delimiter(first: bytes) -> tuple[str | None, bytes]:
    """Return the delimiter that a first line such as `sep=;` tells, and what comes after that line.

    Spreadsheet programs write and read such lines; they are no part of the table.
    """
    found = _TELLS_DELIMITER.match(first)
    return (found[1].decode(), first[found.end() :]) if found else (None, first)


def detect(first: bytes, options: ReadingOptions, told: str | None = None) -> Dialect:
    """Work out how the file is written from its first chunk of whole records.

    Args:
        told: the delimiter by the file's own words, see `told_delimiter`.

    Raises:
        DocumentError: too many columns, or names that are empty or stand twice.
    """
    lines = first.decode().split("\n")
    lines = [line for line in lines[: 4 * SAMPLE_RECORDS] if line.strip()]
    if not lines:
        raise _without_text()
    notes: list[Note] = []
    delimiter = options.delimiter or told or _delimiter(lines)
    if delimiter != "," and options.delimiter is None:
        notes.append(
            Note(
                severity="info",
                code="delimiter",
                message=f"The cells are delimited by {_TITLES[delimiter]}; read so.",
            )
        )
    records = _records(lines, delimiter)
    if not records:
        raise _without_text()
    if len(records[0]) > MAX_COLUMNS:
        raise refuse(
            "too_many_columns",
            f"Expected at most {MAX_COLUMNS:,} columns, got {len(records[0]):,} in row 1. Leave "
            "columns out, or upload images as a ZIP with a folder per class.",
            row=1,
        )
    decimal_comma = (
        options.decimal == ","
        if options.decimal is not None
        else delimiter != "," and _has_decimal_commas(records)
    )
    if decimal_comma and options.decimal is None:
        notes.append(
            Note(
                severity="info",
                code="decimal_comma",
                message="Numbers are written with a decimal comma; read so.",
            )
        )
    header = options.header if options.header is not None else _has_header(records)
    if header:
        names = _names(records[0], options, notes)
    else:
        names = [f"column_{index + 1}" for index in range(len(records[0]))]
        if options.header is None:
            notes.append(
                Note(
                    severity="warning",
                    code="no_header",
                    message="The first row holds values, not names, so the columns are called "
                    f"{names[0]} to {names[-1]}. If it does hold names, upload the file with the "
                    "option header set to true.",
                )
            )
    return Dialect(
        delimiter, decimal_comma, header, names, records[1:] if header else records, notes
    )


def _without_text() -> DocumentError:
    return refuse(
        "empty_file", "Expected a table with a header and rows, got a file without any text."
    )


def _delimiter(lines: list[str]) -> str:
    """Return the delimiter that most lines have equally often."""
    best = (0.0, ",")
    for candidate in _PREFERRED:
        counts = Counter(_outside_quotes(line).count(candidate) for line in lines)
        # The first line counts most: names rarely hold delimiters, and rows are measured by it.
        first = _outside_quotes(lines[0]).count(candidate)
        if not first:
            continue
        share = counts[first] / len(lines)
        if share > best[0] + 0.1:
            best = (share, candidate)
    if parted_by_blanks(lines, best[1] if best[0] else None):
        return BLANKS
    return best[1]


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line) if '"' in line else line


def _records(lines: list[str], delimiter: str) -> list[list[str]]:
    records: list[list[str]] = []
    # Cells beyond the default limit are refused later, with their place.
    csv.field_size_limit(2**31 - 1)
    if delimiter == BLANKS:
        lines, delimiter = as_tabs("\n".join(lines).encode()).decode().split("\n"), "\t"
    text = (line + "\n" for line in lines)
    for record in csv.reader(text, delimiter=delimiter, skipinitialspace=True):
        if any(cell.strip() for cell in record):
            records.append(record)
        if len(records) > SAMPLE_RECORDS:
            break
    return records


def _has_decimal_commas(records: list[list[str]]) -> bool:
    cells = [cell for record in records for cell in record]
    commas = sum(_DECIMAL_COMMA.fullmatch(cell) is not None for cell in cells)
    points = sum(_DECIMAL_POINT.fullmatch(cell) is not None for cell in cells)
    # Beside decimal commas, a point before three digits stands between thousands.
    thousands = sum(_THOUSANDS.fullmatch(cell) is not None for cell in cells)
    return commas > 0 and commas > 10 * (points - thousands) and 10 * commas > thousands


def _has_header(records: list[list[str]]) -> bool:
    """Return whether the first record holds names: no numbers, and unlike the values below."""
    first, rest = records[0], records[1:]
    if any(_NUMBER.fullmatch(cell) for cell in first):
        # A table may have years for names, but then its first column is named, not numbered.
        return bool(rest) and not _NUMBER.fullmatch(first[0]) and _repeats_less(first, rest)
    if not rest:
        return True
    seen_below = sum(
        bool(cell.strip()) and any(index < len(r) and r[index] == cell for r in rest)
        for index, cell in enumerate(first)
    )
    return seen_below * 2 < len(first) or len(first) == 0


def _repeats_less(first: list[str], rest: list[list[str]]) -> bool:
    """Return whether text stands in the first row where numbers stand below."""
    return any(
        not _NUMBER.fullmatch(cell)
        and cell.strip() != ""
        and all(index < len(r) and _NUMBER.fullmatch(r[index]) for r in rest)
        for index, cell in enumerate(first)
    )


def _names(cells: list[str], options: ReadingOptions, notes: list[Note]) -> list[str]:
    names: list[str] = []
    taken: set[str] = set()
    for index, cell in enumerate(cells):
        name = " ".join(cell.split())
        where = f"column {index + 1}"
        seen = _seen(name)
        if not seen or seen in taken or len(name) > 200:
            if not options.rename_headers:
                _refuse_name(name if seen else "", cell, index, names)
            fresh = _fresh(name[:190] if seen else f"column_{index + 1}", names, cells)
            notes.append(
                Note(
                    severity="warning",
                    code="renamed_column",
                    message=f'The name "{cell[:50]}" of {where} is empty, too long or stands '
                    f'twice; the column is called "{fresh}".',
                )
            )
            name = fresh
        names.append(name)
        taken.add(_seen(name))
    return names


def _seen(name: str) -> str:
    """Return what a reader sees of a name: no characters without a shape, each letter one way."""
    shapes = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cf", "Cc"))
    return unicodedata.normalize("NFC", shapes)


def _refuse_name(name: str, cell: str, index: int, names: list[str]) -> None:
    rename = (
        "Give it a name of its own, or upload the file with the option rename_headers set to true."
    )
    if len(name) > 200:
        raise refuse(
            "long_header",
            f"Expected names of at most 200 characters in row 1, got one of {len(name):,} in "
            f"column {index + 1}. {rename}",
            row=1,
            column=name[:200],
        )
    if name:
        first = [_seen(known) for known in names].index(_seen(name))
        blanks = "" if cell == names[first] else " (blanks and invisible signs do not count)"
        raise refuse(
            "duplicate_header",
            f'Expected every column to have a name of its own in row 1, got "{name}" for column '
            f"{first + 1} and for column {index + 1}{blanks}. {rename}",
            row=1,
            column=name,
        )
    raise refuse(
        "empty_header",
        f"Expected a name for every column in row 1, got none for column {index + 1}. {rename}",
        row=1,
        column=f"column {index + 1}",
    )


def _fresh(name: str, taken: list[str], cells: list[str]) -> str:
    known = {*taken, *(" ".join(cell.split()) for cell in cells)}
    if name not in known:
        return name
    return next(f"{name}_{n}" for n in range(2, len(known) + 3) if f"{name}_{n}" not in known)
