"""Whole groups dealt out so that the parts are as large, and as mixed, as they should be."""

import numpy as np


def lightest(members: np.ndarray, parts: int, random: np.random.Generator | None) -> np.ndarray:
    """Return the part of each group, (G,): the largest first, each to the part with fewest rows.

    Args:
        members: how many rows each group has, (G,).
        random: deals groups of one size in any order; None keeps their own.
    """
    order = np.arange(len(members)) if random is None else random.permutation(len(members))
    order = order[np.argsort(-members[order], kind="stable")]
    dealt, rows = np.empty(len(members), dtype=np.int64), np.zeros(parts, dtype=np.int64)
    for group in order:
        dealt[group] = part = int(rows.argmin())
        rows[part] += members[group]
    return dealt


def by_size(
    members: np.ndarray, validation: int, test: int, random: np.random.Generator | None
) -> np.ndarray:
    """Return the part of each group, (G,): 0 trains, 1 validates, 2 tests.

    The test part is dealt first, then the validation; one group at least is left to train on.

    Args:
        members: how many rows each group has, (G,).
        validation, test: how many rows these parts are to have, or a little more; 0 is no part.
        random: deals groups in any order; None deals the last ones first.
    """
    order = np.arange(len(members)) if random is None else random.permutation(len(members))
    parts, left = np.zeros(len(members), dtype=np.int64), list(order[::-1])
    for part, wanted in ((2, test), (1, validation)):
        got, kept = 0, 1 + (part == 2 and validation > 0)
        while got < wanted and len(left) > kept:
            group = left.pop(0)
            # The last one is taken only where that comes nearer to the share than leaving it.
            if got and got + members[group] - wanted > wanted - got:
                break
            parts[group] = part
            got += int(members[group])
    return parts


def balanced(
    groups: np.ndarray,
    classes: np.ndarray,
    shares: np.ndarray,
    random: np.random.Generator | None,
) -> np.ndarray:
    """Return the part of each group, (G,): each part gets about its share of every class.

    The groups whose classes are the most uneven come first; each goes where the squared distance
    from the shares that are wanted, over these, becomes the smallest: as Pearson's chi-squared has
    it. No part is left without a group where there are enough.

    Args:
        groups: the group of each row, from 0 to G - 1, (N,).
        classes: the class code of each row, (N,).
        shares: how much of the rows each part is to have, (P,), 1 together.
        random: deals groups that are as uneven in any order; None keeps their own.
    """
    _, of_row = np.unique(classes, return_inverse=True)
    counts = np.zeros((int(groups.max()) + 1, int(of_row.max()) + 1))
    np.add.at(counts, (groups, of_row), 1)
    order = np.arange(len(counts)) if random is None else random.permutation(len(counts))
    order = order[np.argsort(-counts[order].std(axis=1), kind="stable")]
    portions = counts / counts.sum(axis=0)
    dealt, got = np.empty(len(counts), dtype=np.int64), np.zeros((len(shares), counts.shape[1]))
    rows = np.zeros(len(shares))
    for group in order:
        # What the distance grows by; the rest of it is the same for all parts.
        after = (got + portions[group] - shares[:, None]) ** 2 - (got - shares[:, None]) ** 2
        grown = (after / shares[:, None]).mean(axis=1).round(12)
        part = int(np.lexsort((rows / shares, grown))[0])
        dealt[group] = part
        got[part] += portions[group]
        rows[part] += counts[group].sum()
    _fill(dealt, counts.sum(axis=1), len(shares))
    return dealt


def _fill(dealt: np.ndarray, members: np.ndarray, parts: int) -> None:
    """Give each part without a group the smallest one of the part that has most groups."""
    for part in range(parts):
        if len(dealt) >= parts and not (dealt == part).any():
            richest = np.bincount(dealt, minlength=parts).argmax()
            own = np.flatnonzero(dealt == richest)
            dealt[own[members[own].argmin()]] = part
