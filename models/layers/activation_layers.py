"""Activation functions as layers of their own."""

from pydantic import Field

from models.call import Call, call
from models.layers.activations import ActivationName, steps
from models.layers.base import Layer, Shape, Step, usual


class Activation(Layer):
    """Applies an activation function to every number, or to all features together (softmax).

    Shapes: any → the same.
    """

    group = "Activation"
    glyph = "Ac"
    headline = ("activation",)
    passes_mask = True

    activation: ActivationName = Field(default="relu", description="The function")
    negative_slope: float = Field(
        default=0.3,
        ge=0,
        le=1e6,
        description="Slope of leaky_relu below zero (the course uses 0.1); others ignore it",
        json_schema_extra=usual(0, 1),
    )
    alpha: float = Field(
        default=1.0,
        ge=0,
        le=1e6,
        description="Level −α that elu approaches below zero; others ignore it",
        json_schema_extra=usual(0, 2),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the function with its parameter, if it has one."""
        (shape,) = inputs
        return steps(self.activation, shape, suffix="", **self._parameter())

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return the Keras layer of the functions that have a parameter, else Activation."""
        if self.activation == "leaky_relu":
            return (call("layers.LeakyReLU", negative_slope=self.negative_slope),)
        if self.activation == "elu" and self.alpha != 1:
            return (call("layers.ELU", alpha=self.alpha),)
        return (call("layers.Activation", self.activation),)

    def _parameter(self) -> dict[str, float]:
        if self.activation == "leaky_relu":
            return {"negative_slope": self.negative_slope}
        if self.activation == "elu" and self.alpha != 1:
            return {"alpha": self.alpha}
        return {}


LAYERS = (Activation,)
