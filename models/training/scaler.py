"""Scaling the loss, so that small gradients are not lost in half precision.

Source: Micikevicius et al., "Mixed Precision Training" (2018); the numbers are those of PyTorch's
`torch.amp.GradScaler`, whose operations it uses.
"""

import torch
from torch import Tensor

INITIAL = 65_536.0
GROWTH, BACKOFF = 2.0, 0.5
INTERVAL = 2_000
"""Steps without an overflow after which the scale grows."""


class Scaler:
    """Multiplies losses and divides gradients by one number; leaves out a step that overflows.

    Attributes:
        scale: what losses are multiplied by, (), float32.
        steady: steps since the last overflow, (), int32.
        skipped: steps that were left out, (), int64.
    """

    def __init__(self, device: torch.device, initial: float = INITIAL) -> None:
        self.scale = torch.full((), initial, device=device)
        self.steady = torch.zeros((), dtype=torch.int32, device=device)
        self.skipped = torch.zeros((), dtype=torch.int64, device=device)

    def state(self) -> list[Tensor]:
        """Return all that changes, themselves and not copies."""
        return [self.scale, self.steady, self.skipped]

    def scaled(self, loss: Tensor) -> Tensor:
        """Return the loss whose gradients are to be taken: ()."""
        return loss * self.scale

    def fit(self, gradients: list[Tensor]) -> bool:
        """Bring the gradients of a step to their own size in place; return whether all are finite.

        The scale is halved where they are not, and doubled after many steps of which all were.
        """
        overflows = torch.zeros_like(self.scale)
        inverse = self.scale.double().reciprocal().float()
        torch._amp_foreach_non_finite_check_and_unscale_(gradients, overflows, inverse)
        torch._amp_update_scale_(self.scale, self.steady, overflows, GROWTH, BACKOFF, INTERVAL)
        fits = not bool(overflows)
        if not fits:
            self.skipped += 1
        return fits
