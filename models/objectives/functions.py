"""What losses compute, on tensors, as Keras does.

A loss takes outputs (N, width) and targets, which are (N, width), or class codes (N,) where it says
so. It answers per example, (N,), or for the whole batch, (), where it says so. With `mean` it
answers the mean over the examples, (), which is faster. With `logits` the outputs are what the
final sigmoid or softmax would be given: the same number, without overflow.
"""

import math
from typing import Protocol

from torch import Tensor
from torch.nn import functional as F

FUZZ = 1e-7
"""Keras's backend epsilon: probabilities are kept this far from 0 and 1."""


class LossFunction(Protocol):
    """A loss; its settings are keyword arguments beside `mean`."""

    __name__: str

    def __call__(self, outputs: Tensor, targets: Tensor, *, mean: bool) -> Tensor: ...


def _reduced(losses: Tensor, mean: bool) -> Tensor:
    """Return the mean over the outputs of each example, or over all."""
    return losses.mean() if mean else losses.mean(dim=-1)


def _over_examples(losses: Tensor, mean: bool) -> Tensor:
    return losses.mean() if mean else losses


def absolute_error(outputs: Tensor, targets: Tensor, *, mean: bool = True) -> Tensor:
    """Mean over the outputs of |ŷ − y|."""
    if mean:
        return F.l1_loss(outputs, targets)
    return (outputs - targets).abs().mean(dim=-1)


def squared_error(outputs: Tensor, targets: Tensor, *, mean: bool = True) -> Tensor:
    """Mean over the outputs of (ŷ − y)²."""
    if mean:
        return F.mse_loss(outputs, targets)
    return (outputs - targets).square().mean(dim=-1)


def absolute_percentage_error(outputs: Tensor, targets: Tensor, *, mean: bool = True) -> Tensor:
    """Mean over the outputs of 100 · |(ŷ − y) / y|; y is kept away from 0."""
    shares = ((outputs - targets) / targets.abs().clamp_min(FUZZ)).abs()
    return 100.0 * _reduced(shares, mean)


def squared_logarithmic_error(outputs: Tensor, targets: Tensor, *, mean: bool = True) -> Tensor:
    """Mean over the outputs of (log(1 + ŷ) − log(1 + y))²; what is below 0 counts as 0."""
    difference = outputs.clamp_min(FUZZ).log1p() - targets.clamp_min(FUZZ).log1p()
    return _reduced(difference.square(), mean)


def huber(outputs: Tensor, targets: Tensor, *, mean: bool = True, delta: float = 1.0) -> Tensor:
    """Mean over the outputs of ½e² where |e| ≤ δ, and δ·|e| − ½δ² beyond; e = ŷ − y."""
    losses = F.huber_loss(outputs, targets, reduction="none", delta=delta)
    return _reduced(losses, mean)


def log_cosh(outputs: Tensor, targets: Tensor, *, mean: bool = True) -> Tensor:
    """Mean over the outputs of log cosh e = e + softplus(−2e) − log 2; e = ŷ − y."""
    error = outputs - targets
    return _reduced(error + F.softplus(-2.0 * error) - math.log(2.0), mean)


def poisson(outputs: Tensor, targets: Tensor, *, mean: bool = True) -> Tensor:
    """Mean over the outputs of ŷ − y·log ŷ."""
    return _reduced(outputs - targets * (outputs + FUZZ).log(), mean)


def binary_crossentropy(
    outputs: Tensor,
    targets: Tensor,
    *,
    mean: bool = True,
    logits: bool = False,
    label_smoothing: float = 0.0,
) -> Tensor:
    """Mean over the outputs of −[y·log ŷ + (1 − y)·log(1 − ŷ)]; targets are 0 or 1."""
    targets = _smoothed(targets, label_smoothing, 2)
    return _reduced(_surprise(outputs, targets, logits), mean)


def binary_focal_crossentropy(
    outputs: Tensor,
    targets: Tensor,
    *,
    mean: bool = True,
    logits: bool = False,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    label_smoothing: float = 0.0,
) -> Tensor:
    """Binary cross entropy times (1 − p)^γ, p being the probability given to what is right."""
    targets = _smoothed(targets, label_smoothing, 2)
    shares = outputs.sigmoid() if logits else outputs
    missing = 1 - (targets * shares + (1 - targets) * (1 - shares))
    # The slope of a fractional power at 0 is infinite.
    losses = missing.clamp_min(FUZZ) ** gamma * _surprise(outputs, targets, logits)
    if apply_class_balancing:
        losses = (targets * alpha + (1 - targets) * (1 - alpha)) * losses
    return _reduced(losses, mean)


def _smoothed(targets: Tensor, share: float, classes: int) -> Tensor:
    return targets * (1 - share) + share / classes if share else targets


def _surprise(outputs: Tensor, targets: Tensor, logits: bool) -> Tensor:
    if logits:
        return F.binary_cross_entropy_with_logits(outputs, targets, reduction="none")
    clipped = outputs.clamp(FUZZ, 1 - FUZZ)
    return F.binary_cross_entropy(clipped, targets, reduction="none")


