"""A value from epoch to epoch, kept in bounded memory, and what its course tells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean, pstdev

MOST_POINTS = 512


@dataclass
class Curve:
    """Points (epoch, value) in order; of very many epochs every second, fourth … is kept."""

    epochs: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def add(self, epoch: int, value: float) -> None:
        """Add the value of the next epoch."""
        if len(self.epochs) >= MOST_POINTS:
            # The first and the newest points stay.
            self.epochs, self.values = self.epochs[::2], self.values[::2]
        self.epochs.append(epoch)
        self.values.append(value)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def first(self) -> float:
        return self.values[0]

    @property
    def last(self) -> float:
        return self.values[-1]

    @property
    def best(self) -> tuple[int, float]:
        """The epoch of the smallest value, and that value."""
        place = min(range(len(self.values)), key=self.values.__getitem__)
        return self.epochs[place], self.values[place]

    def at(self, epoch: int) -> float:
        """Return the value of the last point up to an epoch."""
        found = [v for e, v in zip(self.epochs, self.values, strict=True) if e <= epoch]
        return found[-1] if found else self.values[0]

    def since(self, epoch: int) -> list[float]:
        """Return the values of an epoch and those after it."""
        return [v for e, v in zip(self.epochs, self.values, strict=True) if e >= epoch]

    def end(self, share: float) -> list[float]:
        """Return the values of this share of the epochs so far, the last ones."""
        return self.since(self.epochs[-1] - int(share * self.epochs[-1]) + 1)


def level(values: Sequence[float]) -> float:
    """Return the mean."""
    return fmean(values)


def noise(values: Sequence[float]) -> float:
    """Return how far values lie from those before them, as a share of their level.

    A steady fall or rise is no noise: what counts is how the changes differ from one another.
    """
    changes = [after - before for before, after in pairwise(values)]
    mean = abs(fmean(values))
    return pstdev(changes) / mean if len(changes) > 1 and mean > 0 else 0.0


def fall(values: Sequence[float]) -> float:
    """Return by which share the mean of the second half lies below that of the first."""
    half = len(values) // 2
    if half == 0:
        return 0.0
    before, after = fmean(values[:half]), fmean(values[half:])
    return (before - after) / abs(before) if before else 0.0
