"""Taking the steps of a training: in the quickest way, with the threads that are dealt to it."""

import math
from collections.abc import Callable
from time import perf_counter

import torch
from torch import Tensor

from models.training import capture, determinism
from models.training.events import Progress
from models.training.pace import Pace
from models.training.plan import Plan
from models.training.position import Position
from models.training.work import Chunk


class Stepper:
    """Takes steps from where the training stands, and moves it on.

    Args:
        threads: CPU threads that may be used, or a function that says how many at this moment.

    Attributes:
        gradients: Those of the last step.
        unfit: The step at which the loss was no finite number, if it was at one.
    """

    def __init__(self, plan: Plan, at: Position, threads: int | Callable[[], int] | None) -> None:
        self._plan, self._work, self._at = plan, plan.work, at
        self._steps: capture.Steps = plan.work
        self._tried = False
        self._threads = torch.get_num_threads() if threads is None else threads
        self._pace = Pace(self._work.batch_size * plan.criterion.width)
        self._seconds, self._learnt = 0.0, 0
        self.gradients: list[Tensor] = []
        self.unfit: int | None = None

    def fitting(self, left: int) -> int:
        """Return how many of the `left` batches to take before anything is looked at."""
        return self._pace.batches(left)

    def take(self, order: Tensor, count: int) -> tuple[Chunk, list[list[float]]]:
        """Learn from the next batches, and return what they left, and their losses as numbers.

        Where a loss is not finite the training stays where it stood.
        """
        at, batches = self._at, self._work.batches
        self._use_threads()
        began = perf_counter()
        with determinism.only(self._plan.recipe.deterministic):
            chunk = self._steps.run(order, at.first, self._rates(count), at.step)
        losses: list[list[float]] = (
            torch.stack(chunk.losses).reshape(len(chunk.losses), -1).tolist()
        )
        seconds = perf_counter() - began
        taken = len(losses)
        self._pace.took(taken, seconds)
        self._seconds += seconds
        self._learnt += sum(batches.rows(at.first + place) for place in range(taken))
        self.unfit = self._unfit(losses)
        if self.unfit is None:
            at.step += batches.steps_within(at.first, taken)
            at.first += taken
            self.gradients = list(chunk.gradients) or self.gradients
        return chunk, losses

    def capture(self, order: Tensor) -> None:
        """Go over to steps without Python, if it is time and they are faster."""
        left = self._seconds_left()
        if self._plan.recipe.deterministic or self._tried:
            return
        if not capture.due(self._work, self._seconds, left):
            return
        self._tried = True
        self._use_threads()
        step, each = self._at.step, self._pace.seconds_per_batch
        (rate,) = self._plan.rates(step, 1)
        self._steps = capture.faster(self._work, order, rate, step, each, left)
        if self._steps is not self._work:
            self._pace.forget()

    def progress(self, done: bool = False) -> Progress:
        """Return how far the training is."""
        return Progress(
            epoch=self._at.epoch,
            step=self._at.step,
            steps_per_epoch=self._work.batches.steps,
            samples_per_second=self._learnt / self._seconds if self._seconds else 0.0,
            seconds_left=0.0 if done else self._seconds_left(),
            seconds_per_epoch=self._work.batches.count * self._pace.seconds_per_batch,
        )

    def _unfit(self, losses: list[list[float]]) -> int | None:
        for taken, (loss, *_) in enumerate(losses):
            if not math.isfinite(loss):
                return self._at.step + self._work.batches.steps_within(self._at.first, taken) + 1
        return None

    def _rates(self, count: int) -> list[float]:
        """Return the learning rate of the step of each of the next batches."""
        at, batches = self._at, self._work.batches
        if batches.per_step == 1:
            return self._plan.rates(at.step, count)
        rates = self._plan.rates(at.step, batches.steps_within(at.first, count) + 1)
        return [rates[batches.steps_within(at.first, taken)] for taken in range(count)]

    def _seconds_left(self) -> float:
        """Return how long the rest takes, were nothing to end it before."""
        batches = self._work.batches
        steps = self._plan.steps - self._at.step
        left = steps * batches.count / batches.steps - self._at.first % batches.per_step
        return max(0.0, left) * self._pace.seconds_per_batch

    def _use_threads(self) -> None:
        dealt = self._threads() if callable(self._threads) else self._threads
        alone = self._plan.recipe.deterministic or not self._plan.threaded
        wanted = 1 if alone else dealt
        if torch.get_num_threads() != wanted:
            torch.set_num_threads(wanted)
