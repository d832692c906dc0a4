"""Windows of a table's rows: hand-worked, equal to NumPy's, and nothing of one part in another."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from models.data.change import change
from models.data.description import Column
from models.data.interface import interface
from models.data.prepare import Prepared, prepare
from models.data.series import Order, ordered
from models.data.windows import Windows, cut, deal_windows, rows_of
from models.errors import DocumentError, Problem
from models.proposal import propose
from models.recipe import Recipe, Split

PLAIN: dict[str, Any] = {"treatment": {"scaling": "none"}}
"""Numbers enter as they are, so that they can be told by sight."""


def days(count: int, first: date = date(2024, 1, 1)) -> list[str]:
    return [str(first + timedelta(days=day)) for day in range(count)]


def series(rows: int = 60, **columns: Any) -> pl.DataFrame:
    """A table whose values are row numbers."""
    data: dict[str, Any] = {"day": days(rows), "y": [float(row) for row in range(rows)]}
    return pl.DataFrame(data | columns, strict=False)


def read(upload: Any, table: pl.DataFrame, *roles: tuple[str, str], plain: tuple = ("y",)) -> Any:
    description = upload(table.write_csv())
    patches: list[dict[str, Any]] = [{"name": name, "kind": "number"} for name in plain]
    patches += [{"name": name, **PLAIN} for name in plain]
    patches += [{"name": name, "role": role} for name, role in roles]
    return change(upload.folder, description, patches)


def prepared(upload: Any, description: Any, sequence: dict[str, Any], **recipe: Any) -> Prepared:
    asked = {"sequence": sequence, "target_scaling": "none", "target": "y", **recipe}
    full = propose(description, None, Recipe.model_validate(asked)).recipe
    return prepare(upload.folder, description, full)


def refused(description: Any, sequence: dict[str, Any], **recipe: Any) -> Problem:
    asked = {"sequence": sequence, "target": "y", **recipe}
    with pytest.raises(DocumentError) as caught:
        propose(description, None, Recipe.model_validate(asked))
    return caught.value.problems[0]


def codes(found: Prepared) -> set[str]:
    return {note.code for note in found.notes}


def test_a_window_is_followed_by_the_row_that_it_is_to_predict(upload):
    description = read(upload, series(60), ("day", "time"))
    found = prepared(upload, description, {"window": 3, "horizon": 2})
    first = found.train.inputs[0][:2]
    assert first[:, :, 0].tolist() == [[0, 1, 2], [1, 2, 3]]
    assert found.train.y[:2, 0].tolist() == [4, 5]
    assert found.train.rows[:2].tolist() == [4, 5]
    assert found.train.last is not None
    assert found.train.last[0][:2, 0].tolist() == [2, 3]
    assert found.interface.input_shape == (3, 1)


def test_the_parts_of_a_series_share_no_row_and_lose_no_more_than_they_must(upload):
    description = read(upload, series(100), ("day", "time"))
    split = {"validation": 0.2, "test": 0.2}
    found = prepared(upload, description, {"window": 5, "horizon": 3}, split=split)
    # 93 windows of 5 rows have a row 3 later; 7 reach over each of the two boundaries.
    assert found.test is not None
    assert found.validation is not None
    counts = [len(part.rows) for part in (found.train, found.validation, found.test)]
    assert counts == [79 - 16 - 16, 16, 16]
    assert found.test.rows.tolist() == list(range(84, 100))
    assert found.validation.rows.tolist() == list(range(61, 77))
    assert found.train.rows.tolist() == list(range(7, 54))
    # Between the targets of two parts lie 7 rows that are none: window + horizon − 1.
    assert found.validation.rows[0] - found.train.rows[-1] == 8
    # Whatever a window of the test part holds, the part before it ends before that.
    assert found.test.inputs[0][:].min() > found.validation.y.max()
    assert found.validation.inputs[0][:].min() > found.train.y.max()


def test_a_larger_gap_is_kept_and_a_smaller_one_raised(upload):
    description = read(upload, series(100), ("day", "time"))
    for asked, expected in ((0, 4), (2, 4), (4, 4), (9, 9)):
        split = Split(validation=0.2, test=0.2, gap=asked)
        full = propose(
            description, None, Recipe.model_validate({"sequence": {"window": 4}, "split": split})
        ).recipe
        assert full.split is not None
        assert full.split.gap == expected
        found = prepare(upload.folder, description, full)
        assert found.validation is not None
        assert found.test is not None
        assert found.validation.rows[0] - found.train.rows[-1] == expected + 1
        assert found.test.rows[0] - found.validation.rows[-1] == expected + 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=5).filter(lambda each: max(each) > 40),
    st.integers(1, 6),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 12),
    st.integers(0, 100),
)
def test_no_row_is_in_two_parts_whatever_the_series(lengths, window, horizon, stride, extra, seed):
    random = np.random.default_rng(seed)
    lines = np.concatenate([np.full(length, place) for place, length in enumerate(lengths)])
    # Times with gaps and doubles, of series that begin at different moments.
    times = np.concatenate(
        [np.cumsum(random.integers(0, 3, length)) + random.integers(0, 9) for length in lengths]
    ).astype(float)
    order = Order(np.arange(len(lines)), lines, times, 0, True)
    found = cut(order, window, horizon, stride)
    gap = window + horizon - 1 + extra
    try:
        parts = deal_windows(found, times, lines, Split(validation=0.2, test=0.2), gap)
    except DocumentError:
        return
    held = [set(rows_of(found, part, len(lines)).tolist()) for part in parts]
    assert not held[0] & held[1]
    assert not held[0] & held[2]
    assert not held[1] & held[2]
    for earlier, later in ((0, 1), (1, 2)):
        ends, begins = times[found.targets[parts[earlier]]], times[found.starts[parts[later]]]
        assert ends.max() < begins.min()


def test_batches_are_those_of_numpys_sliding_window_view():
    table = torch.from_numpy(np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32))
    windows = Windows(table, torch.arange(44), 7)
    expected = sliding_window_view(table.numpy(), 7, axis=0).transpose(0, 2, 1)
    assert tuple(windows.shape) == expected.shape
    np.testing.assert_array_equal(windows[:], expected)
    rows = torch.tensor([40, 0, 13, 13])
    np.testing.assert_array_equal(windows.index_select(0, rows), expected[[40, 0, 13, 13]])
    np.testing.assert_array_equal(windows[2:9], expected[2:9])


def test_all_windows_of_a_long_series_take_the_memory_of_the_series():
    table = torch.zeros(200_000, 4)
    windows = Windows(table, torch.arange(200_000 - 499), 500)
    assert windows.every.untyped_storage().data_ptr() == table.untyped_storage().data_ptr()
    batch = windows.index_select(0, torch.tensor([5, 7]))
    assert batch.untyped_storage().nbytes() == 2 * 500 * 4 * 4
    assert batch.is_contiguous()


def test_windows_stay_in_their_series_and_short_series_are_left_out_and_counted(upload):
    lengths = {"a": 40, "b": 25, "c": 3}
    table = pl.DataFrame(
        {
            "day": [day for count in lengths.values() for day in days(count)],
            "shop": [name for name, count in lengths.items() for _ in range(count)],
            "y": [
                1_000.0 * place + row
                for place, count in enumerate(lengths.values())
                for row in range(count)
            ],
        }
    )
    description = read(upload, table, ("day", "time"), ("shop", "group"))
    found = prepared(upload, description, {"window": 3}, split={"validation": 0.2, "test": 0.2})
    every = np.concatenate([part.x for part in (found.train, found.validation, found.test) if part])
    assert (np.ptp(every[:, :, 0], axis=1) == 2).all()
    assert {int(value) // 1_000 for value in every.ravel()} == {0, 1}
    (note,) = [note for note in found.notes if note.code == "short_series"]
    assert (note.count, "fewer than 4 rows" in note.message) == (1, True)


def test_a_file_that_is_not_in_order_is_taken_in_order_of_time_and_says_so(upload):
    table = series(60)
    shuffled = table.sample(fraction=1, shuffle=True, seed=3)
    description = read(upload, shuffled, ("day", "time"))
    found = prepared(upload, description, {"window": 4})
    assert found.train.x[0, :, 0].tolist() == [0, 1, 2, 3]
    assert "rows_sorted" in codes(found)
    # The row that is told is that of the file.
    assert shuffled["y"][int(found.train.rows[0])] == 4


def test_times_that_are_uneven_or_twice_there_are_warned_of(upload):
    table = series(60).with_columns(
        pl.Series("day", [*days(30), *days(28, date(2024, 3, 1)), *days(2, date(2024, 3, 28))])
    )
    found = prepared(upload, read(upload, table, ("day", "time")), {"window": 3})
    notes = {note.code: note for note in found.notes}
    assert notes["duplicate_times"].count == 1
    assert notes["uneven_times"].count == 1
    assert "1 day" in notes["uneven_times"].message


def test_rows_without_a_time_column_stand_in_the_order_of_the_file(upload):
    description = read(upload, series(60).drop("day").with_columns(x=pl.lit(1.5)))
    found = prepared(upload, description, {"window": 3})
    assert found.train.x[0, :, -1].tolist() == [0, 1, 2]
    assert found.train.rows[0] == 3


def test_columns_are_fitted_on_the_rows_of_the_training_part_only(upload):
    table = series(100).with_columns(x=pl.Series([1.0 * row for row in range(50)] + [1e6] * 50))
    description = upload(table.write_csv())
    patches = [{"name": "day", "role": "time"}, {"name": "x", "kind": "number"}]
    patches += [{"name": "y", "kind": "number"}]
    description = change(upload.folder, description, patches)
    split = {"validation": 0.3, "test": 0.3}
    found = prepared(upload, description, {"window": 3}, split=split, target_scaling="standard")
    covered = np.arange(found.train.rows[-1] + 1)
    assert len(covered) < 50
    column = next(column for column in found.preparation.columns if column.name == "x")
    assert column.mean == pytest.approx(covered.mean())
    assert column.scale == pytest.approx(covered.std())
    assert found.preparation.outputs[0].mean == pytest.approx(found.train.rows.mean())


def test_missing_values_are_treated_and_missing_targets_left_out(upload):
    values: list[float | None] = [float(row) for row in range(80)]
    values[10] = None
    table = series(80).with_columns(y=pl.Series(values), x=pl.Series([0.5 * v for v in range(80)]))
    description = read(upload, table, ("day", "time"), plain=("x", "y"))
    found = prepared(upload, description, {"window": 3})
    assert 10 not in found.train.rows
    windows = dict(zip(found.train.rows.tolist(), found.train.x[:, :, 0].tolist(), strict=True))
    # A past value that is missing is filled in as the treatment says, with the training mean.
    fill = found.preparation.columns[0].fill
    assert windows[11] == [8, 9, pytest.approx(fill)]
    (note,) = [note for note in found.notes if note.code == "missing_targets"]
    assert note.count == 1
    dropping = change(
        upload.folder,
        description,
        [{"name": "y", "treatment": {"missing": "drop", "scaling": "none"}}],
    )
    left = prepared(upload, dropping, {"window": 3})
    assert not {10, 11, 12, 13} & set(left.train.rows.tolist())
    assert "missing_inputs" in codes(left)


def test_stride_takes_every_nth_window(upload):
    description = read(upload, series(100), ("day", "time"))
    found = prepared(upload, description, {"window": 4, "stride": 3})
    assert np.diff(found.train.rows[:6]).tolist() == [3] * 5
    assert found.train.x[1, :, 0].tolist() == [3, 4, 5, 6]


def test_a_column_may_say_the_parts_and_windows_across_them_are_left_out(upload):
    part = ["train"] * 60 + ["val"] * 20 + ["test"] * 20
    description = read(upload, series(100, part=part), ("day", "time"), ("part", "ignore"))
    split = {"by": "column", "column": "part"}
    found = prepared(upload, description, {"window": 5}, split=split)
    assert found.train.rows.tolist() == list(range(5, 60))
    assert found.test is not None
    assert found.test.rows.tolist() == list(range(85, 100))
    assert "windows_across_parts" in codes(found)


def test_whole_series_may_be_dealt_out(upload):
    names = [f"s{row // 20}" for row in range(200)]
    description = read(upload, series(200, s=names), ("day", "time"), ("s", "group"))
    found = prepared(upload, description, {"window": 5}, split={"by": "group"})
    held = [{row // 20 for row in part.rows} for part in (found.train, found.validation) if part]
    assert not held[0] & held[1]
    assert len(found.train.rows) % 15 == 0


def test_what_the_target_was_before_is_an_input_unless_the_inputs_are_named(upload):
    table = series(60, x=[0.25 * (row % 7) for row in range(60)])
    description = read(upload, table, ("day", "time"), plain=("x", "y"))
    asked = Recipe.model_validate({"sequence": {"window": 3}, "target": "y"})
    assert interface(description, asked).columns == ("y", "x")
    named = asked.model_copy(update={"inputs": ["x"]})
    assert interface(description, named).columns == ("x",)
    assert interface(description, named).input_shape == (3, 1)


def test_a_class_can_be_forecast(upload):
    table = series(90, label=["wet" if row % 3 else "dry" for row in range(90)])
    description = read(upload, table, ("day", "time"))
    found = prepared(upload, description, {"window": 3}, target="label")
    assert found.interface.classes == ("dry", "wet")
    # The row after days 0, 1 and 2 is day 3, which is dry.
    assert found.train.y[:3, 0].tolist() == [0, 1, 1]


@pytest.mark.parametrize(
    ("sequence", "code", "path", "words"),
    [
        ({"window": 60}, "window_too_long", ["sequence", "window"], ("60", "61 rows")),
        ({"window": 5, "horizon": 56}, "window_too_long", ["sequence", "window"], ("56", "61")),
        ({"window": 3, "time": "text"}, "unusable_time", ["sequence", "time"], ("text",)),
        ({"window": 3, "time": "dya"}, "unknown_column", ["sequence", "time"], ("dya", "day")),
        ({"window": 3, "group": "day"}, "contradiction", ["sequence", "group"], ("day",)),
        ({"kind": "groups", "window": 3}, "no_group", ["sequence", "group"], ("group",)),
        (
            {"kind": "groups", "group": "text", "horizon": 2},
            "contradiction",
            ["sequence", "horizon"],
            ("horizon", "2"),
        ),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_read(upload, sequence, code, path, words):
    words_of = ["one of few words", "and another one here"] * 30
    description = read(upload, series(60, text=words_of), ("day", "time"), ("text", "ignore"))
    problem = refused(description, sequence)
    assert (problem.code, problem.where.path) == (code, path)
    assert all(word in problem.message for word in words)


def test_a_split_that_leaks_is_refused_with_the_one_that_does_not(upload):
    description = read(upload, series(60), ("day", "time"))
    problem = refused(description, {"window": 3}, split={"by": "rows"})
    assert (problem.code, problem.where.path) == ("split_leaks", ["split", "by"])
    assert problem.fix is not None
    (mended,) = problem.fix.changes
    assert mended.op == "set_recipe"
    asked = {"sequence": {"window": 3}, "target": "y", **mended.values}
    full = propose(description, None, Recipe.model_validate(asked)).recipe
    assert full.split is not None
    assert (full.split.by, full.split.gap) == ("time", 3)


def test_too_few_windows_for_the_parts_are_told_with_their_number(upload):
    description = read(upload, series(60), ("day", "time"))
    full = propose(
        description, None, Recipe.model_validate({"sequence": {"window": 5}, "target": "y"})
    ).recipe
    with pytest.raises(DocumentError, match="55 windows of 5 rows"):
        prepare(
            upload.folder,
            description,
            full.model_copy(update={"split": Split(by="time", gap=60, validation=0.2, test=0.2)}),
        )


def test_a_window_that_fits_no_series_is_told_with_the_longest(upload):
    names = [f"s{row % 6}" for row in range(60)]
    description = read(upload, series(60, s=names), ("day", "time"), ("s", "group"))
    problem = refused(description, {"window": 12})
    assert problem.code == "window_too_long"
    assert "10 rows" in problem.message
    assert "12" in problem.message


def test_rows_in_order_are_what_polars_sorts(upload):
    random = np.random.default_rng(5)
    frame = pl.DataFrame(
        {
            "t": random.integers(0, 50, 200).astype(float),
            "g": random.choice(["x", "y", "z"], 200),
        }
    )
    time = Column(name="t", kind="number", kind_reason="", role="time", missing=0, unique=50)
    group = Column(name="g", kind="category", kind_reason="", role="group", missing=0, unique=3)
    found = ordered(frame, time, group)
    expected = frame.with_row_index().sort("g", "t", maintain_order=True)["index"]
    assert found.rows.tolist() == expected.to_list()
    assert found.bounds.tolist() == [0, *np.cumsum(np.bincount(found.series))]
