"""The report on an output whose examples have any number of labels each."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from torch import Tensor

from models.evaluation.curves import curves
from models.evaluation.scores import MAX_MISTAKES, scores_of
from models.objectives.criterion import Criterion
from models.objectives.tallies import ranking, under_pr

_NONE = "no label"
"""What an example without any is said to have."""


def labels_report(criterion: Criterion, raw: Tensor, y: Tensor, rows: np.ndarray) -> dict[str, Any]:
    """Return how right each label is told, and the examples with the most confident wrong one.

    Args:
        raw: outputs as the criterion takes them, (N, labels).
        y: which labels each example has, 0 and 1, (N, labels).
        rows: of the dataset, (N,).
    """
    names = criterion.classes or ()
    expected, predicted = y > 0.5, criterion.predicted(raw)
    probabilities = criterion.probabilities(raw)
    counts = ((expected & predicted).sum(0), expected.sum(0), predicted.sum(0))
    return {
        "classes": list(names),
        "per_class": [
            {
                **scores_of(name, *counted),
                "predicted": counted[2],
                "average_precision": _average_precision(
                    probabilities[:, place], expected[:, place]
                ),
            }
            for place, (name, *counted) in enumerate(
                zip(names, *(count.tolist() for count in counts), strict=True)
            )
        ],
        "curves": curves(probabilities, expected, names),
        "mistakes": _mistakes(probabilities, expected, predicted, rows, names),
    }


def _average_precision(scores: Tensor, right: Tensor) -> float | None:
    """Return Σ (Rᵢ − Rᵢ₋₁) · Pᵢ over all thresholds; None where no example has the label."""
    return under_pr(*ranking(scores, right)) if bool(right.any()) else None


def _mistakes(
    probabilities: Tensor,
    expected: Tensor,
    predicted: Tensor,
    rows: np.ndarray,
    names: Sequence[str],
) -> list[dict[str, Any]]:
    # How sure the network was of what it said wrongly, of each example's labels the worst.
    said = probabilities.where(predicted, 1 - probabilities)
    sure = said.where(expected != predicted, 0.0).amax(dim=1)
    wrong = (expected != predicted).any(dim=1).nonzero()[:, 0]
    worst = wrong[sure[wrong].argsort(descending=True)][:MAX_MISTAKES]
    return [
        {
            "row": int(rows[index]),
            "expected": _told(expected[index], names),
            "predicted": _told(predicted[index], names),
            "probability": float(sure[index]),
        }
        for index in worst.tolist()
    ]


def _told(there: Tensor, names: Sequence[str]) -> str:
    return ", ".join(name for name, has in zip(names, there.tolist(), strict=True) if has) or _NONE
