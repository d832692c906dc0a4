"""How a network ends, as far as it can be told without building it."""

from dataclasses import dataclass

from models.architecture import Architecture


@dataclass(frozen=True)
class Ending:
    """How a network ends: what its last layer says of its outputs, None where it does not say."""

    units: int | None
    activation: str | None


def ending(architecture: Architecture, output: str | None = None) -> Ending:
    """Read the last layer before an Output, or the first one: its units and its activation."""
    nodes = {node.id: node for node in architecture.nodes}
    sources = {edge.target: edge.source for edge in architecture.edges}
    ends = [node for node in architecture.nodes if node.type == "Output"]
    current = next((node for node in ends if output in (None, node.id)), None)
    activation: str | None = None
    for _ in architecture.nodes:
        if current is None or current.id not in sources:
            break
        current = nodes.get(sources[current.id])
        if current is None:
            break
        if activation is None and isinstance(found := current.params.get("activation"), str):
            activation = found
        if isinstance(units := current.params.get("units"), int):
            return Ending(units, activation or "linear")
        if current.type not in ("Activation", "Dropout"):
            break
    return Ending(None, activation)
