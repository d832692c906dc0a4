"""The architecture document: nodes, edges, layout, blocks. What the editor edits, `check` reads."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from models.errors import Document

FORMAT = "neuroloom/1"
MAX_NODES = 2_000
"""Layers, with those inside blocks, and again with every block unfolded."""
MAX_EDGES = 10_000
MAX_BLOCKS = 100
MAX_BLOCK_DEPTH = 16
"""How deep blocks may lie in blocks."""

NodeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Title = Annotated[str, StringConstraints(max_length=200)]
Coordinate = Annotated[float, Field(ge=-1e7, le=1e7)]
Position = Annotated[tuple[Coordinate, Coordinate], Field(strict=False)]
"""Across and down; not strict, because JSON has lists and no tuples."""


class Node(Document):
    """One layer: its id, its type in the catalogue, the parameters that are not the defaults."""

    id: NodeId
    type: Annotated[str, StringConstraints(max_length=64)]
    params: dict[str, Any] = {}
    title: Title | None = None
    shares: NodeId | None = Field(
        default=None,
        description="The layer of the same type whose weights this one computes with; its own "
        "parameters are then left out or equal",
    )


class Edge(Document):
    """A wire. The order of a target's edges is the order of its inputs."""

    source: NodeId
    target: NodeId
    port: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, description="Which of the target's named inputs, when it has several"
    )
    output: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None,
        description="Which of the source's named outputs, when it has several; null is the first",
    )


class BlockParameter(Document):
    """What a use of a block may set: one value for parameters of layers inside it."""

    default: Any
    sets: list[Annotated[list[str], Field(min_length=2, max_length=3)]] = Field(
        min_length=1,
        max_length=MAX_NODES,
        description="The parameters that get the value, each as [layer, parameter], or as "
        '[layer, "arguments", name] where the layer is a Block',
    )


class BlockDefinition(Document):
    """Layers wired together under one name; its Inputs and Outputs are those of a layer Block."""

    title: Title | None = None
    summary: Annotated[str, StringConstraints(max_length=2_000)] | None = None
    nodes: list[Node] = []
    edges: list[Edge] = []
    layout: dict[NodeId, Position] = {}
    parameters: dict[NodeId, BlockParameter] = {}


class Architecture(Document):
    """A network as data: what the editor edits, what `check` checks, what `build` builds."""

    format: Literal["neuroloom/1"]
    name: Title = "Untitled"
    nodes: list[Node] = []
    edges: list[Edge] = []
    layout: dict[NodeId, Position] = {}
    blocks: dict[NodeId, BlockDefinition] = {}
