"""Training steps without Python: traced beside the training, proved equal, used where they pay.

Autograd, modules and optimizers cost a small network many times what its arithmetic costs. A trace
of one step holds nothing but the operations, and repeats them without any of these: on the same
tensors, drawing the same random numbers, hence with the same weights to the last bit.
"""

import logging
import sys
from collections.abc import Sequence
from time import perf_counter
from typing import Protocol

import torch
from torch import Tensor

from models.training.stopping import Snapshot
from models.training.trace import MODULES, Counting, Unsuitable, compiled
from models.training.work import Chunk, Work

logger = logging.getLogger(__name__)

SHARE = 0.1
"""Of the time that the training would still take, what tracing may take. It halves the rest."""
SECONDS_PER_OPERATION = 1e-3
SECONDS_FOR_MODULES = 1.2
FEWEST_OPERATIONS = 50
MOST_OPERATIONS = 3_000
"""No training stands still for longer than two seconds."""
EAGER_SECONDS = 0.1
"""What is trained without a trace first, so that the first points come at once."""
ROUND_SECONDS = 0.01


class Steps(Protocol):
    """A way to take the steps of a `Work`."""

    def run(self, order: Tensor, first: int, rates: Sequence[float], number: int) -> Chunk:
        """Take steps as `Work.run` does."""
        ...


class Captured:
    """The steps of a `Work`, without Python.

    Raises:
        Unsuitable: a step cannot be captured.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        sizes = {work.batches.rows(batch) for batch in (0, work.batches.count - 1)}
        self._programs = {size: compiled(work, size) for size in sizes}

    def run(self, order: Tensor, first: int, rates: Sequence[float], number: int) -> Chunk:
        """Take steps as `Work.run` does."""
        batches, chunk, taken = self._work.batches, Chunk(), 0
        while taken < len(rates) and not chunk.settled:
            size, end = batches.rows(first + taken), len(rates)
            if batches.rows(first + end - 1) != size:
                end -= 1
            before = number + batches.steps_within(first, taken)
            part = self._programs[size](order, first + taken, rates[taken:end], before)
            chunk.losses += part.losses
            chunk.outputs += part.outputs
            chunk.gradients, chunk.settled = part.gradients or chunk.gradients, part.settled
            taken = end
        return chunk


def due(work: Work, seconds: float, seconds_left: float) -> bool:
    """Return whether it is time to try: the training has begun, and enough of it is left.

    Args:
        seconds: For which the steps so far were taken.
        seconds_left: Which the rest would take as it is.
    """
    return (
        work.device.type == "cpu"
        and seconds >= EAGER_SECONDS
        and _affordable(seconds_left) >= FEWEST_OPERATIONS
    )


def faster(
    work: Work, order: Tensor, rate: float, number: int, seconds_per_batch: float, left: float
) -> Steps:
    """Return the faster way to take the coming steps: the captured one or the work itself.

    The captured one is taken only where it was seen to change everything as the other does, to the
    last bit. Nothing that is tried leaves a trace in the weights or the random numbers.

    Args:
        order: The epoch's rows.
        rate: The learning rate.
        number: Steps taken so far.
        seconds_per_batch: What a batch takes as it is.
        left: Seconds that the rest would take as it is.
    """
    if work.augmenter is not None:
        # A trace holds what was drawn once, and a trial would draw what is not put back.
        logger.info("trained step by step: the images are augmented")
        return work
    trial = _Trial(work, order, rate, number)
    operations = trial.operations()
    if operations > _affordable(left):
        logger.info("trained step by step: %s operations are too many to trace", operations)
        return work
    try:
        captured = Captured(work)
    except Unsuitable as reason:
        logger.info("trained step by step: %s", reason)
        return work
    if not trial.equal(captured):
        logger.warning("trained step by step: a captured step gives other weights")
        return work
    return captured if trial.pays(captured, seconds_per_batch) else work


class _Trial:
    """Steps that are taken and then undone."""

    def __init__(self, work: Work, order: Tensor, rate: float, number: int) -> None:
        self._work, self._order, self._rate, self._number = work, order, rate, number
        self._state, self._random = Snapshot(work.state()), torch.get_rng_state()
        self._state.take(0)

    def operations(self) -> int:
        """Return how many operations a step has, or the first batch of one."""
        with Counting() as counted:
            self._left(self._work, 0, 1)
        return counted.count

    def equal(self, steps: Steps) -> bool:
        """Return whether the first and the last step of an epoch leave the same bits."""
        batches = self._work.batches
        firsts = {0, (batches.steps - 1) * batches.per_step}
        return all(
            _equal(self._left(self._work, first, count), self._left(steps, first, count))
            for first in firsts
            for count in [batches.of_steps(first, 1)]
        )

    def pays(self, steps: Steps, seconds_per_batch: float) -> bool:
        """Return whether steps are faster than the work's own, measured in turns."""
        fitting = int(ROUND_SECONDS / max(seconds_per_batch, 1e-6))
        count = max(1, min(self._work.batches.count, fitting))
        times = [(self._seconds(self._work, count), self._seconds(steps, count)) for _ in range(3)]
        own, other = (min(taken) for taken in zip(*times, strict=True))
        return other < own

    def _left(self, steps: Steps, first: int, count: int) -> list[Tensor]:
        chunk = steps.run(self._order, first, [self._rate] * count, self._number)
        left = [*chunk.losses, *chunk.outputs, *chunk.gradients, *self._work.state()]
        left = [tensor.clone() for tensor in left] + [torch.get_rng_state()]
        self._undo()
        return left

    def _seconds(self, steps: Steps, count: int) -> float:
        began = perf_counter()
        chunk = steps.run(self._order, 0, [self._rate] * count, self._number)
        seconds = (perf_counter() - began) / len(chunk.losses)
        self._undo()
        return seconds

    def _undo(self) -> None:
        self._state.restore()
        torch.set_rng_state(self._random)


def _affordable(seconds_left: float) -> int:
    """Return how many operations may be traced."""
    spare = SHARE * seconds_left - (0.0 if MODULES in sys.modules else SECONDS_FOR_MODULES)
    return min(MOST_OPERATIONS, int(spare / SECONDS_PER_OPERATION))


def _equal(first: Sequence[Tensor], second: Sequence[Tensor]) -> bool:
    return len(first) == len(second) and all(map(_same, first, second))


def _same(one: Tensor, other: Tensor) -> bool:
    """Return whether two tensors hold the same bits; numbers that are none are alike."""
    return one.shape == other.shape and bool(
        ((one == other) | ((one != one) & (other != other))).all()
    )
