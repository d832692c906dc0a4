"""Schedules: how the learning rate changes over a run. Keras's names and numbers.

The rate that the optimizer is given is the one that a schedule starts from, unless it says
otherwise.
"""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field

from models.objectives.base import Contradiction, Declaration, table
from models.objectives.metrics import sign

MOST_STEPS = 1_000_000_000
SERIES: dict[str, Any] = {"x-series": True}
"""Marks a list of values one after another, where other lists are sizes."""
Steps = Annotated[int, Field(ge=1, le=MOST_STEPS)]
LearningRate = Annotated[float, Field(gt=0, le=1e6)]


class Rate:
    """The learning rate of one run, step by step.

    Args:
        initial: The learning rate that the optimizer is given.
        schedule: What changes it; None when it stays.
        steps: The steps of the whole run.
    """

    def __init__(
        self, initial: float, schedule: "Schedule | None" = None, steps: int = MOST_STEPS
    ) -> None:
        self.initial, self._schedule, self._steps = initial, schedule, steps

    def of(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0 over the whole run."""
        if self._schedule is None:
            return self.initial
        return self._schedule.rate(self.initial, step, self._steps)

    def after_epoch(self, values: Mapping[str, float | None]) -> None:
        """Take in the loss and the metrics of an epoch, those of validation as `val_…`."""

    def state(self) -> dict[str, Any]:
        """Return what was learnt of the epochs so far, as JSON has it."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of another run's rate."""


class Schedule(Declaration):
    """Base of the schedules."""

    def begin(self, initial: float, steps: int) -> Rate:
        """Return the learning rate of a run of so many steps."""
        return Rate(initial, self, steps)

    def watches(self) -> str | None:
        """Return the value of an epoch that it has to be told, if any."""
        return None

    def rate(self, initial: float, step: int, steps: int) -> float:
        """Return the learning rate of a step, counted from 0, in a run of `steps` steps."""
        raise NotImplementedError(type(self).__name__)


class _Falling(Schedule):
    decay_steps: int = Field(
        1_000, ge=1, le=MOST_STEPS, description="Optimizer steps over which it takes effect once"
    )
    staircase: bool = Field(False, description="Change it only every decay_steps, at once")

    def _passed(self, step: int) -> float:
        return step // self.decay_steps if self.staircase else step / self.decay_steps


class ExponentialDecay(_Falling):
    """Multiplies the learning rate by a factor every `decay_steps` steps, smoothly or in stairs."""

    title = "Exponential decay"
    formula = "η · rate^(step / steps)"
    decay_rate: float = Field(0.96, gt=0, le=1, description="Factor per decay_steps")

    def rate(self, initial: float, step: int, steps: int) -> float:
        return initial * self.decay_rate ** self._passed(step)


class InverseTimeDecay(_Falling):
    """Divides the learning rate by a number that grows with the steps."""

    title = "Inverse time decay"
    formula = "η / (1 + rate · step / steps)"
    decay_rate: float = Field(
        0.5, ge=0, le=1e6, description="Growth of the divisor per decay_steps"
    )

    def rate(self, initial: float, step: int, steps: int) -> float:
        return initial / (1 + self.decay_rate * self._passed(step))


class PiecewiseConstantDecay(Schedule):
    """Takes one learning rate after another, each up to a step that is given.

    The optimizer's own learning rate is not used.
    """

    title = "Piecewise constant"
    formula = "values[i] for the first i with step ≤ boundaries[i], then the last value"
    boundaries: list[Steps] = Field(
        [1_000, 2_000],
        min_length=1,
        max_length=100,
        description="The last step of each learning rate but the last, rising",
        json_schema_extra=SERIES,
    )
    values: list[LearningRate] = Field(
        [0.01, 0.001, 0.0001],
        min_length=2,
        max_length=101,
        description="The learning rates: one more than there are boundaries",
        json_schema_extra=SERIES,
    )

    def contradiction(self) -> Contradiction | None:
        if any(later <= earlier for earlier, later in pairwise(self.boundaries)):
            rising = sorted(set(self.boundaries))
            values = self._as_many(len(rising) + 1)
            return Contradiction(
                field="boundaries",
                expected="boundaries that rise",
                received=str(self.boundaries),
                changes={"boundaries": rising, "values": values},
                title=f"Set boundaries to {rising}",
            )
        wanted = len(self.boundaries) + 1
        if len(self.values) == wanted:
            return None
        values = self._as_many(wanted)
        return Contradiction(
            field="values",
            expected=f"{wanted} values, one more than the {len(self.boundaries)} boundaries",
            received=f"{len(self.values)}: {self.values}",
            changes={"values": values},
            title=f"Set values to {values}",
        )

    def _as_many(self, wanted: int) -> list[float]:
        """Return so many values: the last ones left out, or the last one falling on tenfold."""
        values = self.values[:wanted]
        while len(values) < wanted:
            values = [*values, values[-1] / 10]
        return values

    def rate(self, initial: float, step: int, steps: int) -> float:
        passed = sum(step > boundary for boundary in self.boundaries)
        return self.values[passed]


class _OverTheRun(Schedule):
    decay_steps: int | None = Field(
        None,
        ge=1,
        le=MOST_STEPS,
        description="Optimizer steps until the end is reached; none: all steps of the run",
    )


class PolynomialDecay(_OverTheRun):
    """Lowers the learning rate along a power of the remaining steps, down to a last one."""

    title = "Polynomial decay"
    formula = "(η − end) · (1 − step / steps)^power + end"
    end_learning_rate: float = Field(
        0.0001, ge=0, le=1e6, description="The learning rate that remains"
    )
    power: float = Field(1.0, gt=0, le=100, description="1 falls in a straight line")
    cycle: bool = Field(False, description="Begin again, more slowly, where it would have ended")

    def rate(self, initial: float, step: int, steps: int) -> float:
        whole = self.decay_steps or steps
        if self.cycle:
            whole *= max(1, -(-step // whole))
        left = 1 - min(step, whole) / whole
        return (initial - self.end_learning_rate) * left**self.power + self.end_learning_rate


class CosineDecay(_OverTheRun):
    """Lowers the learning rate along half a cosine, after a straight warm-up if wanted."""

    title = "Cosine decay"
    formula = "η · [(1 − α) · ½(1 + cos(π · step / steps)) + α]"
    alpha: float = Field(0.0, ge=0, le=1, description="Share of the learning rate that remains")
    warmup_target: float | None = Field(
        None,
        gt=0,
        le=1e6,
        description="Learning rate that the warm-up rises to, and the cosine then falls from",
    )
    warmup_steps: int = Field(
        0, ge=0, le=MOST_STEPS, description="Optimizer steps of the warm-up, before decay_steps"
    )

    def contradiction(self) -> Contradiction | None:
        if self.warmup_target is not None or not self.warmup_steps:
            return None
        return Contradiction(
            field="warmup_steps",
            expected="no warmup_steps without a warmup_target to rise to",
            received=f"warmup_steps={self.warmup_steps}",
            changes={"warmup_steps": 0},
            title="Set warmup_steps to 0",
        )

    def rate(self, initial: float, step: int, steps: int) -> float:
        highest = initial
        if self.warmup_target is not None:
            highest = self.warmup_target
            if step < self.warmup_steps:
                return initial + (highest - initial) * step / self.warmup_steps
            step, steps = step - self.warmup_steps, steps - self.warmup_steps
        whole = self.decay_steps or max(1, steps)
        return highest * ((1 - self.alpha) * _cosine(min(step, whole) / whole) + self.alpha)


class CosineDecayRestarts(Schedule):
    """Lowers the learning rate along half a cosine, again and again, each time more slowly."""

    title = "Cosine decay with restarts"
    formula = "η · [(1 − α) · mⁱ · ½(1 + cos(π · share of the i-th period)) + α]"
    first_decay_steps: int = Field(
        1_000, ge=1, le=MOST_STEPS, description="Optimizer steps of the first period"
    )
    t_mul: float = Field(
        2.0, ge=1, le=1e6, description="How many times as long as the last each period is"
    )
    m_mul: float = Field(
        1.0, ge=0, le=1e6, description="Factor of the learning rate at each restart"
    )
    alpha: float = Field(0.0, ge=0, le=1, description="Share of the learning rate that remains")

    def rate(self, initial: float, step: int, steps: int) -> float:
        restarts, passed = self._period(step / self.first_decay_steps)
        decayed = self.m_mul**restarts * _cosine(passed)
        return initial * ((1 - self.alpha) * decayed + self.alpha)

    def _period(self, passed: float) -> tuple[int, float]:
        """Return the restarts so far, and the share of the period that has passed."""
        if self.t_mul == 1:
            return math.floor(passed), passed - math.floor(passed)
        # A logarithm may come out a hair below the whole number that it is.
        restarts = math.floor(math.log(1 + passed * (self.t_mul - 1), self.t_mul) + 1e-9)
        length = self.t_mul**restarts
        return restarts, max(0.0, passed - (length - 1) / (self.t_mul - 1)) / length


class LinearWarmup(Schedule):
    """Raises the learning rate in a straight line from a share of it, then keeps it.

    The numbers are those of PyTorch's LinearLR.
    """

    title = "Linear warm-up"
    formula = "η · [start + (1 − start) · min(1, step / steps)]"
    warmup_steps: int = Field(
        1_000, ge=1, le=MOST_STEPS, description="Optimizer steps that it rises"
    )
    start_factor: float = Field(
        0.1, gt=0, le=1, description="Share of the learning rate to start from"
    )

    def rate(self, initial: float, step: int, steps: int) -> float:
        passed = min(1.0, step / self.warmup_steps)
        return initial * (self.start_factor + (1 - self.start_factor) * passed)


class OneCycle(Schedule):
    """Raises the learning rate to the optimizer's own, then lowers it far below the start.

    The optimizer's learning rate is the highest one. The numbers are those of PyTorch's OneCycleLR;
    the momentum stays as it is.
    """

    title = "One cycle"
    formula = "η/div ↗ η ↘ η/(div · final), along half a cosine each"
    total_steps: int | None = Field(
        None,
        ge=2,
        le=MOST_STEPS,
        description="Optimizer steps of the cycle; none: all steps of the run",
    )
    pct_start: float = Field(0.3, gt=0, lt=1, description="Share of the steps that it rises")
    anneal_strategy: Literal["cos", "linear"] = Field(
        "cos", description="Along half a cosine or a straight line"
    )
    div_factor: float = Field(
        25.0, ge=1, le=1e9, description="The first learning rate is the highest divided by this"
    )
    final_div_factor: float = Field(
        1e4, ge=1, le=1e12, description="The last learning rate is the first divided by this"
    )

    def rate(self, initial: float, step: int, steps: int) -> float:
        whole = self.total_steps or max(2, steps)
        last = whole - 1
        top = self.pct_start * whole - 1
        first = initial / self.div_factor
        step = min(step, last)
        if step <= top:
            return self._between(first, initial, step / top)
        return self._between(initial, first / self.final_div_factor, (step - top) / (last - top))

    def _between(self, start: float, end: float, share: float) -> float:
        if self.anneal_strategy == "cos":
            share = 1 - _cosine(share)
        return start + (end - start) * share


class ReduceLROnPlateau(Schedule):
    """Lowers the learning rate when the watched value has not got better for some epochs."""

    title = "Reduce on plateau"
    formula = "η ← max(factor · η, min_lr) after `patience` epochs without a gain"
    monitor: str = Field(
        "val_loss",
        min_length=1,
        max_length=200,
        description="The value of an epoch that is watched; val_… is of the validation part",
    )
    factor: float = Field(0.1, gt=0, lt=1, description="What the learning rate is multiplied by")
    patience: int = Field(10, ge=0, le=100_000, description="Epochs without a gain that are borne")
    min_delta: float = Field(1e-4, ge=0, description="A smaller change does not count as a gain")
    cooldown: int = Field(0, ge=0, le=100_000, description="Epochs to wait after lowering it")
    min_lr: float = Field(0.0, ge=0, le=1e6, description="The lowest learning rate")

    def begin(self, initial: float, steps: int) -> Rate:
        return _Plateau(initial, self)

    def watches(self) -> str | None:
        return self.monitor


class _Plateau(Rate):
    """Counts epochs without a gain, as Keras's callback does."""

    def __init__(self, initial: float, schedule: ReduceLROnPlateau) -> None:
        super().__init__(initial)
        self._rule, self._sign = schedule, sign(schedule.monitor)
        self._now, self._best = initial, math.inf
        self._waited, self._cooling = 0, 0

    def of(self, step: int) -> float:
        return self._now

    def after_epoch(self, values: Mapping[str, float | None]) -> None:
        value = values.get(self._rule.monitor)
        current = math.inf if value is None else self._sign * value
        if self._cooling:
            self._cooling, self._waited = self._cooling - 1, 0
        if current + self._rule.min_delta < self._best:
            self._best, self._waited = current, 0
        elif not self._cooling:
            self._waited += 1
            if self._waited >= self._rule.patience and self._now > self._rule.min_lr:
                self._now = max(self._now * self._rule.factor, self._rule.min_lr)
                self._cooling, self._waited = self._rule.cooldown, 0

    def state(self) -> dict[str, Any]:
        return {
            "now": self._now,
            "best": self._best,
            "waited": self._waited,
            "cooling": self._cooling,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self._now, self._best = state["now"], state["best"]
        self._waited, self._cooling = state["waited"], state["cooling"]


def _cosine(share: float) -> float:
    """Return half a cosine wave: 1 at the share 0, 0 at 1."""
    return 0.5 * (1 + math.cos(math.pi * share))


SCHEDULES: dict[str, type[Schedule]] = table(
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    PolynomialDecay,
    PiecewiseConstantDecay,
    CosineDecayRestarts,
    LinearWarmup,
    OneCycle,
    ReduceLROnPlateau,
)
