"""A tiny network for each layer type: a document that can be opened, and what becomes of it."""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from models.check import NodeReport, check
from models.layers.base import Layer, Shape
from models.parse import parse

SIZES = {
    "time": 12,
    "length": 12,
    "queries": 12,
    "values": 10,
    "channels": 3,
    "depth": 8,
    "height": 32,
    "width": 32,
}
"""What the axes of examples are in size, by the names that docstrings give them; others are 8."""
NODE = "layer"
Document = dict[str, Any]


def input_shapes(layer: type[Layer]) -> tuple[Shape, ...]:
    """Return shapes that a layer takes, as the line "Shapes:" of its docstring names them."""
    told = (layer.__doc__ or "").partition("Shapes:")[2].partition("→")[0]
    named = re.findall(r"\(([^\W\d][^()]*)\)", told)
    shapes = [tuple(SIZES.get(axis.strip(), 8) for axis in axes.split(",")) for axes in named]
    fewest, most = layer.arity
    shapes = (shapes or [(8,)])[: most or len(shapes) or 1]
    return (*shapes, *[shapes[-1]] * (fewest - len(shapes)))


def document(layer: type[Layer]) -> Document:
    """Return an architecture with one layer of this type, which can be parsed and built."""
    if layer.role == "input":
        return _document([(NODE, layer, {"shape": [8]}), ("output", "Output", {})])
    shapes = input_shapes(layer)
    names = (
        ["input"] if len(shapes) == 1 else [f"input_{place + 1}" for place in range(len(shapes))]
    )
    inputs = [
        (name, "Input", {"shape": list(shape)}) for name, shape in zip(names, shapes, strict=True)
    ]
    wires = [{"source": name, "target": NODE} for name in names]
    for wire, port in zip(wires, layer.ports, strict=False):
        wire["port"] = port
    if layer.role == "output":
        return _document([*inputs, (NODE, layer, {})])
    made = _document([*inputs, (NODE, layer, _params(layer)), ("output", "Output", {})])
    made["edges"] = [*wires, {"source": NODE, "target": "output"}]
    if layer.role == "block":
        made["blocks"] = {"block": _inside()}
    return made


def report(layer: type[Layer]) -> NodeReport:
    """Return what is known of the layer in that network."""
    return check(parse(document(layer))).nodes[NODE]


def shown(made: Mapping[str, Any]) -> str:
    """Return a document as JSON: a line for each node and each edge."""
    return _lines(made, "")


def _params(layer: type[Layer]) -> dict[str, Any]:
    schema = layer.model_json_schema()["properties"] if layer.model_fields else {}
    given = {name: schema[name]["default"] for name in layer.required}
    if layer.role == "block":
        given["block"] = "block"
    return {**given, **layer.example}


def _document(nodes: Sequence[tuple[str, Any, Mapping[str, Any]]]) -> Document:
    """Return the document of a chain."""
    made = [
        {
            "id": name,
            "type": kind if isinstance(kind, str) else kind.__name__,
            "params": dict(params),
        }
        for name, kind, params in nodes
    ]
    names = [name for name, *_ in nodes]
    edges = [{"source": source, "target": target} for source, target in pairwise(names)]
    return {"format": "neuroloom/1", "nodes": made, "edges": edges}


def _inside() -> Document:
    made = _document(
        [
            ("x", "Input", {}),
            ("dense", "Dense", {"units": 4, "activation": "relu"}),
            ("y", "Output", {}),
        ]
    )
    del made["format"]
    return made


def _lines(value: Any, indent: str) -> str:
    """Return JSON in which objects without objects in them stand on one line."""
    if isinstance(value, Mapping) and any(
        isinstance(entry, Mapping | list) and entry for entry in value.values()
    ):
        if len(flat := json.dumps(value, ensure_ascii=False)) + len(indent) <= 100 and indent:
            return flat
        inner = indent + "  "
        entries = [
            f"{inner}{json.dumps(key)}: {_lines(entry, inner)}" for key, entry in value.items()
        ]
        return "{\n" + ",\n".join(entries) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(entry, Mapping) for entry in value):
        inner = indent + "  "
        return (
            "[\n" + ",\n".join(f"{inner}{_lines(entry, inner)}" for entry in value) + f"\n{indent}]"
        )
    return json.dumps(value, ensure_ascii=False)
