"""Normalizations of each example by itself, over some of its axes."""

from typing import Any

from pydantic import Field

from models.call import Call, call
from models.layers.axes import Axes, each, in_keras, places
from models.layers.base import KerasWeight, Layer, Misfit, Remedy, Shape, Step, describe
from models.layers.weight_fields import Beta, Gamma, Weighted

_OVER = (
    "Axes over which mean and variance are taken together, counted as Keras does with channels "
    "last: -1 the features or channels, 1 the time or height"
)


class LayerNormalization(Gamma, Beta):
    """Brings the features of each example to mean 0 and variance 1, then to a learned scale.

    y = γ · (x − mean) / √(variance + ε) + β, where mean and variance are over the axes, for each
    example and each place along its other axes; the same in training and in use. From Ba et al.,
    "Layer normalization" (2016).

    Shapes: any → the same.
    """

    group = "Normalization"
    glyph = "LN"
    headline = ("axis",)
    passes_mask = True

    axis: Axes = Field(default=-1, description=_OVER)
    epsilon: float = Field(
        default=0.001, gt=0, le=1, description="Added to the variance, so as not to divide by zero"
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return torch's module where the axes are its last and it has these weights, or ours."""
        (shape,) = inputs
        dims = places(self.axis, shape)
        sizes = tuple(shape[dim - 1] for dim in dims)
        options: dict[str, Any] = {"eps": self.epsilon}
        if _are_last(dims, shape) and (self.scale or not self.center):
            if not self.scale:
                options["elementwise_affine"] = False
            elif not self.center:
                options["bias"] = False
            return (Step(call("nn.LayerNorm", sizes[0] if len(sizes) == 1 else sizes, **options)),)
        options |= {name: False for name in ("center", "scale") if not getattr(self, name)}
        return (Step(call("LayerNormalization", sizes, axis=dims, **options)),)

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return the Keras layer."""
        return (in_keras(self.keras_call(), self.axis, inputs),)

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return scale and shift."""
        return _scale_and_shift(self, _axes_of(self.axis, inputs[0]))

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return 0: there are no matrices, only a few operations per number."""
        return 0


class RMSNormalization(Weighted):
    """Divides the features of each example by their root mean square, then scales them.

    y = scale · x / √(mean(x²) + ε), over the axes, for each example and each place along its other
    axes. From Zhang and Sennrich, "Root mean square layer normalization" (2019).

    Shapes: any → the same.
    """

    group = "Normalization"
    glyph = "RM"
    headline = ("axis",)

    axis: Axes = Field(
        default=-1,
        description="Axes over which the mean of squares is taken, counted as Keras does with "
        "channels last: -1 the features or channels; several are the last ones",
    )
    epsilon: float = Field(
        default=1e-6,
        gt=0,
        le=1,
        description="Added to the mean of squares, so as not to divide by zero",
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return torch's module where the axes are its last, or ours."""
        (shape,) = inputs
        dims = places(self.axis, shape)
        # Keras's scale fits no other axes.
        if dims != places(tuple(range(-len(dims), 0)), shape):
            raise Misfit(
                "axis_mismatch",
                f"Expected the last axes, such as -1 or (-2, -1), for {describe(shape)} with "
                f"channels last, got {self.axis}. Set axis to -1, the features.",
                param="axis",
                remedy=Remedy("Set axis to -1", {"axis": -1}),
            )
        sizes = tuple(shape[dim - 1] for dim in dims)
        if _are_last(dims, shape):
            size = sizes[0] if len(sizes) == 1 else sizes
            return (Step(call("nn.RMSNorm", size, eps=self.epsilon)),)
        options = {} if self.epsilon == 1e-6 else {"eps": self.epsilon}
        return (Step(call("RMSNormalization", sizes, axis=dims, **options)),)

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return the Keras layer."""
        return (in_keras(self.keras_call(), self.axis, inputs),)

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return the scale."""
        return (KerasWeight("scale", ("weight",), axes=_axes_of(self.axis, inputs[0])),)

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return 0: there are no matrices, only a few operations per number."""
        return 0


class GroupNormalization(Gamma, Beta):
    """Brings each group of channels of an example to mean 0 and variance 1, then to learned scales.

    y = γ · (x − mean) / √(variance + ε) + β, where mean and variance are over the channels of a
    group and all positions, and γ and β are per channel; whatever the batch. From Wu and He,
    "Group normalization" (2018).

    Shapes: any → the same.
    """

    group = "Normalization"
    glyph = "GN"
    headline = ("groups",)
    example = {"groups": 4}
    passes_mask = True

    groups: int = Field(
        default=32,
        ge=-1,
        le=65_536,
        description="Number of groups, which the number of channels is a multiple of; -1 for a "
        "group of each channel, 1 for one of all",
    )
    axis: int = Field(
        default=-1,
        ge=-8,
        le=7,
        description="The axis that is divided into groups, counted as Keras does with channels "
        "last: -1 the features or channels",
    )
    epsilon: float = Field(
        default=0.001, gt=0, le=1, description="Added to the variance, so as not to divide by zero"
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return torch's module where it has the axis and these weights, or ours."""
        (shape,) = inputs
        (dim,) = places(self.axis, shape)
        size = shape[dim - 1]
        groups = self._groups(size)
        options: dict[str, Any] = {"eps": self.epsilon}
        # torch refuses to norm a single number, the mean of which is itself.
        if dim == 1 and self.scale == self.center and (groups < size or len(shape) > 1):
            if not self.scale:
                options["affine"] = False
            return (Step(call("nn.GroupNorm", groups, size, **options)),)
        options |= {name: False for name in ("center", "scale") if not getattr(self, name)}
        if dim != 1:
            options["axis"] = dim
        return (Step(call("GroupNormalization", groups, size, **options)),)

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return scale and shift."""
        return _scale_and_shift(self, ())

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return 0: there are no matrices, only a few operations per number."""
        return 0

    def _groups(self, size: int) -> int:
        groups = size if self.groups == -1 else self.groups
        if groups > 0 and size % groups == 0:
            return groups
        fitting = max(count for count in range(1, max(groups, 1) + 1) if size % count == 0)
        raise Misfit(
            "groups_mismatch",
            f"Expected a number of groups that divides {size:,}, the size of axis {self.axis}, or "
            f"-1 for a group of each, got {self.groups}. Set groups to {fitting}.",
            param="groups",
            remedy=Remedy(f"Set groups to {fitting}", {"groups": fitting}),
        )


class UnitNormalization(Layer):
    """Scales the features of each example to length 1, so that only their direction counts.

    y = x / √(Σ x²), over the axes, for each example and each place along its other axes.

    Shapes: any → the same.
    """

    group = "Normalization"
    glyph = "UN"
    headline = ("axis",)
    passes_mask = True

    axis: Axes = Field(
        default=-1,
        description="Axes along which the vectors lie, counted as Keras does with channels last: "
        "-1 the features or channels, 1 the time or height",
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the module."""
        (shape,) = inputs
        dims = places(self.axis, shape)
        return (Step(call("UnitNormalization", dims[0] if len(dims) == 1 else dims)),)

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return a square, an addition and a division for each number."""
        return 3 * super().operations(inputs, output)


def _are_last(dims: tuple[int, ...], shape: Shape) -> bool:
    """Return whether these are the last of our axes."""
    return dims == tuple(range(len(shape) - len(dims) + 1, len(shape) + 1))


def _axes_of(axis: int | tuple[int, ...], shape: Shape) -> tuple[int, ...]:
    """Return the order in which Keras has the axes of a weight that has ours."""
    count = len(each(axis))
    channels_first = len(shape) > 2 and count > 1 and places(axis, shape)[0] == 1
    return (*range(1, count), 0) if channels_first else ()


def _scale_and_shift(layer: Any, axes: tuple[int, ...]) -> tuple[KerasWeight, ...]:
    return (
        *((KerasWeight("gamma", ("weight",), axes=axes, begun=True),) if layer.scale else ()),
        *((KerasWeight("beta", ("bias",), axes=axes, begun=True),) if layer.center else ()),
    )


LAYERS = (LayerNormalization, RMSNormalization, GroupNormalization, UnitNormalization)
