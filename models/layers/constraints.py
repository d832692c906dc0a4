"""Constraints: what weights are brought back to after each step. Keras's names and numbers."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from models.call import Call, call
from models.layers.axes import Axes, each
from models.layers.one_of import OneOf, Part


class Constraint(Part):
    """Base of the constraints."""

    room = "constraints"

    def keep(self, axes: tuple[int, ...]) -> Call:
        """Return the call that changes a tensor in place.

        Args:
            axes: where the tensor has each of Keras's axes.
        """
        raise NotImplementedError


class NonNeg(Constraint):
    """Sets weights below zero to zero."""

    title = "Not negative"
    formula = "w ← max(0, w)"

    def keep(self, axes: tuple[int, ...]) -> Call:
        """Return our own function."""
        return call("non_neg_")


class _Norm(Constraint):
    """A constraint on the lengths of vectors of weights."""

    if TYPE_CHECKING:  # each declares it last, where forms show it
        axis: Axes

    def unfit(self, shape: tuple[int, ...]) -> str | None:
        """Ask for axes that the weights have."""
        rank = len(shape)
        asked = each(self.axis)
        if all(-rank <= axis < rank for axis in asked):
            return super().unfit(shape)
        return f"an axis from {-rank} to {rank - 1} for {self.name}, got axis={asked}"

    def keep(self, axes: tuple[int, ...]) -> Call:
        """Return our own function, with the axes that are summed over."""
        dims = sorted({axes[axis] for axis in each(self.axis)})
        options: dict[str, Any] = {name: value for name, value in self if name != "axis"}
        return call(f"{self.name}_", **options, dim=dims[0] if len(dims) == 1 else tuple(dims))


def _axis() -> Any:
    return Field(
        default=0,
        description="Axes of one vector, counted as Keras has the weights: 0 for all that comes "
        "into a unit of a Dense layer; 0, 1, 2 for a filter of a Conv2D",
    )


class MaxNorm(_Norm):
    """Shortens vectors of weights that are longer than a limit, in direction unchanged."""

    title = "Largest norm"
    formula = "w ← w · min(‖w‖, max_value) / ‖w‖"

    max_value: float = Field(default=2.0, ge=0, le=1e6, description="The largest length")
    axis: Axes = _axis()


class UnitNorm(_Norm):
    """Scales vectors of weights to length 1."""

    title = "Norm of one"
    formula = "w ← w / ‖w‖"

    axis: Axes = _axis()


class MinMaxNorm(_Norm):
    """Brings the lengths of vectors of weights between two limits, at once or little by little."""

    title = "Norm between limits"
    formula = "w ← w · (rate · clip(‖w‖, min_value, max_value) + (1 − rate) · ‖w‖) / ‖w‖"

    in_order = ("min_value", "max_value")

    min_value: float = Field(default=0.0, ge=0, le=1e6, description="The smallest length")
    max_value: float = Field(default=1.0, ge=0, le=1e6, description="The largest length")
    rate: float = Field(
        default=1.0, ge=0, le=1, description="Share of the way that is gone at each step"
    )
    axis: Axes = _axis()


CONSTRAINTS: dict[str, type[Constraint]] = {
    kind.name: kind for kind in (MaxNorm, NonNeg, UnitNorm, MinMaxNorm)
}

WeightConstraint = Annotated[Constraint | None, OneOf(CONSTRAINTS, "constraints", optional=True)]
