"""Which row goes where: into the training, the validation or the test part."""

from typing import NamedTuple

import numpy as np

from models.data.balance import balanced, by_size
from models.data.shares import sizes, stratified_sizes
from models.errors import refuse
from models.recipe import Split


class Parts(NamedTuple):
    """Row numbers of each part, in the order in which they are dealt."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def deal(
    rows: np.ndarray,
    split: Split,
    codes: np.ndarray | None = None,
    classes: tuple[str, ...] = (),
    target: str | None = None,
) -> Parts:
    """Deal row numbers out by the shares; the same seed deals the same.

    Args:
        rows: row numbers, (N,).
        split: shares, seed, and whether to shuffle and to keep each class's share. Without
            shuffling the parts follow one another in file order: training, validation, test.
        codes: class code of each row, (N,), for a stratified split.
        classes: names of the classes, for messages.
        target: the column of the classes, for messages.

    Raises:
        DocumentError: too few rows, or too few members of a class.
    """
    # Asked for first, so that too few rows are told as such and not as a class that is too small.
    sizes(len(rows), split)
    random = np.random.default_rng(split.seed)
    if codes is None or not (split.stratify and split.shuffle):
        order = random.permutation(rows) if split.shuffle else rows
        return _cut([order], [sizes(len(rows), split)])
    members = {name: int((codes == code).sum()) for code, name in enumerate(classes)}
    dealt = stratified_sizes(members, split, target)
    groups = [random.permutation(rows[codes == code]) for code in range(len(classes))]
    parts = _cut(groups, [dealt[name] for name in classes])
    # Rows stand by class now; an order by class is nothing that training should see.
    return Parts(*(random.permutation(part) for part in parts))


def deal_groups(
    rows: np.ndarray, split: Split, groups: np.ndarray, classes: np.ndarray | None = None
) -> Parts:
    """Deal whole groups out until each part has its share of the rows, or a little more.

    Args:
        rows: row numbers, (N,).
        groups: the group of each row as a code, (N,).
        classes: the class of each row as a code, (N,), to give each part about its share of each.

    Raises:
        DocumentError: too few groups for the parts that are asked for.
    """
    wanted = sizes(len(rows), split)
    codes, members = np.unique(groups, return_counts=True)
    needed = 1 + (split.validation > 0) + (split.test > 0)
    if len(codes) < needed:
        raise refuse(
            "too_few_groups",
            f"Expected at least {needed} groups for this split, one for each part, got "
            f"{len(codes)}. Set a share to 0, or split in another way.",
            path=["split"],
        )
    random = np.random.default_rng(split.seed) if split.shuffle else None
    parts = (
        by_size(members, wanted.validation, wanted.test, random)
        if classes is None
        else _by_classes(np.searchsorted(codes, groups), classes, split)
    )
    of_row = parts[np.searchsorted(codes, groups)]
    dealt = [rows[of_row == part] for part in range(3)]
    if split.shuffle:
        random = np.random.default_rng(split.seed)
        dealt = [random.permutation(part) for part in dealt]
    return Parts(*dealt)


def _by_classes(groups: np.ndarray, classes: np.ndarray, split: Split) -> np.ndarray:
    """Return the part of each group, (G,), with about the shares of classes that all rows have."""
    shares = np.array([1 - split.validation - split.test, split.validation, split.test])
    asked = np.flatnonzero(shares)
    random = np.random.default_rng(split.seed) if split.shuffle else None
    return asked[balanced(groups, classes, shares[asked], random)]


def deal_times(rows: np.ndarray, split: Split, times: np.ndarray) -> Parts:
    """Deal rows out in order of time: the latest are the test part, those before them validate.

    Rows of one moment stay together. `split.gap` rows are left out before each of the two parts, so
    that what reaches over a boundary, such as a moving mean, tells nothing.

    Args:
        rows: row numbers, (N,).
        times: when each row is, (N,).

    Raises:
        DocumentError: too few rows, or too few moments.
    """
    wanted = sizes(len(rows), split)
    parts = by_time(times, wanted.validation, wanted.test, split.gap)
    asked = (True, wanted.validation > 0, wanted.test > 0)
    if any(need and not len(part) for need, part in zip(asked, parts, strict=True)):
        gap = f", with a gap of {split.gap:,} rows before each" if split.gap else ""
        raise refuse(
            "too_few_rows",
            f"Expected rows for every part of a split by time, got {len(rows):,} rows of "
            f"{len(np.unique(times)):,} moments{gap}. Lower the shares or the gap, or split in "
            "another way.",
            path=["split"],
        )
    return Parts(*(rows[part] for part in parts))


def by_time(
    times: np.ndarray, validation: int, test: int, gap: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places that train, validate and test, in order of time.

    Args:
        times: when each row is, (N,).
        validation, test: how many rows these parts are to have; more where moments reach over
            their beginning.
        gap: rows that are left out before each of the two.
    """
    order = np.argsort(times, kind="stable")
    begin = boundary(times[order], len(order) - test)
    end = begin - gap if test else begin
    start = boundary(times[order], max(0, end - validation))
    last = start - gap if validation else end
    validated = order[start : max(start, end)] if validation else order[:0]
    return order[: max(0, last)], validated, order[begin:]


def boundary(times: np.ndarray, place: int) -> int:
    """Return the place at or before `place` that no moment of ordered times reaches over."""
    if place >= len(times):
        return len(times)
    return int(np.searchsorted(times, times[place], side="left"))


def _cut(groups: list[np.ndarray], counts: list) -> Parts:
    train, validation, test = [], [], []
    for group, count in zip(groups, counts, strict=True):
        train.append(group[: count.train])
        validation.append(group[count.train : count.train + count.validation])
        test.append(group[count.train + count.validation :])
    return Parts(np.concatenate(train), np.concatenate(validation), np.concatenate(test))
