"""What the most trivial model reaches: always the mean, or always the shares of the classes."""

import torch
from torch import Tensor

from models.data.prepare import Part, Prepared


def baseline(prepared: Prepared, part: Part | None = None) -> dict[str, float]:
    """Return values by metric name, for a part of the data.

    Classification: the accuracy of always saying the training part's most frequent class, and the
    cross entropy of always saying its shares. Regression: loss (the mean squared error), mae, rmse
    and r2 of always saying the training part's mean, in the target's own unit.

    Args:
        part: validation (or else training) when it is not given.
    """
    part = part or prepared.validation or prepared.train
    known, asked = prepared.train.y.reshape(-1), part.y.reshape(-1)
    if prepared.interface.classes is not None:
        return _classes(known.long(), asked.long(), len(prepared.interface.classes))
    return _numbers(known.double(), asked.double(), prepared.preparation.target_std)


def _classes(known: Tensor, asked: Tensor, count: int) -> dict[str, float]:
    shares = torch.bincount(known, minlength=count).double() / len(known)
    # A class that training has not seen would cost infinity; clipped as Keras clips.
    cost = -shares.clamp_min(1e-7).log()[asked].mean()
    return {
        "accuracy": float((asked == shares.argmax()).double().mean()),
        "loss": float(cost),
    }


def _numbers(known: Tensor, asked: Tensor, unit: float) -> dict[str, float]:
    error = asked - known.mean()
    squared = float(error.square().mean())
    spread = float((asked - asked.mean()).square().mean())
    return {
        "loss": squared * unit**2,
        "mae": float(error.abs().mean()) * unit,
        "rmse": squared**0.5 * unit,
        "r2": 1 - squared / spread if spread > 0 else 0.0,
    }
