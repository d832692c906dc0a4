"""Activation functions: one declaration each, with its curve in plain mathematics."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from models.call import Call, call
from models.layers.base import Choice, Shape, Step, features_axis

Curve = Callable[[float], float]


@dataclass(frozen=True)
class Activation:
    """An activation function.

    Attributes:
        torch: the module; None for linear, which does nothing.
        value: f(x); None for functions of a whole vector, which have no curve.
        slope: f'(x).
    """

    name: str
    title: str
    summary: str
    formula: str
    torch: Call | None
    value: Curve | None = None
    slope: Curve | None = None

    @property
    def of_vector(self) -> bool:
        """Whether each output depends on all features, as in softmax."""
        return self.value is None


def steps(
    name: str, shape: Shape, suffix: str = "activation", **overrides: Any
) -> tuple[Step, ...]:
    """Return the step of an activation function on a tensor of this shape; none for linear.

    `overrides` are arguments of the module, such as `negative_slope`.
    """
    if ACTIVATIONS[name].torch is None:
        return ()
    module = function(name, features_axis(shape), **overrides)
    return (Step(module, suffix=suffix, activation=name),)


def function(name: str, axis: int = 1, **overrides: Any) -> Call:
    """Return the module of an activation function; `axis` is where features are, batch included."""
    activation = ACTIVATIONS[name]
    if activation.torch is None:
        return call("nn.Identity")
    own = {"dim": axis} if activation.of_vector else {}
    arguments = {**activation.torch.kwargs, **overrides, **own}
    return Call(activation.torch.name, activation.torch.args, arguments)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _softplus(x: float) -> float:
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def _normal_cdf(x: float) -> float:
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))


def _mish_slope(x: float) -> float:
    level = math.tanh(_softplus(x))
    return level + x * _sigmoid(x) * (1 - level * level)


_SELU_SCALE = 1.0507009873554805
_SELU_ALPHA = 1.6732632423543772

ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation(
            "linear",
            "Linear",
            "Passes its input on unchanged; the output of a regression.",
            "x",
            None,
            lambda x: x,
            lambda x: 1.0,
        ),
        Activation(
            "relu",
            "ReLU",
            "Zero below zero, unchanged above: fast, and the usual first choice.",
            "max(0, x)",
            call("nn.ReLU"),
            lambda x: max(0.0, x),
            lambda x: float(x > 0),
        ),
        Activation(
            "leaky_relu",
            "Leaky ReLU",
            "Like ReLU, but a small slope below zero keeps its units from dying.",
            "x for x ≥ 0, slope · x below (0.2 unless chosen)",
            call("nn.LeakyReLU", negative_slope=0.2),
            lambda x: x if x >= 0 else 0.2 * x,
            lambda x: 1.0 if x > 0 else 0.2,
        ),
        Activation(
            "elu",
            "ELU",
            "Like ReLU above zero, and bends smoothly to −α below.",
            "x for x > 0, α · (eˣ − 1) below",
            call("nn.ELU"),
            lambda x: x if x > 0 else math.expm1(x),
            lambda x: 1.0 if x > 0 else math.exp(x),
        ),
        Activation(
            "sigmoid",
            "Sigmoid",
            "Squeezes any number between 0 and 1: the probability of one of two classes.",
            "1 / (1 + e⁻ˣ)",
            call("nn.Sigmoid"),
            _sigmoid,
            lambda x: _sigmoid(x) * (1 - _sigmoid(x)),
        ),
        Activation(
            "tanh",
            "Tanh",
            "Squeezes any number between −1 and 1, symmetric around zero.",
            "(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ)",
            call("nn.Tanh"),
            math.tanh,
            lambda x: 1 - math.tanh(x) ** 2,
        ),
        Activation(
            "softmax",
            "Softmax",
            "Turns the features into probabilities that add up to one: the output for classes.",
            "eˣⁱ / Σⱼ eˣʲ",
            call("nn.Softmax"),
        ),
        Activation(
            "log_softmax",
            "Log softmax",
            "The logarithm of softmax.",
            "xᵢ − log Σⱼ eˣʲ",
            call("nn.LogSoftmax"),
        ),
        Activation(
            "softplus",
            "Softplus",
            "A smooth ReLU, always above zero.",
            "log(1 + eˣ)",
            call("nn.Softplus"),
            _softplus,
            _sigmoid,
        ),
        Activation(
            "softsign",
            "Softsign",
            "Squeezes between −1 and 1 more gently than tanh.",
            "x / (1 + |x|)",
            call("nn.Softsign"),
            lambda x: x / (1 + abs(x)),
            lambda x: 1 / (1 + abs(x)) ** 2,
        ),
        Activation(
            "selu",
            "SELU",
            "A scaled ELU that keeps mean and variance steady through many Dense layers.",
            "1.0507 · (x for x > 0, 1.6733 · (eˣ − 1) below)",
            call("nn.SELU"),
            lambda x: _SELU_SCALE * (x if x > 0 else _SELU_ALPHA * math.expm1(x)),
            lambda x: _SELU_SCALE * (1.0 if x > 0 else _SELU_ALPHA * math.exp(x)),
        ),
        Activation(
            "gelu",
            "GELU",
            "Weighs its input by how likely a normal variable is to be smaller.",
            "x · Φ(x)",
            call("nn.GELU"),
            lambda x: x * _normal_cdf(x),
            lambda x: _normal_cdf(x) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
        ),
        Activation(
            "silu",
            "SiLU (Swish)",
            "Weighs its input by its own sigmoid.",
            "x · sigmoid(x)",
            call("nn.SiLU"),
            lambda x: x * _sigmoid(x),
            lambda x: _sigmoid(x) * (1 + x * (1 - _sigmoid(x))),
        ),
        Activation(
            "mish",
            "Mish",
            "A smooth function much like SiLU.",
            "x · tanh(softplus(x))",
            call("nn.Mish"),
            lambda x: x * math.tanh(_softplus(x)),
            _mish_slope,
        ),
        Activation(
            "relu6",
            "ReLU6",
            "ReLU that stops at 6.",
            "min(max(0, x), 6)",
            call("nn.ReLU6"),
            lambda x: min(max(0.0, x), 6.0),
            lambda x: float(0 < x < 6),
        ),
        Activation(
            "hard_sigmoid",
            "Hard sigmoid",
            "The sigmoid as three straight lines: faster, less exact.",
            "min(max(0, x / 6 + ½), 1)",
            call("nn.Hardsigmoid"),
            lambda x: min(max(0.0, x / 6 + 0.5), 1.0),
            lambda x: 1 / 6 if -3 < x < 3 else 0.0,
        ),
    )
}

ActivationName = Annotated[str, Choice(ACTIVATIONS, "activations")]
