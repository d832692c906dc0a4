"""Which examples lie in each cell of a confusion matrix."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor

MAX_IN_CELL = 12
MAX_IN_ALL = 2_400
"""So that the matrix of a hundred classes is still told at once; each cell has one at least."""


def cells(
    expected: Tensor,
    predicted: Tensor,
    sure: Tensor,
    rows: np.ndarray,
    classes: Sequence[str],
) -> list[dict[str, Any]]:
    """Return some examples of every cell that has any.

    Of wrong answers those come first that were given most surely, of right ones those that were
    given least surely: where looking closer pays.

    Args:
        expected, predicted: codes of classes, (N,).
        sure: the probability of what was predicted, (N,).
        rows: of the dataset, (N,).
        classes: their names, by code.
    """
    truth, guess, probability = (each.cpu().numpy() for each in (expected, predicted, sure))
    cell = truth * len(classes) + guess
    order = np.lexsort((np.where(truth == guess, probability, -probability), cell))
    found, starts = np.unique(cell[order], return_index=True)
    most = min(MAX_IN_CELL, max(1, MAX_IN_ALL // len(found)))
    return [
        {
            "expected": classes[int(code) // len(classes)],
            "predicted": classes[int(code) % len(classes)],
            "examples": [
                {"row": int(rows[index]), "probability": float(probability[index])}
                for index in members[:most]
            ],
        }
        for code, members in zip(found, np.split(order, starts[1:]), strict=True)
    ]
