"""Problems of wires: what is missing, what is too much, what leads nowhere."""

from collections.abc import Container, Mapping

from models.errors import (
    AddEdge,
    AddNode,
    Change,
    Fix,
    Problem,
    RemoveEdge,
    RemoveNode,
    Where,
)
from models.graph import Graph
from models.layers import Layer
from models.layers.io import Input, Output
from models.ports import Ports
from models.wording import around

Layers = Mapping[str, Layer]


def problems(layers: Layers, graph: Graph, ports: Ports) -> list[Problem]:
    """Return everything that is wrong with the wires, each with a fix where one is plain."""
    inputs = of_role(layers, "input")
    outputs = of_role(layers, "output")
    found = [*_of_ends(graph, ports, inputs, outputs), *ports.problems]
    if graph.cycle:
        found.append(_cycle(graph))
    reached = graph.reached_from(inputs)
    for node, layer in layers.items():
        if layer.role == "output" and inputs and node not in reached and not graph.cycle:
            found.append(_no_path(node, graph, ports))
        elif problem := _of_count(node, graph, ports) or _of_names(node, graph, ports):
            found.append(problem)
        elif ports.sockets[node].gives and not graph.outputs_of(node) and outputs:
            found.append(_dead_end(node, graph, ports, outputs))
    return found


def of_role(layers: Layers, role: str) -> list[str]:
    """Return the ids of the layers of a role, "input" or "output", in the document's order."""
    return [node for node, layer in layers.items() if layer.role == role]


def free_id(wish: str, taken: Container[str]) -> str:
    """Return an id that no layer has yet."""
    name, number = wish, 1
    while name in taken:
        number += 1
        name = f"{wish}_{number}"
    return name


def _of_ends(graph: Graph, ports: Ports, inputs: list[str], outputs: list[str]) -> list[Problem]:
    found = []
    sockets = ports.sockets
    if not inputs:
        waiting = [n for n, told in sockets.items() if told.fewest and not graph.inputs_of(n)]
        node = free_id("input", sockets)
        changes: list[Change] = [AddNode(id=node, type=Input.__name__)]
        if len(waiting) == 1:
            changes.append(AddEdge(source=node, target=waiting[0]))
        found.append(
            Problem(
                code="no_input",
                message="Expected an Input layer, where the data enters, got none. Add one.",
                fix=Fix(title="Add an Input", changes=changes),
            )
        )
    if not outputs:
        loose = [n for n, told in sockets.items() if told.gives and not graph.outputs_of(n)]
        node = free_id("output", sockets)
        changes = [AddNode(id=node, type=Output.__name__)]
        if len(loose) == 1:
            changes.append(AddEdge(source=loose[0], target=node))
        found.append(
            Problem(
                code="no_output",
                message="Expected an Output layer, where the answer leaves, got none. Add one.",
                fix=Fix(title="Add an Output", changes=changes),
            )
        )
    return found


def _of_names(node: str, graph: Graph, ports: Ports) -> Problem | None:
    """Return the problem of a named input that has no wire, though it or a later one needs it."""
    sockets, missing = ports.sockets[node], ports.missing.get(node, [])
    if not missing or node in ports.unfit:
        return None
    first = sockets.inputs.index(missing[0])
    later = next((port for port in sockets.inputs[first:] if port not in missing), None)
    if first < sockets.fewest:
        told = f'Expected a wire to the input "{missing[0]}" of {sockets.kind}, got none.'
        return Problem(
            code="missing_input",
            message=f"{told} Connect a layer to it.",
            fix=_connect(node, graph, ports, missing[0]),
            where=Where(node=node),
        )
    if later is None:
        return None
    source = graph.inputs_of(node)[first]
    return Problem(
        code="missing_port",
        message=f'Expected a wire to the input "{missing[0]}" of {sockets.kind} before one '
        f'to "{later}", got only the latter. Connect a layer to "{missing[0]}".',
        fix=Fix(
            title=f'Connect {source} to the input "{missing[0]}" instead',
            changes=[
                RemoveEdge(source=source, target=node, port=later),
                AddEdge(source=source, target=node, port=missing[0]),
            ],
        ),
        where=Where(node=node),
    )


