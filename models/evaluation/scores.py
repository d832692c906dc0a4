"""What the reports on classes and on labels have in common."""

from typing import Any

MAX_MISTAKES = 24


def scores_of(name: str, right: int, expected: int, predicted: int) -> dict[str, Any]:
    """Return precision, recall and F1 of one class or label; None where nothing was counted."""
    return {
        "name": name,
        "precision": right / predicted if predicted else None,
        "recall": right / expected if expected else None,
        "f1": 2 * right / (expected + predicted) if expected + predicted else None,
        "support": expected,
    }
