"""The report on one part of the data: metrics, confusion, curves, residuals, worst mistakes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import one_hot

from models.aims import aims
from models.data.preparation import PreparedOutput
from models.data.prepare import Part, Prepared
from models.data.preprocess import entering
from models.evaluation.baseline import baseline, persistence
from models.evaluation.cells import cells
from models.evaluation.curves import curves
from models.evaluation.labels import labels_report
from models.evaluation.scores import MAX_MISTAKES, scores_of
from models.evaluation.values import values
from models.network import Network
from models.objectives.criterion import Criterion
from models.objectives.joint import Joint
from models.recipe import Recipe
from models.training.plan import joint

BATCH = 1_024
MAX_PAIRS = 1_000


def evaluate(network: Network, prepared: Prepared, part: Part, recipe: Recipe) -> dict[str, Any]:
    """Return what `backend.documents.results.Evaluation` tells, but for the name of the part.

    Args:
        recipe: in full; its losses and metrics are reported, and the usual ones of each task.
    """
    every = aims(prepared.interface, recipe)
    criterion = joint(network, every, *(entering(x[:1]) for x in part.inputs))
    raw, penalty = _raw(network, criterion, part)
    known = prepared.preparation
    metrics = values(criterion, every, known, raw, part, penalty)
    trivial = baseline(prepared, recipe, part)
    last = persistence(prepared, recipe, part)
    outputs = [
        {
            "node": aim.name,
            "target": output.target,
            "metrics": _own(metrics, aim.prefix),
            "baseline": _own(trivial, aim.prefix),
            "persistence": None if last is None else _own(last, aim.prefix),
            **_report(of_one, own, y, part.rows, output),
        }
        for aim, of_one, own, y, output in zip(
            every,
            criterion.criteria,
            criterion.apart(raw),
            part.targets,
            known.outputs,
            strict=True,
        )
    ]
    told = {"rows": len(part.rows), "metrics": metrics, "baseline": trivial, "persistence": last}
    if len(outputs) > 1:
        return told | {"outputs": outputs}
    (only,) = outputs
    return {name: only[name] for name in only.keys() - {"node", "target"}} | told


def _raw(network: Network, criterion: Joint, part: Part) -> tuple[Tensor, float]:
    """Return the raw outputs for all rows, and what regularizers add to the loss."""
    network.eval()
    raw, penalty = [], 0.0
    with torch.inference_mode():
        for at in range(0, len(part.rows), BATCH):
            batch = [entering(x[at : at + BATCH]) for x in part.inputs]
            raw.append(criterion.raw(network, *batch))
            if network.penalized:
                # Penalties on what layers put out are means over the batch.
                penalty += float(network.penalty()) * len(batch[0]) / len(part.rows)
        return torch.cat(raw), penalty


def _own(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the values of one output, by their own names."""
    return {
        name.removeprefix(prefix): value
        for name, value in values.items()
        if name.startswith(prefix)
    }


def _report(
    criterion: Criterion, raw: Tensor, y: Tensor, rows: np.ndarray, output: PreparedOutput
) -> dict[str, Any]:
    """Return what there is to tell of one output beside its metrics."""
    classes = criterion.classes
    if classes is None:
        return {"pairs": _pairs(raw, y, rows, output)}
    if criterion.multilabel:
        return labels_report(criterion, raw, y, rows)
    expected = criterion.codes(y)
    predicted = criterion.predicted(raw)
    confusion = torch.zeros(len(classes), len(classes), dtype=torch.int64)
    confusion.index_put_((expected, predicted), torch.ones_like(expected), accumulate=True)
    probabilities = criterion.probabilities(raw)
    sure = probabilities.gather(1, predicted[:, None])[:, 0]
    return {
        "classes": list(classes),
        "confusion": confusion.tolist(),
        "cells": cells(expected, predicted, sure, rows, classes),
        "per_class": per_class(confusion, classes),
        "curves": curves(probabilities, one_hot(expected, len(classes)).bool(), classes),
        "mistakes": _mistakes(sure, expected, predicted, rows, classes),
    }


def per_class(confusion: Tensor, classes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return precision, recall and F1 of each class; None where nothing was counted."""
    right = confusion.diagonal().tolist()
    expected, predicted = confusion.sum(1).tolist(), confusion.sum(0).tolist()
    return [
        scores_of(name, *counted)
        for name, *counted in zip(classes, right, expected, predicted, strict=True)
    ]


def _pairs(
    raw: Tensor, y: Tensor, rows: np.ndarray, output: PreparedOutput
) -> list[dict[str, Any]]:
    # Evenly spread over the part, so that the picture is the whole part's.
    shown = torch.linspace(0, len(rows) - 1, min(len(rows), MAX_PAIRS)).long()
    expected = (y.reshape(-1)[shown].double() * output.std + output.mean).tolist()
    predicted = (raw.reshape(-1)[shown].double() * output.std + output.mean).tolist()
    return [
        {"row": int(rows[index]), "expected": truth, "predicted": guess}
        for index, truth, guess in zip(shown.tolist(), expected, predicted, strict=True)
    ]


def _mistakes(
    sure: Tensor,
    expected: Tensor,
    predicted: Tensor,
    rows: np.ndarray,
    classes: tuple[str, ...],
) -> list[dict[str, Any]]:
    wrong = (expected != predicted).nonzero()[:, 0]
    worst = wrong[sure[wrong].argsort(descending=True)][:MAX_MISTAKES]
    return [
        {
            "row": int(rows[index]),
            "expected": classes[int(expected[index])],
            "predicted": classes[int(predicted[index])],
            "probability": float(sure[index]),
        }
        for index in worst.tolist()
    ]
