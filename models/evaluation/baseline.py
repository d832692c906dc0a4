"""What the most trivial model reaches: always the mean, or always the shares of the classes."""

import torch
from torch import Tensor

from models.aims import Aim, aims
from models.data.prepare import Part, Prepared
from models.evaluation.values import values
from models.objectives.criterion import Criterion
from models.objectives.joint import Joint
from models.objectives.losses import Loss
from models.recipe import Recipe


def baseline(prepared: Prepared, recipe: Recipe, part: Part | None = None) -> dict[str, float]:
    """Return losses and metrics by name, for a part of the data; without those that are undefined.

    Classification: of always giving the training part's shares of the classes as probabilities, so
    that its most frequent class is predicted. Regression: of always giving the training part's
    mean, in the target's own unit.

    Args:
        recipe: in full; its losses and metrics are told, and the usual ones of each task.
        part: validation (or else training) when it is not given.
    """
    part = part or prepared.validation or prepared.train
    every = aims(prepared.interface, recipe)
    pairs = [
        _trivial(aim, known.reshape(-1))
        for aim, known in zip(every, prepared.train.targets, strict=True)
    ]
    criterion = Joint([of_one for of_one, _ in pairs], [aim.loss_weight for aim in every])
    raw = torch.cat([answer for _, answer in pairs]).expand(len(part.rows), -1)
    with torch.inference_mode():
        found = values(criterion, every, prepared.preparation, raw, part)
    return {name: value for name, value in found.items() if value is not None}


def _trivial(aim: Aim, known: Tensor) -> tuple[Criterion, Tensor]:
    """Return how a trivial output is judged, and its answer to every example, (width,)."""
    classes, loss = aim.asked.classes, aim.loss
    answer = _answer(loss, known, classes)
    # A loss that asks for a margin takes other outputs than these for scores.
    activation = "softmax" if loss.activations is not None else None
    return Criterion(loss, activation, len(answer), classes), answer


def _answer(loss: Loss, known: Tensor, classes: tuple[str, ...] | None) -> Tensor:
    if classes is None:
        return known.double().mean().float().reshape(1)
    shares = torch.bincount(known.long(), minlength=len(classes)) / len(known)
    return shares[1:] if len(classes) == 2 and loss.takes == "numbers" else shares
