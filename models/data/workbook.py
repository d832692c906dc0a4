"""A sheet of an Excel workbook as a CSV file, which is then read as every other."""

import csv
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from models.data.csv.dialect import MAX_COLUMNS
from models.data.csv.table import Table, read_table
from models.data.description import Note
from models.data.files import replacing
from models.data.images.archive import DAMAGE
from models.data.lookup import listed, near
from models.data.options import IngestOptions
from models.errors import DocumentError, refuse

LARGEST = 4 * 2**30
"""Bytes that a workbook may unpack to."""
MIDNIGHT = "T00:00:00"
_BLOCK = 2**20


def read_workbook(
    path: Path, folder: Path, options: IngestOptions, progress: Callable[[float], None]
) -> Table:
    """Read a sheet, row by row; `folder` holds the CSV file meanwhile.

    Formulas are read as what they came to when the workbook was saved. Of merged cells the first
    one has the value. Dates are read as they are meant, however they are shown.

    Raises:
        DocumentError: it cannot be read, there is no such sheet, or the sheet is not a table; names
            its row and column.
    """
    _check_archive(path)
    converted = folder / "sheet.csv"
    with path.open("rb") as file, replacing(converted) as aside:
        try:
            title, notes = _convert(file, options, aside)
        except DocumentError:
            raise
        except (ValueError, TypeError, KeyError, SyntaxError, zipfile.BadZipFile) as error:
            raise _unreadable() from error
        except OSError as error:
            # What is wrong with a workbook may be told so, without a number as the system gives.
            if error.errno is not None:
                raise
            raise _unreadable() from error
    progress(0.6)
    own = {"delimiter": ",", "decimal": ".", "encoding": "utf-8"}
    try:
        table = read_table(
            converted, options.model_copy(update=own), lambda share: progress(0.6 + 0.4 * share)
        )
    finally:
        converted.unlink(missing_ok=True)
    reading = table.reading.model_copy(update={"type": "workbook", "sheet": title})
    return Table(_without_midnight(table.frame), reading, [*notes, *table.notes], table.file_row)


def _convert(file: BinaryIO, options: IngestOptions, target: Path) -> tuple[str, list[Note]]:
    """Write a sheet as CSV; return what it is called, and what is to be told."""
    # It takes a quarter of a second to load, and few files are workbooks.
    from openpyxl import load_workbook

    book = load_workbook(file, read_only=True, data_only=True)
    try:
        sheet, notes = _sheet(book, options)
        # What a file says of its size may be wrong, and then rows would be missing.
        sheet.reset_dimensions()
        _write(sheet.iter_rows(values_only=True), target)
        return sheet.title, [*notes, *_notes(file, getattr(sheet, "_worksheet_path", ""))]
    finally:
        book.close()


def _sheet(book: Any, options: IngestOptions) -> tuple[Any, list[Note]]:
    names = [sheet.title for sheet in book.worksheets]
    if not names:
        raise refuse("empty_file", "Expected a sheet with a table, got a workbook without any.")
    if options.sheet is not None:
        if options.sheet not in names:
            raise refuse(
                "unknown_sheet",
                f'Expected a sheet of the workbook, got "{options.sheet}". '
                + near(options.sheet, names),
                path=["options", "sheet"],
            )
        return book[options.sheet], []
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    sheet = (visible or book.worksheets)[0]
    others = [name for name in names if name != sheet.title]
    if not others:
        return sheet, []
    message = (
        f'The sheet "{sheet.title}" was read; the workbook also has {listed(others)}. Upload it '
        "with the option sheet to read another one."
    )
    return sheet, [Note(severity="info", code="other_sheets", message=message, count=len(others))]


