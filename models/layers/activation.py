"""What an activation function is, and the mathematics that several of them share."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from models.call import Call

Curve = Callable[[float], float]


@dataclass(frozen=True)
class Activation:
    """An activation function.

    Attributes:
        torch: the module; None for linear, which does nothing.
        value: f(x); None for functions of a whole vector, which have no curve.
        slope: f'(x).
        any_number: every number is among its values, as the answer of a regression has to be.
        differs: why its numbers are not Keras's; None where they are.
        keeps_largest: the largest of what it makes of some numbers is what it makes of the largest
            of them, and the slope is the same, both to the last bit.
    """

    name: str
    title: str
    summary: str
    formula: str
    torch: Call | None
    value: Curve | None = None
    slope: Curve | None = None
    any_number: bool = False
    differs: str | None = None
    keeps_largest: bool = False

    @property
    def of_vector(self) -> bool:
        """Whether each output depends on all features, as in softmax."""
        return self.value is None


def sigmoid(x: float) -> float:
    """Return 1 / (1 + e⁻ˣ)."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def softplus(x: float) -> float:
    """Return log(1 + eˣ)."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def normal_cdf(x: float) -> float:
    """Return the probability that a standard normal variable is smaller than x."""
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))
