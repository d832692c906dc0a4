"""Transposed convolutions: a convolution the other way round, from small to large."""

from dataclasses import replace
from math import prod
from typing import Annotated

from pydantic import Field

from models.call import Call
from models.layers.activations import steps
from models.layers.base import (
    KerasWeight,
    Misfit,
    Remedy,
    Shape,
    Step,
    Window,
    describe,
    features,
    positions,
)
from models.layers.kernels import (
    Activation,
    Convolving,
    Dilation1D,
    Dilation2D,
    Dilation3D,
    Filters,
    KernelSize1D,
    KernelSize2D,
    KernelSize3D,
    Padding,
    Strides1D,
    Strides2D,
    Strides3D,
)
from models.layers.sizes import Size, Sizes, per_axis, shortest, told
from models.layers.weight_fields import Activity, Bias, Kernel
from models.layers.window import expect_axes, torch_name, zeros_around

_EXTRA = Field(
    description="Further places at the end of the output, fewer than the strides; empty: as many "
    "as padding asks for"
)
OutputPadding1D = Annotated[Annotated[Size, Sizes("length", least=0)] | None, _EXTRA]
OutputPadding2D = Annotated[Annotated[Size, Sizes("height", "width", least=0)] | None, _EXTRA]
OutputPadding3D = Annotated[
    Annotated[Size, Sizes("depth", "height", "width", least=0)] | None, _EXTRA
]


class _Transposed(Convolving, Kernel, Bias, Activity):
    headline = ("filters", "kernel_size", "strides")
    width = "filters"
    required = ("filters", "kernel_size")

    filters: Filters = 32
    kernel_size: Size = 3
    strides: Size = 1
    padding: Padding = "valid"
    output_padding: Size | None = None
    dilation_rate: Size = 1
    activation: Activation = "linear"

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the transposed convolution, and a cut at its end where PyTorch gives more."""
        (shape,) = inputs
        expect_axes(shape, self.rank, type(self).__name__)
        spans, strides = self._spans(), self._per_axis("strides")
        self._expect_output_padding(strides)
        crops = [self._crop(*sizes) for sizes in zip(spans, strides, self._extra(), strict=True)]
        self._expect_something_left(shape, spans, crops)
        options = {}
        if max(strides) > 1:
            options["stride"] = shortest(strides)
        if any(before for before, _ in crops):
            options["padding"] = shortest(tuple(before for before, _ in crops))
        # PyTorch cuts both ends alike, then adds to the last: what is left over is cut off after.
        added = tuple(max(before - after, 0) for before, after in crops)
        if any(added):
            options["output_padding"] = shortest(added)
        if not self.use_bias:
            options["bias"] = False
        if max(dilation := self._per_axis("dilation_rate")) > 1:
            options["dilation"] = shortest(dilation)
        sizes = (features(shape), self.filters, shortest(self._per_axis("kernel_size")))
        module = Call(torch_name("ConvTranspose", self.rank), sizes, options)
        surplus = [(0, -max(after - before, 0)) for before, after in crops]
        cut = (Step(zeros_around(surplus), suffix="crop"),) if any(map(any, surplus)) else ()
        return (Step(module), *cut, *steps(self.activation, shape))

    def window(self) -> Window:
        """Return where each place of the input is spread over the output."""
        return replace(self._filter(), over="output")

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return kernel and bias."""
        return (self._filters(), *((KerasWeight("bias", ("bias",)),) if self.use_bias else ()))

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return the number of positions of the input: each is spread over its window once."""
        return prod(positions(inputs[0]))

    def _extra(self) -> tuple[int | None, ...]:
        if self.output_padding is None:
            return (None,) * self.rank
        return per_axis(self.output_padding, self.rank)

    def _crop(self, span: int, stride: int, extra: int | None) -> tuple[int, int]:
        """Return what Keras cuts off (before, after) along an axis; negative: adds.

        It is cut from (length − 1) · stride + span, which all windows together cover.
        """
        if self.padding == "valid":
            return 0, -(max(stride - span, 0) if extra is None else extra)
        left_over = span - stride if extra is None else span - span % 2 - extra
        if left_over < 0:
            return 0, left_over
        return left_over // 2, left_over - left_over // 2

    def _expect_output_padding(self, strides: tuple[int, ...]) -> None:
        extra = zip(self._extra(), strides, strict=True)
        if any(amount is not None and amount >= stride for amount, stride in extra):
            raise Misfit(
                "output_padding_too_large",
                f"Expected an output_padding smaller than the strides {told(strides)}, got "
                f"{self.output_padding}. Leave it empty.",
                param="output_padding",
                remedy=Remedy("Leave output_padding empty", {"output_padding": None}),
            )

    def _expect_something_left(
        self, shape: Shape, spans: tuple[int, ...], crops: list[tuple[int, int]]
    ) -> None:
        axes = zip(positions(shape), self._per_axis("strides"), spans, crops, strict=True)
        sizes = tuple((length - 1) * step + span - sum(crop) for length, step, span, crop in axes)
        if min(sizes) < 1:
            raise Misfit(
                "nothing_left",
                f"Expected an output of at least 1 along each axis, got {told(sizes)} from "
                f"{describe(shape)}. Leave output_padding empty.",
                param="output_padding",
                remedy=Remedy("Leave output_padding empty", {"output_padding": None}),
            )


class Conv1DTranspose(_Transposed):
    """Spreads each time step over a window with learned filters: the way back from Conv1D.

    y[t · strides + i · dilation_rate, f] += x[t, c] · W[i, f, c], summed over all that meet there,
    then b[f] and the activation.

    Shapes: (time, features) → (time', filters); with padding "same" time' = time · strides.
    """

    glyph = "T1"
    rank = 1

    kernel_size: KernelSize1D = 3
    strides: Strides1D = 1
    output_padding: OutputPadding1D = None
    dilation_rate: Dilation1D = 1


class Conv2DTranspose(_Transposed):
    """Spreads each pixel over a window with learned filters: draws large images from small ones.

    y[f, r · strides + i, s · strides + j] += x[c, r, s] · W[i, j, f, c], summed over all that meet
    there, then b[f] and the activation.

    Shapes: (channels, height, width) → (filters, height', width'); with padding "same" the height
    and width are multiplied by the strides.
    """

    glyph = "T2"
    rank = 2

    kernel_size: KernelSize2D = 3
    strides: Strides2D = 1
    output_padding: OutputPadding2D = None
    dilation_rate: Dilation2D = 1


class Conv3DTranspose(_Transposed):
    """Spreads each place of a volume over a window with learned filters.

    The sum of Conv2DTranspose, over a window of three axes.

    Shapes: (channels, depth, height, width) → (filters, depth', height', width'); with padding
    "same" the sizes are multiplied by the strides.
    """

    glyph = "T3"
    rank = 3

    kernel_size: KernelSize3D = 3
    strides: Strides3D = 1
    output_padding: OutputPadding3D = None
    dilation_rate: Dilation3D = 1


LAYERS = (Conv1DTranspose, Conv2DTranspose, Conv3DTranspose)
