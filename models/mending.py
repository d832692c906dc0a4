"""Carries the changes of a fix out on an architecture and a recipe."""

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.architecture import Architecture, Edge, Node
from models.errors import (
    AddEdge,
    AddNode,
    Change,
    DocumentError,
    InsertNode,
    Problem,
    RemoveEdge,
    RemoveNode,
    SetParams,
    SetRecipe,
    SetShares,
    Where,
    refuse,
)
from models.recipe import Recipe
from models.wording import message


def mended(
    architecture: Architecture, recipe: Recipe, changes: Iterable[Change]
) -> tuple[Architecture, Recipe]:
    """Return both with every change made, in order. What was given stays as it was.

    Raises:
        DocumentError: a change is about a layer or a wire that is not there, or gives the recipe a
            field that it does not have.
    """
    work = _Work(architecture)
    values = recipe.model_dump(mode="json")
    for change in changes:
        if isinstance(change, SetRecipe):
            values |= change.values
        else:
            work.do(change)
    try:
        return work.architecture(), Recipe.model_validate(values)
    except ValidationError as error:
        raise DocumentError([_of_recipe(detail) for detail in error.errors()]) from error


def alters(changes: Iterable[Change]) -> bool:
    """Return whether changes are about the architecture, too, and not the recipe alone."""
    return any(not isinstance(change, SetRecipe) for change in changes)


def _of_recipe(detail: ErrorDetails) -> Problem:
    path = [part for part in detail["loc"] if isinstance(part, str | int)]
    text = message(detail, str(path[-1]) if path else "recipe", Recipe.model_fields)
    return Problem(code="invalid_recipe", message=text, where=Where(path=["recipe", *path]))


class _Work:
    """An architecture that is being changed."""

    def __init__(self, architecture: Architecture) -> None:
        self._given = architecture
        self._nodes = {node.id: node for node in architecture.nodes}
        self._edges = list(architecture.edges)
        self._layout = dict(architecture.layout)
        self._blocks = dict(architecture.blocks)

    def architecture(self) -> Architecture:
        """Return what it has become."""
        update = {
            "nodes": list(self._nodes.values()),
            "edges": self._edges,
            "layout": self._layout,
            "blocks": self._blocks,
        }
        return self._given.model_copy(update=update)

    def do(self, change: Change) -> None:
        """Make one change.

        Raises:
            DocumentError: it is about what is not there.
        """
        match change:
            case SetParams(block=str(block)):
                self._set_inside(block, change)
            case SetParams():
                node = self._node(change.node)
                self._put(node, params={**node.params, **change.params})
            case SetShares():
                self._put(self._node(change.node), shares=change.shares)
            case AddNode():
                self._nodes[change.id] = Node(id=change.id, type=change.type, params=change.params)
            case RemoveNode():
                self._remove(self._node(change.node).id)
            case InsertNode():
                self._insert(change)
            case AddEdge():
                self._edges.append(
                    Edge(
                        source=self._node(change.source).id,
                        target=self._node(change.target).id,
                        port=change.port,
                        output=change.output,
                    )
                )
            case RemoveEdge():
                del self._edges[self._wire(change.source, change.target, change.port)]

    def _set_inside(self, name: str, change: SetParams) -> None:
        """Change a layer of a block, and thereby every use of the block."""
        block = self._blocks.get(name)
        found = [node for node in block.nodes if node.id == change.node] if block else []
        if block is None or not found:
            raise refuse(
                "fix_misfit",
                f'Expected a layer "{change.node}" in a block "{name}" to change, got a network '
                "without it. Choose a change that fits the network.",
            )
        nodes = [
            node.model_copy(update={"params": {**node.params, **change.params}})
            if node is found[0]
            else node
            for node in block.nodes
        ]
        self._blocks[name] = block.model_copy(update={"nodes": nodes})

    def _node(self, name: str) -> Node:
        if name not in self._nodes:
            raise refuse(
                "fix_misfit",
                f'Expected a layer "{name}" to change, got a network without it. '
                "Choose a change that fits the network.",
            )
        return self._nodes[name]

    def _put(self, node: Node, **values: object) -> None:
        self._nodes[node.id] = node.model_copy(update=values)

    def _wire(self, source: str, target: str, port: str | None = None) -> int:
        for place, edge in enumerate(self._edges):
            if (edge.source, edge.target) == (source, target) and port in (None, edge.port):
                return place
        raise refuse(
            "fix_misfit",
            f'Expected a wire from "{source}" to "{target}", got a network without it. '
            "Choose a change that fits the network.",
        )

    def _insert(self, change: InsertNode) -> None:
        place = self._wire(change.source, change.target)
        wire = self._edges[place]
        new = self._free(change.type.lower())
        self._nodes[new] = Node(id=new, type=change.type, params=change.params)
        # The order of a target's wires is that of its inputs, so the wire keeps its place.
        self._edges[place] = wire.model_copy(update={"source": new, "output": None})
        self._edges.append(Edge(source=wire.source, target=new, output=wire.output))
        ends = [self._layout.get(wire.source), self._layout.get(wire.target)]
        if ends[0] is not None and ends[1] is not None:
            (a, b), (c, d) = ends[0], ends[1]
            self._layout[new] = ((a + c) / 2, (b + d) / 2)

    def _remove(self, node: str) -> None:
        before = [edge for edge in self._edges if edge.target == node]
        after = [edge for edge in self._edges if edge.source == node]
        bridges = {
            id(edge): [
                edge.model_copy(update={"source": entry.source, "output": entry.output})
                for entry in before
            ]
            for edge in after
        }
        kept: list[Edge] = []
        for edge in self._edges:
            if edge.target != node:
                kept += bridges.get(id(edge), [edge])
        self._edges = kept
        del self._nodes[node]
        self._layout.pop(node, None)

    def _free(self, kind: str) -> str:
        number = 1
        while f"{kind}_{number}" in self._nodes:
            number += 1
        return f"{kind}_{number}"
