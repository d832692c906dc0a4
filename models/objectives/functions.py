"""What losses and metrics compute, on tensors. Every loss answers per example, shape (N,)."""

from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

FUZZ = 1e-7
"""Keras's backend epsilon: probabilities are kept this far from 0 and 1."""


class LossFunction(Protocol):
    """A loss.

    Shapes: outputs (N, width) and targets, either (N, width) or class codes (N,) → (N,), one loss
    per example, or their mean () when `mean` is set, which is faster.
    `logits` says that the outputs are what a final sigmoid or softmax would be given.
    """

    def __call__(
        self, outputs: Tensor, targets: Tensor, *, mean: bool, logits: bool, label_smoothing: float
    ) -> Tensor: ...


def _reduced(losses: Tensor, mean: bool) -> Tensor:
    return losses.mean() if mean else losses.mean(dim=-1)


def absolute_error(
    outputs: Tensor,
    targets: Tensor,
    *,
    mean: bool = True,
    logits: bool = False,
    label_smoothing: float = 0.0,
) -> Tensor:
    """Mean over the outputs of |ŷ − y|."""
    if mean:
        return functional.l1_loss(outputs, targets)
    return (outputs - targets).abs().mean(dim=-1)


def squared_error(
    outputs: Tensor,
    targets: Tensor,
    *,
    mean: bool = True,
    logits: bool = False,
    label_smoothing: float = 0.0,
) -> Tensor:
    """Mean over the outputs of (ŷ − y)²."""
    if mean:
        return functional.mse_loss(outputs, targets)
    return (outputs - targets).square().mean(dim=-1)


def binary_crossentropy(
    outputs: Tensor,
    targets: Tensor,
    *,
    mean: bool = True,
    logits: bool = False,
    label_smoothing: float = 0.0,
) -> Tensor:
    """Mean over the outputs of −[y·log ŷ + (1 − y)·log(1 − ŷ)]; targets are 0 or 1."""
    if label_smoothing:
        targets = targets * (1 - label_smoothing) + 0.5 * label_smoothing
    if logits:
        losses = functional.binary_cross_entropy_with_logits(outputs, targets, reduction="none")
    else:
        clipped = outputs.clamp(FUZZ, 1 - FUZZ)
        losses = functional.binary_cross_entropy(clipped, targets, reduction="none")
    return _reduced(losses, mean)


def categorical_crossentropy(
    outputs: Tensor,
    targets: Tensor,
    *,
    mean: bool = True,
    logits: bool = False,
    label_smoothing: float = 0.0,
) -> Tensor:
    """−log ŷ[class]; targets are class codes (N,), outputs need not sum to one."""
    if logits:
        return functional.cross_entropy(
            outputs,
            targets,
            reduction="mean" if mean else "none",
            label_smoothing=label_smoothing,
        )
    shares = outputs / outputs.sum(dim=-1, keepdim=True)
    logs = shares.clamp(FUZZ, 1 - FUZZ).log()
    right = -logs.gather(-1, targets.unsqueeze(-1)).squeeze(-1)
    losses = right * (1 - label_smoothing) - logs.mean(dim=-1) * label_smoothing
    return losses.mean() if mean else losses


def kl_divergence(
    outputs: Tensor,
    targets: Tensor,
    *,
    mean: bool = True,
    logits: bool = False,
    label_smoothing: float = 0.0,
) -> Tensor:
    """Sum over the classes of y·log(y / ŷ); both are kept above Keras's epsilon."""
    right, predicted = targets.clamp(FUZZ, 1), outputs.clamp(FUZZ, 1)
    losses = (right * (right / predicted).log()).sum(dim=-1)
    return losses.mean() if mean else losses


LOSS_FUNCTIONS: dict[str, LossFunction] = {
    function.__name__: function
    for function in (
        absolute_error,
        squared_error,
        binary_crossentropy,
        categorical_crossentropy,
        kl_divergence,
    )
}


def regression_sums(outputs: Tensor, targets: Tensor, origin: Tensor) -> Tensor:
    """Return `metrics.REGRESSION_SUMS` over the examples, in double precision: (5,)."""
    expected = targets.double()
    error = (outputs.double() - expected).reshape(-1)
    deviation = (expected - origin).reshape(-1)
    return torch.stack(
        [
            torch.ones_like(error).sum(),
            error.abs().sum(),
            error.square().sum(),
            deviation.sum(),
            deviation.square().sum(),
        ]
    )


def classification_sums(outputs: Tensor, codes: Tensor, threshold: float) -> Tensor:
    """Return `metrics.CLASSIFICATION_SUMS` over the examples, in double precision: (2,).

    Shapes: outputs (N, 1), the second class being predicted above `threshold`, or (N, k), the
    largest winning; class codes (N,).
    """
    predicted = predicted_codes(outputs, threshold)
    right = (predicted == codes).double()
    return torch.stack([torch.ones_like(right).sum(), right.sum()])


def predicted_codes(outputs: Tensor, threshold: float) -> Tensor:
    """Return the predicted class of each example: (N, 1) or (N, k) → (N,) int64."""
    if outputs.shape[-1] == 1:
        return (outputs > threshold).reshape(-1).long()
    return outputs.argmax(dim=-1)
