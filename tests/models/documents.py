"""Architecture documents for tests, written shortly."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

Document = dict[str, Any]


def document(*nodes: tuple[str, str, dict[str, Any]], wires: str | None = None) -> Document:
    """Return a document of (id, type, params); `wires` is "a>b a>c", or a chain when left out."""
    ids = [node for node, _, _ in nodes]
    pairs = [tuple(wire.split(">")) for wire in wires.split()] if wires is not None else None
    return {
        "format": "neuroloom/1",
        "nodes": [{"id": node, "type": kind, "params": params} for node, kind, params in nodes],
        "edges": [
            {"source": source, "target": target}
            for source, target in (pairs if pairs is not None else pairwise(ids))
        ],
    }


def chain(*layers: tuple[str, dict[str, Any]], shape: list[int] | None = None) -> Document:
    """Return Input → layers → Output; the layers are called layer_1, layer_2 …"""
    return document(
        ("input", "Input", {} if shape is None else {"shape": shape}),
        *((f"layer_{n}", kind, params) for n, (kind, params) in enumerate(layers, 1)),
        ("output", "Output", {}),
    )


def alone(kind: str, params: dict[str, Any], *shapes: Sequence[int]) -> Document:
    """Return one layer, called "layer", between as many Inputs as it gets and an Output."""
    inputs = [f"input_{number}" for number, _ in enumerate(shapes)]
    nodes = [
        (name, "Input", {"shape": list(shape)}) for name, shape in zip(inputs, shapes, strict=True)
    ]
    wires = " ".join([*(f"{name}>layer" for name in inputs), "layer>output"])
    return document(*nodes, ("layer", kind, params), ("output", "Output", {}), wires=wires)
