"""Attention: every position of a sequence looks at others and takes from them what it needs."""

from collections.abc import Sequence
from math import prod
from typing import Any, Literal

from pydantic import Field

from models.call import Call, call
from models.layers.base import (
    SHARED,
    Initial,
    KerasWeight,
    Layer,
    Misfit,
    Remedy,
    Shape,
    Step,
    describe,
    usual,
)
from models.layers.initializers import GlorotUniform

MASKS = ("query_mask", "value_mask", "key_mask")


class Looking(Layer):
    """What attention layers have in common: queries look at values, which keys tell of."""

    group = "Attention"
    arity = (1, 3)
    ports = ("query", "value", "key")
    passes_mask = True

    dropout: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Share of the looks that are left out in training",
        json_schema_extra={**usual(0, 0.9), "x-section": SHARED},
    )
    use_causal_mask: bool = Field(
        default=False,
        description="Look only at the same and earlier positions, not into the future",
        json_schema_extra={"x-section": SHARED},
    )

    def keras_call(self) -> Call:
        """Return the Keras layer; it is told of the causal mask when it is called."""
        made = super().keras_call()
        told = {key: value for key, value in made.kwargs.items() if key != "use_causal_mask"}
        return Call(made.name, made.args, told)

    def keras_given(self, inputs: Sequence[str]) -> str:
        """Return query, value and, where there is one, key."""
        query, value, _ = roles(tuple(inputs))
        return self._told(", ".join((query, value, *inputs[2:])))

    def _told(self, inputs: str) -> str:
        return f"{inputs}, use_causal_mask=True" if self.use_causal_mask else inputs

    def _expect_sequences(self, inputs: tuple[Shape, ...]) -> None:
        for shape in inputs:
            if len(shape) != 2:
                remedy = None
                if len(shape) == 1:
                    reshaped = (shape[0], 1)
                    remedy = Remedy(f"Reshape the input to {reshaped}", reshape=reshaped)
                raise Misfit(
                    "rank_mismatch",
                    f"Expected sequences, (time, features), for {type(self).__name__}, got "
                    f"{describe(shape)}. Put it behind an Embedding, or set return_sequences on "
                    "the recurrent layer before.",
                    remedy=remedy,
                )

    def _expect_pairs(self, value: Shape, key: Shape) -> None:
        if value[:-1] != key[:-1]:
            raise Misfit(
                "shape_mismatch",
                f"Expected as many keys as values, got {describe(value)} of values and "
                f"{describe(key)} of keys. Take both from the same layer.",
            )


def roles(inputs: tuple[Any, ...]) -> tuple[Any, Any, Any]:
    """Return query, value and key: values are the query, and keys the values, where not given."""
    query, *others = inputs
    value = others[0] if others else query
    return query, value, others[1] if len(others) > 1 else value


class Unprojected(Looking):
    """What attention layers without projections have in common."""

    use_scale: bool = Field(
        default=False,
        description="Learn a factor of the scores",
        json_schema_extra={"x-section": SHARED},
    )

    def keras_given(self, inputs: Sequence[str]) -> str:
        """Return query, value and, where there is one, key as a list."""
        query, value, _ = roles(tuple(inputs))
        return self._told(f"[{', '.join((query, value, *inputs[2:]))}]")

    def _sequences(self, inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
        self._expect_sequences(inputs)
        query, value, key = roles(inputs)
        self._expect_pairs(value, key)
        if query[1] != key[1]:
            raise Misfit(
                "shape_mismatch",
                f"Expected keys with as many features as the query, {query[1]:,}, got {key[1]:,}. "
                f"Put a Dense with {query[1]:,} units before one of them.",
            )
        return query, value, key

    def _options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"dropout": self.dropout} if self.dropout > 0 else {}
        return options | ({"causal": True} if self.use_causal_mask else {})

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return those of the scores and of what is gathered by them."""
        query, value, key = roles(inputs)
        return prod(output) + 2 * query[0] * value[0] * (key[1] + value[1])


class Attention(Unprojected):
    """Every position gathers values from others, most from those whose keys are like its query.

    softmax(query · keyᵀ) · value (Luong). With one wire, a sequence looks at itself; with a second
    one, `value`, at another sequence; a third, `key`, tells by what to find them.

    Shapes: (queries, features), (values, features) → (queries, features).
    """

    glyph = "At"
    headline = ("score_mode",)

    score_mode: Literal["dot", "concat"] = Field(
        default="dot",
        description="dot: scores are products of query and key; concat: sums of "
        "tanh(query + key), with a learned factor",
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the module of the score mode."""
        self._sequences(inputs)
        name = "Attention" if self.score_mode == "dot" else "ConcatAttention"
        scale = {"use_scale": True} if self.use_scale else {}
        return (Step(call(name, **scale, **self._options()), masks=MASKS[:2]),)

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return the factors of the scores."""
        scale = (KerasWeight("scale", ("scale",)),) if self.use_scale else ()
        if self.score_mode == "dot":
            return scale
        return (*scale, KerasWeight("concat_score_weight", ("concat_score_weight",)))


class AdditiveAttention(Unprojected):
    """Every position gathers values from others, by scores that are learned sums.

    softmax(Σ scale · tanh(query + key)) · value (Bahdanau), summed over the features. With one
    wire, a sequence looks at itself; with a second one, `value`, at another sequence; a third,
    `key`, tells by what to find them.

    Shapes: (queries, features), (values, features) → (queries, features).
    """

    glyph = "AA"
    headline = ("use_scale",)

    use_scale: bool = Field(default=True, description="Learn a weight for each feature")

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the module; its weights begin as Keras's, Glorot uniform of a vector."""
        query, *_ = self._sequences(inputs)
        if not self.use_scale:
            return (Step(call("AdditiveAttention", **self._options()), masks=MASKS[:2]),)
        module = call("AdditiveAttention", units=query[1], **self._options())
        initial = Initial("scale", GlorotUniform().fill((query[1], query[1])))
        return (Step(module, initial=(initial,), masks=MASKS[:2]),)

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return the weights of the features."""
        return (KerasWeight("scale", ("scale",)),) if self.use_scale else ()


LAYERS = (Attention, AdditiveAttention)
