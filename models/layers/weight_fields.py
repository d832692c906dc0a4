"""The parameters that layers with weights share, a group for each weight of Keras's.

A layer type gets a weight's parameters by naming its group among its bases, as in
`class Conv1D(Kernel, Bias)`, and says in `keras_weights` where that weight lies. Nothing else is to
be done: `models.weights` sees to all that the parameters ask for. So `torch` gives its Steps
without `initial`, except for what goes beyond the parameters, such as an LSTM's forget gate.

A group's parameters begin with the name of the weight: `kernel_initializer` is about the
KerasWeight called "kernel", or in a composite layer "forward/kernel". To change a default, a layer
type declares that parameter again: `kernel_initializer: KernelInitializer = initial_values(...)`.
"""

from typing import Any

from pydantic import Field

from models.layers.base import INITIAL_VALUES, SHARED, Layer
from models.layers.initializers import (
    BiasInitializer,
    GlorotUniform,
    Initializer,
    KernelInitializer,
    Ones,
    Orthogonal,
    RandomUniform,
    Zeros,
)


def initial_values(default: Initializer, what: str) -> Any:
    """Return the field of an initializer of these weights."""
    return Field(
        default=default,
        description=f"How {what} begin",
        json_schema_extra={"x-section": INITIAL_VALUES},
    )


class Kernel(Layer):
    """The weights of the inputs."""

    kernel_initializer: KernelInitializer = initial_values(GlorotUniform(), "the weights")


class Bias(Layer):
    """The constants that are added to the weighted sums, where `use_bias` asks for them."""

    use_bias: bool = Field(
        default=True,
        description="Add learned constants to the results",
        json_schema_extra={"x-section": SHARED},
    )
    bias_initializer: BiasInitializer = initial_values(Zeros(), "the biases")


class RecurrentKernel(Layer):
    """The weights of what a recurrent layer remembers."""

    recurrent_initializer: KernelInitializer = initial_values(
        Orthogonal(), "the weights of the memory"
    )


class DepthwiseKernel(Layer):
    """The weights of a convolution of each channel by itself."""

    depthwise_initializer: KernelInitializer = initial_values(
        GlorotUniform(), "the filters of each channel"
    )


class PointwiseKernel(Layer):
    """The weights that mix the channels at each place."""

    pointwise_initializer: KernelInitializer = initial_values(
        GlorotUniform(), "the weights that mix the channels"
    )


class Embeddings(Layer):
    """The vectors of codes."""

    embeddings_initializer: KernelInitializer = initial_values(RandomUniform(), "the vectors")


class Beta(Layer):
    """The shift after a normalization, where `center` asks for it."""

    center: bool = Field(
        default=True, description="Learn the shift β", json_schema_extra={"x-section": SHARED}
    )
    beta_initializer: BiasInitializer = initial_values(Zeros(), "the shifts β")


class Gamma(Layer):
    """The scale after a normalization, where `scale` asks for it."""

    scale: bool = Field(
        default=True, description="Learn the scale γ", json_schema_extra={"x-section": SHARED}
    )
    gamma_initializer: BiasInitializer = initial_values(Ones(), "the scales γ")