def _cycle(graph: Graph) -> Problem:
    nodes = graph.cycle
    # The wire to take away ends where the cycle is entered from outside.
    entered = next(
        (
            index
            for index, node in enumerate(nodes)
            if any(source not in nodes for source in graph.inputs_of(node))
        ),
        0,
    )
    source, target = nodes[entered - 1], nodes[entered]
    shown = around([*nodes[entered:], *nodes[:entered]])
    return Problem(
        code="cycle",
        message=f"Expected wires that never come back, got a cycle: {shown}. "
        f'Remove one of its wires, such as that from "{source}" to "{target}".',
        fix=Fix(
            title=f"Remove the wire from {source} to {target}",
            changes=[RemoveEdge(source=source, target=target)],
        ),
        where=Where(node=target),
    )


def _no_path(node: str, graph: Graph, ports: Ports) -> Problem:
    return Problem(
        code="no_path",
        message=f'Expected a path of wires from an Input to "{node}", got none. '
        + ("Connect it." if not graph.inputs_of(node) else "Connect the layers before it."),
        fix=_connect(node, graph, ports) if not graph.inputs_of(node) else None,
        where=Where(node=node),
    )


def _of_count(node: str, graph: Graph, ports: Ports) -> Problem | None:
    sockets, sources = ports.sockets[node], graph.inputs_of(node)
    fewest, most, kind = sockets.fewest, sockets.most, sockets.kind
    if len(sources) < fewest and not (sockets.inputs and sources):
        lonely = not sources and not graph.outputs_of(node)
        several = f"{fewest} inputs" if most == fewest else f"at least {fewest} inputs"
        wanted = "an input" if fewest == 1 else several
        got = "none" if not sources else f'only "{sources[0]}"'
        return Problem(
            code="unconnected" if lonely else "missing_input",
            message=f"Expected {wanted} for {kind}, got {got}. Connect a layer to it"
            + (", or remove it." if lonely else "."),
            fix=_connect(node, graph, ports),
            where=Where(node=node),
        )
    if most is not None and len(sources) > most:
        named = " and ".join(f'"{source}"' for source in sources[:5])
        if most == 0:
            advice, fix = "Remove the wire.", _remove(sources[0], node)
        else:
            advice = "Join them with Add or Concatenate first, or remove a wire."
            fix = _remove(sources[-1], node)
        return Problem(
            code="too_many_inputs",
            message=f"Expected {most or 'no'} input{'s' if most != 1 else ''} for {kind}, "
            f"got {len(sources)}: {named}. {advice}",
            fix=fix,
            where=Where(node=node),
        )
    if not sockets.gives and graph.outputs_of(node):
        target = graph.outputs_of(node)[0]
        return Problem(
            code="too_many_outputs",
            message=f'Expected no wire from {kind}, got one to "{target}". Remove it.',
            fix=_remove(node, target),
            where=Where(node=node),
        )
    return None


def _dead_end(node: str, graph: Graph, ports: Ports, outputs: list[str]) -> Problem:
    free = [output for output in outputs if not graph.inputs_of(output)]
    if len(free) == 1:
        fix = Fix(
            title=f"Connect {node} to {free[0]}", changes=[AddEdge(source=node, target=free[0])]
        )
    else:
        fix = Fix(title=f"Remove {node}", changes=[RemoveNode(node=node)])
    return Problem(
        code="dead_end",
        message=f"Expected a wire from {ports.sockets[node].kind} to a layer or the Output, "
        "got none, so that it would take no part. Connect it or remove it.",
        fix=fix,
        where=Where(node=node),
    )


def _connect(node: str, graph: Graph, ports: Ports, port: str | None = None) -> Fix | None:
    """Return the wire that is plainly missing: from the only layer whose output is still free."""
    after = graph.reached_from([node])
    free = [
        other
        for other, told in ports.sockets.items()
        if told.gives and not graph.outputs_of(other) and other not in after
    ]
    if len(free) != 1:
        return None
    return Fix(
        title=f"Connect {free[0]} to {node}",
        changes=[AddEdge(source=free[0], target=node, port=port)],
    )


def _remove(source: str, target: str) -> Fix:
    return Fix(
        title=f"Remove the wire from {source} to {target}",
        changes=[RemoveEdge(source=source, target=target)],
    )
