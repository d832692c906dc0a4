"""The loss and the metrics of some examples, in the target's own unit."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from models.objectives.losses import Loss
from models.objectives.metrics.base import Tally
from models.objectives.tallies import Answers, Tallies, Told
from models.training.checkpoint import numbered

LARGEST_KEPT = 2**25
"""Most outputs that are kept for medians and areas under curves: 128 MB. Of a larger epoch the
first examples count, in the random order in which they come."""


class Meter:
    """Adds up what batches bring; costs little until it is read."""

    def __init__(self, tallies: Tallies) -> None:
        self._tallies = tallies
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._count, self._total = 0, 0.0
        self._least, self._most = math.inf, -math.inf
        self._sums: dict[Tally, Tensor] = {}
        self._kept: list[Answers] = []
        self._room = LARGEST_KEPT

    def add(self, losses: Sequence[float], sizes: Sequence[int], told: Told) -> None:
        """Add batches: their mean losses, their sizes, and what all their examples tell."""
        power = 2 if self._loss.combine == "root_mean_square" else 1
        for loss, size in zip(losses, sizes, strict=True):
            self._total += loss**power * size
            self._count += size
        self._least, self._most = min(self._least, *losses), max(self._most, *losses)
        have = self._sums
        self._sums = {
            tally: have[tally] + new if tally in have else new for tally, new in told.sums.items()
        }
        if told.kept is not None and told.kept.raw.numel() <= self._room:
            self._kept.append(told.kept)
            self._room -= told.kept.raw.numel()

    def state(self) -> dict[str, Any]:
        """Return what `restore` takes."""
        kept = {
            name: torch.cat([getattr(answers, name) for answers in self._kept])
            for name in ("raw", "y")
            if self._kept
        }
        return {"count": self._count, "total": self._total, **numbered(self._sums.values()), **kept}

    def restore(self, state: dict[str, Any], origin: Tensor) -> None:
        """Go on from what another meter had added up of examples of this origin."""
        self.reset()
        self._count, self._total = state["count"], state["total"]
        if self._count:
            self._sums = {
                tally: state[str(place)].to(origin.device)
                for place, tally in enumerate(self._tallies.summed)
            }
        if "raw" in state:
            raw, y = state["raw"].to(origin.device), state["y"].to(origin.device)
            kept = self._tallies.of(raw, y, origin).kept
            self._kept = [kept] if kept is not None else []
            self._room -= raw.numel()

    def values(self) -> dict[str, float | None]:
        """Return loss and metrics by name; None where a value is undefined or not finite."""
        mean = self._total / self._count if self._count else math.nan
        if self._loss.combine == "root_mean_square":
            mean = math.sqrt(mean)
        unit = self._tallies.scale.unit
        found: dict[str, float | None] = {"loss": mean * unit**self._loss.unit}
        read = self._tallies.read(self._sums, self._kept)
        for metric in self._tallies.metrics:
            told = read.get(metric.tally())
            value = metric.value(told) if told is not None else None
            found[metric.label] = value if value is None else value * unit**metric.unit
        return {
            name: value if value is not None and math.isfinite(value) else None
            for name, value in found.items()
        }

    def extremes(self) -> tuple[float, float]:
        """Return the smallest and the largest loss of any one batch since the last reset."""
        unit = self._tallies.scale.unit**self._loss.unit
        return self._least * unit, self._most * unit

    @property
    def _loss(self) -> Loss:
        return self._tallies.criterion.loss
