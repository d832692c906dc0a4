"""Schedules: how the learning rate changes over a run. Keras's names and numbers.

The rate that the optimizer is given is the one that a schedule starts from, unless it says
otherwise.
"""

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from models.call import Call, Named
from models.objectives.base import Contradiction, Declaration, table
from models.objectives.metrics import sign
from models.objectives.rates import RATES

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

    def change(self, initial: float, steps: int) -> None:
        """Go on as if the optimizer had been given this rate, and the run this many steps."""
        self.initial, self._steps = initial, steps

    def state(self) -> dict[str, Any]:
        """Return what was learnt of the epochs so far, as JSON has it."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of another run's rate."""


class Schedule(Declaration):
    """Base of the schedules."""

    follows_rate: ClassVar[bool] = True
    """Whether the learning rate of the optimizer has a say in its own."""
    computed_by: ClassVar[str] = ""
    """Name of the function in `models.objectives.rates` that computes it."""
    in_keras: ClassVar[bool] = True
    """Whether Keras has a schedule of this name, with these parameters."""
    spelled_out: ClassVar[tuple[str, ...]] = ()
    """The parameters that Keras has no default for."""

    def begin(self, initial: float, steps: int) -> Rate:
        """Return the learning rate of a run of so many steps."""
        return Rate(initial, self, steps)

    def watches(self) -> str | None:
        """Return the value of an epoch that it has to be told, if any."""
        return None

    def rate(self, initial: float, step: int, steps: int) -> float:
        """Return the learning rate of a step, counted from 0, in a run of `steps` steps."""
        told = self.function()
        return RATES[told.name](step, steps, initial, **told.kwargs)

    def function(self) -> Call:
        """Return the function of `models.objectives.rates` that tells the rate, with its settings.

        It takes the step, the steps of the run and the optimizer's learning rate before them.
        """
        return Call(self.computed_by, (), self.model_dump())

    def torch(self) -> Call | None:
        """Return PyTorch's scheduler; None where source calls `function` at every step instead."""
        return None

    def keras(self, initial: float) -> Call | None:
        """Return Keras's schedule for source that knows `steps`, those of the run; else None."""
        if not self.in_keras:
            return None
        options = {"initial_learning_rate": initial, **self.changed()}
        options |= {name: getattr(self, name) for name in self.spelled_out}
        return Call(f"keras.optimizers.schedules.{type(self).__name__}", (), options)


class _Falling(Schedule):
    decay_steps: int = Field(
        1_000, ge=1, le=MOST_STEPS, description="Optimizer steps over which it takes effect once"
    )
    staircase: bool = Field(False, description="Change it only every decay_steps, at once")
    spelled_out = ("decay_steps", "decay_rate")


class ExponentialDecay(_Falling):
    """Multiplies the learning rate by a factor every `decay_steps` steps, smoothly or in stairs."""

    computed_by = "exponential_decay"
    title = "Exponential decay"
    formula = "η · rate^(step / steps)"
    decay_rate: float = Field(0.96, gt=0, le=1, description="Factor per decay_steps")


class InverseTimeDecay(_Falling):
    """Divides the learning rate by a number that grows with the steps."""

    computed_by = "inverse_time_decay"
    title = "Inverse time decay"
    formula = "η / (1 + rate · step / steps)"
    decay_rate: float = Field(
        0.5, ge=0, le=1e6, description="Growth of the divisor per decay_steps"
    )


class PiecewiseConstantDecay(Schedule):
    """Takes one learning rate after another, each up to a step that is given.

    The optimizer's own learning rate is not used.
    """

    follows_rate = False
    computed_by = "piecewise_constant_decay"
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

    def keras(self, initial: float) -> Call | None:
        return Call("keras.optimizers.schedules.PiecewiseConstantDecay", (), self.model_dump())

    def _as_many(self, wanted: int) -> list[float]:
        """Return so many values: the last ones left out, or the last one falling on tenfold."""
        values = self.values[:wanted]
        while len(values) < wanted:
            values = [*values, values[-1] / 10]
        return values


class _OverTheRun(Schedule):
    decay_steps: int | None = Field(
        None,
        ge=1,
        le=MOST_STEPS,
        description="Optimizer steps until the end is reached; none: all steps of the run",
    )

    def keras(self, initial: float) -> Call | None:
        made = super().keras(initial)
        if made is None or self.decay_steps is not None:
            return made
        return Call(made.name, (), {**made.kwargs, "decay_steps": Named(self._left())})

    def _left(self) -> str:
        """Return how source tells the steps of the run that it lasts."""
        return "steps"


