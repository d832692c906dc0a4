"""Unfolds the blocks of a document by plain substitution, as another way to what they mean."""

import copy
from collections.abc import Iterator
from typing import Any

from models.network import Network, build
from models.parse import parse
from models.stages import Plan
from tests.models.documents import Document

Edge = dict[str, Any]


def twin(sent: Document, network: Network) -> Network:
    """Return the network of the same layers without blocks, with the same weights."""
    plain, names = unfolded(sent)
    result = build(parse(plain))
    alone = {(part.node, part.step and part.step.suffix): part.name for part in result.plan.parts}
    state = network.state_dict()
    renamed = {}
    for prefix, path, suffix in _weighted(network.plan, "", ""):
        mine = [key for key in state if key.startswith(f"{prefix}.")]
        theirs = alone[names[path], suffix]
        renamed |= {theirs + key[len(prefix) :]: state[key] for key in mine}
    result.load_state_dict(renamed)
    return result


def _weighted(plan: Plan, prefix: str, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield prefix of the weights, path of the node and suffix of every module of a layer."""
    for part in plan.parts:
        if part.step is not None:
            yield prefix + part.name, path + part.node, part.step.suffix
        for number, inner in enumerate(part.copies):
            within = f".{number}." if len(part.copies) > 1 else "."
            yield from _weighted(inner, prefix + part.name + within, path + part.node + within)


def unfolded(sent: Document) -> tuple[Document, dict[str, str]]:
    """Return a document without blocks, and the new id of each layer by its path "block.0.layer".

    Every layer inside a block gets a short id of its own.
    """
    names: dict[str, str] = {}
    nodes, edges, _, _ = _body(sent, sent.get("blocks", {}), "", names)
    return {"format": sent["format"], "nodes": nodes, "edges": edges}, names


def _body(
    part: Document, blocks: dict[str, Document], path: str, names: dict[str, str]
) -> tuple[list[Any], list[Edge], dict[str, str], dict[str, str]]:
    """Return nodes, edges, and which nodes stand for the part's Inputs and Outputs.

    Inside a block these become layers that do nothing.
    """
    nodes: list[Any] = []
    edges: list[Edge] = []
    entries: dict[str, dict[str, str]] = {}
    exits: dict[str, dict[str, str]] = {}
    ends: dict[str, dict[str, str]] = {"Input": {}, "Output": {}}
    by_id = {node["id"]: node for node in part["nodes"]}
    for node in part["nodes"]:
        own = node
        while own.get("shares"):
            own = by_id[own["shares"]]
        if node["type"] != "Block":
            name = f"n{len(names)}" if path else node["id"]
            names[path + node["id"]] = name
            kind, params = node["type"], node.get("params", {})
            if path and kind in ends:
                ends[kind][node["id"]] = name
                kind, params = "Activation", {"activation": "linear"}
            made = {"id": name, "type": kind, "params": params}
            if node.get("shares"):
                made["shares"] = path + node["shares"]
            nodes.append(made)
            continue
        params = own["params"]
        block = _with_arguments(blocks[params["block"]], params.get("arguments", {}))
        repeat = params.get("repeat", 1)
        before: dict[str, str] | None = None
        for number in range(repeat):
            within = f"{path}{node['id']}." + (f"{number}." if repeat > 1 else "")
            first = f"{path}{own['id']}." + (f"{number}." if repeat > 1 else "")
            more, wires, starts, stops = _body(block, blocks, within, names)
            if own is not node:
                for name in [key for key in names if key.startswith(within)]:
                    twin = next(n for n in more if n["id"] == names[name])
                    twin["shares"] = twin.get("shares") or first + name[len(within) :]
            nodes += more
            edges += wires
            if before is None:
                entries[node["id"]] = starts
            else:
                edges.append(
                    {"source": next(iter(before.values())), "target": next(iter(starts.values()))}
                )
            before = stops
        exits[node["id"]] = before or {}
    for edge in part["edges"]:
        source = exits.get(edge["source"])
        start = names.get(path + edge["source"], "")
        if source is not None:
            start = source[edge["output"]] if edge.get("output") else next(iter(source.values()))
        target = entries.get(edge["target"])
        end = names.get(path + edge["target"], "")
        if target is not None:
            named = [e.get("port") for e in part["edges"] if e["target"] == edge["target"]]
            rest = [port for port in target if port not in named]
            unnamed = [
                e for e in part["edges"] if e["target"] == edge["target"] and not e.get("port")
            ]
            port = edge.get("port") or rest[unnamed.index(edge)]
            end = target[port]
        edges.append({"source": start, "target": end})
    if not path:
        for node in nodes:
            if node.get("shares"):
                node["shares"] = names[node["shares"]]
    return nodes, edges, ends["Input"], ends["Output"]


def _with_arguments(definition: Document, arguments: dict[str, Any]) -> Document:
    block = copy.deepcopy(definition)
    for parameter, told in block.get("parameters", {}).items():
        for node, *keys in told["sets"]:
            place = next(n for n in block["nodes"] if n["id"] == node).setdefault("params", {})
            for key in keys[:-1]:
                place = place.setdefault(key, {})
            place[keys[-1]] = arguments.get(parameter, told["default"])
    return block
