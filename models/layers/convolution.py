"""Convolutions: the same small filter, slid over the whole input."""

from typing import Annotated, Any, Literal

from pydantic import Field

from models.call import Call
from models.layers.activations import steps
from models.layers.base import (
    MAX_SIZE,
    KerasWeight,
    Misfit,
    Remedy,
    Shape,
    Step,
    Window,
    features,
    usual,
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
from models.layers.sizes import Size, shortest
from models.layers.weight_fields import Activity, Bias, Kernel
from models.layers.window import torch_name


class _Convolution(Convolving, Kernel, Bias, Activity):
    headline = ("filters", "kernel_size", "activation")
    width = "filters"
    required = ("filters", "kernel_size")

    filters: Filters = 32
    kernel_size: Size = 3
    strides: Size = 1
    padding: Any = "valid"
    dilation_rate: Size = 1
    groups: Annotated[
        int,
        Field(
            ge=1,
            le=MAX_SIZE,
            description="Parts into which channels and filters are split, each convolved by itself",
            json_schema_extra=usual(1, 8),
        ),
    ] = 1
    activation: Activation = "linear"

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the convolution, after explicit zeros where the two sides get unlike padding."""
        (shape,) = inputs
        before, options = self._slide(shape)
        self._expect_groups(features(shape))
        if self.groups > 1:
            options["groups"] = self.groups
        if not self.use_bias:
            options["bias"] = False
        sizes = (features(shape), self.filters, shortest(self._per_axis("kernel_size")))
        module = Call(torch_name("Conv", self.rank), sizes, options)
        return (*before, Step(module), *steps(self.activation, shape))

    def window(self) -> Window:
        """Return the filter."""
        return self._filter()

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return kernel and bias."""
        return (self._filters(), *((KerasWeight("bias", ("bias",)),) if self.use_bias else ()))

    def _expect_groups(self, channels: int) -> None:
        if channels % self.groups or self.filters % self.groups:
            raise Misfit(
                "groups_mismatch",
                f"Expected groups to divide both the {channels:,} channels of the input and the "
                f"{self.filters:,} filters, got groups={self.groups:,}. Set groups to 1.",
                param="groups",
                remedy=Remedy("Set groups to 1", {"groups": 1}),
            )


class Conv1D(_Convolution):
    """Slides learned filters over a sequence and reports when each one matches.

    y[t, f] = activation(Σ x[t · strides + i · dilation_rate, c] · W[i, c, f] + b[f]), the sum over
    i < kernel_size and the features c.

    Shapes: (time, features) → (time', filters); with padding "same" or "causal" and strides 1 the
    time stays.
    """

    glyph = "C1"
    rank = 1

    kernel_size: KernelSize1D = 3
    strides: Strides1D = 1
    padding: Annotated[
        Literal["valid", "same", "causal"],
        Field(
            description="valid: only where the filter fits; same: zeros around the sequence; "
            "causal: zeros before it, so that no output sees what comes later"
        ),
    ] = "valid"
    dilation_rate: Dilation1D = 1


class Conv2D(_Convolution):
    """Slides learned filters over an image and reports where each one matches.

    y[f, r, s] = activation(Σ x[c, r + i, s + j] · W[i, j, c, f] + b[f]), the sum over the window
    (i, j) and the channels c; strides and dilation_rate multiply the places as in Conv1D.

    Shapes: (channels, height, width) → (filters, height', width'); with padding "same" and
    strides 1 the height and width stay.
    """

    glyph = "C2"
    rank = 2

    kernel_size: KernelSize2D = 3
    strides: Strides2D = 1
    padding: Padding = "valid"
    dilation_rate: Dilation2D = 1


class Conv3D(_Convolution):
    """Slides learned filters over a volume, or over a film: its depth is then the time.

    The sum of Conv2D, over a window of three axes.

    Shapes: (channels, depth, height, width) → (filters, depth', height', width'); with padding
    "same" and strides 1 the sizes stay.
    """

    glyph = "C3"
    rank = 3

    kernel_size: KernelSize3D = 3
    strides: Strides3D = 1
    padding: Padding = "valid"
    dilation_rate: Dilation3D = 1


LAYERS = (Conv1D, Conv2D, Conv3D)