def categorical_crossentropy(
    outputs: Tensor,
    targets: Tensor,
    *,
    mean: bool = True,
    logits: bool = False,
    label_smoothing: float = 0.0,
) -> Tensor:
    """−log ŷ[class]; outputs need not sum to one.

    Targets are class codes (N,), or what share each class has (N, classes): then the sum over the
    classes of −y·log ŷ.
    """
    if logits:
        return F.cross_entropy(
            outputs,
            targets,
            reduction="mean" if mean else "none",
            label_smoothing=label_smoothing,
        )
    logs = _logarithms(outputs, logits)
    if targets.is_floating_point():
        right = -(targets * logs).sum(dim=-1)
    else:
        right = -logs.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    losses = right * (1 - label_smoothing) - logs.mean(dim=-1) * label_smoothing
    return _over_examples(losses, mean)


def categorical_focal_crossentropy(
    outputs: Tensor,
    targets: Tensor,
    *,
    mean: bool = True,
    logits: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    label_smoothing: float = 0.0,
) -> Tensor:
    """Sum over the classes of −α·(1 − ŷ)^γ·y·log ŷ."""
    targets = _smoothed(targets, label_smoothing, targets.shape[-1])
    logs = _logarithms(outputs, logits)
    missing = (1 - logs.exp()).clamp_min(FUZZ)
    losses = -alpha * (missing**gamma * targets * logs).sum(dim=-1)
    return _over_examples(losses, mean)


def _logarithms(outputs: Tensor, logits: bool) -> Tensor:
    """Return the logarithms of each class's share, kept as far from 0 and 1 as Keras keeps them."""
    if logits:
        return outputs.log_softmax(dim=-1)
    shares = outputs / outputs.sum(dim=-1, keepdim=True)
    return shares.clamp(FUZZ, 1 - FUZZ).log()


def kl_divergence(
    outputs: Tensor, targets: Tensor, *, mean: bool = True, logits: bool = False
) -> Tensor:
    """Sum over the classes of y·log(y / ŷ); both are kept above Keras's epsilon."""
    right = targets.clamp(FUZZ, 1)
    logs = outputs.log_softmax(dim=-1) if logits else outputs.clamp(FUZZ, 1).log()
    return _over_examples((right * (right.log() - logs)).sum(dim=-1), mean)


def hinge(outputs: Tensor, targets: Tensor, *, mean: bool = True) -> Tensor:
    """Mean over the outputs of max(1 − y·ŷ, 0); targets 0 and 1 are read as −1 and 1."""
    return _reduced((1 - (2 * targets - 1) * outputs).relu(), mean)


def squared_hinge(outputs: Tensor, targets: Tensor, *, mean: bool = True) -> Tensor:
    """Mean over the outputs of max(1 − y·ŷ, 0)²; targets 0 and 1 are read as −1 and 1."""
    return _reduced((1 - (2 * targets - 1) * outputs).relu().square(), mean)


def categorical_hinge(outputs: Tensor, targets: Tensor, *, mean: bool = True) -> Tensor:
    """max(1 + max ŷ of the other classes − ŷ of the right one, 0); the former is at least 0."""
    right = (targets * outputs).sum(dim=-1)
    best = ((1 - targets) * outputs).amax(dim=-1)
    return _over_examples((best - right + 1).relu(), mean)


def cosine_similarity(
    outputs: Tensor, targets: Tensor, *, mean: bool = True, axis: int = -1
) -> Tensor:
    """−cos of the angle between outputs and targets along an axis: (N,), or (width,) along 0."""
    shown = F.normalize(outputs, dim=axis, eps=FUZZ)
    right = F.normalize(targets, dim=axis, eps=FUZZ)
    return _over_examples(-(shown * right).sum(dim=axis), mean)


def dice(outputs: Tensor, targets: Tensor, *, mean: bool = True) -> Tensor:
    """1 − 2·Σ y·ŷ / (Σ y + Σ ŷ), the sums being over the whole batch: () in any case."""
    both = (targets * outputs).sum()
    return 1 - 2 * both / (targets.sum() + outputs.sum() + FUZZ)


def tversky(
    outputs: Tensor, targets: Tensor, *, mean: bool = True, alpha: float = 0.5, beta: float = 0.5
) -> Tensor:
    """1 − Σ y·ŷ / (Σ y·ŷ + α·Σ y·(1 − ŷ) + β·Σ (1 − y)·ŷ) over the whole batch: () in any case."""
    both = (targets * outputs).sum()
    missed, invented = ((1 - outputs) * targets).sum(), (outputs * (1 - targets)).sum()
    return 1 - both / (both + alpha * missed + beta * invented + FUZZ)


LOSS_FUNCTIONS: dict[str, LossFunction] = {
    function.__name__: function
    for function in (
        absolute_error,
        squared_error,
        absolute_percentage_error,
        squared_logarithmic_error,
        huber,
        log_cosh,
        poisson,
        binary_crossentropy,
        binary_focal_crossentropy,
        categorical_crossentropy,
        categorical_focal_crossentropy,
        kl_divergence,
        hinge,
        squared_hinge,
        categorical_hinge,
        cosine_similarity,
        dice,
        tversky,
    )
}


def predicted_codes(outputs: Tensor, threshold: float) -> Tensor:
    """Return the predicted class of each example: (N, 1) or (N, k) → (N,) int64."""
    if outputs.shape[-1] == 1:
        return (outputs > threshold).reshape(-1).long()
    return outputs.argmax(dim=-1)
