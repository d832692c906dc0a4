"""Convolutions that look at each channel by itself: far fewer weights, and less to compute."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from models.call import Call
from models.layers.activations import steps
from models.layers.base import Asked, KerasWeight, Shape, Step, Window, features
from models.layers.initializers import Fans, Orthogonal
from models.layers.kernels import (
    Activation,
    Convolving,
    DepthMultiplier,
    Dilation1D,
    Dilation2D,
    Filters,
    KernelSize1D,
    KernelSize2D,
    Padding,
    Strides1D,
    Strides2D,
)
from models.layers.sizes import Size, shortest
from models.layers.weight_fields import Activity, Bias, DepthwiseKernel, PointwiseKernel
from models.layers.window import torch_name


class _OrthogonalFilters(Orthogonal):
    """Keras's orthogonal matrix of a depthwise convolution: (multiplier, channels · window)."""

    multiplier: int

    def fill(self, fans: Fans | None = None, number: int = 0) -> Call:
        """Return our own function: PyTorch keeps the filters of a channel side by side."""
        return Call("orthogonal_filters_", (self.multiplier,), super().fill(fans, number).kwargs)


class _OfChannels(Convolving, DepthwiseKernel, Bias, Activity):
    if TYPE_CHECKING:
        depth_multiplier: DepthMultiplier

    def window(self) -> Window:
        """Return the filter."""
        return self._filter()

    def asked(self, weight: str, what: str) -> Asked:
        """Return what is asked of a weight; parameters of the filters are called "depthwise"."""
        asked = super().asked("depthwise" if weight == "kernel" else weight, what)
        value = asked.value
        if asked.path == ("depthwise_initializer",) and isinstance(value, Orthogonal):
            value = _OrthogonalFilters(multiplier=self.depth_multiplier, **value.changed())
        return replace(asked, value=value)

    def _channel_filters(self, name: str, tensor: str, shape: Shape) -> KerasWeight:
        """Return where Keras has the filters of each channel: (*window, channels, multiplier)."""
        split = (features(shape), self.depth_multiplier)
        axes = (*range(3, self.rank + 3), 0, 1, 2)
        return KerasWeight(name, (tensor,), split=split, axes=axes, rank=self.rank + 2)

    def _bias(self, tensor: str = "bias") -> tuple[KerasWeight, ...]:
        return (KerasWeight("bias", (tensor,)),) if self.use_bias else ()


class _Depthwise(_OfChannels):
    headline = ("kernel_size", "depth_multiplier", "activation")
    required = ("kernel_size",)

    kernel_size: Size = 3
    strides: Size = 1
    padding: Padding = "valid"
    depth_multiplier: DepthMultiplier = 1
    dilation_rate: Size = 1
    activation: Activation = "linear"

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return a convolution with as many groups as there are channels."""
        (shape,) = inputs
        before, options = self._slide(shape)
        channels = features(shape)
        options["groups"] = channels
        if not self.use_bias:
            options["bias"] = False
        kernel = shortest(self._per_axis("kernel_size"))
        sizes = (channels, channels * self.depth_multiplier, kernel)
        module = Call(torch_name("Conv", self.rank), sizes, options)
        return (*before, Step(module), *steps(self.activation, shape))

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return kernel and bias."""
        return (self._channel_filters("kernel", "weight", inputs[0]), *self._bias())


class DepthwiseConv1D(_Depthwise):
    """Slides a few learned filters over each feature of a sequence by itself.

    y[t, c · depth_multiplier + m] = activation(Σ x[t · strides + i · dilation_rate, c] · W[i, c, m]
    + b), the sum over i < kernel_size: nothing is mixed between the features.

    Shapes: (time, features) → (time', features · depth_multiplier).
    """

    glyph = "D1"
    rank = 1

    kernel_size: KernelSize1D = 3
    strides: Strides1D = 1
    dilation_rate: Dilation1D = 1


class DepthwiseConv2D(_Depthwise):
    """Slides a few learned filters over each channel of an image by itself.

    y[c · depth_multiplier + m, r, s] = activation(Σ x[c, r + i, s + j] · W[i, j, c, m] + b), the
    sum over the window (i, j): nothing is mixed between the channels.

    Shapes: (channels, height, width) → (channels · depth_multiplier, height', width').
    """

    glyph = "D2"
    rank = 2

    kernel_size: KernelSize2D = 3
    strides: Strides2D = 1
    dilation_rate: Dilation2D = 1


class _Separable(_OfChannels, PointwiseKernel):
    headline = ("filters", "kernel_size", "activation")
    width = "filters"
    required = ("filters", "kernel_size")

    filters: Filters = 32
    kernel_size: Size = 3
    strides: Size = 1
    padding: Padding = "valid"
    dilation_rate: Size = 1
    depth_multiplier: DepthMultiplier = 1
    activation: Activation = "linear"

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the two convolutions as one module."""
        (shape,) = inputs
        before, options = self._slide(shape)
        own: dict[str, Any] = {}
        if self.depth_multiplier > 1:
            own["multiplier"] = self.depth_multiplier
        if not self.use_bias:
            own["bias"] = False
        sizes = (features(shape), self.filters, shortest(self._per_axis("kernel_size")))
        module = Call(f"SeparableConv{self.rank}d", sizes, own | options)
        return (*before, Step(module), *steps(self.activation, shape))

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return both kernels, and the bias."""
        return (
            self._channel_filters("depthwise_kernel", "depthwise.weight", inputs[0]),
            self._filters("pointwise_kernel", "pointwise.weight"),
            *self._bias("pointwise.bias"),
        )


class SeparableConv1D(_Separable):
    """Looks at each feature of a sequence by itself, then mixes them at every time step.

    DepthwiseConv1D without bias, then Conv1D of kernel_size 1: almost what Conv1D can do, with
    kernel_size · features + features · filters weights instead of the product of all three.

    Shapes: (time, features) → (time', filters).
    """

    glyph = "S1"
    rank = 1

    kernel_size: KernelSize1D = 3
    strides: Strides1D = 1
    dilation_rate: Dilation1D = 1


class SeparableConv2D(_Separable):
    """Looks at each channel of an image by itself, then mixes them at every pixel.

    DepthwiseConv2D without bias, then Conv2D of kernel_size 1: almost what Conv2D can do, with a
    fraction of its weights.

    Shapes: (channels, height, width) → (filters, height', width').
    """

    glyph = "S2"
    rank = 2

    kernel_size: KernelSize2D = 3
    strides: Strides2D = 1
    dilation_rate: Dilation2D = 1


LAYERS = (DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D)
