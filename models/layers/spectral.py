"""A layer whose weights are kept from stretching what they are applied to."""

from dataclasses import replace
from typing import Annotated

from pydantic import Field

from models.call import Call, call
from models.layers.base import Initial, KerasWeight, Layer, Mask, Misfit, Shape, Step, usual
from models.layers.core import Dense, Embedding
from models.layers.initializers import TruncatedNormal
from models.layers.inner import OneLayer, Wrapper, written
from models.layers.kernels import Convolving
from models.layers.weight_fields import Kernel, RecurrentKernel


def _suits(kind: type[Layer]) -> bool:
    """Return whether a layer type has one matrix of weights, as Keras asks."""
    plain = issubclass(kind, Dense | Convolving) and issubclass(kind, Kernel)
    return (plain and not issubclass(kind, RecurrentKernel)) or issubclass(kind, Embedding)


class SpectralNormalization(Wrapper):
    """Divides a layer's weights by their largest stretch before each step of training.

    W ← W / σ(W), where σ = v W uᵀ is W's largest singular value. It is estimated by power
    iteration, v = u Wᵀ / ‖u Wᵀ‖ and u = v W / ‖v W‖, and u is kept from step to step. From Miyato
    et al., "Spectral normalization for generative adversarial networks" (2018). In use the weights
    are as training left them. Gradients are those at the divided weights.

    Shapes: any that the layer inside takes → that of the layer inside.
    """

    group = "Normalization"
    glyph = "SN"
    headline = ("layer",)
    rewrites = "it divides them, so that gradients are those at the divided ones"

    layer: Annotated[Layer, OneLayer(_suits)] = Field(
        default=Dense(),
        description="The layer whose weights are divided: a dense one, a convolution or an "
        "embedding",
        json_schema_extra={"default": written(Dense())},
    )
    power_iterations: int = Field(
        default=1,
        ge=1,
        le=1000,
        description="How often the estimate of the largest stretch is improved at each step",
        json_schema_extra=usual(1, 10),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the steps of the layer inside, the one that has the weights wrapped."""
        try:
            steps = self.layer.torch(*inputs)
        except Misfit as misfit:
            raise self._told(misfit) from misfit
        return tuple(step if step.suffix else self._wrapped(step, inputs) for step in steps)

    def _wrapped(self, step: Step, inputs: tuple[Shape, ...]) -> Step:
        axis = _outputs_axis(self.layer.keras_weights(*inputs)[0])
        options = {"axis": axis} if axis else {}
        if self.power_iterations > 1:
            options["power_iterations"] = self.power_iterations
        initial = (
            *(replace(entry, tensor=f"layer.{entry.tensor}") for entry in step.initial),
            Initial("vector_u", TruncatedNormal(stddev=0.02).fill(None, 0)),
        )
        return replace(
            step, call=call("SpectralNormalization", step.call, **options), initial=initial
        )

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> Mask | None:
        """Return what the layer inside does."""
        return self.layer.mask(masked, *inputs)

    def watching(self) -> Call | None:
        """Return what takes note of the outputs of the layer inside."""
        return self.layer.watching()

    def advice(self, *inputs: Shape) -> Misfit | None:
        """Return what would be better for the layer inside."""
        misfit = self.layer.advice(*inputs)
        return self._told(misfit) if misfit else None

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return the matrix of the layer inside, the vector u, then the rest of that layer."""
        matrix, *rest = (
            replace(weight, tensors=tuple(f"layer.{tensor}" for tensor in weight.tensors))
            for weight in self.layer.keras_weights(*inputs)
        )
        return (matrix, KerasWeight("vector_u", ("vector_u",)), *rest)

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return those of the layer inside."""
        return self.layer.applications(inputs, output)

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return those of the layer inside."""
        return self.layer.operations(inputs, output)


def _outputs_axis(weight: KerasWeight) -> int:
    """Return which of our axes Keras has last: that of the columns of its matrix."""
    return weight.axes[: weight.rank][-1] if weight.axes else 1


LAYERS = (SpectralNormalization,)
