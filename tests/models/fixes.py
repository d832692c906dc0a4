"""Carries a fix out on an architecture or a recipe, as the editor does."""

from typing import Any

from models.architecture import Architecture, Edge, Node
from models.errors import (
    AddEdge,
    AddNode,
    Fix,
    InsertNode,
    RemoveEdge,
    RemoveNode,
    SetParams,
    SetRecipe,
    SetShares,
)


def apply(fix: Fix | None, architecture: Architecture) -> Architecture:
    """Return the architecture with every change of the fix made, in order."""
    assert fix is not None
    nodes, edges = list(architecture.nodes), list(architecture.edges)
    for change in fix.changes:
        match change:
            case SetParams(node=name, params=params):
                index = next(i for i, node in enumerate(nodes) if node.id == name)
                merged = {**nodes[index].params, **params}
                nodes[index] = nodes[index].model_copy(update={"params": merged})
            case SetShares(node=name, shares=shares):
                index = next(i for i, node in enumerate(nodes) if node.id == name)
                nodes[index] = nodes[index].model_copy(update={"shares": shares})
            case InsertNode(type=kind, params=params, source=source, target=target):
                new = f"new_{len(nodes)}"
                nodes.append(Node(id=new, type=kind, params=params))
                place = _index(edges, source, target)
                edges[place] = Edge(source=new, target=target)
                edges.append(Edge(source=source, target=new))
            case RemoveNode(node=name):
                before = [edge.source for edge in edges if edge.target == name]
                after = [edge.target for edge in edges if edge.source == name]
                nodes = [node for node in nodes if node.id != name]
                edges = [edge for edge in edges if name not in (edge.source, edge.target)]
                edges += [Edge(source=a, target=b) for a in before for b in after]
            case AddNode(id=name, type=kind, params=params):
                nodes.append(Node(id=name, type=kind, params=params))
            case AddEdge(source=source, target=target, port=port):
                edges.append(Edge(source=source, target=target, port=port))
            case RemoveEdge(source=source, target=target, port=port):
                del edges[_index(edges, source, target, port)]
            case _:
                raise AssertionError(f"not a change of the architecture: {change}")
    return architecture.model_copy(update={"nodes": nodes, "edges": edges})


def mended(fix: Fix | None, recipe: dict[str, Any]) -> dict[str, Any]:
    """Return the recipe with every change of the fix made, in order."""
    assert fix is not None
    for change in fix.changes:
        assert isinstance(change, SetRecipe)
        recipe = {**recipe, **change.values}
    return recipe


def _index(edges: list[Edge], source: str, target: str, port: str | None = None) -> int:
    return next(
        index
        for index, edge in enumerate(edges)
        if (edge.source, edge.target) == (source, target) and port in (None, edge.port)
    )
