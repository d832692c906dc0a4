"""Layers that keep the scale of activations in hand."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from models.call import call
from models.layers.base import KerasWeight, Shape, Step, features, usual
from models.layers.initializers import BiasInitializer, Ones, Zeros
from models.layers.weight_fields import Beta, Gamma, initial_values


class BatchNormalization(Gamma, Beta):
    """Shifts and scales each feature to mean 0 and variance 1, then to a learned mean and scale.

    In training by the batch's own mean and variance, in use by their running averages.
    y = γ · (x − mean) / √(variance + ε) + β, per feature or channel. Masked positions do not count
    for the batch's mean and variance.

    Shapes: any → the same.
    """

    group = "Normalization"
    glyph = "BN"
    passes_mask = True

    momentum: float = Field(
        default=0.99,
        ge=0,
        le=1,
        description="Share of the running averages that each batch leaves as it was",
        json_schema_extra=usual(0.5, 1),
    )
    epsilon: float = Field(
        default=0.001, gt=0, le=1, description="Added to the variance, so as not to divide by zero"
    )
    moving_mean_initializer: BiasInitializer = initial_values(Zeros(), "the running means")
    moving_variance_initializer: BiasInitializer = initial_values(Ones(), "the running variances")

    @property
    def sees_batch(self) -> bool:
        """Whether examples are seen together: it takes the mean of a batch, unless it is frozen."""
        return self.trainable

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the normalisation over the features axis."""
        (shape,) = inputs
        options = {
            name: getattr(self, name)
            for name in ("momentum", "epsilon", "center", "scale", "trainable")
            if getattr(self, name) != type(self).model_fields[name].default
        }
        if len(shape) == 2:
            options["axis"] = 2
        return (Step(call("BatchNormalization", features(shape), **options), masks=("mask",)),)

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return scale, shift and the running averages."""
        learned = (
            *((KerasWeight("gamma", ("weight",), begun=True),) if self.scale else ()),
            *((KerasWeight("beta", ("bias",), begun=True),) if self.center else ()),
        )
        return (
            *learned,
            KerasWeight("moving_mean", ("running_mean",), begun=True),
            KerasWeight("moving_variance", ("running_var",), begun=True),
        )

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return 0: there are no matrices, only a few operations per number."""
        return 0

    @classmethod
    def says_again(cls, name: str, config: Mapping[str, Any]) -> bool:
        """Return whether it is the features axis, or about a renormalisation that is not asked."""
        if name == "renorm_momentum":
            return not config.get("renorm")
        return name == "axis" and config[name] == -1


LAYERS = (BatchNormalization,)
