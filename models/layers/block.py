"""A part of a network folded into one layer."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints

from models.layers.base import Layer, Role, usual

MAX_REPEAT = 1_000


class Block(Layer):
    """Layers under one name: what a block of the document holds, once or several times in a row.

    Each use has its own weights. Its inputs and outputs are the Inputs and Outputs in the block.

    Shapes: those of the block.
    """

    group = "Core"
    glyph = "Bl"
    role: ClassVar[Role] = "block"
    headline = ("block", "repeat")
    arity = (0, None)
    required = ("block",)

    block: Annotated[str, StringConstraints(max_length=63)] = Field(
        default="",
        description="Which of the document's blocks",
        json_schema_extra={"x-names": "blocks"},
    )
    repeat: int = Field(
        default=1,
        ge=1,
        le=MAX_REPEAT,
        description="How many copies follow each other, each with its own weights",
        json_schema_extra=usual(1, 12),
    )
    arguments: dict[str, Any] = Field(
        default={},
        description="What this use sets, by the names of the block's parameters; others keep their "
        "defaults",
    )


LAYERS = (Block,)
