"""How well the probabilities of each class part the examples that are of it from the others."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from models.objectives.tallies import ranking, under_pr, under_roc

MAX_CLASSES = 50
"""Of which curves are told; of more nobody looks at each."""
MAX_POINTS = 100
"""Of a curve: no two that are neighbours are further apart than a picture shows."""
BINS = 10


def curves(probabilities: Tensor, right: Tensor, classes: Sequence[str]) -> list[dict[str, Any]]:
    """Return the curves of each class, or label, that some of the examples have and others not.

    Args:
        probabilities: of each class, (N, classes).
        right: which classes each example has, (N, classes) of bool.
        classes: their names.
    """
    return [
        _curves_of(name, probabilities[:, code].double(), right[:, code])
        for code, name in enumerate(classes[:MAX_CLASSES])
        if bool(right[:, code].any()) and not bool(right[:, code].all())
    ]


def _curves_of(name: str, scores: Tensor, right: Tensor) -> dict[str, Any]:
    hits, misses = ranking(scores, right)
    recall, false = hits / hits[-1], misses / misses[-1]
    precision = hits / (hits + misses)
    # Where nothing is said to be of the class, nothing of what is said is wrong.
    precision[0] = 1.0
    shown = _spread(recall + false)
    return {
        "name": name,
        "auc": under_roc(hits, misses),
        "average_precision": under_pr(hits, misses),
        "recall": recall[shown].tolist(),
        "false_positive_rate": false[shown].tolist(),
        "precision": precision[shown].tolist(),
        "calibration": _calibration(scores, right),
    }


def _spread(along: Tensor) -> Tensor:
    """Return at most `MAX_POINTS` places, evenly along a curve whose way so far is `along`."""
    if len(along) <= MAX_POINTS:
        return torch.arange(len(along))
    wanted = torch.linspace(0, float(along[-1]), MAX_POINTS, dtype=along.dtype)
    return torch.searchsorted(along, wanted).clamp_max(len(along) - 1).unique()


def _calibration(scores: Tensor, right: Tensor) -> list[dict[str, Any]]:
    """Return, for tenths of the probability that have examples, how many of these are of it."""
    edges = torch.linspace(0, 1, BINS + 1, dtype=scores.dtype)
    bins = torch.bucketize(scores, edges[1:-1])
    found = []
    for number in bins.unique().tolist():
        inside = bins == number
        found.append(
            {
                "probability": float(scores[inside].mean()),
                "share": float(right[inside].double().mean()),
                "examples": int(inside.sum()),
            }
        )
    return found
