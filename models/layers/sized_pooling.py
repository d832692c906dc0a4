"""Pooling to a size that does not depend on the input's: to a single place, or to so many."""

from math import prod
from typing import Annotated, ClassVar

from pydantic import Field

from models.call import call
from models.layers.base import Layer, Shape, Step
from models.layers.sizes import Size, Size1D, Size2D, Size3D, per_axis, shortest
from models.layers.window import expect_axes, torch_name


class _Whole(Layer):
    group = "Pooling"
    rank: ClassVar[int]
    module: ClassVar[str]
    """PyTorch's name, without the number of axes."""

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return one for each number of the input."""
        return prod(inputs[0])


class _Global(_Whole):
    keepdims: Annotated[
        bool, Field(description="Keep the axes that were pooled, with a size of 1")
    ] = False

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return pooling to one place, and its flattening."""
        (shape,) = inputs
        expect_axes(shape, self.rank, type(self).__name__)
        pooling = Step(call(torch_name(self.module, self.rank), 1))
        return (
            (pooling,) if self.keepdims else (pooling, Step(call("nn.Flatten"), suffix="flatten"))
        )


class GlobalMaxPooling1D(_Global):
    """Keeps the largest number of each feature over all time steps: whether it was ever seen.

    y[c] = max over t of x[t, c].

    Shapes: (time, features) → (features), or (1, features) with keepdims.
    """

    glyph = "GM"
    rank = 1
    module = "AdaptiveMaxPool"


class GlobalMaxPooling2D(_Global):
    """Keeps the largest number of each channel: whether something is anywhere in the image.

    y[c] = max over all r, s of x[c, r, s].

    Shapes: (channels, height, width) → (channels), or (channels, 1, 1) with keepdims.
    """

    glyph = "GM"
    rank = 2
    module = "AdaptiveMaxPool"


class GlobalMaxPooling3D(_Global):
    """Keeps the largest number of each channel of a volume.

    y[c] = max over all places of x[c, …].

    Shapes: (channels, depth, height, width) → (channels), or (channels, 1, 1, 1) with keepdims.
    """

    glyph = "GM"
    rank = 3
    module = "AdaptiveMaxPool"


class GlobalAveragePooling1D(_Global):
    """Keeps the mean of each feature over all time steps: any length becomes one row.

    y[c] = mean over t of x[t, c]; under a mask, over the steps that count.

    Shapes: (time, features) → (features), or (1, features) with keepdims.
    """

    glyph = "GA"
    rank = 1

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the mean, which heeds a mask."""
        (shape,) = inputs
        expect_axes(shape, self.rank, type(self).__name__)
        options = {"keepdims": True} if self.keepdims else {}
        return (Step(call("GlobalAveragePooling1D", **options), masks=("mask",)),)


class GlobalAveragePooling2D(_Global):
    """Keeps the mean of each channel: what modern networks have in place of Flatten.

    y[c] = mean over all r, s of x[c, r, s].

    Shapes: (channels, height, width) → (channels), or (channels, 1, 1) with keepdims.
    """

    glyph = "GA"
    rank = 2
    module = "AdaptiveAvgPool"


class GlobalAveragePooling3D(_Global):
    """Keeps the mean of each channel of a volume.

    y[c] = mean over all places of x[c, …].

    Shapes: (channels, depth, height, width) → (channels), or (channels, 1, 1, 1) with keepdims.
    """

    glyph = "GA"
    rank = 3
    module = "AdaptiveAvgPool"


OutputSize1D = Annotated[Size1D, Field(description="Number of time steps of the output")]
OutputSize2D = Annotated[Size2D, Field(description="Height and width of the output")]
OutputSize3D = Annotated[Size3D, Field(description="Depth, height and width of the output")]


class _Adaptive(_Whole):
    headline = ("output_size",)
    required = ("output_size",)
    example = {"output_size": 4}

    output_size: Size = 1

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the pooling."""
        (shape,) = inputs
        expect_axes(shape, self.rank, type(self).__name__)
        size = shortest(per_axis(self.output_size, self.rank))
        return (Step(call(torch_name(self.module, self.rank), size)),)


class AdaptiveMaxPooling1D(_Adaptive):
    """Keeps the largest numbers of as many windows as the output shall have time steps.

    Window k of n reaches from ⌊k · time / n⌋ to ⌈(k + 1) · time / n⌉.

    Shapes: (time, features) → (output_size, features).
    """

    glyph = "X1"
    rank = 1
    module = "AdaptiveMaxPool"
    output_size: OutputSize1D = 1


class AdaptiveMaxPooling2D(_Adaptive):
    """Keeps the largest numbers of as many windows as the output shall have pixels.

    The windows of AdaptiveMaxPooling1D, along both axes.

    Shapes: (channels, height, width) → (channels, *output_size).
    """

    glyph = "X2"
    rank = 2
    module = "AdaptiveMaxPool"
    output_size: OutputSize2D = 1


class AdaptiveMaxPooling3D(_Adaptive):
    """Keeps the largest numbers of as many windows of a volume as the output shall have places.

    The windows of AdaptiveMaxPooling1D, along all three axes.

    Shapes: (channels, depth, height, width) → (channels, *output_size).
    """

    glyph = "X3"
    rank = 3
    module = "AdaptiveMaxPool"
    output_size: OutputSize3D = 1


class AdaptiveAveragePooling1D(_Adaptive):
    """Keeps the means of as many windows as the output shall have time steps.

    Window k of n reaches from ⌊k · time / n⌋ to ⌈(k + 1) · time / n⌉.

    Shapes: (time, features) → (output_size, features).
    """

    glyph = "V1"
    rank = 1
    module = "AdaptiveAvgPool"
    output_size: OutputSize1D = 1


class AdaptiveAveragePooling2D(_Adaptive):
    """Keeps the means of as many windows as the output shall have pixels.

    The windows of AdaptiveAveragePooling1D, along both axes.

    Shapes: (channels, height, width) → (channels, *output_size).
    """

    glyph = "V2"
    rank = 2
    module = "AdaptiveAvgPool"
    output_size: OutputSize2D = 1


class AdaptiveAveragePooling3D(_Adaptive):
    """Keeps the means of as many windows of a volume as the output shall have places.

    The windows of AdaptiveAveragePooling1D, along all three axes.

    Shapes: (channels, depth, height, width) → (channels, *output_size).
    """

    glyph = "V3"
    rank = 3
    module = "AdaptiveAvgPool"
    output_size: OutputSize3D = 1


LAYERS = (
    *(GlobalMaxPooling1D, GlobalMaxPooling2D, GlobalMaxPooling3D),
    *(GlobalAveragePooling1D, GlobalAveragePooling2D, GlobalAveragePooling3D),
    *(AdaptiveMaxPooling1D, AdaptiveMaxPooling2D, AdaptiveMaxPooling3D),
    *(AdaptiveAveragePooling1D, AdaptiveAveragePooling2D, AdaptiveAveragePooling3D),
)
