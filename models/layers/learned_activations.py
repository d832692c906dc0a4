"""Activation functions whose shape is learned."""

from math import prod
from typing import Any

from pydantic import Field

from models.call import Call, call
from models.layers.axes import Axes, each
from models.layers.base import (
    MAX_SIZE,
    KerasWeight,
    Misfit,
    Remedy,
    Shape,
    Step,
    channels_last,
    describe,
    features,
    keras_axis,
    presets,
    usual,
)
from models.layers.weight_fields import Activity, Alpha, Bias, Kernel


class PReLU(Alpha):
    """Like Leaky ReLU, with slopes below zero that are learned.

    f(x) = x for x > 0, α · x below; each number of an example has its own α, except along the axes
    that share one.

    Shapes: any → the same.
    """

    group = "Activation"
    glyph = "PR"
    headline = ("shared_axes",)
    passes_mask = True

    shared_axes: Axes | None = Field(
        default=None,
        description="Axes along which the slope is the same, counted as Keras does with channels "
        "last: 1, 2 for one slope per channel of an image",
        json_schema_extra=presets(**{"1, 2: a slope per channel": [1, 2]}),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the slopes; torch's module where the input is a row."""
        (shape,) = inputs
        sizes = list(shape)
        for axis in each(self.shared_axes) if self.shared_axes is not None else ():
            if not 1 <= axis <= len(shape):
                raise Misfit(
                    "axis_mismatch",
                    f"Expected shared_axes from 1 to {len(shape)} for {describe(shape)}, got "
                    f"{axis}. Leave it out.",
                    param="shared_axes",
                    remedy=Remedy("Share no slopes", {"shared_axes": None}),
                )
            sizes[keras_axis(axis, len(shape)) - 1] = 1
        return (Step(call("nn.PReLU" if len(sizes) == 1 else "PReLU", *sizes)),)

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return the slopes."""
        rank = len(inputs[0])
        axes = (*range(1, rank), 0) if rank > 2 else ()
        return (KerasWeight("alpha", ("weight",), axes=axes),)

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return 0: there are no matrices, only an operation per number."""
        return 0


class Maxout(Kernel, Bias, Activity):
    """Each unit gives the largest of several weighted sums: an activation that is learned.

    yⱼ = max over k of (x · Wⱼₖ + bⱼₖ), k = 1 … pieces. With two pieces it can become ReLU, Leaky
    ReLU or |x|; with more it comes near any convex function (Goodfellow et al., 2013).

    Shapes: (features) → (units); (time, features) → (time, units);
    (channels, height, width) → (units, height, width).
    """

    group = "Activation"
    glyph = "Mx"
    headline = ("units", "pieces")
    width = "units"
    required = ("units", "pieces")

    units: int = Field(
        default=32,
        ge=1,
        le=MAX_SIZE,
        description="Number of outputs",
        json_schema_extra=usual(1, 512),
    )
    pieces: int = Field(
        default=2,
        ge=1,
        le=MAX_SIZE,
        description="Weighted sums per unit, of which the largest is the output",
        json_schema_extra=usual(1, 8),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return our own module."""
        (shape,) = inputs
        options: dict[str, Any] = {} if self.use_bias else {"bias": False}
        if len(shape) > 2:
            options["dim"] = 1
        return (Step(call("Maxout", features(shape), self.units, self.pieces, **options)),)

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return a Dense with all sums, and what takes the largest of each unit's."""
        sums = self.units * self.pieces
        given = dict(self.keras_call().kwargs)
        name = "activity_regularizer"
        penalty = {name: given.pop(name)} if name in given else {}
        made = Call("layers.Dense", (sums,), given)
        if not inputs:
            return (made,)
        places = channels_last(inputs[0])[:-1]
        return (
            made,
            call("layers.Reshape", (prod(places), sums, 1)),
            call("layers.MaxPooling2D", pool_size=(1, self.pieces)),
            Call("layers.Reshape", ((*places, self.units),), penalty),
        )

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return kernel and bias of the Dense."""
        kernel = KerasWeight("kernel", ("weight",), axes=(1, 0))
        return (kernel, KerasWeight("bias", ("bias",))) if self.use_bias else (kernel,)


LAYERS = (PReLU, Maxout)
