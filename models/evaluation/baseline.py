"""What the most trivial models reach: the mean, the shares of the classes, the last value."""

import math
from collections.abc import Sequence

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
    that its most frequent class is predicted; of several labels that of each, so that those are
    predicted which more than half have. Regression: of always giving the training part's mean, in
    the target's own unit.

    Args:
        recipe: in full; its losses and metrics are told, and the usual ones of each task.
        part: validation (or else training) when it is not given.
    """
    part = part or prepared.validation or prepared.train
    every = aims(prepared.interface, recipe)
    pairs = [_trivial(aim, known) for aim, known in zip(every, prepared.train.targets, strict=True)]
    raw = torch.cat([answer for _, answer in pairs]).expand(len(part.rows), -1)
    return _judged(prepared, every, [of_one for of_one, _ in pairs], raw, part)


def persistence(
    prepared: Prepared, recipe: Recipe, part: Part | None = None
) -> dict[str, float] | None:
    """Return the same of always giving the last value that a window shows of the target.

    None where no numbers are forecast: it is what weather services call persistence.
    """
    part = part or prepared.validation or prepared.train
    every = aims(prepared.interface, recipe)
    if part.last is None or any(aim.asked.classes is not None for aim in every):
        return None
    criteria = [Criterion(aim.loss, None, 1, None) for aim in every]
    return _judged(prepared, every, criteria, torch.cat(part.last, dim=1), part)


def strongest(prepared: Prepared, recipe: Recipe) -> dict[str, float]:
    """Return what is drawn on the curves: the better of both, by its loss."""
    trivial, last = baseline(prepared, recipe), persistence(prepared, recipe)
    if last is None or last.get("loss", math.inf) >= trivial.get("loss", math.inf):
        return trivial
    return last


def _judged(
    prepared: Prepared,
    every: Sequence[Aim],
    criteria: list[Criterion],
    raw: Tensor,
    part: Part,
) -> dict[str, float]:
    criterion = Joint(criteria, [aim.loss_weight for aim in every])
    with torch.inference_mode():
        found = values(criterion, every, prepared.preparation, raw, part)
    return {name: value for name, value in found.items() if value is not None}


def _trivial(aim: Aim, known: Tensor) -> tuple[Criterion, Tensor]:
    """Return how a trivial output is judged, and its answer to every example, (width,)."""
    classes, loss = aim.asked.classes, aim.loss
    if aim.asked.task == "multilabel":
        answer = known.mean(dim=0)
        return Criterion(loss, None, len(answer), classes, multilabel=True), answer
    answer = _answer(loss, known.reshape(-1), classes)
    # A loss that asks for a margin takes other outputs than these for scores.
    activation = "softmax" if loss.activations is not None else None
    return Criterion(loss, activation, len(answer), classes), answer


def _answer(loss: Loss, known: Tensor, classes: tuple[str, ...] | None) -> Tensor:
    if classes is None:
        return known.double().mean().float().reshape(1)
    shares = torch.bincount(known.long(), minlength=len(classes)) / len(known)
    return shares[1:] if len(classes) == 2 and loss.takes == "numbers" else shares
