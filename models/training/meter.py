"""Sums over examples, and the loss and metrics they make, in the target's own unit."""

import math
from collections.abc import Sequence

from models.objectives.losses import Loss
from models.objectives.metrics import Metric


class Meter:
    """Adds up what batches bring; costs nothing until it is read.

    Args:
        loss: The loss; its batches are combined as it says.
        metrics: The metrics that are reported.
        names: What the sums are called.
        unit: What one unit of the scaled target is in its own unit.
    """

    def __init__(
        self, loss: Loss, metrics: Sequence[Metric], names: Sequence[str], unit: float
    ) -> None:
        self._loss, self._metrics, self._names, self._unit = loss, metrics, names, unit
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._count, self._total = 0, 0.0
        self._sums = [0.0] * len(self._names)

    def add(self, losses: Sequence[float], sizes: Sequence[int], sums: Sequence[float]) -> None:
        """Add batches: their mean losses, their sizes, and the sums over all their examples."""
        power = 2 if self._loss.combine == "root_mean_square" else 1
        for loss, size in zip(losses, sizes, strict=True):
            self._total += loss**power * size
            self._count += size
        self._sums = [have + new for have, new in zip(self._sums, sums, strict=True)]

    @property
    def empty(self) -> bool:
        """Whether nothing was added since the last reset."""
        return self._count == 0

    def values(self) -> dict[str, float | None]:
        """Return loss and metrics by name; None where a value is undefined or not finite."""
        mean = self._total / self._count if self._count else math.nan
        if self._loss.combine == "root_mean_square":
            mean = math.sqrt(mean)
        found: dict[str, float | None] = {"loss": mean * self._unit**self._loss.unit}
        sums = dict(zip(self._names, self._sums, strict=True))
        for metric in self._metrics:
            value = metric.value(sums)
            found[metric.name] = value if value is None else value * self._unit**metric.unit
        return {
            name: value if value is not None and math.isfinite(value) else None
            for name, value in found.items()
        }
