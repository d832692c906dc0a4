"""Folds that take turns to validate, against scikit-learn's; groups with shares of classes."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    StratifiedGroupKFold,
    StratifiedKFold,
    TimeSeriesSplit,
)

from models.data.change import change
from models.data.folds import Keys, deal_fold, group_folds, row_folds
from models.data.prepare import prepare
from models.data.split import Parts, deal_groups
from models.errors import DocumentError, SetRecipe
from models.proposal import propose
from models.recipe import Recipe, Split
from tests.models.data.test_dealt_by import parts, table
from tests.models.data.uploads import archive, two_classes

NONE = np.array([], dtype=np.int64)


def dealt(upload: Any, split: dict[str, Any], *roles: tuple[str, str], folds: int = 5) -> Any:
    """Return the parts of every fold, as runs have them, and those without folds."""
    patches = [{"name": name, "role": role} for name, role in roles]
    description = change(upload.folder, upload(table()), patches)
    found = []
    for more in [{}, *({"folds": folds, "fold": fold + 1} for fold in range(folds))]:
        recipe = propose(description, None, Recipe(split=Split(**split, **more))).recipe
        found.append(parts(prepare(upload.folder, description, recipe)))
    return found[1:], found[0]


@pytest.mark.parametrize(
    ("split", "roles"),
    [
        ({}, ()),
        ({"stratify": False}, ()),
        ({"shuffle": False, "stratify": False}, ()),
        ({"by": "group"}, (("who", "group"),)),
        ({"by": "stratified_group"}, (("who", "group"),)),
        ({"by": "column", "column": "part"}, ()),
    ],
)
def test_each_row_validates_once_and_the_test_part_is_in_no_fold(
    upload: Any, split: dict[str, Any], roles: Any
) -> None:
    folds, plain = dealt(upload, split, *roles)
    tests = [sorted(test) for _, _, test in folds]
    assert all(test == tests[0] for test in tests)
    assert tests[0]
    if split.get("by") not in ("group", "stratified_group"):
        assert tests[0] == sorted(plain[2])
    rest = sorted(set(range(100)) - set(tests[0]))
    assert sorted(row for _, validation, _ in folds for row in validation) == rest
    for train, validation, _ in folds:
        assert sorted([*train, *validation]) == rest


def test_folds_by_time_grow_and_come_before_the_test(upload: Any) -> None:
    folds, plain = dealt(upload, {"by": "time", "column": "when", "test": 0.2, "gap": 2})
    assert all(sorted(test) == sorted(plain[2]) for _, _, test in folds)
    for (train, validation, _), (longer, _, _) in pairwise(folds):
        assert set(train) < set(longer)
        # All but the gap.
        assert len(set(validation) - set(longer)) == 2


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 20), st.integers(0, 300), st.booleans(), st.integers(0, 5))
def test_sizes_of_folds_are_those_of_kfold(folds: int, more: int, shuffle: bool, seed: int) -> None:
    count = folds + more
    found = row_folds(count, Split(shuffle=shuffle, seed=seed), folds)
    theirs = [len(test) for _, test in KFold(folds).split(np.zeros(count))]
    assert sorted(np.bincount(found, minlength=folds)) == sorted(theirs)
    if not shuffle:
        assert (np.diff(found) >= 0).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.lists(st.integers(0, 3), min_size=0, max_size=120), st.integers(0, 5))
def test_class_counts_of_folds_are_as_even_as_those_of_stratified_kfold(
    folds: int, more: list[int], seed: int
) -> None:
    classes = np.array([*np.repeat(np.arange(4), folds), *more])
    found = row_folds(len(classes), Split(seed=seed), folds, classes)
    theirs = np.empty(len(classes), dtype=int)
    for fold, (_, test) in enumerate(StratifiedKFold(folds).split(classes, classes)):
        theirs[test] = fold
    for code in range(4):
        ours = np.bincount(found[classes == code], minlength=folds)
        assert sorted(ours) == sorted(np.bincount(theirs[classes == code], minlength=folds))
    assert np.ptp(np.bincount(found)) <= 1


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 6), st.lists(st.integers(0, 15), min_size=20, max_size=150))
def test_folds_of_groups_are_those_of_group_kfold(folds: int, more: list[int]) -> None:
    groups = np.array([*range(folds), *more])
    found = group_folds(groups, Split(shuffle=False), folds)
    theirs = [len(test) for _, test in GroupKFold(folds).split(groups, groups=groups)]
    assert sorted(np.bincount(found, minlength=folds)) == sorted(theirs)
    for group in set(groups):
        assert len(set(found[groups == group])) == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.integers(0, 60), st.integers(0, 4))
def test_windows_are_those_of_time_series_split(folds: int, more: int, gap: int) -> None:
    count = 3 * (folds + 1) + more + 2 * gap
    times = np.random.default_rng(count).permutation(count).astype(float)
    order = np.argsort(times)
    theirs = TimeSeriesSplit(folds, gap=gap).split(order)
    for fold, (train, test) in enumerate(theirs, 1):
        if not len(train):
            continue
        split = Split(gap=gap, folds=folds, fold=fold)
        found = deal_fold(Parts(np.arange(count), NONE, NONE), split, "time", Keys(times))
        assert found.train.tolist() == order[train].tolist()
        assert found.validation.tolist() == order[test].tolist()


def uneven(seed: int, groups: int) -> tuple[np.ndarray, np.ndarray]:
    """Return groups of many sizes, most of whose rows are of one class, and the classes."""
    random = np.random.default_rng(seed)
    sizes = random.integers(1, 30, groups)
    of = np.repeat(np.arange(groups), sizes)
    leaning = random.choice(3, groups, p=[0.6, 0.3, 0.1])
    classes = np.where(random.random(len(of)) < 0.8, leaning[of], random.integers(0, 3, len(of)))
    return of, classes


def unlike(folds: np.ndarray, classes: np.ndarray) -> float:
    """Return how far the shares of classes in the folds are from those of all, on average."""
    whole = np.bincount(classes, minlength=3) / len(classes)
    rows = [classes[folds == fold] for fold in np.unique(folds)]
    return float(np.mean([np.abs(np.bincount(r, minlength=3) / len(r) - whole) for r in rows]))


def test_groups_are_as_well_stratified_as_by_stratified_group_kfold() -> None:
    ours, theirs, plain = [], [], []
    for seed in range(20):
        groups, classes = uneven(seed, 40)
        split = Split(seed=seed)
        found = group_folds(groups, split, 5, classes)
        assert all(len(set(found[groups == group])) == 1 for group in range(40))
        ours.append(unlike(found, classes))
        plain.append(unlike(group_folds(groups, split, 5), classes))
        other = np.empty(len(groups), dtype=int)
        cut = StratifiedGroupKFold(5, shuffle=True, random_state=seed)
        for fold, (_, test) in enumerate(cut.split(groups, classes, groups)):
            other[test] = fold
        theirs.append(unlike(other, classes))
    assert np.mean(ours) <= 1.05 * np.mean(theirs)
    assert np.mean(ours) < 0.5 * np.mean(plain)


def test_parts_of_stratified_groups_have_their_shares_of_rows_and_classes() -> None:
    far, plain = [], []
    for seed in range(20):
        groups, classes = uneven(seed, 60)
        split = Split(validation=0.2, test=0.1, seed=seed)
        rows = np.arange(len(groups))
        for wanted, told in ((classes, far), (None, plain)):
            found = deal_groups(rows, split, groups.astype(float), wanted)
            of = np.zeros(len(groups), dtype=int)
            for part, members in enumerate(found):
                assert len(members)
                of[members] = part
            assert all(len(set(of[groups == group])) == 1 for group in range(60))
            told.append(unlike(of, classes))
        sizes = np.array([len(part) for part in found]) / len(rows)
        assert np.abs(sizes - [0.7, 0.2, 0.1]).max() < 0.08
    assert np.mean(far) < 0.6 * np.mean(plain)


def test_no_part_is_empty_where_there_are_as_many_groups() -> None:
    groups, classes = np.repeat(np.arange(3), [50, 3, 2]), np.zeros(55, dtype=int)
    found = deal_groups(np.arange(55), Split(validation=0.2, test=0.1), groups, classes)
    assert all(len(part) for part in found)


def test_images_are_dealt_into_folds(upload: Any) -> None:
    description = upload(archive(two_classes(10)))
    rows = []
    for fold in (1, 2, 3):
        split = Split(test=0.2, folds=3, fold=fold)
        recipe = propose(description, None, Recipe(split=split)).recipe
        found = prepare(upload.folder, description, recipe)
        assert found.validation is not None
        rows += found.validation.rows.tolist()
        assert len(set(found.validation.y.flatten().tolist())) == 2
    assert len(rows) == len(set(rows)) == 16


@pytest.mark.parametrize(
    ("split", "path", "names"),
    [
        ({"folds": 5}, ["split", "fold"], "together"),
        ({"fold": 1}, ["split", "folds"], "together"),
        ({"folds": 3, "fold": 4}, ["split", "fold"], "from 1 to 3"),
    ],
)
def test_a_fold_and_how_many_there_are_go_together(
    upload: Any, split: dict[str, Any], path: list[str], names: str
) -> None:
    description = upload(table())
    with pytest.raises(DocumentError) as caught:
        propose(description, None, Recipe(split=Split(**split)))
    assert caught.value.problems[0].where.path == path
    assert names in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: row_folds(3, Split(), 5), "too_few_rows"),
        (lambda: row_folds(8, Split(), 3, np.array([0] * 6 + [1] * 2)), "class_too_small"),
        (lambda: group_folds(np.array([0, 0, 1]), Split(), 3), "too_few_groups"),
    ],
)
def test_too_little_for_so_many_folds_is_refused(call: Any, code: str) -> None:
    with pytest.raises(DocumentError) as caught:
        call()
    assert caught.value.problems[0].code == code
    assert caught.value.problems[0].where.path[0] == "split"


def test_a_class_that_is_too_small_for_the_folds_is_told_before_anything_is_read(
    upload: Any,
) -> None:
    labels = ["rare"] * 8 + ["often"] * 92
    description = upload(table(label=labels))
    split = {"test": 0.2, "folds": 7, "fold": 1}
    with pytest.raises(DocumentError) as caught:
        propose(description, None, Recipe.model_validate({"target": "label", "split": split}))
    problem = caught.value.problems[0]
    assert (problem.code, problem.where.path) == ("class_too_small", ["split", "folds"])
    assert "got 6 in one" in problem.message
    fewer = Recipe.model_validate({"target": "label", "split": {**split, "folds": 6}})
    recipe = propose(description, None, fewer).recipe
    found = prepare(upload.folder, description, recipe)
    assert found.validation is not None
    assert sorted(np.unique(found.validation.y)) == [0, 1]


def test_numbers_have_no_shares_of_classes_to_keep(upload: Any) -> None:
    description = change(upload.folder, upload(table()), [{"name": "who", "role": "group"}])
    recipe = Recipe(target="x", split=Split(by="stratified_group"))
    with pytest.raises(DocumentError) as caught:
        propose(description, None, recipe)
    assert caught.value.problems[0].where.path == ["split", "by"]


@pytest.mark.parametrize(
    ("split", "code", "found", "most"),
    [
        ({"by": "group", "folds": 6, "fold": 1, "test": 0.2}, "too_few_groups", "got 5", 5),
        ({"by": "stratified_group", "folds": 9, "fold": 7, "test": 0.0}, "too_few_groups", "6", 6),
        ({"by": "time", "folds": 4, "fold": 1, "test": 0.2}, "too_few_rows", "got 4", 3),
    ],
)
def test_too_few_groups_or_moments_for_the_folds_are_told_with_as_many_as_there_are(
    upload: Any, split: dict[str, Any], code: str, found: str, most: int
) -> None:
    few = table(who=[f"w{row % 6}" for row in range(100)], when=[row // 20 for row in range(100)])
    roles = [{"name": "who", "role": "group"}, {"name": "when", "role": "ignore"}]
    description = change(upload.folder, upload(few), roles)
    column = "when" if split["by"] == "time" else "who"
    asked = Recipe.model_validate({"split": {"column": column, **split}, "sequence": "none"})
    with pytest.raises(DocumentError) as caught:
        propose(description, None, asked)
    problem = caught.value.problems[0]
    assert (problem.code, problem.where.path) == (code, ["split", "folds"])
    assert found in problem.message
    assert f"{most} at most" in problem.message
    fewer = {"split": {"column": column, **split, "folds": most, "fold": most}}
    if problem.fix is not None:
        (mended,) = problem.fix.changes
        assert isinstance(mended, SetRecipe)
        fewer = mended.values
    full = propose(description, None, Recipe.model_validate({**fewer, "sequence": "none"}))
    assert full.recipe.split is not None
    assert full.recipe.split.folds == most
    assert (problem.fix is None) == (split["by"] == "time")
    assert prepare(upload.folder, description, full.recipe).validation is not None


def test_two_groups_train_and_test_and_a_split_into_three_is_mended(upload: Any) -> None:
    two = table(who=["left", "right"] * 50)
    description = change(upload.folder, upload(two), [{"name": "who", "role": "group"}])
    proposed = propose(description).recipe
    found = prepare(upload.folder, description, proposed)
    assert found.validation is None
    assert found.test is not None
    with pytest.raises(DocumentError) as caught:
        propose(description, None, Recipe(split=Split(by="group")))
    problem = caught.value.problems[0]
    assert "got 2" in problem.message
    assert problem.fix is not None
    (mended,) = problem.fix.changes
    assert isinstance(mended, SetRecipe)
    full = propose(description, None, Recipe.model_validate(mended.values)).recipe
    assert prepare(upload.folder, description, full).test is not None
