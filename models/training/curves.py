"""What a training tells of its losses and metrics: of steps, of validations, of epochs."""

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor

from models.training.checkpoint import State
from models.training.events import Checkpoint, Metrics
from models.training.meters import Meters
from models.training.plan import Plan
from models.training.points import Checks, Epochs, Point, Steps
from models.training.position import Position
from models.training.validation import validate
from models.training.work import Chunk

Values = dict[str, float | None]


class Curves:
    """Adds up what the batches bring, and tells it: ever less often of a long training."""

    def __init__(self, plan: Plan, at: Position) -> None:
        self._plan, self._at = plan, at
        self._of_epoch, self._of_steps, self._of_validation = (
            Meters(plan.tallies) for _ in range(3)
        )
        self._steps, self._checks, self._epochs = Steps(), Checks(), Epochs()

    def begin_epoch(self) -> None:
        """Forget the epoch before."""
        self._of_epoch.reset()

    def add(self, order: Tensor, chunk: Chunk, losses: list[list[float]]) -> None:
        """Add batches that were just learnt from."""
        at, batches = self._at, self._plan.work.batches
        first = at.first - len(losses)
        sizes = [batches.rows(first + place) for place in range(len(losses))]
        start = first * batches.size
        rows = order[start : start + sum(sizes)]
        with torch.inference_mode():
            told = self._plan.tallies.of(
                torch.cat(chunk.outputs),
                [y.index_select(0, rows) for y in self._plan.train.y],
                self._plan.train.origins,
            )
        self._of_epoch.add(losses, sizes, told)
        self._of_steps.add(losses, sizes, told)

    def look(self) -> None:
        """Read what the last steps brought."""
        meter = self._of_steps
        self._steps.take(meter.values(), meter.extremes(), meter.examples)
        meter.reset()

    def steps(self) -> Metrics:
        """Tell of the steps since it was last done."""
        return self._steps.read(self._at.reached, self._at.step)

    def validate(self) -> Point | None:
        """Return the point of the validation part as the network answers it now."""
        if self._plan.validation is None:
            return None
        found = validate(self._plan, self._plan.validation, self._of_validation)
        return Point("validation", self._at.epoch, self._at.step, found)

    def check(self, point: Point, best: bool) -> Iterator[Metrics | Checkpoint]:
        """Take in a validation within the epoch, and tell what is due."""
        yield from self._checks.take(point, best)

    def of_epoch(self) -> Point:
        """Return the point of the epoch's training."""
        return Point("train", self._at.epoch, self._at.step, self._of_epoch.values())

    def epoch(self, points: list[Point], best: bool) -> Iterator[Metrics | Checkpoint]:
        """Take in the points of an epoch, and tell what is due."""
        yield from self._checks.rest()
        yield from self._epochs.take(points, best)

    def rest(self) -> Iterator[Metrics | Checkpoint]:
        """Tell what was left out last."""
        if self._steps.waiting:
            if self._of_steps.examples:
                self.look()
            yield self.steps()
        yield from self._epochs.rest()
        yield from self._checks.rest()

    def state(self) -> dict[str, State]:
        """Return what `restore` takes, as parts of a checkpoint."""
        return {
            "meter": self._of_epoch.state(),
            "told": self._epochs.state(),
            "checks": self._checks.state(),
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from what another training had added up."""
        self._of_epoch.restore(saved["meter"], self._plan.train.origins)
        self._epochs.restore(saved["told"])
        self._checks.restore(saved.get("checks", {}))
