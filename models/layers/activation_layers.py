"""Activation functions as layers of their own."""

from pydantic import Field

from models.call import Call, call
from models.layers.activations import ActivationName, as_keras_layer, steps
from models.layers.base import Layer, Shape, Step, presets, usual

_COURSE = presets(**{"0.1, as in the course": 0.1, "0.01": 0.01})


class Activation(Layer):
    """Applies an activation function to every number, or to all features together (softmax).

    y = f(x): f is the function chosen.

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
        json_schema_extra={**usual(0, 1), **_COURSE},
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


class ReLU(Layer):
    """Zero below a threshold, unchanged above; with a slope below and a largest value if wanted.

    f(x) = max_value for x ≥ max_value; x for threshold < x < max_value;
    negative_slope · (x − threshold) below.

    Shapes: any → the same.
    """

    group = "Activation"
    glyph = "Re"
    headline = ("max_value", "negative_slope")
    passes_mask = True

    max_value: float | None = Field(
        default=None,
        ge=0,
        le=1e6,
        description="The largest value that comes out",
        json_schema_extra=presets(**{"6, as in ReLU6": 6.0}),
    )
    negative_slope: float = Field(
        default=0.0,
        ge=0,
        le=1e6,
        description="Slope below the threshold, which keeps units from dying",
        json_schema_extra={**usual(0, 1), **_COURSE},
    )
    threshold: float = Field(
        default=0.0, ge=0, le=1e6, description="Only larger numbers come through unchanged"
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return torch's module where it has one, else our own."""
        # What it is called tells whether it can give every number.
        leaky = self.negative_slope > 0 and self.max_value is None
        return (Step(self._module(), activation="leaky_relu" if leaky else "relu"),)

    def _module(self) -> Call:
        changed = {name: value for name, value in self if value != getattr(ReLU(), name)}
        if not changed:
            return call("nn.ReLU")
        if changed == {"max_value": 6}:
            return call("nn.ReLU6")
        match list(changed.items()):
            case [("max_value", largest)] if largest > 0:
                return call("nn.Hardtanh", 0.0, largest)
            case [("negative_slope", slope)]:
                return call("nn.LeakyReLU", slope)
            case [("threshold", threshold)]:
                return call("nn.Threshold", threshold, 0.0)
        return Call("ReLU", (), changed)


class LeakyReLU(Layer):
    """Like ReLU, but a small slope below zero keeps its units from dying.

    f(x) = x for x ≥ 0, negative_slope · x below.

    Shapes: any → the same.
    """

    group = "Activation"
    glyph = "Lr"
    headline = ("negative_slope",)
    passes_mask = True

    negative_slope: float = Field(
        default=0.3,
        ge=0,
        le=1e6,
        description="Slope below zero",
        json_schema_extra={**usual(0, 1), **_COURSE},
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the function."""
        return (Step(call("nn.LeakyReLU", self.negative_slope), activation="leaky_relu"),)


class ELU(Layer):
    """Like ReLU above zero, and bends smoothly to −alpha below.

    f(x) = x for x > 0, alpha · (eˣ − 1) below.

    Shapes: any → the same.
    """

    group = "Activation"
    glyph = "El"
    headline = ("alpha",)
    passes_mask = True

    alpha: float = Field(
        default=1.0,
        ge=0,
        le=1e6,
        description="Level −alpha that is approached below zero",
        json_schema_extra=usual(0, 2),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the function."""
        options = {} if self.alpha == 1 else {"alpha": self.alpha}
        return (Step(call("nn.ELU", **options), activation="elu"),)


class Threshold(Layer):
    """Replaces every number that is not above a threshold by another one.

    f(x) = x for x > threshold, default_value else.

    Shapes: any → the same.
    """

    group = "Activation"
    glyph = "Th"
    headline = ("threshold", "default_value")
    required = ("threshold", "default_value")

    threshold: float = Field(
        default=0.0, ge=-1e6, le=1e6, description="Only larger numbers come through"
    )
    default_value: float = Field(
        default=0.0, ge=-1e6, le=1e6, description="What stands in for the others"
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the function."""
        return (Step(call("nn.Threshold", self.threshold, self.default_value)),)

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return Keras's function as a layer."""
        return (as_keras_layer("threshold", dict(self)),)


LAYERS = (Activation, ReLU, LeakyReLU, ELU, Threshold)
