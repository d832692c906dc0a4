"""Layers that bring branches together."""

from dataclasses import replace
from math import prod
from typing import ClassVar, Literal

from pydantic import Field

from models.call import Call, Named, call
from models.layers.base import (
    Layer,
    Mask,
    Misfit,
    Remedy,
    Shape,
    Step,
    channels_last,
    features,
    features_axis,
    keras_axis,
)


class Merging(Layer):
    """Base of the layers that combine their inputs number by number, once their shapes are alike.

    An axis of size 1 is repeated to fit the others; an input with fewer axes gets axes of size 1
    before its own, as Keras has them with channels last.
    """

    group = "Merging"
    arity = (2, None)
    between: ClassVar[str]
    """The function of two tensors that is carried out between all inputs."""
    symbol: ClassVar[str | None] = None
    """The operator that does the same, if Python has one."""

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the function between all inputs."""
        merged_shape(inputs)
        if _ranks(inputs) > 1:
            return (Step(call("merged_by", Named(self.between)), kind="list"),)
        return (Step(call(self.symbol or self.between), kind="fold"),)

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> Mask | None:
        """Return where any input counts, if all of them have a mask and as many axes."""
        return either() if all(masked) and _ranks(inputs) == 1 else None

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return the functions between the inputs: one less than these, for each number."""
        return (len(inputs) - 1) * prod(output)


class Add(Merging):
    """Adds its inputs number by number: the end of a skip connection.

    y = x₁ + x₂ + … An axis of size 1 is repeated to fit the others.

    Shapes: the same for all inputs → the same.
    """

    glyph = "+"
    between, symbol = "torch.add", "operator.add"


class Subtract(Merging):
    """Subtracts its second input from its first, number by number.

    y = x₁ − x₂. An axis of size 1 is repeated to fit the other.

    Shapes: the same for both inputs → the same.
    """

    glyph = "−"
    arity = (2, 2)
    between, symbol = "torch.sub", "operator.sub"


class Multiply(Merging):
    """Multiplies its inputs number by number: one opens and closes a gate for the other.

    y = x₁ · x₂ · … An axis of size 1 is repeated to fit the others. Positions that an input's mask
    leaves out count as 1.

    Shapes: the same for all inputs → the same.
    """

    glyph = "×"
    between, symbol = "torch.mul", "operator.mul"

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the product."""
        (step,) = super().torch(*inputs)
        return (_masked(step, call("masked_product"), inputs),)


class Average(Merging):
    """Averages its inputs number by number: several branches have an equal say.

    y = (x₁ + … + xₙ) / n. An axis of size 1 is repeated to fit the others.

    Shapes: the same for all inputs → the same.
    """

    glyph = "Av"
    between, symbol = "torch.add", "operator.add"

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the sum, then its share."""
        share = Step(call("operator.truediv", len(inputs)), kind="fold", suffix="share")
        return (*super().torch(*inputs), share)

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return the additions and the division, for each number."""
        return len(inputs) * prod(output)


class _Choosing(Merging):
    """Takes one of the numbers of its inputs at each place."""

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the choice."""
        (step,) = super().torch(*inputs)
        return (_masked(step, call("masked_choice", Named(self.between)), inputs),)


class Maximum(_Choosing):
    """Takes the largest of its inputs at each place.

    y = max(x₁, x₂, …). An axis of size 1 is repeated to fit the others. Positions that an input's
    mask leaves out give way to the other inputs.

    Shapes: the same for all inputs → the same.
    """

    glyph = "Mx"
    between = "torch.maximum"


class Minimum(_Choosing):
    """Takes the smallest of its inputs at each place.

    y = min(x₁, x₂, …). An axis of size 1 is repeated to fit the others. Positions that an input's
    mask leaves out give way to the other inputs.

    Shapes: the same for all inputs → the same.
    """

    glyph = "Mn"
    between = "torch.minimum"


class Concatenate(Layer):
    """Puts its inputs side by side, in the order of their wires.

    y = (x₁, x₂, …): the features of the first, then those of the second, and so on; with another
    axis the rows, columns or steps.

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


def merged_shape(inputs: tuple[Shape, ...]) -> Shape:
    """Return the shape that inputs have in common, channels last.

    Raises:
        Misfit: when they differ in more than axes of size 1.
    """
    rank = max(map(len, inputs))
    rows = [(1,) * (rank - len(shape)) + channels_last(shape) for shape in inputs]
    sizes = [set(axis) - {1} for axis in zip(*rows, strict=True)]
    if all(len(found) < 2 for found in sizes):
        return tuple(max(axis) for axis in zip(*rows, strict=True))
    raise Misfit(
        "shape_mismatch",
        f"Expected inputs of one shape, got {_listed(inputs)}. Give the branches the same number "
        "of units or filters.",
        remedy=_same_features(inputs, sizes),
    )


def _same_features(inputs: tuple[Shape, ...], sizes: list[set[int]]) -> Remedy | None:
    """Return what gives the first input the features of the others, if nothing else differs."""
    others = {features(shape) for shape in inputs[1:]} - {1}
    if len(others) != 1 or any(len(found) > 1 for found in sizes[:-1]):
        return None
    units = others.pop()
    return Remedy(f"Insert Dense with {units} units", insert=("Dense", {"units": units}))


def _masked(step: Step, instead: Call, inputs: tuple[Shape, ...]) -> Step:
    """Return a step that is carried out in another way where inputs have masks."""
    masks = tuple(f"mask_{number}" for number, _ in enumerate(inputs, 1))
    return replace(step, masks=masks, masked=Step(instead, kind="list"))


def _ranks(inputs: tuple[Shape, ...]) -> int:
    return len({len(shape) for shape in inputs})


def _listed(shapes: tuple[Shape, ...]) -> str:
    return " and ".join(str(shape) for shape in shapes)


LAYERS = (Add, Subtract, Multiply, Average, Maximum, Minimum, Concatenate)
