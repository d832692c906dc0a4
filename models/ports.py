"""The named inputs of layers: which wire leads where, and what is wrong with that."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from models.architecture import Architecture, Edge
from models.errors import AddEdge, Change, Fix, Problem, RemoveEdge, Where
from models.layers import Layer
from models.wording import near

Layers = Mapping[str, Layer]


@dataclass
class Ports:
    """Where the wires of an architecture lead.

    Attributes:
        edges: all wires, those of a layer with named inputs in the order of these.
        missing: for each layer with named inputs, the names that still have no wire.
        unfit: layers whose wires name inputs that are not there, or one twice.
    """

    edges: list[Edge] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    unfit: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def fit(self, node: str, layer: Layer) -> bool:
        """Return whether the named inputs that have wires are the first of them, each once."""
        missing = self.missing.get(node, [])
        return node not in self.unfit and missing == [
            *layer.ports[len(layer.ports) - len(missing) :]
        ]


def assign(architecture: Architecture, layers: Layers) -> Ports:
    """Deal the wires out: those that name an input first, the others to what is left, in order."""
    result = Ports()
    filled: dict[str, dict[str, Edge]] = {node: {} for node, layer in layers.items() if layer.ports}
    waiting: dict[str, list[Edge]] = {node: [] for node in filled}
    named = {(edge.target, edge.port) for edge in architecture.edges}
    for index, edge in enumerate(architecture.edges):
        taken = filled.get(edge.target, {})
        if edge.port is not None:
            if edge.port in layers[edge.target].ports and edge.port not in taken:
                taken[edge.port] = edge
                continue
            result.unfit.add(edge.target)
            result.problems.append(_wrong(edge, index, layers[edge.target], taken, named))
        waiting.get(edge.target, result.edges).append(edge)
    for node, taken in filled.items():
        ports, rest = layers[node].ports, iter(waiting[node])
        for port in ports:
            if port not in taken and (edge := next(rest, None)) is not None:
                taken[port] = edge
        result.missing[node] = [port for port in ports if port not in taken]
        result.edges += [taken[port] for port in ports if port in taken] + list(rest)
    return result


def _wrong(
    edge: Edge,
    index: int,
    layer: Layer,
    taken: Mapping[str, Edge],
    named: Set[tuple[str, str | None]],
) -> Problem:
    """Return the problem of a wire to an input that is not there or that has a wire already."""
    kind, port = type(layer).__name__, edge.port or ""
    free = [name for name in layer.ports if (edge.target, name) not in named]
    if port in taken:
        code, wish = "duplicate_port", free[0] if free else None
        told = f'Expected one wire to the input "{port}" of {kind}, got two, from '
        told += f'"{taken[port].source}" and from "{edge.source}".'
    elif layer.ports:
        code, wish = "unknown_port", next(iter([*near(port, free), *free]), None)
        told = f'Expected one of the inputs {", ".join(layer.ports)} of {kind}, got "{port}".'
    else:
        code, wish = "unknown_port", None
        told = f'Expected a wire without a port, because "{edge.target}" has no named inputs, '
        told += f'got the port "{port}".'
    changes: list[Change] = [RemoveEdge(source=edge.source, target=edge.target, port=port)]
    if wish is None and layer.ports:
        title = f"Remove the wire from {edge.source} to {edge.target}"
    else:
        title = f"Connect {edge.source} {f'to the input {wish}' if wish else 'without a port'}"
        changes.append(AddEdge(source=edge.source, target=edge.target, port=wish))
    return Problem(
        code=code,
        message=f"{told} {title}.",
        fix=Fix(title=title, changes=changes),
        where=Where(node=edge.target, path=["edges", index, "port"]),
    )
