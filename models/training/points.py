"""Which points of the curves are told: ever fewer of a long run, and never without a spike."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from models.training.events import Checkpoint, Metrics
from models.training.pace import FIRST_REPORTS, REPORT_SECONDS, REPORT_SHARE, Every

EVERY_EPOCH = 1_024
"""Epochs that are all told. Of the next as many every second one is, of the next twice as many
every fourth, and so on: six thousand of a million."""

Values = Mapping[str, float | None]


@dataclass(frozen=True)
class Point:
    """A point of the curves that may be told."""

    split: Literal["train", "validation"]
    epoch: int
    step: int
    values: Values

    def told(self, scope: Literal["step", "epoch"], extremes: "Extremes | None" = None) -> Metrics:
        """Return the event that tells it, with what lies beyond it among those left out."""
        beyond = extremes.beyond(self.values) if extremes is not None else {}
        return Metrics.model_validate({**asdict(self), "scope": scope, **beyond})


class Extremes:
    """The smallest and the largest of every value; one that is not finite is the largest."""

    def __init__(self) -> None:
        self._low: dict[str, float] = {}
        self._high: dict[str, float] = {}

    def take(self, values: Values) -> None:
        """Take in some values."""
        for name, value in values.items():
            number = _number(value)
            self._low[name] = min(number, self._low.get(name, math.inf))
            self._high[name] = max(number, self._high.get(name, -math.inf))

    def beyond(self, values: Values) -> dict[str, dict[str, float | None]]:
        """Return what of them lies below and above some values, as `Metrics` tells it."""
        low, high = (
            {name: number for name, number in numbers.items() if name in values}
            for numbers in (self._low, self._high)
        )
        return {
            "low": {n: v for n, v in low.items() if v < _number(values[n])},
            "high": {
                n: v if math.isfinite(v) else None
                for n, v in high.items()
                if v > _number(values[n])
            },
        }

    def state(self) -> list[dict[str, float]]:
        """Return what `restore` takes."""
        return [self._low, self._high]

    def restore(self, state: Sequence[Mapping[str, float]]) -> None:
        """Go on from what another had taken in."""
        self._low, self._high = map(dict, state)


class Steps:
    """Looks at the values of some steps each, until their mean is told.

    Of the losses the extremes are those of single steps, of the metrics those of the looks.
    """

    def __init__(self) -> None:
        self._forget()

    @property
    def waiting(self) -> bool:
        """Whether something was seen that is not told."""
        return bool(self._sums)

    def take(self, values: Values, extremes: Sequence[Values], examples: int) -> None:
        """Take in the means of some steps with their examples, and the losses of single ones."""
        for name, value in values.items():
            self._sums.setdefault(name, 0.0)
            self._weights.setdefault(name, 0.0)
            if value is not None:
                self._sums[name] += value * examples
                self._weights[name] += examples
        for each in (values, *extremes):
            self._extremes.take(each)

    def read(self, epoch: int, step: int) -> Metrics:
        """Return what was seen, and forget it."""
        means = {
            name: total / self._weights[name] if self._weights[name] else None
            for name, total in self._sums.items()
        }
        told = Point("train", epoch, step, means).told("step", self._extremes)
        self._forget()
        return told

    def _forget(self) -> None:
        self._sums: dict[str, float] = {}
        self._weights: dict[str, float] = {}
        self._extremes = Extremes()


class Checks:
    """The validations within epochs: told about as often as steps, the best one always."""

    def __init__(self) -> None:
        self._due = Every(REPORT_SECONDS, eager=FIRST_REPORTS, share=REPORT_SHARE)
        self._newest: Point | None = None
        self._best: Point | None = None

    def take(self, point: Point, best: bool) -> Iterator[Metrics | Checkpoint]:
        """Take in a validation, and tell what is due.

        Args:
            best: Its weights are kept, as the best so far.
        """
        self._newest = point
        if best:
            self._best = point
        if self._due.due():
            yield from self.rest()

    def rest(self) -> Iterator[Metrics | Checkpoint]:
        """Tell what was left out last: the best one and the newest."""
        best, newest = self._best, self._newest
        self._best = self._newest = None
        if best is not None:
            yield best.told("step")
            yield Checkpoint(epoch=best.epoch, best=True, step=best.step)
        if newest is not None and newest is not best:
            yield newest.told("step")

    def state(self) -> dict[str, Any]:
        """Return what `restore` takes."""
        waiting = {"newest": self._newest, "best": self._best}
        return {name: asdict(point) for name, point in waiting.items() if point is not None}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what another had taken in."""
        newest, best = (
            Point(**state[name]) if name in state else None for name in ("newest", "best")
        )
        self._newest, self._best = newest, newest if best == newest else best


class Epochs:
    """The points of every epoch: told, or left out with their extremes kept.

    The best epoch and the last one are always told.
    """

    def __init__(self) -> None:
        self._forget()

    def take(self, points: list[Point], best: bool) -> Iterator[Metrics | Checkpoint]:
        """Take in an epoch's points of both splits, and tell what is due.

        Args:
            best: Its weights are kept, as the best so far.
        """
        self._newest = points
        if best:
            self._best = points
        for point in points:
            self._extremes.setdefault(point.split, Extremes()).take(point.values)
        if points[0].epoch % _stride(points[0].epoch) == 0:
            yield from self.rest()

    def rest(self) -> Iterator[Metrics | Checkpoint]:
        """Tell what was left out last: the best epoch and the newest."""
        if self._best and self._best[0].epoch != self._newest[0].epoch:
            yield from (point.told("epoch") for point in self._best)
            yield Checkpoint(epoch=self._best[0].epoch, best=True)
            self._best = []
        yield from (point.told("epoch", self._extremes[point.split]) for point in self._newest)
        if self._best:
            yield Checkpoint(epoch=self._best[0].epoch, best=True)
        self._forget()

    def state(self) -> dict[str, Any]:
        """Return what `restore` takes."""
        return {
            "newest": [asdict(point) for point in self._newest],
            "best": [asdict(point) for point in self._best],
            "extremes": {split: of.state() for split, of in self._extremes.items()},
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what another had taken in."""
        self._newest = [Point(**point) for point in state["newest"]]
        self._best = [Point(**point) for point in state["best"]]
        for split, extremes in state["extremes"].items():
            self._extremes.setdefault(split, Extremes()).restore(extremes)

    def _forget(self) -> None:
        self._newest: list[Point] = []
        self._best: list[Point] = []
        self._extremes: dict[str, Extremes] = {}


def _stride(epoch: int) -> int:
    """Return of how many epochs one is told."""
    return 1 << ((epoch - 1) // EVERY_EPOCH).bit_length()


def _number(value: float | None) -> float:
    return math.inf if value is None else value
