"""Activation functions by name, and the steps that they are."""

from typing import Annotated, Any

from models.call import Call, Named, call
from models.layers.activation import Activation
from models.layers.base import Choice, Shape, Step, features_axis
from models.layers.rectifiers import RECTIFIERS
from models.layers.squashing import SQUASHING

_LINEAR = Activation(
    "linear",
    "Linear",
    "Passes its input on unchanged; the output of a regression.",
    "x",
    None,
    lambda x: x,
    lambda x: 1.0,
    any_number=True,
)
_USUAL = ("linear", "relu", "leaky_relu", "elu", "sigmoid", "tanh", "softmax")

ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in sorted(
        (_LINEAR, *RECTIFIERS, *SQUASHING),
        key=lambda entry: _USUAL.index(entry.name) if entry.name in _USUAL else len(_USUAL),
    )
}
"""All functions that Keras knows by name, those of a first course first.

Keras's `glu` and `threshold` are not among them, as they are no names of layers there either: the
one changes the number of features, the other has parameters without defaults. They are layers.
"""

ActivationName = Annotated[str, Choice(ACTIVATIONS, "activations")]


def steps(
    name: str, shape: Shape, suffix: str = "activation", **overrides: Any
) -> tuple[Step, ...]:
    """Return the step of an activation function on a tensor of this shape; none for linear.

    `overrides` are arguments of the module, such as `negative_slope`.
    """
    if ACTIVATIONS[name].torch is None:
        return ()
    module = function(name, features_axis(shape), **overrides)
    keeps_largest = ACTIVATIONS[name].keeps_largest and not overrides
    return (Step(module, suffix=suffix, activation=name, keeps_largest=keeps_largest),)


def function(name: str, axis: int = 1, **overrides: Any) -> Call:
    """Return the module of an activation function; `axis` is where features are, batch included."""
    activation = ACTIVATIONS[name]
    if activation.torch is None:
        return call("nn.Identity")
    own = {"dim": axis} if activation.of_vector else {}
    arguments = {**activation.torch.kwargs, **overrides, **own}
    return Call(activation.torch.name, activation.torch.args, arguments)


def as_keras_layer(function: str, arguments: dict[str, Any]) -> Call:
    """Return a Keras layer of a function of `keras.activations` that is none by itself."""
    options = {"arguments": arguments} if arguments else {}
    return call("layers.Lambda", Named(f"activations.{function}"), **options)
