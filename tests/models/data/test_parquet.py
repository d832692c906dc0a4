"""Parquet files: every column in its own type, refused with the column, memory bounded."""

import io
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest

from models.data import parquet
from models.data.view import read_rows
from tests.models.data.uploads import kinds

ROWS = 30


def written(data: dict[str, Any] | pl.DataFrame, **options: Any) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(data, strict=False).write_parquet(file, **options)
    return file.getvalue()


def columns() -> dict[str, Any]:
    return {
        "number": [n / 4 for n in range(ROWS)],
        "whole": pl.Series([n * 3 % 41 for n in range(ROWS)], dtype=pl.Int16),
        "large": pl.Series([2**63 + n for n in range(ROWS)], dtype=pl.UInt64),
        "price": [Decimal(n) / 100 for n in range(ROWS)],
        "ok": [n % 3 == 0 for n in range(ROWS)],
        "day": [date(2024, 1, 1) + timedelta(days=n) for n in range(ROWS)],
        "at": [datetime(2024, 1, 1, n % 24, 5) for n in range(ROWS)],
        "zoned": [datetime(2024, 1, 1, n % 24, tzinfo=UTC) for n in range(ROWS)],
        "clock": [time(n % 24, 1) for n in range(ROWS)],
        "long": [timedelta(seconds=n, milliseconds=500) for n in range(ROWS)],
        "grade": pl.Series(["low", "high", "mid"] * 10, dtype=pl.Categorical),
        "kind": ["a", "b"] * 15,
    }


def test_every_column_is_read_in_its_own_type(upload):
    description = upload(written(columns()), "data.parquet")
    found = kinds(description)
    assert found["number"] == found["price"] == found["long"] == "number"
    assert found["whole"] == "integer"
    assert found["ok"] == "boolean"
    assert found["day"] == found["at"] == found["zoned"] == "date"
    assert found["grade"] == found["kind"] == "category"
    assert description.reading.type == "parquet"
    names, rows = read_rows(upload.folder, description, 4, 1)
    told = dict(zip(names, rows[0], strict=True))
    assert told == {
        "number": 1.0,
        "whole": 12,
        "large": float(2**63 + 4),
        "price": 0.04,
        "ok": "false",
        "day": "2024-01-05",
        "at": "2024-01-01T04:05:00",
        "zoned": "2024-01-01T04:00:00",
        "clock": "04:01:00",
        "long": 4.5,
        "grade": "high",
        "kind": "a",
    }


def test_missing_values_stay_missing(upload):
    values = [None if n % 5 == 0 else n / 2 for n in range(ROWS)]
    nan = np.array([np.nan if n % 6 == 0 else n / 2 for n in range(ROWS)])
    texts = ["unknown" if n % 3 == 0 else "ab"[n % 2] for n in range(ROWS)]
    description = upload(written({"x": values, "z": nan, "kind": texts}), missing=["unknown"])
    assert [column.missing for column in description.columns] == [6, 5, 10]


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([[1, 2]] * ROWS, None),
        ([{"a": 1}] * ROWS, None),
        ([b"\x00"] * ROWS, pl.Binary),
    ],
)
def test_a_column_that_is_no_row_of_values_is_refused_by_name(upload, values, dtype):
    data = {"x": list(range(ROWS)), "odd": pl.Series(values, dtype=dtype)}
    problem = upload.refused(written(data), "data.parquet")
    assert (problem.code, problem.where.column) == ("unsupported_column", "odd")


@pytest.mark.parametrize("value", [float("inf"), -float("inf"), 1e300])
def test_a_number_out_of_range_is_refused_with_its_row(upload, value):
    data = {"x": [*range(5), value, 7.0], "y": list(range(7))}
    problem = upload.refused(written(data), "data.parquet")
    assert (problem.code, problem.where.row, problem.where.column) == ("not_finite", 6, "x")


@pytest.mark.parametrize(
    "data",
    [
        b"PAR1",
        b"PAR1" + b"\x00" * 100,
        b"PAR1" + b"\xff" * 100 + b"PAR1",
        written(columns())[:-200],
        written(columns())[:400] + b"\x00" * 100 + written(columns())[500:],
    ],
)
def test_a_broken_file_is_refused(upload, data):
    assert upload.refused(data, "data.parquet").code == "unreadable"


@pytest.mark.parametrize("data", [{}, {"x": pl.Series([], dtype=pl.Int64)}])
def test_a_file_without_rows_is_refused(upload, data):
    assert upload.refused(written(data), "data.parquet").code == "empty_file"


def test_rows_are_counted_before_they_are_unpacked(upload, monkeypatch):
    monkeypatch.setattr(parquet, "MAX_CELLS", 50)
    problem = upload.refused(written(columns()), "data.parquet")
    assert problem.code == "too_large"
    assert "30 rows of 12 columns" in problem.message


def test_a_kind_for_a_column_that_is_not_there_is_refused(upload):
    problem = upload.refused(written(columns()), "data.parquet", kinds={"sise": "number"})
    assert problem.where.path == ["options", "kinds", "sise"]
