"""Layers that every network has: fully connected, and the look-up of codes."""

from pydantic import Field

from models.call import call
from models.layers.activations import ActivationName, steps
from models.layers.base import (
    MAX_SIZE,
    KerasWeight,
    Layer,
    Mask,
    Misfit,
    Remedy,
    Shape,
    Step,
    describe,
    features,
    usual,
)
from models.layers.weight_fields import Activity, Bias, Embeddings, Kernel


class Dense(Kernel, Bias, Activity):
    """Connects every input to every unit: a weighted sum, plus a bias, through an activation.

    y = activation(x · W + b), computed at every time step of a sequence and at every pixel of an
    image separately; put Flatten before it to see all of them at once.

    Shapes: (features) → (units); (time, features) → (time, units);
    (channels, height, width) → (units, height, width).
    """

    group = "Core"
    glyph = "De"
    headline = ("units", "activation")
    width = "units"
    required = ("units",)
    passes_mask = True

    units: int = Field(
        default=32,
        ge=1,
        le=MAX_SIZE,
        description="Number of outputs",
        json_schema_extra=usual(1, 512),
    )
    activation: ActivationName = Field(default="linear", description="Function applied to the sums")

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return a Linear; on an image a convolution of one pixel, which is the same."""
        (shape,) = inputs
        bias = {} if self.use_bias else {"bias": False}
        if len(shape) > 2:
            name = f"nn.Conv{len(shape) - 1}d"
            module = call(name, shape[0], self.units, kernel_size=1, **bias)
        else:
            module = call("nn.Linear", features(shape), self.units, **bias)
        return (Step(module), *steps(self.activation, shape))

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return kernel and bias."""
        # On an image the weights have an axis of size 1 for each of the image's.
        pixel = range(2, len(inputs[0]) + 1) if len(inputs[0]) > 2 else ()
        kernel = KerasWeight("kernel", ("weight",), axes=(1, 0, *pixel), rank=2)
        return (kernel, KerasWeight("bias", ("bias",))) if self.use_bias else (kernel,)

    def advice(self, *inputs: Shape) -> Misfit | None:
        """Suggest to flatten an image, whose pixels would be seen one by one."""
        (shape,) = inputs
        if len(shape) != 3:
            return None
        return Misfit(
            "dense_on_image",
            f"Dense works on each pixel of {describe(shape)} by itself, mixing only its channels. "
            "Insert Flatten before it to connect all pixels.",
            remedy=Remedy("Insert Flatten", insert=("Flatten", {})),
        )


class Embedding(Embeddings):
    """Looks up a learned vector for each whole number: words, categories, items.

    Its inputs are codes from 0 to input_dim − 1 and must not be standardised.

    Shapes: (length) → (length, output_dim).
    """

    group = "Core"
    glyph = "Em"
    headline = ("input_dim", "output_dim")
    width = "output_dim"
    required = ("input_dim", "output_dim")

    input_dim: int = Field(
        default=1000,
        ge=1,
        le=MAX_SIZE,
        description="How many different codes there are: the largest one plus 1",
        json_schema_extra=usual(2, 20_000),
    )
    output_dim: int = Field(
        default=16,
        ge=1,
        le=MAX_SIZE,
        description="Length of each code's vector",
        json_schema_extra=usual(1, 256),
    )
    mask_zero: bool = Field(
        default=False,
        description="Code 0 means that there is nothing: layers that heed masks skip it",
    )

    @property
    def reads_codes(self) -> bool:
        """Whether inputs are codes: they are."""
        return True

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the table of vectors."""
        (shape,) = inputs
        if len(shape) != 1:
            raise Misfit(
                "rank_mismatch",
                f"Expected a row of whole-number codes, (length), got {describe(shape)}. "
                "Put Embedding right after the input, or Flatten before it.",
                remedy=Remedy("Insert Flatten", insert=("Flatten", {})),
            )
        return (Step(call("Embedding", self.input_dim, self.output_dim)),)

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> Mask | None:
        """Return where the codes are not 0, if 0 means nothing."""
        return (
            Mask((Step(call("operator.ne", 0), kind="fold"),), "inputs") if self.mask_zero else None
        )

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return 0: a look-up multiplies nothing."""
        return 0

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return the table."""
        return (KerasWeight("embeddings", ("weight",)),)


class Identity(Layer):
    """Passes its input on unchanged: a place to join wires, or to put another layer later.

    y = x.

    Shapes: any → the same.
    """

    group = "Core"
    glyph = "Id"
    passes_mask = True

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return nothing: the output is the input."""
        return ()


LAYERS = (Dense, Embedding, Identity)
