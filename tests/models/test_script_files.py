"""Printed scripts read workbooks and Parquet files as the app does."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest

from models.export import script_keras, script_pytorch
from tests.models.scripts import Case, carried_out, loaded, proven, told

NUMBER = [("Dense", {"units": 4, "activation": "tanh"}), ("Dense", {"units": 1})]


def table() -> dict[str, list[Any]]:
    """Return columns of every kind, 60 rows of each, with some values missing."""
    random = np.random.default_rng(3)
    days = [date(2023, 1, 1) + timedelta(days=int(n)) for n in random.integers(0, 700, 60)]
    return {
        "size": [None if n % 9 == 0 else round(float(random.normal()), 3) for n in range(60)],
        "whole": [float(n % 4) for n in range(60)],
        "grade": [[1, 10, 2][n % 3] for n in range(60)],
        "open": [n % 5 < 2 if n % 8 else None for n in range(60)],
        "city": [[" Rome", "Oslo", None, "Bern"][n % 4] for n in range(60)],
        "day": [None if n % 11 == 0 else day for n, day in enumerate(days)],
        "moment": [datetime(2024, 5, 1, n % 24, n, 7) for n in range(60)],
        "price": [round(float(value), 2) for value in random.normal(3, 1, 60)],
    }


def workbook(path: Path) -> Path:
    """Write the table as the second sheet of a workbook, below an empty row."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Sales 2024")
    columns = table()
    rows = [[], [*columns], *zip(*columns.values(), strict=True)]
    for row in rows:
        sheet.append([*row])
    path = path / "table.xlsx"
    book.remove(book.worksheets[0])
    book.create_sheet("Notes").append(["nothing"])
    book.save(path)
    return path


def parquet(path: Path) -> Path:
    """Write the table as a Parquet file, with a decimal and a moment in a zone of its own."""
    columns: dict[str, Any] = {**table()}
    columns["city"] = pl.Series(columns["city"], dtype=pl.Categorical)
    columns["price"] = [Decimal(str(price)) for price in columns["price"]]
    frame = pl.DataFrame(columns)
    zone = pl.col("moment").dt.replace_time_zone("Asia/Tokyo")
    frame = frame.with_columns(zone, pl.col("price").cast(pl.Decimal(10, 2)))
    path = path / "table.parquet"
    frame.write_parquet(path)
    return path


SPLITS: list[dict[str, Any]] = [
    {"seed": 3},
    {"by": "group", "column": "grade"},
    {"by": "time", "column": "moment", "gap": 2},
]


@pytest.mark.parametrize("split", SPLITS, ids=["rows", "group", "time"])
@pytest.mark.parametrize("write", [workbook, parquet])
def test_a_script_reads_the_file_as_the_app_does(
    write: Callable[[Path], Path], split: dict[str, Any], tmp_path: Path
) -> None:
    path = write(tmp_path)
    parts = [{"name": "day", "treatment": {"parts": ["time", "weekday"], "missing": "median"}}]
    parts += [{"name": "grade", "kind": "category"}, {"name": "whole", "kind": "category"}]
    own = Case(path, tmp_path, NUMBER, parts, target="price", task="regression", split=split)
    prepared = own.prepared()
    for library in (script_pytorch, script_keras):
        source = library.script(own.asked)
        names = loaded(source)
        columns = names["read"](str(path))
        features = names["features"](columns, names["INPUTS"], prepared.train.rows)
        assert prepared.test is not None
        for part in (prepared.train, prepared.test):
            np.testing.assert_allclose(features[part.rows], part.x.numpy(), atol=1e-6)
    proven(source, tmp_path)
    found = told(carried_out(script_pytorch.script(own.asked), path))
    for ours, theirs in zip(own.trained(), found, strict=True):
        assert theirs == pytest.approx({key: ours[key] for key in theirs}, abs=1e-4, rel=1e-4)