def _write(rows: Iterable[tuple[Any, ...]], path: Path) -> None:
    """Write rows as CSV, each as wide as the first one that has values, or as its values reach."""
    width = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, row in enumerate(rows, 1):
            cells = [text_of(value) for value in row]
            while len(cells) > width and not cells[-1]:
                cells.pop()
            if len(cells) > MAX_COLUMNS:
                raise refuse(
                    "too_many_columns",
                    f"Expected at most {MAX_COLUMNS:,} columns, got {len(cells):,} in row "
                    f"{number:,}. Leave columns out.",
                    row=number,
                )
            if not width:
                width = len(cells)
            cells += [""] * (width - len(cells))
            if any(cells):
                writer.writerow(cells)
            else:
                file.write("\n")


def text_of(value: Any) -> str:
    """Return a value of a cell as the text that a CSV file would have."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return repr(value.total_seconds())
    return str(value)


def _without_midnight(frame: pl.DataFrame) -> pl.DataFrame:
    """Write moments as days in columns where all of them are at midnight."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    days = [
        name
        for name in texts
        if frame[name].null_count() < frame.height
        and bool(frame[name].drop_nulls().str.ends_with(MIDNIGHT).all())
    ]
    return frame.with_columns(pl.col(name).str.strip_suffix(MIDNIGHT) for name in days)


def _notes(file: BinaryIO, name: str) -> list[Note]:
    """Return what is told of the sheet's formulas and merged cells."""
    merged, formulas, uncomputed = _counts(file, name)
    notes: list[Note] = []
    if formulas:
        message = "Formulas are read as what they came to when the workbook was saved."
        notes.append(Note(severity="info", code="formulas", message=message, count=formulas))
    if uncomputed:
        message = (
            "Formulas without a value, because the workbook was not saved by a program that works "
            "them out, are read as missing. Open it in one, save it, and upload it again."
        )
        notes.append(Note(severity="warning", code="no_values", message=message, count=uncomputed))
    if merged:
        message = "Of merged cells the first has the value; the others are read as missing."
        notes.append(Note(severity="warning", code="merged_cells", message=message, count=merged))
    return notes


def _counts(book: BinaryIO, name: str) -> tuple[int, int, int]:
    """Return how many merged ranges, formulas, and formulas without a value a sheet has."""
    merged = formulas = uncomputed = 0
    with zipfile.ZipFile(book) as packed:
        if name not in packed.namelist():
            return 0, 0, 0
        with packed.open(name) as file:
            rest = b""
            while block := file.read(_BLOCK):
                block = rest + block
                end = block.rfind(b"</c>") + 4 if b"</c>" in block else len(block)
                block, rest = block[:end], block[end:]
                merged += block.count(b"<mergeCell ")
                formulas += block.count(b"<f>") + block.count(b"<f ")
                empty = (b"</f></c>", b"</f><v/></c>", b"</f><v></v></c>", b"</f><v /></c>")
                uncomputed += sum(block.count(ending) for ending in empty)
            merged += rest.count(b"<mergeCell ")
    return merged, formulas, uncomputed


def _check_archive(path: Path) -> None:
    """Check that a workbook unpacks to no more than can be read, and declares no entities."""
    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(entry.file_size for entry in packed.infolist())
            if any(entry.flag_bits & 1 for entry in packed.infolist()):
                raise refuse(
                    "encrypted",
                    "Expected a workbook that can be read, got an encrypted one. Save it without a "
                    "password and upload it again.",
                )
            if size > LARGEST:
                raise refuse(
                    "too_large",
                    f"Expected a workbook that unpacks to at most {LARGEST:,} bytes, got "
                    f"{size:,}. Save the sheet as CSV and upload that.",
                )
            for name in packed.namelist():
                if name.endswith((".xml", ".rels")):
                    with packed.open(name) as file:
                        if b"<!" in file.read(4_096):
                            raise _unreadable()
    except DocumentError:
        raise
    except DAMAGE as error:
        raise _unreadable() from error


def _unreadable() -> DocumentError:
    return refuse(
        "unreadable",
        "Expected an Excel workbook, got a file that cannot be read as one. Open it in a "
        "spreadsheet program, save it as .xlsx or CSV, and upload that.",
    )
