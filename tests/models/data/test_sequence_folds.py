"""Folds of windows and of whole groups: hand-worked, as scikit-learn's, and without a leak."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedKFold, TimeSeriesSplit

from models.data.prepare import Prepared, prepare
from models.data.series import Order
from models.data.split import Parts
from models.data.window_folds import fold_windows
from models.data.windows import Cut, cut, deal_windows
from models.errors import DocumentError, SetRecipe
from models.proposal import propose
from models.recipe import Recipe, Split
from tests.models.data.test_whole_sequences import read as read_groups
from tests.models.data.test_whole_sequences import waves
from tests.models.data.test_windows import read, refused, series

NONE = np.array([], dtype=np.int64)


def folds_of(upload: Any, description: Any, count: int, asked: dict[str, Any]) -> list[Prepared]:
    """Return a dataset as the run of each fold prepares it."""
    found = []
    for fold in range(1, count + 1):
        split = {**asked.get("split", {}), "folds": count, "fold": fold}
        recipe = Recipe.model_validate({**asked, "split": split})
        full = propose(description, None, recipe).recipe
        found.append(prepare(upload.folder, description, full))
    return found


def rows(part: Any) -> list[int]:
    return sorted(part.rows.tolist())


def test_a_fold_of_windows_validates_what_comes_after_those_it_learns_from(upload: Any) -> None:
    description = read(upload, series(100), ("day", "time"))
    asked = {"sequence": {"window": 5, "horizon": 3}, "target": "y", "target_scaling": "none"}
    asked["split"] = {"test": 0.2}
    first, second, third = folds_of(upload, description, 3, asked)
    # Of 93 windows 7 reach over the begin of the test part, which has a fifth of the other 86.
    assert all(rows(fold.test) == list(range(83, 100)) for fold in (first, second, third))
    # Of the 69 before it, a fourth is learnt from at first; 7 reach into what is validated.
    assert rows(first.train) == list(range(7, 18))
    assert rows(first.validation) == list(range(25, 42))
    assert rows(second.train) == list(range(7, 35))
    assert rows(second.validation) == list(range(42, 59))
    assert rows(third.train) == list(range(7, 52))
    assert rows(third.validation) == list(range(59, 76))
    for fold in (first, second, third):
        assert fold.validation is not None
        # What is seen to validate begins after the last value that was learnt.
        assert fold.validation.inputs[0][:].min() > fold.train.y.max()
        # Columns are fitted on the rows that are learnt from, and on no other.
        assert fold.preparation.columns[0].fill == fold.train.y.max() / 2


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 8), st.integers(1, 5), st.integers(1, 4), st.integers(0, 60), st.integers(0, 5)
)
def test_folds_of_one_series_are_those_of_time_series_split(
    folds: int, window: int, horizon: int, more: int, extra: int
) -> None:
    gap = window + horizon - 1 + extra
    count = (gap + 2) * (folds + 1) + more
    length = count + window + horizon - 1
    order = Order(np.arange(length), np.zeros(length, int), np.arange(float(length)), 0, True)
    found = cut(order, window, horizon, 1)
    theirs = TimeSeriesSplit(folds, gap=gap).split(np.zeros(count))
    for fold, (train, test) in enumerate(theirs, 1):
        split = Split(folds=folds, fold=fold)
        whole = Parts(np.arange(count), NONE, NONE)
        ours = fold_windows(found, order.times, order.series, whole, split, gap)
        assert ours.train.tolist() == train.tolist()
        assert ours.validation.tolist() == test.tolist()


def covered(found: Cut, chosen: np.ndarray) -> set[int]:
    """Return the places that windows and their targets hold."""
    return {
        place
        for start in found.starts[chosen]
        for place in (*range(start, start + found.window), start + found.window - 1 + found.horizon)
    }


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=4).filter(lambda each: max(each) > 40),
    st.integers(1, 5),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(2, 5),
    st.integers(0, 100),
)
def test_no_row_is_in_two_parts_of_a_fold_whatever_the_series(
    lengths: list[int], window: int, horizon: int, stride: int, folds: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    lines = np.repeat(np.arange(len(lengths)), lengths)
    times = np.concatenate(
        [np.cumsum(random.integers(0, 3, length)) + random.integers(0, 9) for length in lengths]
    ).astype(float)
    found = cut(Order(np.arange(len(lines)), lines, times, 0, True), window, horizon, stride)
    gap, seen = window + horizon - 1, []
    for fold in range(1, folds + 1):
        split = Split(test=0.2, folds=folds, fold=fold)
        whole = split.model_copy(update={"validation": 0.0})
        try:
            parts = deal_windows(found, times, lines, whole, gap)
            parts = fold_windows(found, times, lines, parts, split, gap)
        except DocumentError:
            # Too few windows for the first fold.
            return
        held = [covered(found, part) for part in parts]
        assert not held[0] & held[1]
        assert not held[0] & held[2]
        assert not held[1] & held[2]
        # Nothing is learnt that is later than what is validated.
        assert max(times[[*held[0]]]) < min(times[[*held[1]]])
        seen += parts.validation.tolist()
    assert len(seen) == len(set(seen))


def test_whole_series_take_turns_to_validate(upload: Any) -> None:
    names = [f"s{row // 20}" for row in range(200)]
    description = read(upload, series(200, s=names), ("day", "time"), ("s", "group"))
    asked = {"sequence": {"window": 5}, "target": "y", "split": {"by": "group", "test": 0.2}}
    validated: list[int] = []
    for fold in folds_of(upload, description, 4, asked):
        held = [{row // 20 for row in rows(p)} for p in (fold.train, fold.validation, fold.test)]
        assert not held[0] & held[1]
        assert len(held[2] & (held[0] | held[1])) == 0
        validated += held[1]
    assert len(validated) == len(set(validated)) == 8


def test_series_may_be_dealt_out_so_that_classes_keep_their_shares(upload: Any) -> None:
    # Of 20 series, those with an even number are all wet, the others all dry.
    names = [f"s{row // 10:02}" for row in range(200)]
    labels = ["dry" if row // 10 % 2 else "wet" for row in range(200)]
    table = series(200, s=names, label=labels)
    description = read(upload, table, ("day", "time"), ("s", "group"))
    split = {"by": "stratified_group", "validation": 0.2, "test": 0.2}
    asked = {"sequence": {"window": 3}, "target": "label", "split": split}
    full = propose(description, None, Recipe.model_validate(asked)).recipe
    whole = prepare(upload.folder, description, full)
    for found in (whole, *folds_of(upload, description, 4, asked)):
        for part in (found.train, found.validation, found.test):
            assert part is not None
            assert float(part.y.mean()) == pytest.approx(0.5)
    # Numbers have no classes.
    problem = refused(description, {"window": 3}, split={"by": "stratified_group"})
    assert (problem.code, problem.where.path) == ("task_mismatch", ["split", "by"])


def test_the_column_of_parts_says_the_test_and_the_others_take_turns_in_order_of_time(
    upload: Any,
) -> None:
    part = ["test"] * 20 + ["train"] * 50 + ["val"] * 30
    description = read(upload, series(100, part=part), ("day", "time"), ("part", "ignore"))
    split = {"by": "column", "column": "part"}
    asked = {"sequence": {"window": 5}, "target": "y", "split": split}
    for fold in folds_of(upload, description, 3, asked):
        assert rows(fold.test) == list(range(5, 20))
        assert rows(fold.train)[0] == 25
        assert rows(fold.validation)[0] - rows(fold.train)[-1] == 6


@pytest.mark.parametrize("by", [None, "group", "stratified_group"])
def test_groups_take_turns_to_validate_with_their_classes_shares(upload: Any, by: Any) -> None:
    table = waves(60)
    description = read_groups(upload, table)
    asked = {"sequence": {"kind": "groups"}, "split": {"test": 0.2, **({"by": by} if by else {})}}
    folds = folds_of(upload, description, 4, asked)
    assert all(rows(fold.test) == rows(folds[0].test) for fold in folds)
    validated = [row for fold in folds for row in rows(fold.validation)]
    assert len(validated) == len(set(validated)) == 48
    own = []
    for fold in folds:
        assert fold.validation is not None
        assert sorted([*rows(fold.train), *rows(fold.validation)]) == sorted(validated)
        own.append(fold.validation.y[:, 0].int().numpy())
    counts = [sorted(np.bincount(labels, minlength=2).tolist()) for labels in own]
    labels = np.concatenate(own)
    theirs = [
        sorted(np.bincount(labels[test]).tolist())
        for _, test in StratifiedKFold(4).split(labels, labels)
    ]
    assert sorted(counts) == sorted(theirs)


def test_groups_by_time_validate_after_those_they_learn_from(upload: Any) -> None:
    table = waves(60).with_columns(
        step=pl.col("step") + 100 * pl.col("who").str.slice(1).cast(pl.Int64)
    )
    description = read_groups(upload, table)
    asked = {"sequence": {"kind": "groups"}, "split": {"by": "time", "test": 0.2}}
    whole = [int(table["who"][row][1:]) for row in range(table.height)]
    numbers = TimeSeriesSplit(3).split(np.zeros(48))
    for fold, (train, test) in zip(folds_of(upload, description, 3, asked), numbers, strict=True):
        assert [whole[row] for row in rows(fold.train)] == train.tolist()
        assert [whole[row] for row in rows(fold.validation)] == test.tolist()
        assert [whole[row] for row in rows(fold.test)] == list(range(48, 60))


def test_more_folds_than_windows_allow_are_refused_with_as_many_as_there_can_be(
    upload: Any,
) -> None:
    description = read(upload, series(60), ("day", "time"))
    asked = {"window": 10}
    problem = refused(description, asked, split={"test": 0.2, "folds": 9, "fold": 9})
    assert (problem.code, problem.where.path) == ("too_few_rows", ["split", "folds"])
    assert problem.fix is not None
    (mended,) = problem.fix.changes
    assert isinstance(mended, SetRecipe)
    recipe = Recipe.model_validate({"sequence": asked, "target": "y", **mended.values})
    assert recipe.split is not None
    most = recipe.split.folds
    assert most is not None
    assert f"{most} at most" in problem.message
    for fold in range(1, most + 1):
        split = recipe.split.model_copy(update={"fold": fold})
        full = propose(description, None, recipe.model_copy(update={"split": split})).recipe
        assert prepare(upload.folder, description, full).validation is not None
    # One more cannot be dealt, whoever asks.
    more = recipe.split.model_copy(update={"folds": most + 1, "fold": 1})
    full = propose(description, None, recipe).recipe.model_copy(update={"split": more})
    with pytest.raises(DocumentError):
        prepare(upload.folder, description, full)


def test_windows_that_are_too_long_for_the_parts_are_told_before_anything_is_read(
    upload: Any,
) -> None:
    description = read(upload, series(60), ("day", "time"))
    problem = refused(description, {"window": 20})
    assert (problem.code, problem.where.path) == ("too_few_rows", ["sequence", "window"])
    assert "40 windows of 20 rows" in problem.message
    assert problem.fix is not None
    (mended,) = problem.fix.changes
    assert isinstance(mended, SetRecipe)
    recipe = Recipe.model_validate({"target": "y", **mended.values})
    full = propose(description, None, recipe).recipe
    found = prepare(upload.folder, description, full)
    assert found.validation is not None
    assert found.test is not None


def test_a_description_without_its_series_is_left_to_the_preparation(upload: Any) -> None:
    names = ["a"] * 50 + ["b"] * 4
    description = read(upload, series(54, s=names), ("day", "time"), ("s", "group"))
    recipe = Recipe.model_validate({"sequence": {"window": 5}, "target": "y"})
    full = propose(description, None, recipe).recipe
    found = prepare(upload.folder, description, full)
    assert found.test is not None
    assert "short_series" in {note.code for note in found.notes}
