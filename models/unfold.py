"""What a document declares: its layers, and for each layer Block the layers that it is made of."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.architecture import (
    MAX_BLOCK_DEPTH,
    MAX_BLOCKS,
    MAX_EDGES,
    MAX_NODES,
    Architecture,
    BlockDefinition,
    Edge,
    Node,
)
from models.declared import layer
from models.definitions import circles, depths, problems_of
from models.errors import Change, DocumentError, Problem, SetParams, Where
from models.layers import Layer
from models.layers.block import Block
from models.wording import show, suggest

MAX_PROBLEMS = 100
LIMITS = {
    "layers": MAX_NODES,
    "wires": MAX_EDGES,
    "positions": MAX_NODES,
    "blocks": MAX_BLOCKS,
}
_MAX_READ = 3 * MAX_NODES
"""Nodes of different bodies that are read at most: what a network is made of, and the defaults."""

Place = Callable[[str, list[str | int]], Where]
"""Where the path inside a node lies in the document."""


@dataclass(frozen=True)
class Body:
    """What is wired together: a network, or a block as a layer Block uses it.

    Attributes:
        name: of the block; None for the network itself.
        nodes: their parameters are as the use's arguments set them.
        layers: what each node declares.
        blocks: for each layer Block what it is made of, `repeat` times; none for a block that holds
            itself.
        circles: for each layer Block without, the blocks on the way round.
        arguments: the value of each of the block's parameters.
        set_by: which of these sets a parameter of a node.
        count: how many layers it is with all blocks unfolded.
    """

    name: str | None
    title: str | None
    summary: str | None
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    layers: Mapping[str, Layer]
    blocks: Mapping[str, "Body"]
    circles: Mapping[str, tuple[str, ...]]
    arguments: Mapping[str, Any]
    set_by: Mapping[tuple[str, ...], str]
    count: int

    def of_role(self, role: str) -> list[str]:
        """Return the ids of the layers of a role, such as "input", in the document's order."""
        return [node for node, declared in self.layers.items() if declared.role == role]


def unfold(architecture: Architecture) -> Body:
    """Return what a document declares.

    Raises:
        DocumentError: too many layers, wires or blocks, an id that occurs twice, an unknown layer
            type or block, parameters or arguments that are not right, a wire to a node that is not
            there.
    """
    parts = [architecture, *architecture.blocks.values()]
    sizes = {
        "layers": sum(len(part.nodes) for part in parts),
        "wires": sum(len(part.edges) for part in parts),
        "blocks": len(architecture.blocks),
    }
    problems = [too_many(count, what) for what, count in sizes.items() if count > LIMITS[what]]
    if problems:
        raise DocumentError(problems)
    reader = _Reader(architecture)
    body = reader.network()
    if body.count > MAX_NODES:
        told = f"Expected at most {MAX_NODES:,} layers with all blocks unfolded, got {body.count:,}"
        largest = max(body.blocks, key=lambda node: body.blocks[node].count)
        reader.problems.append(
            Problem(
                code="too_many_layers",
                message=f"{told}. Repeat blocks less often.",
                where=Where(node=largest),
            )
        )
    if reader.problems:
        raise DocumentError(reader.problems[:MAX_PROBLEMS])
    return body


def too_many(count: int, what: str) -> Problem:
    """Return the problem of more of something than a document may hold."""
    key = {"layers": "nodes", "wires": "edges", "positions": "layout"}.get(what, what)
    return Problem(
        code=f"too_many_{what}",
        message=f"Expected at most {LIMITS[what]:,} {what}, got {count:,}. Leave some out.",
        where=Where(path=[key]),
    )


@dataclass
class _Use:
    """A block with values for its parameters, and where these stand in the document."""

    values: dict[str, Any]
    places: dict[str, Where] = field(default_factory=dict)


