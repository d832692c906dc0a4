"""Folds of windows by time: each validates what comes after the windows that it is trained on."""

import numpy as np

from models.data.shares import too_few_for_folds
from models.data.split import Parts
from models.data.windows import Cut, without_last
from models.recipe import Split


def fold_windows(
    found: Cut, times: np.ndarray, series: np.ndarray, parts: Parts, split: Split, gap: int
) -> Parts:
    """Deal the windows that are not kept for the test out anew, by a rolling origin.

    They are cut into one block more than there are folds. A fold validates its block and is trained
    on the windows before it, of which none has a row or a target there: of one series as
    scikit-learn's TimeSeriesSplit with a gap of the window and the horizon less one. The earliest
    windows validate never.

    Args:
        times: when each place is, (rows,).
        series: of each place, (rows,).
        parts: places among the windows, of which the test part stays.
        split: of it folds and fold, from 1.
        gap: rows between the targets of two parts, less one; of the window and horizon less one at
            least.

    Raises:
        DocumentError: too few windows for so many folds.
    """
    if split.folds is None or split.fold is None:
        raise ValueError("a split into folds has both numbers")
    rest = np.sort(np.concatenate([parts.train, parts.validation]))
    starts, ends = times[found.starts[rest]], times[found.targets[rest]]
    moments = np.sort(starts)
    size = len(rest) // (split.folds + 1)
    first = len(rest) - (split.folds - split.fold + 1) * size
    until = moments[first + size] if first + size < len(rest) else np.inf
    if not size:
        raise too_few_for_folds("windows", split.folds + 1, len(rest))
    validation = rest[(starts >= moments[first]) & (starts < until)]
    extra = gap - (found.window + found.horizon - 1)
    train = without_last(rest[ends < moments[first]], found, series, extra)
    if not len(train) or not len(validation):
        raise too_few_for_folds("windows that share no row", split.folds + 1, len(rest))
    return Parts(train, validation, parts.test)
