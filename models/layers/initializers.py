"""Initializers: how a layer's weights begin. Keras's names and distributions.

They stand here and not beside the losses because layers name them, and layers know nothing else of
models. `call` fills a tensor in place.
"""

from dataclasses import dataclass
from typing import Annotated

from models.call import Call, call
from models.layers.base import Choice


@dataclass(frozen=True)
class Initializer:
    """One way to fill a tensor.

    Attributes:
        formula: the distribution that values are drawn from.
        any_shape: whether it can also fill a vector of biases, which has no fan-in or fan-out.
    """

    name: str
    title: str
    summary: str
    formula: str
    call: Call
    any_shape: bool = False


INITIALIZERS: dict[str, Initializer] = {
    initializer.name: initializer
    for initializer in (
        Initializer(
            "glorot_uniform",
            "Glorot (Xavier) uniform",
            "Keeps the variance of activations and gradients alike; made for tanh and sigmoid.",
            "U(−a, a), a = √(6 / (fan_in + fan_out))",
            call("nn.init.xavier_uniform_"),
        ),
        Initializer(
            "glorot_normal",
            "Glorot (Xavier) normal",
            "As Glorot uniform, drawn from a normal distribution cut off at two deviations.",
            "N(0, σ²) cut at ±2σ, variance 2 / (fan_in + fan_out)",
            call("scaled_normal_", fan="mean"),
        ),
        Initializer(
            "he_uniform",
            "He uniform",
            "Keeps the variance of activations through layers of ReLU.",
            "U(−a, a), a = √(6 / fan_in)",
            call("nn.init.kaiming_uniform_", nonlinearity="relu"),
        ),
        Initializer(
            "he_normal",
            "He normal",
            "As He uniform, drawn from a normal distribution cut off at two deviations.",
            "N(0, σ²) cut at ±2σ, variance 2 / fan_in",
            call("scaled_normal_", scale=2.0),
        ),
        Initializer(
            "lecun_uniform",
            "LeCun uniform",
            "Keeps the variance of activations through linear layers; goes with SELU.",
            "U(−a, a), a = √(3 / fan_in)",
            call("nn.init.kaiming_uniform_", nonlinearity="linear"),
        ),
        Initializer(
            "lecun_normal",
            "LeCun normal",
            "As LeCun uniform, drawn from a normal distribution cut off at two deviations.",
            "N(0, σ²) cut at ±2σ, variance 1 / fan_in",
            call("scaled_normal_"),
        ),
        Initializer(
            "orthogonal",
            "Orthogonal",
            "A random orthogonal matrix: keeps lengths, which helps recurrent layers.",
            "QᵀQ = I",
            call("nn.init.orthogonal_"),
        ),
        Initializer(
            "random_uniform",
            "Uniform",
            "Small random numbers, all equally likely.",
            "U(−0.05, 0.05)",
            call("nn.init.uniform_", a=-0.05, b=0.05),
            any_shape=True,
        ),
        Initializer(
            "random_normal",
            "Normal",
            "Small random numbers around zero.",
            "N(0, 0.05²)",
            call("nn.init.normal_", std=0.05),
            any_shape=True,
        ),
        Initializer(
            "truncated_normal",
            "Truncated normal",
            "Small random numbers around zero, none further than two deviations away.",
            "N(0, 0.05²) cut at ±0.1",
            call("nn.init.trunc_normal_", std=0.05, a=-0.1, b=0.1),
            any_shape=True,
        ),
        Initializer(
            "zeros",
            "Zeros",
            "All zero: right for biases; for weights every unit would stay the same.",
            "0",
            call("nn.init.zeros_"),
            any_shape=True,
        ),
        Initializer("ones", "Ones", "All one.", "1", call("nn.init.ones_"), any_shape=True),
    )
}

KernelInitializer = Annotated[str, Choice(INITIALIZERS, "initializers")]
BiasInitializer = Annotated[
    str,
    Choice([name for name, entry in INITIALIZERS.items() if entry.any_shape], "initializers"),
]
