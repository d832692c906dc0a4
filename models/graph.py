"""The wires of an architecture: order, cycles, what leads where."""

from collections.abc import Iterable, Mapping

from models.architecture import Edge


class Graph:
    """Nodes and wires as a graph of node ids. Wires to nodes that are not there must not occur.

    Attributes:
        order: nodes so that every one comes after its inputs, else in the document's order; nodes
            on a cycle, and those that only a cycle leads to, are left out.
        cycle: the nodes of one cycle in the direction of the wires; empty when there is none.
    """

    def __init__(self, nodes: Iterable[str], edges: Iterable[Edge]) -> None:
        self._inputs: dict[str, list[str]] = {node: [] for node in nodes}
        self._outputs: dict[str, list[str]] = {node: [] for node in self._inputs}
        self._wires: dict[str, list[Edge]] = {node: [] for node in self._inputs}
        for edge in edges:
            self._wires[edge.target].append(edge)
            self._inputs[edge.target].append(edge.source)
            self._outputs[edge.source].append(edge.target)
        self.order = self._sort()
        self.cycle = self._find_cycle()

    def inputs_of(self, node: str) -> tuple[str, ...]:
        """Return the sources of a node's wires, in their order; one may occur twice."""
        return tuple(self._inputs[node])

    def wires_to(self, node: str) -> tuple[Edge, ...]:
        """Return a node's wires, in their order."""
        return tuple(self._wires[node])

    def outputs_of(self, node: str) -> tuple[str, ...]:
        """Return the targets of the wires that leave a node."""
        return tuple(self._outputs[node])

    def reached_from(self, nodes: Iterable[str]) -> set[str]:
        """Return these nodes and all that wires lead to from them."""
        return _closure(nodes, self._outputs)

    def leading_to(self, nodes: Iterable[str]) -> set[str]:
        """Return these nodes and all from which wires lead to them."""
        return _closure(nodes, self._inputs)

    def _sort(self) -> tuple[str, ...]:
        waiting = {node: len(sources) for node, sources in self._inputs.items()}
        ready = [node for node, count in waiting.items() if count == 0]
        order = []
        for node in ready:  # grows while it is walked
            order.append(node)
            for target in self._outputs[node]:
                waiting[target] -= 1
                if waiting[target] == 0:
                    ready.append(target)
        return tuple(order)

    def _find_cycle(self) -> tuple[str, ...]:
        rest = set(self._inputs) - set(self.order)
        if not rest:
            return ()
        # Every node that is left has an input that is left: walking backwards must come round.
        node = next(node for node in self._inputs if node in rest)
        walked: dict[str, int] = {}
        path: list[str] = []
        while node not in walked:
            walked[node] = len(path)
            path.append(node)
            node = next(source for source in self._inputs[node] if source in rest)
        return tuple(reversed(path[walked[node] :]))


def _closure(nodes: Iterable[str], neighbours: Mapping[str, list[str]]) -> set[str]:
    seen = set(nodes)
    waiting = list(seen)
    while waiting:
        for neighbour in neighbours[waiting.pop()]:
            if neighbour not in seen:
                seen.add(neighbour)
                waiting.append(neighbour)
    return seen
