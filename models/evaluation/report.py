"""The report on one part of the data: metrics, confusion, residuals, worst mistakes."""

from typing import Any

import torch
from torch import Tensor

from models.data.prepare import Part, Prepared
from models.evaluation.baseline import baseline
from models.evaluation.values import values
from models.network import Network
from models.objectives.base import declare
from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES
from models.recipe import Recipe
from models.training.plan import need

BATCH = 1_024
MAX_PAIRS = 1_000
MAX_MISTAKES = 24


def evaluate(network: Network, prepared: Prepared, part: Part, recipe: Recipe) -> dict[str, Any]:
    """Return what `backend.documents.Evaluation` tells, but for the name of the part.

    Args:
        recipe: in full; its loss and metrics are reported, and the usual ones of the task.
    """
    classes = prepared.interface.classes
    raw, width = _raw(network, part, recipe, prepared)
    criterion = _criterion(network, recipe, width, classes)
    report: dict[str, Any] = {
        "rows": len(part.rows),
        "metrics": values(criterion, raw, part.y, prepared.preparation, recipe),
        "baseline": baseline(prepared, recipe, part),
    }
    if classes is None:
        return report | {"pairs": _pairs(raw, part, prepared)}
    expected = criterion.codes(part.y)
    predicted = criterion.predicted(raw)
    confusion = torch.zeros(len(classes), len(classes), dtype=torch.int64)
    confusion.index_put_((expected, predicted), torch.ones_like(expected), accumulate=True)
    return report | {
        "classes": list(classes),
        "confusion": confusion.tolist(),
        "per_class": per_class(confusion, classes),
        "mistakes": _mistakes(criterion.probabilities(raw), expected, predicted, part, classes),
    }


def _criterion(
    network: Network, recipe: Recipe, width: int, classes: tuple[str, ...] | None
) -> Criterion:
    loss = declare(LOSSES, need(recipe.loss, "loss"), "loss", ["loss"])
    return Criterion(loss, network.output_activation, width, classes)


def _raw(network: Network, part: Part, recipe: Recipe, prepared: Prepared) -> tuple[Tensor, int]:
    network.eval()
    with torch.inference_mode():
        width = network(part.x[:1]).numel()
        criterion = _criterion(network, recipe, width, prepared.interface.classes)
        batches = [
            criterion.raw(network, part.x[at : at + BATCH]) for at in range(0, len(part.x), BATCH)
        ]
        return torch.cat(batches), width


def per_class(confusion: Tensor, classes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return precision, recall and F1 of each class; None where nothing was counted."""
    right = confusion.diagonal().tolist()
    expected, predicted = confusion.sum(1).tolist(), confusion.sum(0).tolist()
    return [
        {
            "name": name,
            "precision": right[code] / predicted[code] if predicted[code] else None,
            "recall": right[code] / expected[code] if expected[code] else None,
            "f1": 2 * right[code] / (expected[code] + predicted[code])
            if expected[code] + predicted[code]
            else None,
            "support": expected[code],
        }
        for code, name in enumerate(classes)
    ]


def _pairs(raw: Tensor, part: Part, prepared: Prepared) -> list[dict[str, Any]]:
    known = prepared.preparation
    # Evenly spread over the part, so that the picture is the whole part's.
    shown = torch.linspace(0, len(part.rows) - 1, min(len(part.rows), MAX_PAIRS)).long()
    expected = (part.y.reshape(-1)[shown].double() * known.target_std + known.target_mean).tolist()
    predicted = (raw.reshape(-1)[shown].double() * known.target_std + known.target_mean).tolist()
    return [
        {"row": int(part.rows[index]), "expected": truth, "predicted": guess}
        for index, truth, guess in zip(shown.tolist(), expected, predicted, strict=True)
    ]


def _mistakes(
    probabilities: Tensor,
    expected: Tensor,
    predicted: Tensor,
    part: Part,
    classes: tuple[str, ...],
) -> list[dict[str, Any]]:
    sure = probabilities.gather(1, predicted[:, None])[:, 0]
    wrong = (expected != predicted).nonzero()[:, 0]
    worst = wrong[sure[wrong].argsort(descending=True)][:MAX_MISTAKES]
    return [
        {
            "row": int(part.rows[index]),
            "expected": classes[int(expected[index])],
            "predicted": classes[int(predicted[index])],
            "probability": float(sure[index]),
        }
        for index in worst.tolist()
    ]
