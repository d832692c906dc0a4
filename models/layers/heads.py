"""Multi-head attention: several attentions side by side, each with projections of its own."""

from math import prod
from typing import Annotated, Any

from pydantic import Field

from models.call import Call, call
from models.layers.attention import MASKS, Looking, roles
from models.layers.base import (
    MAX_SIZE,
    SHARED,
    KerasWeight,
    Misfit,
    Remedy,
    Shape,
    Step,
    describe,
    features,
    keras_axis,
    usual,
)
from models.layers.weight_fields import Bias, Kernel

_MANY = 1_024
"""Most heads."""


class Projected(Looking, Kernel, Bias):
    """What attention layers with projections have in common."""

    sliding_window: int | None = Field(
        default=None,
        ge=1,
        le=MAX_SIZE,
        description="Look only at positions less than this far away; none looks at all",
        json_schema_extra={"x-section": SHARED},
    )
    use_gate: bool = Field(
        default=False,
        description="Weigh what each head gathers by a learned gate of the query",
        json_schema_extra={"x-section": SHARED},
    )

    def keras_weights(self, *inputs: Shape) -> tuple[KerasWeight, ...]:
        """Return the projections' kernels and biases."""
        found: list[KerasWeight] = []
        for name, fans in self._fans(inputs).items():
            kernel, bias = f"{name}.weight", f"{name}.bias"
            found.append(KerasWeight(f"{name}/kernel", (kernel,), axes=(2, 1, 0), fans=fans))
            if self.use_bias:
                axes = () if name == "attention_output" else (1, 0)
                found.append(KerasWeight(f"{name}/bias", (bias,), axes=axes))
        return tuple(found)

    def _fans(self, inputs: tuple[Shape, ...]) -> dict[str, tuple[int, int]]:
        """Return of each projection, in Keras's order, how many numbers go in and come out."""
        query, value, key = map(features, roles(inputs))
        heads, groups, key_dim, value_dim = self._heads()
        gate = {"gate": (query, heads * value_dim)} if self.use_gate else {}
        return {
            "query": (query, heads * key_dim),
            "key": (key, groups * key_dim),
            **gate,
            "value": (value, groups * value_dim),
            "attention_output": (heads * value_dim, self._outputs(query)),
        }

    def _outputs(self, query: int) -> int:
        """Return the number of features of the output, given that of the query."""
        return query

    def _heads(self) -> tuple[int, int, int, int]:
        """Return the number of heads that look and of those looked at, sizes of key and value."""
        raise NotImplementedError

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return those of the scores, of what is gathered by them, and one per result."""
        query, value, _ = (prod(shape) // features(shape) for shape in roles(inputs))
        heads, _, key_dim, value_dim = self._heads()
        return prod(output) + 2 * query * value * heads * (key_dim + value_dim)

    def _module(
        self, inputs: tuple[Shape, ...], name: str = "MultiHeadAttention", **options: Any
    ) -> Call:
        query, value, key = map(features, roles(inputs))
        heads, groups, key_dim, value_dim = self._heads()
        if value != query:
            options["value_features"] = value
        if key != value:
            options["key_features"] = key
        if groups != heads:
            options["groups"] = groups
        if not self.use_bias:
            options["bias"] = False
        if self.dropout > 0:
            options["dropout"] = self.dropout
        if self.use_causal_mask:
            options["causal"] = True
        if self.sliding_window is not None:
            options["window"] = self.sliding_window
        if self.use_gate:
            options["gate"] = True
        return call(name, query, self._outputs(query), heads, key_dim, value_dim, **options)


class MultiHeadAttention(Projected):
    """Several attentions side by side: each head looks for something of its own.

    Each head projects query, key and value, and gathers softmax(q · kᵀ / √key_dim) · v; a last
    projection puts the heads together. With one wire, a sequence looks at itself; with a second
    one, `value`, at another sequence; a third, `key`, tells by what to find them.

    Shapes: (queries, features), (values, …) → (queries, features); in images and volumes every
    position looks at all: (channels, height, width) → the same.
    """

    glyph = "MH"
    headline = ("num_heads", "key_dim")
    required = ("num_heads", "key_dim")

    num_heads: int = Field(
        default=2,
        ge=1,
        le=_MANY,
        description="Number of attentions side by side",
        json_schema_extra=usual(1, 16),
    )
    key_dim: int = Field(
        default=32,
        ge=1,
        le=MAX_SIZE,
        description="Size of a head's queries and keys",
        json_schema_extra=usual(1, 256),
    )
    value_dim: int | None = Field(
        default=None,
        ge=1,
        le=MAX_SIZE,
        description="Size of a head's values; none takes key_dim",
    )
    output_shape: int | None = Field(
        default=None,
        ge=1,
        le=MAX_SIZE,
        description="Features of the output; none takes those of the query",
    )
    attention_axes: Annotated[tuple[int, ...], Field(strict=False, min_length=1)] | None = Field(
        default=None,
        description="Along which axes of an image or volume positions look at each other, counted "
        "as Keras does with channels last; none means all",
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the module; on images and volumes one that puts their positions in a row."""
        query, value, key = roles(inputs)
        for shape in (value, key):
            if len(shape) != len(query):
                raise Misfit(
                    "rank_mismatch",
                    f"Expected value and key with as many axes as the query, {describe(query)}, "
                    f"got {describe(shape)}. Reshape one of them.",
                )
        if len(query) < 3:
            self._expect_sequences(inputs)
        axes = self._axes(len(query))
        self._expect_pairs(value, key)
        if len(query) == 2:
            return (Step(self._module(inputs), masks=MASKS),)
        apart = [axis for axis in range(1, len(query)) if axis + 1 not in axes]
        if any(query[axis] != value[axis] for axis in apart):
            raise Misfit(
                "shape_mismatch",
                f"Expected query and value that differ only along attention_axes, got "
                f"{describe(query)} and {describe(value)}. Leave attention_axes out.",
                param="attention_axes",
                remedy=Remedy("Attend along all axes", {"attention_axes": None}),
            )
        return (Step(self._module(inputs, "AxesAttention", axes=axes)),)

    def _axes(self, rank: int) -> tuple[int, ...]:
        """Return the axes of attention in our order, with the batch axis."""
        if rank > 2 and (self.use_causal_mask or self.sliding_window is not None):
            name, off = ("use_causal_mask", False)
            if not self.use_causal_mask:
                name, off = ("sliding_window", None)
            raise Misfit(
                "no_order",
                f"Expected a sequence for {name}, got an input with {rank} axes, whose positions "
                f"have no order. Leave {name} out.",
                param=name,
                remedy=Remedy(f"Leave {name} out", {name: off}),
            )
        every = (1,) if rank == 2 else tuple(range(2, rank + 1))
        if self.attention_axes is None:
            return every
        axes = tuple(keras_axis(axis, rank) for axis in self.attention_axes)
        if not set(axes) <= set(every) or len(set(axes)) < len(axes):
            raise Misfit(
                "axis_mismatch",
                f"Expected different axes from 1 to {rank - 1} for an input with {rank} axes, of "
                f"which the last are its features in Keras, got {list(self.attention_axes)}. "
                "Leave attention_axes out to attend along all.",
                param="attention_axes",
                remedy=Remedy("Attend along all axes", {"attention_axes": None}),
            )
        return axes

    def _heads(self) -> tuple[int, int, int, int]:
        return self.num_heads, self.num_heads, self.key_dim, self.value_dim or self.key_dim

    def _outputs(self, query: int) -> int:
        return self.output_shape or query


