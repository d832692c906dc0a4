"""What the most trivial model reaches: always the mean, or always the shares of the classes."""

import torch
from torch import Tensor

from models.data.prepare import Part, Prepared
from models.evaluation.values import values
from models.objectives.base import declare
from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES, Loss
from models.recipe import Recipe
from models.training.plan import need


def baseline(prepared: Prepared, recipe: Recipe, part: Part | None = None) -> dict[str, float]:
    """Return loss and metrics by name, for a part of the data; without those that are undefined.

    Classification: of always giving the training part's shares of the classes as probabilities, so
    that its most frequent class is predicted. Regression: of always giving the training part's
    mean, in the target's own unit.

    Args:
        recipe: in full; its loss and metrics are told, and the usual ones of the task.
        part: validation (or else training) when it is not given.
    """
    part = part or prepared.validation or prepared.train
    classes = prepared.interface.classes
    loss = declare(LOSSES, need(recipe.loss, "loss"), "loss", ["loss"])
    answer = _answer(loss, prepared.train.y.reshape(-1), classes)
    # A loss that asks for a margin takes other outputs than these for scores.
    activation = "softmax" if loss.activations is not None else None
    criterion = Criterion(loss, activation, len(answer), classes)
    raw = answer.expand(len(part.y), -1)
    with torch.inference_mode():
        found = values(criterion, raw, part.y, prepared.preparation, recipe)
    return {name: value for name, value in found.items() if value is not None}


def _answer(loss: Loss, known: Tensor, classes: tuple[str, ...] | None) -> Tensor:
    """Return the answer that is given to every example: (width,)."""
    if classes is None:
        return known.double().mean().float().reshape(1)
    shares = torch.bincount(known.long(), minlength=len(classes)) / len(known)
    return shares[1:] if len(classes) == 2 and loss.takes == "numbers" else shares
