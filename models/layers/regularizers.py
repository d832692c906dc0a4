"""Regularizers: penalties on weights or outputs, added to the loss. Keras's names and numbers."""

from typing import Annotated, Literal

from pydantic import Field

from models.call import Call, call
from models.layers.one_of import OneOf, Part


class Regularizer(Part):
    """Base of the regularizers."""

    room = "regularizers"

    def penalties(self, axes: tuple[int, ...]) -> tuple[Call, ...]:
        """Return functions of a tensor whose results add up to the penalty.

        Args:
            axes: where the tensor has each of Keras's axes.
        """
        raise NotImplementedError

    def keras(self) -> Call:
        """Return the call that makes it, with its parameters spelled out."""
        return Call(f"{self.room}.{type(self).__name__}", (), dict(self))


class _OfNumbers(Regularizer):
    """A sum over all numbers, each by itself: fits outputs as well as weights."""

    def factors(self) -> dict[str, float]:
        """Return the factors that are not zero, by "l1" and "l2"."""
        return {name: factor for name, factor in self if factor}

    def penalties(self, axes: tuple[int, ...]) -> tuple[Call, ...]:
        """Return a function for each factor that is not zero."""
        return tuple(call(f"{name}_penalty", factor) for name, factor in self.factors().items())


class L1(_OfNumbers):
    """Pulls every number towards zero by the same force, so that many become exactly zero."""

    title = "L1"
    formula = "l1 · Σ |w|"

    l1: float = Field(default=0.01, ge=0, le=1e6, description="Weight of the penalty in the loss")


class L2(_OfNumbers):
    """Pulls every number towards zero, large ones most: the usual choice."""

    title = "L2"
    formula = "l2 · Σ w²"

    l2: float = Field(default=0.01, ge=0, le=1e6, description="Weight of the penalty in the loss")


class L1L2(_OfNumbers):
    """L1 and L2 together."""

    title = "L1 and L2"
    formula = "l1 · Σ |w| + l2 · Σ w²"
    example = {"l1": 0.001, "l2": 0.01}

    l1: float = Field(default=0.0, ge=0, le=1e6, description="Weight of Σ |w| in the loss")
    l2: float = Field(default=0.0, ge=0, le=1e6, description="Weight of Σ w² in the loss")


class OrthogonalRegularizer(Regularizer):
    """Turns the rows or columns of a matrix away from each other, so that each sees another thing.

    The penalty is the mean of |cosine| over all pairs of different rows or columns.
    """

    title = "Orthogonal"
    formula = "factor · mean |wᵢ · wⱼ| / (‖wᵢ‖ ‖wⱼ‖) over i ≠ j"
    ranks = (2, 2)

    factor: float = Field(
        default=0.01, ge=0, le=1e6, description="Weight of the penalty in the loss"
    )
    mode: Literal["rows", "columns"] = Field(
        default="rows",
        description="What is turned apart: in a Dense layer the rows are its inputs, the columns "
        "its units",
    )

    def unfit(self, shape: tuple[int, ...]) -> str | None:
        """Ask for two vectors at least: one has no pair."""
        vectors = shape[0 if self.mode == "rows" else -1]
        if len(shape) == 2 and vectors < 2:
            return f"at least two {self.mode} of weights for {self.name}, got one"
        return super().unfit(shape)

    def penalties(self, axes: tuple[int, ...]) -> tuple[Call, ...]:
        """Return the function, with the axis along which each of the vectors lies."""
        along = axes[1 if self.mode == "rows" else 0]
        return (call("orthogonal_penalty", self.factor, dim=along),) if self.factor else ()


REGULARIZERS: dict[str, type[Regularizer]] = {
    kind.name: kind for kind in (L2, L1, L1L2, OrthogonalRegularizer)
}
_OF_NUMBERS = {name: kind for name, kind in REGULARIZERS.items() if issubclass(kind, _OfNumbers)}

KernelRegularizer = Annotated[
    Regularizer | None, OneOf(REGULARIZERS, "regularizers", optional=True)
]
VectorRegularizer = Annotated[_OfNumbers | None, OneOf(_OF_NUMBERS, "regularizers", optional=True)]
"""Of biases and of a layer's output."""
