"""Cross-validation: the rows that are not kept for the test, dealt into folds that take turns."""

from typing import NamedTuple

import numpy as np

from models.data.balance import balanced, lightest
from models.data.dealt_by import By
from models.data.shares import small_class, too_few_for_folds
from models.data.split import Parts, boundary
from models.recipe import Split


class Keys(NamedTuple):
    """What rows are dealt by, for every row of the dataset, (N,) each.

    Attributes:
        by: groups as codes, or times; None where single rows are dealt.
        classes: class codes; None where no shares of classes are kept.
    """

    by: np.ndarray | None = None
    classes: np.ndarray | None = None


def folded(parts: Parts, split: Split, by: By, keys: Keys) -> Parts:
    """Return the parts with this run's fold as its validation, where the split has folds."""
    return parts if split.fold is None else deal_fold(parts, split, by, keys)


def deal_fold(parts: Parts, split: Split, by: By, keys: Keys) -> Parts:
    """Deal what is not kept for the test out anew: one fold validates, the others train.

    With the same seed the folds of all runs are the same, and each row validates once. By time the
    windows grow: a fold is what comes after the rows that it is trained on, and the earliest rows
    validate never.

    Args:
        parts: the rows as they are dealt without folds, of which the test part stays.
        split: of it folds and fold, from 1; seed, shuffle, stratify and gap.

    Raises:
        DocumentError: too few rows, groups, moments or members of a class for so many folds.
    """
    if split.folds is None or split.fold is None:
        raise ValueError("a split into folds has both numbers")
    rest = np.sort(np.concatenate([parts.train, parts.validation]))
    if by == "time" and keys.by is not None:
        train, validation = growing(keys.by[rest], split.folds, split.fold, split.gap)
        if not len(train) or not len(validation):
            moments = len(np.unique(keys.by[rest]))
            raise too_few_for_folds("moments", split.folds + 1, moments)
        return Parts(rest[train], rest[validation], parts.test)
    if keys.by is not None and by in ("group", "stratified_group"):
        classes = keys.classes[rest] if keys.classes is not None else None
        folds = group_folds(keys.by[rest], split, split.folds, classes)
    else:
        stratified = keys.classes is not None and split.stratify and split.shuffle
        classes = keys.classes[rest] if keys.classes is not None and stratified else None
        folds = row_folds(len(rest), split, split.folds, classes)
    validates = folds == split.fold - 1
    train, validation = rest[~validates], rest[validates]
    if split.shuffle:
        random = np.random.default_rng(split.seed)
        train, validation = random.permutation(train), random.permutation(validation)
    return Parts(train, validation, parts.test)


def row_folds(
    count: int, split: Split, folds: int, classes: np.ndarray | None = None
) -> np.ndarray:
    """Return the fold of each of `count` rows, from 0, (count,); sizes differ by one at most.

    With classes, (count,), those of each class differ by one at most as well. Without shuffling the
    folds follow one another in file order.
    """
    if count < folds:
        raise too_few_for_folds("rows", folds, count)
    if classes is not None:
        smallest = int(np.unique(classes, return_counts=True)[1].min())
        if smallest < folds:
            raise small_class(folds, smallest)
    random = np.random.default_rng(split.seed)
    order = random.permutation(count) if split.shuffle else np.arange(count)
    return in_turn(order, folds, classes)


def in_turn(order: np.ndarray, folds: int, classes: np.ndarray | None = None) -> np.ndarray:
    """Return the fold of each row, from 0, (N,); sizes differ by one at most.

    Args:
        order: in which rows are dealt, (N,).
        classes: the class of each row, (N,): those of each class differ by one at most as well.
    """
    dealt = np.empty(len(order), dtype=np.int64)
    if classes is None:
        dealt[order] = np.arange(len(order)) * folds // len(order)
    else:
        # One class after the other, dealt like cards: each gets every class in turn.
        dealt[order[np.argsort(classes[order], kind="stable")]] = np.arange(len(order)) % folds
    return dealt


def group_folds(
    groups: np.ndarray, split: Split, folds: int, classes: np.ndarray | None = None
) -> np.ndarray:
    """Return the fold of each row, from 0, (N,); a group is in one fold, and these are alike large.

    With classes, (N,), each fold has about the shares of classes that all rows have.
    """
    codes, of_row = np.unique(groups, return_inverse=True)
    if len(codes) < folds:
        raise too_few_for_folds("groups", folds, len(codes))
    random = np.random.default_rng(split.seed) if split.shuffle else None
    if classes is None:
        return lightest(np.bincount(of_row), folds, random)[of_row]
    return balanced(of_row, classes, np.full(folds, 1 / folds), random)[of_row]


def growing(times: np.ndarray, folds: int, fold: int, gap: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places that train and validate by a fold, from 1: those before it and its own.

    Args:
        times: when each row is, (N,).
        gap: rows that are left out between the two.
    """
    order = np.argsort(times, kind="stable")
    size = len(order) // (folds + 1)
    start = boundary(times[order], len(order) - (folds - fold + 1) * size)
    end = boundary(times[order], len(order) - (folds - fold) * size)
    return order[: max(0, start - gap)], order[start:end]
