"""Activation functions like ReLU: they let large numbers through and hold small ones back."""

import math

from models.call import call
from models.layers.activation import Activation, normal_cdf, sigmoid, softplus

_SELU_SCALE = 1.0507009873554805
_SELU_ALPHA = 1.6732632423543772


def _mish_slope(x: float) -> float:
    level = math.tanh(softplus(x))
    return level + x * sigmoid(x) * (1 - level * level)


RECTIFIERS = (
    Activation(
        "relu",
        "ReLU",
        "Zero below zero, unchanged above: fast, and the usual first choice.",
        "max(0, x)",
        call("nn.ReLU"),
        lambda x: max(0.0, x),
        lambda x: float(x > 0),
        keeps_largest=True,
    ),
    Activation(
        "leaky_relu",
        "Leaky ReLU",
        "Like ReLU, but a small slope below zero keeps its units from dying.",
        "x for x ≥ 0, slope · x below (0.2 unless chosen)",
        call("nn.LeakyReLU", negative_slope=0.2),
        lambda x: x if x >= 0 else 0.2 * x,
        lambda x: 1.0 if x > 0 else 0.2,
        any_number=True,
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
        "celu",
        "CELU",
        "ELU in a form whose slope is continuous for every α; the same for α = 1.",
        "max(0, x) + min(0, α · (eˣᐟᵅ − 1)), α = 1",
        call("nn.CELU"),
        lambda x: x if x > 0 else math.expm1(x),
        lambda x: 1.0 if x > 0 else math.exp(x),
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
        "relu6",
        "ReLU6",
        "ReLU that stops at 6.",
        "min(max(0, x), 6)",
        call("nn.ReLU6"),
        lambda x: min(max(0.0, x), 6.0),
        lambda x: float(0 < x < 6),
    ),
    Activation(
        "gelu",
        "GELU",
        "Weighs its input by how likely a normal variable is to be smaller.",
        "x · Φ(x)",
        call("nn.GELU"),
        lambda x: x * normal_cdf(x),
        lambda x: normal_cdf(x) + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    ),
    Activation(
        "silu",
        "SiLU (Swish)",
        "Weighs its input by its own sigmoid.",
        "x · sigmoid(x)",
        call("nn.SiLU"),
        lambda x: x * sigmoid(x),
        lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x))),
    ),
    Activation(
        "hard_silu",
        "Hard SiLU (hard Swish)",
        "SiLU out of straight lines and a parabola: faster, less exact.",
        "x · min(max(0, x + 3), 6) / 6",
        call("nn.Hardswish"),
        lambda x: x * min(max(0.0, x + 3), 6.0) / 6,
        lambda x: 0.0 if x < -3 else 1.0 if x > 3 else (2 * x + 3) / 6,
    ),
    Activation(
        "mish",
        "Mish",
        "A smooth function much like SiLU.",
        "x · tanh(softplus(x))",
        call("nn.Mish"),
        lambda x: x * math.tanh(softplus(x)),
        _mish_slope,
    ),
    Activation(
        "softplus",
        "Softplus",
        "A smooth ReLU, always above zero.",
        "log(1 + eˣ)",
        call("nn.Softplus"),
        softplus,
        sigmoid,
    ),
    Activation(
        "squareplus",
        "Squareplus",
        "A smooth ReLU without powers of e.",
        "(x + √(x² + 4)) / 2",
        call("Squareplus"),
        lambda x: (x + math.sqrt(x * x + 4)) / 2,
        lambda x: (1 + x / math.sqrt(x * x + 4)) / 2,
    ),
    Activation(
        "sparse_plus",
        "Sparse plus",
        "ReLU with a parabola from −1 to 1, where its corner was.",
        "0 for x ≤ −1, (x + 1)² / 4 up to 1, x above",
        call("SparsePlus"),
        lambda x: 0.0 if x <= -1 else (x + 1) ** 2 / 4 if x < 1 else x,
        lambda x: 0.0 if x <= -1 else (x + 1) / 2 if x < 1 else 1.0,
    ),
    Activation(
        "exponential",
        "Exponential",
        "Always above zero, and grows without measure.",
        "eˣ",
        call("Exponential"),
        math.exp,
        math.exp,
    ),
)
