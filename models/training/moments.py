"""What the rules of several optimizers do alike; see `models.training.updates`."""

from typing import List  # noqa: UP035 TorchScript reads the annotations

import torch
from torch import Tensor


def decay(weights: List[Tensor], rate: float, weight_decay: float) -> None:  # noqa: UP006
    """w ← (1 − η·λ)·w, beside the step and not by the gradient (Loshchilov and Hutter, 2019)."""
    if weight_decay != 0.0:
        torch._foreach_mul_(weights, 1.0 - rate * weight_decay)


def follow_squares(
    squares: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    rho: float,
) -> None:
    """v ← ρ·v + (1 − ρ)·∇²."""
    torch._foreach_mul_(squares, rho)
    torch._foreach_addcmul_(squares, gradients, gradients, 1.0 - rho)


def root(squares: List[Tensor], bias: float, epsilon: float) -> List[Tensor]:  # noqa: UP006
    """Return √(v/bias) + ε."""
    roots = torch._foreach_div(squares, bias)
    torch._foreach_sqrt_(roots)
    torch._foreach_add_(roots, epsilon)
    return list(roots)