class _Reader:
    """Reads each block once for every set of arguments that it is used with."""

    def __init__(self, architecture: Architecture) -> None:
        self._architecture = architecture
        self._definitions = architecture.blocks
        self._bodies: dict[tuple[str, str], Body] = {}
        self._nodes_read = 0
        self._circles = circles(self._definitions)
        self.problems: list[Problem] = []

    def network(self) -> Body:
        """Return the network; every block is read too, whether used or not."""
        network, definitions = self._architecture, self._definitions
        deep = [name for name, depth in depths(definitions).items() if depth > MAX_BLOCK_DEPTH]
        self.problems += [_too_deep(name) for name in deep[:1]]
        for name in definitions:
            self.problems += problems_of(name, definitions)
        if self.problems:
            raise DocumentError(self.problems[:MAX_PROBLEMS])
        for name in definitions:
            self._block(name, _Use({}))
        body = self._body(None, network, _Use({}), lambda node, path: Where(node=node, path=path))
        for name, definition in definitions.items():
            self.problems += _of_wiring(definition, ["blocks", name])
        self.problems += _of_wiring(network, [])
        return body

    def _block(self, name: str, use: _Use) -> Body:
        definition = self._definitions[name]
        defaults = {key: parameter.default for key, parameter in definition.parameters.items()}
        values = defaults | use.values
        key = (name, json.dumps(values, sort_keys=True))
        if key not in self._bodies:
            set_by = {
                (target[0], *target[1:]): parameter
                for parameter, told in definition.parameters.items()
                for target in told.sets
            }

            def place(node: str, path: list[str | int]) -> Where:
                for depth in (2, 3):
                    parameter = set_by.get((node, *map(str, path[1:depth])))
                    if path[:1] == ["params"] and parameter is not None:
                        default = Where(path=["blocks", name, "parameters", parameter, "default"])
                        return use.places.get(parameter, default)
                return Where(path=["blocks", name, "nodes", node, *path])

            self._bodies[key] = self._body(name, definition, _Use(values), place, set_by)
        return self._bodies[key]

    def _body(
        self,
        name: str | None,
        part: Architecture | BlockDefinition,
        use: _Use,
        place: Place,
        set_by: Mapping[tuple[str, ...], str] | None = None,
    ) -> Body:
        set_by = set_by or {}
        self._nodes_read += len(part.nodes)
        if self._nodes_read > _MAX_READ:
            told = f"Expected at most {MAX_NODES:,} layers with all blocks unfolded, got more. "
            told += "Use blocks with fewer different arguments."
            self.problems.append(Problem(code="too_many_layers", message=told))
            raise DocumentError(self.problems[:MAX_PROBLEMS])
        settings: dict[str, dict[tuple[str, ...], Any]] = {}
        for (node, *target), parameter in set_by.items():
            settings.setdefault(node, {})[tuple(target)] = use.values[parameter]
        nodes = [_with_arguments(node, settings.get(node.id, {})) for node in part.nodes]
        known = {node.id: node for node in nodes}
        nodes = tuple(_as_shared(node, known) for node in nodes)
        layers: dict[str, Layer] = {}
        blocks: dict[str, Body] = {}
        count = 0
        for node in nodes:
            try:
                declared = layers[node.id] = layer(node)
            except DocumentError as error:
                self.problems += [_placed(problem, node.id, place) for problem in error.problems]
                continue
            inner = self._inner(node.id, declared, name, place)
            if inner is not None:
                blocks[node.id] = inner
            times = declared.repeat if isinstance(declared, Block) else 1
            count += times * max(1, inner.count if inner else 1)
        found = {
            node: self._circles[name, declared.block]
            for node, declared in layers.items()
            if isinstance(declared, Block) and (name, declared.block) in self._circles
        }
        title = part.title if isinstance(part, BlockDefinition) else part.name
        summary = part.summary if isinstance(part, BlockDefinition) else None
        edges = tuple(part.edges)
        return Body(
            name, title, summary, nodes, edges, layers, blocks, found, use.values, set_by, count
        )

    def _inner(self, node: str, declared: Layer, within: str | None, place: Place) -> Body | None:
        """Return what a layer Block is made of."""
        if not isinstance(declared, Block):
            return None
        definition = self._definitions.get(declared.block)
        if definition is None:
            self.problems.append(
                Problem(
                    code="unknown_block",
                    message=f"Expected one of the document's blocks, got {show(declared.block)}. "
                    f"{suggest(declared.block, self._definitions)}",
                    where=place(node, ["params", "block"]),
                )
            )
            return None
        unknown = [key for key in declared.arguments if key not in definition.parameters]
        for key in unknown:
            self.problems.append(
                Problem(
                    code="unknown_argument",
                    message=f'Expected a parameter of the block "{declared.block}", got '
                    f"{show(key)}. {suggest(key, definition.parameters)}",
                    where=place(node, ["params", "arguments", key]),
                )
            )
        if unknown or (within, declared.block) in self._circles:
            return None
        places = {key: place(node, ["params", "arguments", key]) for key in declared.arguments}
        return self._block(declared.block, _Use(dict(declared.arguments), places))


