"""Schedules: how the learning rate changes over the steps. Keras's names and numbers.

The rate that the optimizer is given is the one that a schedule starts from.
"""

import math

from pydantic import Field

from models.objectives.base import Declaration, table


class Schedule(Declaration):
    """Base of the schedules."""

    decay_steps: int = Field(
        1_000, ge=1, le=1_000_000_000, description="Optimizer steps over which it takes effect"
    )

    def rate(self, initial: float, step: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        raise NotImplementedError(type(self).__name__)


class ExponentialDecay(Schedule):
    """Multiplies the learning rate by a factor every `decay_steps` steps, smoothly or in stairs."""

    title = "Exponential decay"
    formula = "η · rate^(step / steps)"
    decay_rate: float = Field(0.96, gt=0, le=1, description="Factor per decay_steps")
    staircase: bool = Field(False, description="Change it only every decay_steps, at once")

    def rate(self, initial: float, step: int) -> float:
        passed = step / self.decay_steps
        return initial * self.decay_rate ** (math.floor(passed) if self.staircase else passed)


class CosineDecay(Schedule):
    """Lowers the learning rate along half a cosine, then keeps it at `alpha` of the first one."""

    title = "Cosine decay"
    formula = "η · [(1 − α) · ½(1 + cos(π · step / steps)) + α]"
    alpha: float = Field(0.0, ge=0, le=1, description="Share of the learning rate that remains")

    def rate(self, initial: float, step: int) -> float:
        passed = min(step, self.decay_steps) / self.decay_steps
        return initial * ((1 - self.alpha) * 0.5 * (1 + math.cos(math.pi * passed)) + self.alpha)


class InverseTimeDecay(Schedule):
    """Divides the learning rate by a number that grows with the steps."""

    title = "Inverse time decay"
    formula = "η / (1 + rate · step / steps)"
    decay_rate: float = Field(
        0.5, ge=0, le=1e6, description="Growth of the divisor per decay_steps"
    )
    staircase: bool = Field(False, description="Change it only every decay_steps, at once")

    def rate(self, initial: float, step: int) -> float:
        passed = step / self.decay_steps
        return initial / (1 + self.decay_rate * (math.floor(passed) if self.staircase else passed))


SCHEDULES: dict[str, type[Schedule]] = table(ExponentialDecay, CosineDecay, InverseTimeDecay)
