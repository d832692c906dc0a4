"""The blocks of a document among themselves: which holds which, and what their parameters set."""

from collections.abc import Mapping

from models.architecture import BlockDefinition, Node
from models.errors import Problem, Where
from models.layers import LAYERS
from models.layers.block import Block
from models.wording import show, suggest

Definitions = Mapping[str, BlockDefinition]
Circles = Mapping[tuple[str | None, str], tuple[str, ...]]
"""For a block and one inside it that leads back to it: the way round, from the first to itself."""


def circles(definitions: Definitions) -> Circles:
    """Return every use of a block by which a block would hold itself."""
    held = {name: _held_by(definition, definitions) for name, definition in definitions.items()}
    found: dict[tuple[str | None, str], tuple[str, ...]] = {}
    for name, inner in held.items():
        for other in inner:
            if way := _way(other, name, held):
                found[name, other] = (name, *way)
    return found


def depths(definitions: Definitions) -> dict[str, int]:
    """Return how many blocks lie in each other, counted from each one; circles are left out."""
    cut = circles(definitions)
    known: dict[str, int] = {}

    def depth(name: str) -> int:
        if name not in known:
            inner = _held_by(definitions[name], definitions)
            known[name] = 1 + max((depth(i) for i in inner if (name, i) not in cut), default=0)
        return known[name]

    return {name: depth(name) for name in definitions}


def problems_of(name: str, definitions: Definitions) -> list[Problem]:
    """Return what is wrong with the parameters that a block declares."""
    found: list[Problem] = []
    nodes = {node.id: node for node in definitions[name].nodes}
    taken: dict[tuple[str, ...], str] = {}
    for parameter, told in definitions[name].parameters.items():
        for index, target in enumerate(told.sets):
            wrong = _wrong(target, nodes, definitions)
            if wrong is None and (other := taken.setdefault(tuple(target), parameter)) != parameter:
                wrong = (
                    "set_twice",
                    f"Expected {' '.join(target)} to be set by one parameter of the block, got "
                    f'"{other}" and "{parameter}". Leave one out.',
                )
            if wrong is not None:
                path = ["blocks", name, "parameters", parameter, "sets", index]
                found.append(Problem(code=wrong[0], message=wrong[1], where=Where(path=path)))
    return found


def _wrong(
    target: list[str], nodes: Mapping[str, Node], definitions: Definitions
) -> tuple[str, str] | None:
    """Return code and message of what is wrong with [node, parameter (, argument)]."""
    node, param, *argument = target
    if node not in nodes:
        told = f"Expected a layer of the block, got {show(node)}. {suggest(node, nodes)}"
        return "unknown_node", told
    kind = LAYERS.get(nodes[node].type)
    if kind is None:
        return None
    if param not in kind.model_fields:
        told = f"Expected a parameter of {kind.__name__}, got {show(param)}. "
        return "unknown_parameter", told + suggest(param, kind.model_fields)
    if kind is not Block:
        if not argument:
            return None
        told = f"Expected [layer, parameter] for {kind.__name__}, got {len(target)} entries. "
        return "invalid_target", told + f"Leave {show(argument[0])} out."
    if param == "repeat" and not argument:
        return None
    if param != "arguments" or not argument:
        told = f'Expected "repeat", or "arguments" with a name, of the Block "{node}", got '
        return "invalid_target", told + f"{show(param)}. Set one of these."
    inner = definitions.get(str(nodes[node].params.get("block")))
    if inner is not None and argument[0] not in inner.parameters:
        told = f"Expected a parameter of the block in {show(node)}, got {show(argument[0])}. "
        return "unknown_argument", told + suggest(argument[0], inner.parameters)
    return None


def _held_by(definition: BlockDefinition, definitions: Definitions) -> list[str]:
    """Return the blocks that a block holds, each once."""
    named = (node.params.get("block") for node in definition.nodes if node.type == Block.__name__)
    return list(
        dict.fromkeys(name for name in named if isinstance(name, str) and name in definitions)
    )


def _way(start: str, end: str, held: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return a way from one block through those that they hold to another; () if there is none."""
    came: dict[str, str | None] = {start: None}
    waiting = [start]
    for name in waiting:  # grows while it is walked
        if name == end:
            way = []
            step: str | None = name
            while step is not None:
                way.append(step)
                step = came[step]
            return tuple(reversed(way))
        for inner in held[name]:
            if inner not in came:
                came[inner] = name
                waiting.append(inner)
    return ()
