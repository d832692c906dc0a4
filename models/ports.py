"""The named inputs of layers: which wire leads where, and what is wrong with that."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from models.architecture import Edge
from models.errors import AddEdge, Change, Fix, Problem, RemoveEdge, Where
from models.unfold import Body
from models.wording import near, show


@dataclass(frozen=True)
class Sockets:
    """What wires a layer takes and gives.

    Attributes:
        kind: what messages call the layer: its type.
        fewest: how many wires it needs.
        most: how many it takes; None means any number.
        inputs: their names, where they have some.
        outputs: likewise.
        gives: whether wires may leave it.
    """

    kind: str
    fewest: int
    most: int | None
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    gives: bool = True


def sockets(body: Body) -> dict[str, Sockets]:
    """Return what wires each layer takes and gives; those of a Block are the ends inside it."""
    found = {}
    for node, layer in body.layers.items():
        kind = type(layer).__name__
        inner = body.blocks.get(node)
        if inner is not None:
            inputs, outputs = (tuple(inner.of_role(role)) for role in ("input", "output"))
            count = len(inputs)
            found[node] = Sockets(kind, count, count, inputs, outputs, bool(outputs))
        else:
            found[node] = Sockets(kind, *layer.arity, layer.ports, gives=layer.has_output)
    return found


@dataclass
class Ports:
    """Where the wires lead.

    Attributes:
        sockets: what wires each layer takes and gives.
        edges: all wires, those of a layer with named inputs in the order of these.
        missing: for each layer with named inputs, the names that still have no wire.
        unfit: layers whose wires name inputs that are not there, or one twice, or come from outputs
            that are not there.
    """

    sockets: Mapping[str, Sockets]
    edges: list[Edge] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    unfit: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def fit(self, node: str) -> bool:
        """Return whether the named inputs that have wires are the first of them, each once."""
        names, missing = self.sockets[node].inputs, self.missing.get(node, [])
        return node not in self.unfit and missing == [*names[len(names) - len(missing) :]]

    def output_of(self, edge: Edge) -> int:
        """Return which of its source's outputs a wire carries, counted from 0."""
        return self.sockets[edge.source].outputs.index(edge.output) if edge.output else 0


def assign(body: Body) -> Ports:
    """Deal the wires out: those that name an input first, the others to what is left, in order."""
    result = Ports(sockets(body))
    filled: dict[str, dict[str, Edge]] = {
        node: {} for node, told in result.sockets.items() if told.inputs
    }
    waiting: dict[str, list[Edge]] = {node: [] for node in filled}
    named = {(edge.target, edge.port) for edge in body.edges if edge.port is not None}
    for index, edge in enumerate(body.edges):
        if edge.source in body.circles or edge.target in body.circles:
            # What a block that holds itself would take and give, nobody knows.
            result.edges.append(edge)
            continue
        if edge.output is not None and edge.output not in result.sockets[edge.source].outputs:
            result.unfit.add(edge.target)
            result.problems.append(_wrong_output(edge, index, result.sockets[edge.source]))
        taken = filled.get(edge.target, {})
        if edge.port is not None:
            if edge.port in result.sockets[edge.target].inputs and edge.port not in taken:
                taken[edge.port] = edge
                continue
            result.unfit.add(edge.target)
            told = result.sockets[edge.target]
            result.problems.append(_wrong_port(edge, index, told, taken, named))
        waiting.get(edge.target, result.edges).append(edge)
    for node, taken in filled.items():
        names, rest = result.sockets[node].inputs, iter(waiting[node])
        for name in names:
            if name not in taken and (edge := next(rest, None)) is not None:
                taken[name] = edge
        result.missing[node] = [name for name in names if name not in taken]
        result.edges += [taken[name] for name in names if name in taken] + list(rest)
    return result


def _wrong_port(
    edge: Edge,
    index: int,
    told: Sockets,
    taken: Mapping[str, Edge],
    named: Set[tuple[str, str]],
) -> Problem:
    """Return the problem of a wire to an input that is not there or that has a wire already."""
    port = edge.port or ""
    free = [name for name in told.inputs if (edge.target, name) not in named]
    if port in taken:
        code, wish = "duplicate_port", free[0] if free else None
        text = f'Expected one wire to the input "{port}" of {told.kind}, got two, from '
        text += f'"{taken[port].source}" and from "{edge.source}".'
    elif told.inputs:
        code, wish = "unknown_port", next(iter([*near(port, free), *free]), None)
        text = f"Expected one of the inputs {', '.join(told.inputs)} of {told.kind}, got "
        text += f"{show(port)}."
    else:
        code, wish = "unknown_port", None
        text = f'Expected a wire without a port, because "{edge.target}" has no named inputs, '
        text += f"got the port {show(port)}."
    if wish is None and told.inputs:
        title = f"Remove the wire from {edge.source} to {edge.target}"
        fix = Fix(title=title, changes=[_removal(edge)])
    else:
        place = f"to the input {wish}" if wish else "without a port"
        title = f"Connect {edge.source} {place}"
        fix = Fix(title=title, changes=[_removal(edge), _again(edge, port=wish)])
    return Problem(
        code=code,
        message=f"{text} {title}.",
        fix=fix,
        where=Where(node=edge.target, path=["edges", index, "port"]),
    )


def _wrong_output(edge: Edge, index: int, told: Sockets) -> Problem:
    """Return the problem of a wire from an output that is not there."""
    wish = next(iter([*near(edge.output or "", told.outputs), *told.outputs]), None)
    if told.outputs:
        text = f"Expected one of the outputs {', '.join(told.outputs)} of {told.kind}"
        title = f"Connect the output {wish}"
    else:
        text = f'Expected a wire without an output, because "{edge.source}" has no named ones'
        title = f"Connect {edge.source} without an output"
    return Problem(
        code="unknown_output",
        message=f"{text}, got {show(edge.output)}. {title}.",
        fix=Fix(title=title, changes=[_removal(edge), _again(edge, output=wish)]),
        where=Where(node=edge.target, path=["edges", index, "output"]),
    )


def _removal(edge: Edge) -> Change:
    return RemoveEdge(source=edge.source, target=edge.target, port=edge.port, output=edge.output)


def _again(edge: Edge, **changed: str | None) -> Change:
    """Return the wire anew, with another port or output."""
    return AddEdge.model_validate(edge.model_dump() | changed)
