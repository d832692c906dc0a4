"""Dealing rows out: nothing twice, nothing lost, the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.data.split import deal
from models.errors import DocumentError
from models.recipe import Split

shares = st.floats(0, 0.45).map(lambda share: round(share, 2))


def refusal(*args, **kwargs):
    with pytest.raises(DocumentError) as caught:
        deal(*args, **kwargs)
    return caught.value.problems[0]


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 300), shares, shares, st.integers(0, 99), st.booleans())
def test_every_row_goes_into_exactly_one_part(rows, validation, test, seed, shuffle):
    split = Split(validation=validation, test=test, seed=seed, shuffle=shuffle)
    numbers = np.arange(1_000, 1_000 + rows)
    parts = deal(numbers, split)
    assert sorted(np.concatenate(parts)) == numbers.tolist()
    assert len(parts.train) >= 1
    assert (len(parts.test) > 0) == (test > 0)
    assert len(parts.test) == pytest.approx(rows * test, abs=1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(3, 60), min_size=2, max_size=5), shares, shares, st.integers(0, 9))
def test_every_class_keeps_its_share_in_every_part(members, validation, test, seed):
    codes = np.repeat(np.arange(len(members)), members)
    names = tuple(f"c{code}" for code in range(len(members)))
    split = Split(validation=validation, test=test, seed=seed)
    parts = deal(np.arange(len(codes)), split, codes, names)
    assert sorted(np.concatenate(parts)) == list(range(len(codes)))
    for code, count in enumerate(members):
        assert (codes[parts.train] == code).sum() >= 1
        assert (codes[parts.test] == code).sum() == pytest.approx(count * test, abs=1)
        assert (codes[parts.validation] == code).sum() == pytest.approx(count * validation, abs=1)


def test_the_same_seed_deals_the_same_and_another_deals_otherwise():
    rows = np.arange(100)
    first, again, other = (
        deal(rows, Split(validation=0.2, test=0.2, seed=seed)) for seed in (5, 5, 6)
    )
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert set(first.test) != set(other.test)


def test_without_shuffling_the_parts_follow_in_file_order():
    parts = deal(np.arange(10), Split(validation=0.2, test=0.3, shuffle=False))
    assert [part.tolist() for part in parts] == [[0, 1, 2, 3, 4], [5, 6], [7, 8, 9]]


def test_a_class_with_one_member_is_refused_by_name_with_what_to_do():
    codes = np.array([0] * 10 + [1])
    problem = refusal(np.arange(11), Split(), codes, ("common", "rare"), "species")
    assert problem.code == "class_too_small"
    assert '"rare"' in problem.message
    assert "stratify" in problem.message
    assert problem.where.column == "species"


def test_a_class_with_one_member_is_dealt_when_the_split_is_not_stratified():
    codes = np.array([0] * 10 + [1])
    parts = deal(np.arange(11), Split(stratify=False), codes, ("common", "rare"))
    assert len(np.concatenate(parts)) == 11


def test_fewer_rows_than_the_split_needs_are_refused():
    problem = refusal(np.arange(2), Split(validation=0.2, test=0.2))
    assert problem.code == "too_few_rows"
    assert "at least 3 rows" in problem.message
    assert "got 2" in problem.message


def test_shares_that_leave_nothing_to_train_on_are_refused():
    problem = refusal(np.arange(100), Split(validation=0.6, test=0.4))
    assert problem.code == "nothing_to_train_on"
