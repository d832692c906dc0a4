"""The losses and metrics of all outputs of a network, by Keras's names."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from models.objectives.joint import Joint
from models.objectives.tallies import Tallies, Told
from models.training.meter import Meter


@dataclass(frozen=True)
class AllTallies:
    """What the metrics of each output ask of the examples.

    Attributes:
        criterion: of all outputs together.
        parts: the tallies of each output.
        prefixes: what the names of its values begin with.
    """

    criterion: Joint
    parts: tuple[Tallies, ...]
    prefixes: tuple[str, ...]

    def of(self, raw: Tensor, y: Sequence[Tensor], origins: Sequence[Tensor]) -> list[Told]:
        """Return what the raw outputs of all, side by side, tell; see `Tallies.of`."""
        apart = self.criterion.apart(raw)
        return [
            tallies.of(*of_one)
            for tallies, *of_one in zip(self.parts, apart, y, origins, strict=True)
        ]


class Meters:
    """One meter for each output; with several, also the sum that training makes small.

    That sum is told as it is trained on; the loss of each output in its target's own unit.
    """

    def __init__(self, tallies: AllTallies) -> None:
        self._tallies = tallies
        self._meters = [Meter(part) for part in tallies.parts]
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._count, self._total = 0, 0.0
        self._least, self._most = math.inf, -math.inf
        for meter in self._meters:
            meter.reset()

    def add(
        self, losses: Sequence[Sequence[float]], sizes: Sequence[int], told: Sequence[Told]
    ) -> None:
        """Add batches: of each the sum and the mean loss of each output, its size, and what all
        their examples tell of each output. Of a single output the sum is its loss.
        """
        for of_batch, size in zip(losses, sizes, strict=True):
            self._total += of_batch[0] * size
            self._count += size
        sums = [of_batch[0] for of_batch in losses]
        self._least, self._most = min(self._least, *sums), max(self._most, *sums)
        for place, (meter, of_one) in enumerate(zip(self._meters, told, strict=True)):
            column = place + 1 if len(self._meters) > 1 else 0
            meter.add([of_batch[column] for of_batch in losses], sizes, of_one)

    @property
    def examples(self) -> int:
        """How many examples were added."""
        return self._count

    def values(self) -> dict[str, float | None]:
        """Return losses and metrics by name; None where a value is undefined or not finite."""
        found: dict[str, float | None] = {}
        if len(self._meters) > 1:
            mean = self._total / self._count if self._count else math.nan
            found["loss"] = mean if math.isfinite(mean) else None
        for prefix, meter in zip(self._tallies.prefixes, self._meters, strict=True):
            found |= {prefix + name: value for name, value in meter.values().items()}
        return found

    def extremes(self) -> tuple[dict[str, float], dict[str, float]]:
        """Return the smallest and the largest losses of any one batch since the last reset."""
        found = {"loss": (self._least, self._most)} if len(self._meters) > 1 else {}
        for prefix, meter in zip(self._tallies.prefixes, self._meters, strict=True):
            found[f"{prefix}loss"] = meter.extremes()
        least = {name: value for name, (value, _) in found.items()}
        return least, {name: value for name, (_, value) in found.items()}

    def state(self) -> dict[str, Any]:
        """Return what `restore` takes."""
        parts = {
            f"{place}.{name}": value
            for place, meter in enumerate(self._meters)
            for name, value in meter.state().items()
        }
        return {"count": self._count, "total": self._total, **parts}

    def restore(self, state: dict[str, Any], origins: Sequence[Tensor]) -> None:
        """Go on from what other meters had added up of examples of these origins."""
        self._count, self._total = state["count"], state["total"]
        for place, (meter, origin) in enumerate(zip(self._meters, origins, strict=True)):
            before = f"{place}."
            own = {
                name.removeprefix(before): value
                for name, value in state.items()
                if name.startswith(before)
            }
            meter.restore(own, origin)
