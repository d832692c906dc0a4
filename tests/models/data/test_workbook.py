"""Excel workbooks: read as they are meant, refused with row and column, memory bounded."""

import io
import zipfile
from datetime import date, datetime, time
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from models.data.view import read_rows
from tests.models.data.uploads import kinds, notes

HEADER = ["day", "size", "count", "ok", "kind"]


def rows(count: int = 24) -> list[list[Any]]:
    return [
        [date(2024, 1 + n % 12, 1 + n), n + 0.25, n * 7, n % 2 == 0, "ab"[n % 2]]
        for n in range(count)
    ]


def workbook(*sheets: tuple[str, list[list[Any]]], change: Any = None) -> bytes:
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    book.remove(first)
    for title, lines in sheets:
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
        if change is not None:
            change(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(data: bytes, name: str, change: Any) -> bytes:
    """Return a workbook with the content of one of its files changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry.filename == name else content)
    return file.getvalue()


def test_a_sheet_is_read_as_its_cells_are_meant(upload):
    description = upload(workbook(("Data", [HEADER, *rows()])), "data.xlsx")
    assert kinds(description) == {
        "day": "date",
        "size": "number",
        "count": "integer",
        "ok": "boolean",
        "kind": "category",
    }
    assert description.reading.type == "workbook"
    assert description.reading.sheet == "Data"
    assert description.columns[0].date_format == "%Y-%m-%d"
    names, read = read_rows(upload.folder, description, 1, 1)
    assert names == HEADER
    assert read == [["2024-02-02", 1.25, 7, "false", "b"]]
    assert {path.name for path in upload.folder.iterdir()} == {"table.parquet"}


def test_times_errors_and_empty_cells(upload):
    lines = [
        ["at", "when", "x", "label"],
        *([datetime(2024, 1, 1 + n, n, 30), time(n, 15), n / 2, "ab"[n % 2]] for n in range(20)),
        [None, None, "#N/A", None],
    ]
    description = upload(workbook(("Data", lines)), "data.xlsx")
    assert read_rows(upload.folder, description, 3, 1)[1] == [
        ["2024-01-04T03:30:00", "03:15:00", 1.5, "b"]
    ]
    assert read_rows(upload.folder, description, 20, 1)[1] == [[None, None, None, None]]
    assert description.columns[0].date_format == "%Y-%m-%dT%H:%M:%S"
    assert description.columns[2].missing == 1


def test_another_sheet_is_read_when_it_is_asked_for(upload):
    data = workbook(("First", [HEADER, *rows()]), ("Second", [["x", "y"], [1, 2], [3, 4]]))
    description = upload(data, "data.xlsx")
    assert description.rows == 24
    assert '"Second"' in notes(description)["other_sheets"]
    assert upload(data, "data.xlsx", sheet="Second").rows == 2
    problem = Fresh(upload).refused(data, "data.xlsx", sheet="Secund")
    assert problem.where.path == ["options", "sheet"]
    assert '"Second"' in problem.message


def Fresh(upload: Any) -> Any:
    """Return the fixture with an empty folder, as after a refusal."""
    for path in upload.folder.iterdir():
        path.unlink()
    return upload


def test_formulas_and_merged_cells_are_told(upload):
    def change(sheet: Any) -> None:
        sheet["B3"] = "=A3*2"
        sheet.merge_cells("C4:C6")

    lines = [["a", "b", "c", "d"], *([n, n + 0.5, n * 3, "xy"[n % 2]] for n in range(24))]
    description = upload(workbook(("Data", lines), change=change), "data.xlsx")
    told = notes(description)
    # openpyxl writes formulas without what they come to, as no spreadsheet program does.
    assert {"formulas", "no_values", "merged_cells"} <= told.keys()
    assert description.columns[1].missing == 1
    assert description.columns[2].missing == 2


def test_a_row_that_is_too_long_is_refused_with_its_number(upload):
    problem = upload.refused(workbook(("Data", [["a", "b"], [1, 2], [3, 4, 5]])), "data.xlsx")
    assert problem.where.row == 3


def test_a_text_among_numbers_is_refused_with_its_row(upload):
    lines = [["a", "b"], *([n, n + 0.5] for n in range(30))]
    lines[7][1] = "seven"
    problem = upload.refused(workbook(("Data", lines)), "data.xlsx")
    assert (problem.code, problem.where.row, problem.where.column) == ("text_in_numbers", 8, "b")


def test_cells_that_look_like_csv_stay_in_their_columns(upload):
    lines = [["a", "b"], *([f'x,"{n}"\ny', n / 4] for n in range(12))]
    description = upload(workbook(("Data", lines)), "data.xlsx")
    assert read_rows(upload.folder, description, 2, 1)[1] == [['x,"2"\ny', 0.5]]


def test_what_a_file_says_of_its_size_hides_no_row(upload):
    data = workbook(("Data", [HEADER, *rows()]))
    sheet = "xl/worksheets/sheet1.xml"
    data = changed(data, sheet, lambda text: text.replace(b'ref="A1:E25"', b'ref="A1:B3"'))
    assert upload(data, "data.xlsx").rows == 24


def test_a_cell_far_away_takes_no_memory(upload):
    def change(sheet: Any) -> None:
        sheet.cell(60_000, 16_000).value = 1

    data = workbook(("Data", [["a", "b"], [1, 2]]), change=change)
    problem = upload.refused(data, "data.xlsx")
    assert problem.code == "too_many_columns"
    assert problem.where.row == 60_000


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (SHEET, lambda text: text[: len(text) // 2]),
        (SHEET, lambda text: b"not xml at all"),
        (SHEET, lambda text: b'<!DOCTYPE a [<!ENTITY b "c">]>' + text),
        ("xl/workbook.xml", lambda text: b"<workbook/>"),
        ("xl/workbook.xml", lambda text: b""),
        ("xl/styles.xml", lambda text: b"\x00\x01"),
        ("[Content_Types].xml", lambda text: b"<Types/>"),
        ("xl/_rels/workbook.xml.rels", lambda text: b"<Relationships/>"),
    ],
)
def test_a_broken_workbook_is_refused(upload, name, change):
    data = changed(workbook(("Data", [HEADER, *rows()])), name, change)
    problem = upload.refused(data, "data.xlsx")
    assert problem.code in ("unreadable", "empty_file")


@pytest.mark.parametrize("data", [workbook(("Data", [])), workbook(("Data", [[None, None]]))])
def test_an_empty_sheet_is_refused(upload, data):
    assert upload.refused(data, "data.xlsx").code == "empty_file"


def test_a_truncated_workbook_is_refused(upload):
    data = workbook(("Data", [HEADER, *rows()]))
    assert upload.refused(data[: len(data) // 2], "data.xlsx").code == "unreadable"
