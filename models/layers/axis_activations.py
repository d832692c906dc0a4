"""Activation functions of all numbers along an axis."""

from pydantic import Field

from models.call import Call, call
from models.layers.activations import as_keras_layer
from models.layers.axes import Axes, each, position
from models.layers.base import Layer, Misfit, Shape, Step, describe, features_axis


class Softmax(Layer):
    """Turns the numbers along an axis into probabilities that add up to one.

    yᵢ = eˣⁱ / Σⱼ eˣʲ.

    Shapes: any → the same.
    """

    group = "Activation"
    glyph = "Sm"
    headline = ("axis",)
    passes_mask = True

    axis: Axes = Field(
        default=-1,
        description="Axes along which they add up, counted as Keras does with channels last: -1 "
        "the features or channels, 1 the time or height",
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the function."""
        (shape,) = inputs
        dims = sorted({position(axis, shape) for axis in each(self.axis)})
        if len(dims) > 1:
            return (Step(call("Softmax", tuple(dims))),)
        (dim,) = dims
        # Only over the features is it the last step of a classification, of which logits are known.
        usual = "softmax" if dim == features_axis(shape) else None
        return (Step(call("nn.Softmax", dim=dim), activation=usual),)


class GLU(Layer):
    """Lets one half of its numbers through as far as the other half opens a gate.

    y = a · sigmoid(b), where a is the first half along the axis, and b the second.

    Shapes: (features) → (features / 2); with -1 the channels or features of any input are halved.
    """

    group = "Activation"
    glyph = "GL"
    headline = ("axis",)

    axis: int = Field(
        default=-1,
        ge=-8,
        le=7,
        description="The axis that is split, counted as Keras does with channels last: -1 the "
        "features or channels",
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the function."""
        (shape,) = inputs
        dim = position(self.axis, shape)
        size = shape[dim - 1]
        if size % 2:
            raise Misfit(
                "odd_size",
                f"Expected an even size along axis {self.axis}, to be split in two, got {size:,} "
                f"in {describe(shape)}. Give the layer before an even number of units.",
                param="axis",
            )
        return (Step(call("nn.GLU", dim=dim)),)

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return Keras's function as a layer."""
        return (as_keras_layer("glu", {} if self.axis == -1 else {"axis": self.axis}),)


LAYERS = (Softmax, GLU)
