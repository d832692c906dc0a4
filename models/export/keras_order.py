"""The order in which Keras counts the layers of a functional model: the deepest first."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """One call of a layer.

    Attributes:
        layer: its name.
        index: which of its calls it is.
        sources: the calls whose outputs it takes, in order.
    """

    layer: str
    index: int
    sources: tuple["Node", ...] = ()


def in_keras_order(outputs: Sequence[Node]) -> list[str]:
    """Return the names of all layers that lead to these outputs.

    A layer's depth is the largest number of calls from one of its own to an output; the deepest
    come first, of equal ones that which is met first on the way back from the outputs.
    """
    finished: dict[Node, None] = {}
    met: dict[str, int] = {}
    for output in outputs:
        _walk(output, finished, met)
    of_node: dict[Node, int] = {}
    of_layer: dict[str, int] = {}
    for node in reversed(finished):
        depth = max(of_node.get(node, 0), of_layer.get(node.layer, 0))
        of_node[node] = of_layer[node.layer] = depth
        for source in node.sources:
            of_node[source] = max(depth + 1, of_node.get(source, 0))
    return sorted(of_layer, key=lambda layer: (-of_layer[layer], met[layer]))


def _walk(output: Node, finished: dict[Node, None], met: dict[str, int]) -> None:
    """Note every call that leads to an output, those before it first."""
    way = [(output, iter(output.sources))]
    met.setdefault(output.layer, len(met))
    while way:
        node, sources = way[-1]
        source = next((entry for entry in sources if entry not in finished), None)
        if source is None:
            way.pop()
            finished.setdefault(node)
            continue
        met.setdefault(source.layer, len(met))
        way.append((source, iter(source.sources)))