class PolynomialDecay(_OverTheRun):
    """Lowers the learning rate along a power of the remaining steps, down to a last one."""

    computed_by = "polynomial_decay"
    title = "Polynomial decay"
    formula = "(η − end) · (1 − step / steps)^power + end"
    end_learning_rate: float = Field(
        0.0001, ge=0, le=1e6, description="The learning rate that remains"
    )
    power: float = Field(1.0, gt=0, le=100, description="1 falls in a straight line")
    cycle: bool = Field(False, description="Begin again, more slowly, where it would have ended")


class CosineDecay(_OverTheRun):
    """Lowers the learning rate along half a cosine, after a straight warm-up if wanted."""

    computed_by = "cosine_decay"
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

    def _left(self) -> str:
        if self.warmup_target is None:
            return "steps"
        return f"max(1, steps - {self.warmup_steps})"

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


class CosineDecayRestarts(Schedule):
    """Lowers the learning rate along half a cosine, again and again, each time more slowly."""

    computed_by = "cosine_decay_restarts"
    spelled_out = ("first_decay_steps",)
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


class LinearWarmup(Schedule):
    """Raises the learning rate in a straight line from a share of it, then keeps it.

    The numbers are those of PyTorch's LinearLR.
    """

    computed_by = "linear_warmup"
    in_keras = False
    title = "Linear warm-up"
    formula = "η · [start + (1 − start) · min(1, step / steps)]"
    warmup_steps: int = Field(
        1_000, ge=1, le=MOST_STEPS, description="Optimizer steps that it rises"
    )
    start_factor: float = Field(
        0.1, gt=0, le=1, description="Share of the learning rate to start from"
    )


class OneCycle(Schedule):
    """Raises the learning rate to the optimizer's own, then lowers it far below the start.

    The optimizer's learning rate is the highest one. The numbers are those of PyTorch's OneCycleLR;
    the momentum stays as it is.
    """

    computed_by = "one_cycle"
    in_keras = False
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


class ReduceLROnPlateau(Schedule):
    """Lowers the learning rate when the watched value has not got better for some epochs."""

    title = "Reduce on plateau"
    formula = "η ← max(factor · η, min_lr) after `patience` epochs without a gain"
    monitor: str = Field(
        "val_loss",
        min_length=1,
        max_length=200,
        description="The value of an epoch that is watched; val_… is of the validation part",
        json_schema_extra={"x-names": "values"},
    )
    factor: float = Field(0.1, gt=0, lt=1, description="What the learning rate is multiplied by")
    patience: int = Field(10, ge=0, le=100_000, description="Epochs without a gain that are borne")
    min_delta: float = Field(
        1e-4, ge=0, le=1e6, description="A smaller change does not count as a gain"
    )
    cooldown: int = Field(0, ge=0, le=100_000, description="Epochs to wait after lowering it")
    min_lr: float = Field(0.0, ge=0, le=1e6, description="The lowest learning rate")

    def begin(self, initial: float, steps: int) -> Rate:
        return _Plateau(initial, self)

    def keras(self, initial: float) -> Call | None:
        """Return Keras's callback."""
        mode = "min" if sign(self.monitor) > 0 else "max"
        options = {"monitor": self.monitor, "mode": mode, **self.changed()}
        return Call("keras.callbacks.ReduceLROnPlateau", (), options)

    def torch(self) -> Call:
        """Return PyTorch's scheduler, less the optimizer, with the same steps.

        PyTorch counts the epochs that are borne, Keras the one after them; and while it cools down
        PyTorch counts the last epoch too.
        """
        options = {
            "mode": "min" if sign(self.monitor) > 0 else "max",
            "factor": self.factor,
            "patience": max(self.patience, 1) - 1,
            "threshold": self.min_delta,
            "threshold_mode": "abs",
            "cooldown": max(self.cooldown - 1, 0),
            "min_lr": self.min_lr,
            "eps": 0.0,
        }
        return Call("torch.optim.lr_scheduler.ReduceLROnPlateau", (), options)

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

    def change(self, initial: float, steps: int) -> None:
        if initial != self.initial:
            self._now = initial
        super().change(initial, steps)

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