def _with_arguments(node: Node, settings: Mapping[tuple[str, ...], Any]) -> Node:
    """Return a node of a block with the parameters that the block's parameters set."""
    if not settings:
        return node
    params = dict(node.params)
    for (param, *inner), value in settings.items():
        if inner:
            given = params.get(param)
            params[param] = {**(given if isinstance(given, Mapping) else {}), inner[0]: value}
        else:
            params[param] = value
    return node.model_copy(update={"params": params})


def _as_shared(node: Node, known: Mapping[str, Node]) -> Node:
    """Return a Block that leaves its parameters out, because it shares weights, with these."""
    first, seen = node, {node.id}
    while first.type == Block.__name__ and not first.params and first.shares is not None:
        first = known.get(first.shares, node)
        if first.id in seen:
            return node
        seen.add(first.id)
    if first is node or first.type != node.type:
        return node
    return node.model_copy(update={"params": first.params})


def _placed(problem: Problem, node: str, place: Place) -> Problem:
    where, fix = place(node, problem.where.path), problem.fix
    match where.path:
        case ["blocks", str(name), "nodes", *_] if fix is not None:
            fix = fix.model_copy(update={"changes": [_inside(name, c) for c in fix.changes]})
        case ["blocks", *_]:
            # What is wrong is a value that the block gives it.
            fix = None
        case _:
            fix = fix if where.node == node else None
    return problem.model_copy(update={"where": where, "fix": fix})


def _inside(block: str, change: Change) -> Change:
    """Return a change of a layer as one of a layer inside a block."""
    return change.model_copy(update={"block": block}) if isinstance(change, SetParams) else change


def _of_wiring(part: Architecture | BlockDefinition, path: list[str | int]) -> list[Problem]:
    """Return the problems of ids that occur twice and of wires to nodes that are not there."""

    def where(node: str | None, *inner: str | int) -> Where:
        if path and node is not None and inner[0] != "edges":
            return Where(path=[*path, "nodes", node, *inner])
        return Where(path=[*path, *inner]) if path else Where(node=node, path=[*inner])

    problems = []
    seen: dict[str, int] = {}
    for index, node in enumerate(part.nodes):
        if node.id in seen:
            text = (
                f'Expected every id once, got "{node.id}" for the layers number '
                f"{seen[node.id] + 1} and {index + 1}. Rename one of them."
            )
            problems.append(Problem(code="duplicate_id", message=text, where=where(node.id, "id")))
        seen.setdefault(node.id, index)
    for index, edge in enumerate(part.edges):
        missing = [end for end in (edge.source, edge.target) if end not in seen]
        if not missing:
            continue
        there = next((end for end in (edge.source, edge.target) if end in seen), None)
        text = (
            f'Expected a wire between layers that are there, got one from "{edge.source}" to '
            f'"{edge.target}", but there is no layer {" and no layer ".join(map(show, missing))}. '
            "Add it or remove the wire."
        )
        problems.append(
            Problem(code="unknown_node", message=text, where=where(there, "edges", index))
        )
    return problems


def _too_deep(name: str) -> Problem:
    told = f"Expected blocks in blocks at most {MAX_BLOCK_DEPTH} deep, got more. Nest them less."
    return Problem(code="blocks_too_deep", message=told, where=Where(path=["blocks", name]))
