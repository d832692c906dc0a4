"""A column that puts the rows in order of time is told, and one click gives it the role."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from models.data.change import change
from models.proposal import propose

ROWS = 40
DAYS = [str(date(2024, 1, 1) + timedelta(days=day)) for day in range(ROWS)]


def read(upload: Any, name: str, values: list[Any]) -> Any:
    random = np.random.default_rng(0)
    columns = {name: values, "x": random.normal(size=ROWS), "y": random.normal(size=ROWS)}
    return upload(pl.DataFrame(columns, strict=False).write_csv())


def suggested(description: Any) -> list[Any]:
    return [note for note in description.report if note.code == "time_suggested"]


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("when", DAYS, "never fall"),
        ("when", DAYS[::-1], "never rise"),
        ("sold", sorted(DAYS[:20] * 2), "never fall"),
        ("at", [f"{datetime(2024, 1, 1, 8) + timedelta(minutes=m)}" for m in range(ROWS)], "fall"),
        ("Year", list(range(1980, 1980 + ROWS)), "rise with every row"),
        ("time", list(range(ROWS)), "rise with every row"),
        ("timestamp", [1_700_000_000 - 3_600 * n for n in range(ROWS)], "fall with every row"),
    ],
)
def test_a_column_that_orders_the_rows_is_told_and_changes_nothing_until_it_is_taken(
    upload: Any, name: str, values: list[Any], words: str
) -> None:
    description = read(upload, name, values)
    (note,) = suggested(description)
    assert f'"{name}"' in note.message
    assert words in note.message
    assert description.series is None
    plain = propose(description).recipe
    assert plain.sequence is None
    assert plain.split is not None
    assert plain.split.by != "time"
    patch = note.suggestion.model_dump(exclude={"title"}, exclude_none=True)
    taken = change(upload.folder, description, [patch])
    assert taken.series is not None
    assert taken.series.time == name
    assert not suggested(taken)
    forecast = propose(taken).recipe
    assert forecast.sequence is not None
    assert forecast.sequence != "none"
    assert forecast.sequence.kind == "windows"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("born", [DAYS[place] for place in np.random.default_rng(1).permutation(ROWS)]),
        ("height", list(range(100, 100 + ROWS))),
        ("year", [2000 + row // 2 for row in range(ROWS)]),
        ("when", sorted(DAYS[:5] * 8)),
    ],
)
def test_what_does_not_say_when_a_row_was_is_not_suggested(
    upload: Any, name: str, values: list[Any]
) -> None:
    assert not suggested(read(upload, name, values))


def test_a_leak_is_left_out_by_its_suggestion(upload: Any) -> None:
    random = np.random.default_rng(0)
    y = random.normal(size=ROWS).round(3)
    table = pl.DataFrame({"x": random.normal(size=ROWS), "same": 2 * y, "y": y})
    description = upload(table.write_csv())
    (note,) = [note for note in description.report if note.code == "leakage_suspect"]
    patch = note.suggestion.model_dump(exclude={"title"}, exclude_none=True)
    changed = change(upload.folder, description, [patch])
    assert "leakage_suspect" not in {note.code for note in changed.report}
