"""Layers that bring branches together."""

from typing import Literal

from pydantic import Field

from models.call import call
from models.layers.base import Layer, Mask, Misfit, Shape, Step, features_axis, keras_axis


class Add(Layer):
    """Adds its inputs number by number: the end of a skip connection.

    An axis of size 1 is repeated to fit the others.

    Shapes: the same for all inputs → the same.
    """

    group = "Merging"
    glyph = "+"
    arity = (2, None)

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the sum of all inputs."""
        first = inputs[0]
        for shape in inputs[1:]:
            fits = len(shape) == len(first) and all(
                a == b or 1 in (a, b) for a, b in zip(shape, first, strict=True)
            )
            if not fits:
                raise Misfit(
                    "shape_mismatch",
                    f"Expected inputs of one shape, got {_listed(inputs)}. Give the branches the "
                    "same number of units or filters.",
                )
        return (Step(call("operator.add"), kind="fold"),)

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> Mask | None:
        """Return where any input counts, if all of them have a mask."""
        return either() if all(masked) else None


class Concatenate(Layer):
    """Puts its inputs side by side, in the order of their wires.

    Shapes: (a), (b) → (a + b); for images, (a, height, width), (b, height, width) →
    (a + b, height, width).
    """

    group = "Merging"
    glyph = "||"
    headline = ("axis",)
    arity = (2, None)

    axis: Literal[-1, 1, 2, 3, -2, -3] = Field(
        default=-1,
        description="Along which axis, counted as Keras does with channels last: -1 the features "
        "or channels, 1 the time or height, 2 the width",
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the concatenation."""
        rank = len(inputs[0])
        if any(len(shape) != rank for shape in inputs):
            raise Misfit(
                "shape_mismatch",
                f"Expected inputs with the same number of axes, got {_listed(inputs)}. "
                "Put Flatten before those that have more.",
            )
        if not -rank <= self.axis <= rank:
            raise Misfit(
                "axis_mismatch",
                f"Expected an axis from {-rank} to {rank} for inputs of shape {inputs[0]}, "
                f"got {self.axis}. Use -1, the features.",
                param="axis",
            )
        axis = keras_axis(self.axis, rank)
        rest = {shape[: axis - 1] + shape[axis:] for shape in inputs}
        if len(rest) > 1:
            raise Misfit(
                "shape_mismatch",
                f"Expected inputs that differ only along axis {self.axis}, got {_listed(inputs)}. "
                "Make their other sizes equal.",
            )
        return (Step(call("torch.cat", dim=axis), kind="list"),)

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> Mask | None:
        """Return the masks side by side; where features are joined, where any input counts."""
        shape = inputs[0]
        axis = keras_axis(self.axis, len(shape))
        along = features_axis(shape)
        if axis == along:
            return either() if all(masked) else None
        if not any(masked):
            return None
        # The mask lacks the features axis.
        joined = call("torch.cat", dim=axis - 1 if axis > along else axis)
        missing = Step(call("nothing_masked", axis=along), kind="function")
        return Mask((Step(joined, kind="list"),), missing=missing)


def either() -> Mask:
    """Return the mask of positions where any of the masked inputs counts."""
    return Mask((Step(call("operator.or_"), kind="fold"),))


def _listed(shapes: tuple[Shape, ...]) -> str:
    return " and ".join(str(shape) for shape in shapes)


LAYERS = (Add, Concatenate)
