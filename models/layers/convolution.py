"""Convolutions: the same small filter, slid over the whole input."""

from typing import Literal

from pydantic import Field

from models.call import call
from models.layers.activations import ActivationName, steps
from models.layers.base import (
    MAX_SIZE,
    KerasWeight,
    Misfit,
    Remedy,
    Shape,
    Step,
    usual,
)
from models.layers.sizes import Size2D, per_axis, shortest
from models.layers.weight_fields import Activity, Bias, Kernel
from models.layers.window import expect_axes, expect_window, padding_of, zeros_around


class Conv2D(Kernel, Bias, Activity):
    """Slides learned filters over an image and reports where each one matches.

    Shapes: (channels, height, width) → (filters, height', width'); with padding "same" and
    strides 1 the height and width stay.
    """

    group = "Convolution"
    glyph = "C2"
    headline = ("filters", "kernel_size", "activation")
    width = "filters"
    required = ("filters", "kernel_size")

    filters: int = Field(
        default=32,
        ge=1,
        le=MAX_SIZE,
        description="Number of learned filters",
        json_schema_extra=usual(1, 256),
    )
    kernel_size: Size2D = Field(default=3, description="Height and width of a filter")
    strides: Size2D = Field(default=1, description="How far a filter moves at each step")
    padding: Literal["valid", "same"] = Field(
        default="valid",
        description="valid: only where the filter fits; same: zeros around the image, so that "
        "its size is kept at strides of 1",
    )
    dilation_rate: Size2D = Field(
        default=1, description="Distance between the pixels that a filter sees"
    )
    groups: int = Field(
        default=1,
        ge=1,
        le=MAX_SIZE,
        description="Parts into which channels and filters are split, each convolved by itself",
        json_schema_extra=usual(1, 8),
    )
    activation: ActivationName = Field(
        default="linear", description="Function applied to the result"
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the convolution, after explicit zeros where "same" pads unevenly."""
        (shape,) = inputs
        expect_axes(shape, 2, "Conv2D")
        self._expect_groups(shape[0])
        kernel, strides, dilation = (
            per_axis(self.kernel_size, 2),
            per_axis(self.strides, 2),
            per_axis(self.dilation_rate, 2),
        )
        if max(strides) > 1 and max(dilation) > 1:
            raise Misfit(
                "strides_and_dilation",
                f"Expected strides or dilation_rate of 1, got strides {strides} and "
                f"dilation_rate {dilation}. Set one of them to 1.",
                param="dilation_rate",
                remedy=Remedy("Set dilation_rate to 1", {"dilation_rate": 1}),
            )
        seen = tuple((k - 1) * d + 1 for k, d in zip(kernel, dilation, strict=True))
        expect_window(shape, seen, self.padding, "kernel_size")
        options = {}
        if max(strides) > 1:
            options["stride"] = strides
        pads = padding_of(self.padding, shape[1:], seen, strides)
        uneven = any(before != after for before, after in pads)
        before = (Step(zeros_around(pads), suffix="padding"),) if uneven else ()
        if any(map(any, pads)) and not uneven:
            options["padding"] = shortest(tuple(side for side, _ in pads))
        if max(dilation) > 1:
            options["dilation"] = dilation
        if self.groups > 1:
            options["groups"] = self.groups
        if not self.use_bias:
            options["bias"] = False
        convolution = call("nn.Conv2d", shape[0], self.filters, kernel, **options)
        return (
            *before,
            Step(convolution),
            *steps(self.activation, shape),
        )

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return kernel and bias."""
        kernel = KerasWeight("kernel", ("weight",), axes=(2, 3, 1, 0))
        return (kernel, KerasWeight("bias", ("bias",))) if self.use_bias else (kernel,)

    def _expect_groups(self, channels: int) -> None:
        if channels % self.groups or self.filters % self.groups:
            raise Misfit(
                "groups_mismatch",
                f"Expected groups to divide both the {channels:,} channels of the input and the "
                f"{self.filters:,} filters, got groups={self.groups:,}. Set groups to 1.",
                param="groups",
                remedy=Remedy("Set groups to 1", {"groups": 1}),
            )


LAYERS = (Conv2D,)
