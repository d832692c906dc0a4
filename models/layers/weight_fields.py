"""The parameters that layers with weights share, a group for each weight of Keras's.

A layer type gets a weight's parameters by naming its group among its bases, as in
`class Conv1D(Kernel, Bias, Activity)`, and says in `keras_weights` where that weight lies. Nothing
else is to be done: `models.weights` sees to all that the parameters ask for. So `torch` gives its
Steps without `initial`, except for what goes beyond the parameters, such as an LSTM's forget gate.

A group's parameters begin with the name of the weight: `kernel_initializer` is about the
KerasWeight called "kernel", or in a composite layer "forward/kernel"; `recurrent_initializer` about
"recurrent_kernel". To change a default, a layer type declares the parameter again:
`kernel_initializer: KernelInitializer = initial_values(Zeros(), "the weights")`.
"""

from typing import Any

from pydantic import Field

from models.call import Call, call
from models.layers.base import INITIAL_VALUES, SHARED, TRAINING, Layer
from models.layers.constraints import WeightConstraint
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
from models.layers.regularizers import KernelRegularizer, VectorRegularizer


def initial_values(default: Initializer, what: str) -> Any:
    """Return the field of an initializer of these weights."""
    return Field(
        default=default,
        description=f"How {what} begin",
        json_schema_extra={"x-section": INITIAL_VALUES},
    )


def penalty(what: str) -> Any:
    """Return the field of a regularizer."""
    return Field(
        default=None,
        description=f"Penalty on {what}, added to the loss",
        json_schema_extra={"x-section": TRAINING},
    )


def limits(what: str) -> Any:
    """Return the field of a constraint."""
    return Field(
        default=None,
        description=f"What {what} are brought back to after each step of training",
        json_schema_extra={"x-section": TRAINING},
    )


class Weighted(Layer):
    """A layer with weights: base of the groups."""

    trainable: bool = Field(
        default=True,
        description="Training changes the weights; else they stay as they are",
        json_schema_extra={"x-section": TRAINING},
    )

    @property
    def learns(self) -> bool:
        """Whether training changes the weights."""
        return self.trainable


class Kernel(Weighted):
    """The weights of the inputs."""

    kernel_initializer: KernelInitializer = initial_values(GlorotUniform(), "the weights")
    kernel_regularizer: KernelRegularizer = penalty("the weights")
    kernel_constraint: WeightConstraint = limits("the weights")


class Bias(Weighted):
    """The constants that are added to the weighted sums, where `use_bias` asks for them."""

    use_bias: bool = Field(
        default=True,
        description="Add learned constants to the results",
        json_schema_extra={"x-section": SHARED},
    )
    bias_initializer: BiasInitializer = initial_values(Zeros(), "the biases")
    bias_regularizer: VectorRegularizer = penalty("the biases")
    bias_constraint: WeightConstraint = limits("the biases")


class Activity(Layer):
    """A penalty on what a layer gives."""

    activity_regularizer: VectorRegularizer = penalty(
        "the layer's output, per example of the batch"
    )

    def watching(self) -> Call | None:
        """Return the module that takes note of the output for the penalty, if there is one."""
        factors = self.activity_regularizer.factors() if self.activity_regularizer else {}
        return call("ActivityPenalty", **factors) if factors else None


class RecurrentKernel(Weighted):
    """The weights of what a recurrent layer remembers."""

    recurrent_initializer: KernelInitializer = initial_values(
        Orthogonal(), "the weights of the memory"
    )
    recurrent_regularizer: KernelRegularizer = penalty("the weights of the memory")
    recurrent_constraint: WeightConstraint = limits("the weights of the memory")


class DepthwiseKernel(Weighted):
    """The weights of a convolution of each channel by itself."""

    depthwise_initializer: KernelInitializer = initial_values(
        GlorotUniform(), "the filters of each channel"
    )
    depthwise_regularizer: KernelRegularizer = penalty("the filters of each channel")
    depthwise_constraint: WeightConstraint = limits("the filters of each channel")


class PointwiseKernel(Weighted):
    """The weights that mix the channels at each place."""

    pointwise_initializer: KernelInitializer = initial_values(
        GlorotUniform(), "the weights that mix the channels"
    )
    pointwise_regularizer: KernelRegularizer = penalty("the weights that mix the channels")
    pointwise_constraint: WeightConstraint = limits("the weights that mix the channels")


class Embeddings(Weighted):
    """The vectors of codes."""

    embeddings_initializer: KernelInitializer = initial_values(RandomUniform(), "the vectors")
    embeddings_regularizer: KernelRegularizer = penalty("the vectors")
    embeddings_constraint: WeightConstraint = limits("the vectors")


class Alpha(Weighted):
    """The learned slopes of an activation function below zero."""

    alpha_initializer: KernelInitializer = initial_values(Zeros(), "the slopes")
    alpha_regularizer: KernelRegularizer = penalty("the slopes")
    alpha_constraint: WeightConstraint = limits("the slopes")


class Beta(Weighted):
    """The shift after a normalization, where `center` asks for it."""

    center: bool = Field(
        default=True, description="Learn the shift β", json_schema_extra={"x-section": SHARED}
    )
    beta_initializer: BiasInitializer = initial_values(Zeros(), "the shifts β")
    beta_regularizer: VectorRegularizer = penalty("the shifts β")
    beta_constraint: WeightConstraint = limits("the shifts β")


class Gamma(Weighted):
    """The scale after a normalization, where `scale` asks for it."""

    scale: bool = Field(
        default=True, description="Learn the scale γ", json_schema_extra={"x-section": SHARED}
    )
    gamma_initializer: BiasInitializer = initial_values(Ones(), "the scales γ")
    gamma_regularizer: VectorRegularizer = penalty("the scales γ")
    gamma_constraint: WeightConstraint = limits("the scales γ")
