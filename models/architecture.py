"""The architecture document: nodes, edges, layout. What the editor edits and `check` reads."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from models.errors import Document

FORMAT = "neuroloom/1"
MAX_NODES = 2_000
MAX_EDGES = 10_000

NodeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Coordinate = Annotated[float, Field(ge=-1e7, le=1e7)]
Position = Annotated[tuple[Coordinate, Coordinate], Field(strict=False)]
"""Across and down; not strict, because JSON has lists and no tuples."""


class Node(Document):
    """One layer: its id, its type in the catalogue, the parameters that are not the defaults."""

    id: NodeId
    type: Annotated[str, StringConstraints(max_length=64)]
    params: dict[str, Any] = {}
    title: Annotated[str, StringConstraints(max_length=200)] | None = None
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


class Architecture(Document):
    """A network as data: what the editor edits, what `check` checks, what `build` builds."""

    format: Literal["neuroloom/1"]
    name: Annotated[str, StringConstraints(max_length=200)] = "Untitled"
    nodes: list[Node] = []
    edges: list[Edge] = []
    layout: dict[NodeId, Position] = {}
