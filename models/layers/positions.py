"""Where in a sequence a step stands: attention alone cannot tell."""

from pydantic import Field

from models.call import Call, call
from models.layers.base import (
    INITIAL_VALUES,
    MAX_SIZE,
    Asked,
    KerasWeight,
    Layer,
    Misfit,
    Remedy,
    Shape,
    Step,
    describe,
    usual,
)
from models.layers.initializers import GlorotUniform, KernelInitializer


class _Positions(Layer):
    group = "Attention"
    passes_mask = True
    differs = (
        "Keras itself has no such layer; it is that of keras_hub, its library for language models."
    )

    def keras_call(self) -> Call:
        """Return the layer of keras_hub."""
        made = super().keras_call()
        return Call(f"keras_hub.{made.name}", made.args, made.kwargs)

    def applications(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return 0: nothing is multiplied by a weight."""
        return 0

    def _expect_sequence(self, shape: Shape) -> None:
        if len(shape) != 2:
            raise Misfit(
                "rank_mismatch",
                f"Expected a sequence, (time, features), for {type(self).__name__}, got "
                f"{describe(shape)}. Put it behind an Embedding.",
            )


class PositionEmbedding(_Positions):
    """A learned vector for each position of a sequence; add it to the sequence with Add.

    The output is the vectors alone, the same for every example: position(t) is row t of a table of
    weights.

    Shapes: (time, features) → the same.
    """

    glyph = "PE"
    headline = ("sequence_length",)
    required = ("sequence_length",)

    sequence_length: int = Field(
        default=512,
        ge=1,
        le=MAX_SIZE,
        description="The longest sequence that there can be",
        json_schema_extra=usual(8, 2_048),
    )
    initializer: KernelInitializer = Field(
        default=GlorotUniform(),
        description="How the vectors begin",
        json_schema_extra={"x-section": INITIAL_VALUES},
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the table of vectors."""
        (shape,) = inputs
        self._expect_sequence(shape)
        if shape[0] > self.sequence_length:
            raise Misfit(
                "sequence_too_long",
                f"Expected a sequence of at most {self.sequence_length:,} steps, got "
                f"{shape[0]:,}. Set sequence_length to {shape[0]}.",
                param="sequence_length",
                remedy=Remedy(f"Set sequence_length to {shape[0]}", {"sequence_length": shape[0]}),
            )
        return (Step(call("PositionEmbedding", self.sequence_length, shape[1])),)

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return the table of vectors."""
        return (KerasWeight("position_embeddings", ("position_embeddings",)),)

    def asked(self, weight: str, what: str) -> Asked:
        """Return what is asked of the vectors: the parameter bears no name of a weight."""
        return self._asked(what)


class SinePositionEncoding(_Positions):
    """Waves that tell the positions of a sequence apart; add them to the sequence with Add.

    position(t, 2i) = sin(t / max_wavelength^(2i / features)), position(t, 2i + 1) = cos(of the
    same), from "Attention is all you need" (2017). The output is the waves alone, the same for
    every example.

    Shapes: (time, features) → the same.
    """

    glyph = "SP"
    headline = ("max_wavelength",)

    max_wavelength: int = Field(
        default=10_000,
        ge=1,
        le=MAX_SIZE,
        description="Length of the slowest wave, in 2π steps",
        json_schema_extra=usual(100, 100_000),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the module of waves."""
        self._expect_sequence(inputs[0])
        options = {}
        if self.max_wavelength != 10_000:
            options["max_wavelength"] = self.max_wavelength
        return (Step(call("SinePositionEncoding", **options)),)


LAYERS = (PositionEmbedding, SinePositionEncoding)