class GroupQueryAttention(Projected):
    """Multi-head attention whose heads share keys and values in groups: fewer weights, as good.

    With num_key_value_heads of 1 all share one (multi-query attention), with as many as
    num_query_heads it is MultiHeadAttention.

    Shapes: (queries, features), (values, features) → (queries, features).
    """

    glyph = "GQ"
    headline = ("num_query_heads", "num_key_value_heads")
    required = ("head_dim", "num_query_heads", "num_key_value_heads")

    head_dim: int = Field(
        default=32,
        ge=1,
        le=MAX_SIZE,
        description="Size of a head's queries, keys and values",
        json_schema_extra=usual(1, 256),
    )
    num_query_heads: int = Field(
        default=4,
        ge=1,
        le=_MANY,
        description="Number of heads that look",
        json_schema_extra=usual(1, 16),
    )
    num_key_value_heads: int = Field(
        default=2,
        ge=1,
        le=_MANY,
        description="Number of heads that are looked at; it divides num_query_heads",
        json_schema_extra=usual(1, 16),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the module."""
        self._expect_sequences(inputs)
        query, value, key = roles(inputs)
        self._expect_pairs(value, key)
        if self.num_query_heads % self.num_key_value_heads:
            raise Misfit(
                "groups_mismatch",
                f"Expected num_key_value_heads to divide the {self.num_query_heads} query heads, "
                f"got {self.num_key_value_heads}. Set it to 1.",
                param="num_key_value_heads",
                remedy=Remedy("Set num_key_value_heads to 1", {"num_key_value_heads": 1}),
            )
        if query[1] != value[1]:
            raise Misfit(
                "shape_mismatch",
                f"Expected values with as many features as the query, {query[1]:,}, got "
                f"{value[1]:,}. Put a Dense with {query[1]:,} units before one of them.",
            )
        return (Step(self._module(inputs), masks=MASKS),)

    def _heads(self) -> tuple[int, int, int, int]:
        return self.num_query_heads, self.num_key_value_heads, self.head_dim, self.head_dim


LAYERS = (MultiHeadAttention, GroupQueryAttention)
