"""Strict reading of architecture documents. Imports no torch: the web process does this itself.

What is not an architecture at all is refused, with everything that is wrong. What is one, but
cannot be trained as it is (a cycle, a missing wire, shapes that do not fit), passes; `check` tells.
"""

import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.architecture import MAX_EDGES, MAX_NODES, Architecture, Edge, Node
from models.budget import ALLOWED, PER_WEIGHT, in_words
from models.errors import DocumentError, Problem, Where
from models.layers import LAYERS, Layer
from models.layers.one_of import Part, part_at
from models.strict_json import MAX_DEPTH, JsonError, loads
from models.wording import clean, message, show, suggest

MAX_PROBLEMS = 100


def parse(document: Any) -> Architecture:
    """Return the architecture that a document means.

    `document` is JSON text (bytes or str), what JSON text was read into, or an Architecture whose
    layers are still to be checked.

    Raises:
        DocumentError: naming everything that is wrong, at most 100 problems.
    """
    if isinstance(document, Architecture):
        architecture = document
    else:
        if isinstance(document, bytes | bytearray | str):
            document = _read(document)
        _refuse_what_json_has_not(document)
        _refuse_too_many(document)
        architecture = _validate(document)
    layers(architecture)
    return architecture


def layers(architecture: Architecture) -> dict[str, Layer]:
    """Return the layer that every node declares, by node id.

    Raises:
        DocumentError: too many nodes or wires, an id that occurs twice, an unknown layer type,
            parameters that are not right, a wire to a node that is not there.
    """
    problems = _of_size(architecture)
    declared: dict[str, Layer] = {}
    seen: dict[str, int] = {}
    for index, node in enumerate(architecture.nodes):
        if node.id in seen:
            problems.append(_duplicate(node, seen[node.id], index))
        seen.setdefault(node.id, index)
        try:
            declared[node.id] = layer(node)
        except DocumentError as error:
            problems += error.problems
    problems += _of_edges(architecture)
    if problems:
        raise DocumentError(problems[:MAX_PROBLEMS])
    return declared


def layer(node: Node) -> Layer:
    """Return the layer that a node declares.

    Raises:
        DocumentError: unknown type, or parameters that are not right.
    """
    kind = LAYERS.get(node.type)
    if kind is None:
        raise DocumentError(
            [
                Problem(
                    code="unknown_layer",
                    message=f"Expected a layer type of the catalogue, got {show(node.type)}. "
                    f"{suggest(node.type, LAYERS)}",
                    where=Where(node=node.id, path=["type"]),
                )
            ]
        )
    try:
        return kind.model_validate(node.params)
    except ValidationError as error:
        details = error.errors(include_url=False)
        inner = {detail["loc"][0] for detail in details if len(detail["loc"]) > 1}
        # A list is called too short when its entries were refused; those are told themselves.
        told = [d for d in details if not (d["type"] == "too_short" and d["loc"][0] in inner)]
        raise DocumentError([_of_parameter(node, kind, detail) for detail in told]) from error


def _read(text: bytes | bytearray | str) -> Any:
    try:
        return loads(bytes(text) if isinstance(text, bytearray) else text)
    except JsonError as error:
        raise DocumentError([Problem(code=error.code, message=str(error))]) from error
    except UnicodeEncodeError as error:
        raise DocumentError(
            [Problem(code="encoding", message="Expected Unicode text, got lone surrogates.")]
        ) from error


def _refuse_what_json_has_not(document: Any) -> None:
    """Walk the document once: finite numbers, text that can be stored, nothing too deep."""
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(document, ())]
    while waiting:
        value, path = waiting.pop()
        wrong = None
        if len(path) > MAX_DEPTH:
            wrong = ("too_deep", f"Expected at most {MAX_DEPTH} levels of nesting, got more.")
        elif isinstance(value, float) and not math.isfinite(value):
            wrong = ("not_finite", f"Expected a finite number, got {value}.")
        elif isinstance(value, str) and not _storable(value):
            wrong = (
                "text",
                f"Expected text without NUL and lone surrogates, got {show(value)}. "
                "Remove that character.",
            )
        elif isinstance(value, Mapping):
            for key, item in value.items():
                if not isinstance(key, str) or not _storable(key):
                    wrong = ("text", f"Expected text as the name of a field, got {show(key)}.")
                    break
                waiting.append((item, (*path, key)))
        elif isinstance(value, list | tuple):
            waiting.extend((item, (*path, index)) for index, item in enumerate(value))
        elif not (value is None or isinstance(value, bool | int | float | str)):
            wrong = ("type", f"Expected JSON, got a {type(value).__name__}.")
        if wrong:
            where = _where(document, [*path])
            raise DocumentError([Problem(code=wrong[0], message=wrong[1], where=where)])


def _storable(text: str) -> bool:
    if "\0" in text:
        return False
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _refuse_too_many(document: Any) -> None:
    if not isinstance(document, Mapping):
        return
    for key, limit, what in (("nodes", MAX_NODES, "layers"), ("edges", MAX_EDGES, "wires")):
        entries = document.get(key)
        if isinstance(entries, list | tuple) and len(entries) > limit:
            raise DocumentError([_too_many(len(entries), limit, what, key)])


def _too_many(count: int, limit: int, what: str, key: str) -> Problem:
    return Problem(
        code=f"too_many_{what}",
        message=f"Expected at most {limit:,} {what}, got {count:,}. Leave some out.",
        where=Where(path=[key]),
    )


def _of_size(architecture: Architecture) -> list[Problem]:
    problems = []
    if len(architecture.nodes) > MAX_NODES:
        problems.append(_too_many(len(architecture.nodes), MAX_NODES, "layers", "nodes"))
    if len(architecture.edges) > MAX_EDGES:
        problems.append(_too_many(len(architecture.edges), MAX_EDGES, "wires", "edges"))
    return problems


def _validate(document: Any) -> Architecture:
    try:
        return Architecture.model_validate(document)
    except ValidationError as error:
        problems = [
            _of_document(document, detail)
            for detail in error.errors(include_url=False)[:MAX_PROBLEMS]
        ]
        raise DocumentError(problems) from error


def _of_document(document: Any, detail: ErrorDetails) -> Problem:
    path = list(detail["loc"])
    if not path:
        text = f"Expected an architecture, an object, got {show(document)}."
        return Problem(code="invalid_architecture", message=text)
    names = [part for part in path if isinstance(part, str)]
    field = names[-1] if names else "the document"
    known: dict[str, type[BaseModel]] = {"nodes": Node, "edges": Edge}
    model = known.get(str(path[0]), Architecture) if len(path) > 1 else Architecture
    code = {"extra_forbidden": "unknown_key", "missing": "missing_key"}.get(
        detail["type"], f"invalid_{field}" if field in _PLAIN_FIELDS else "invalid_architecture"
    )
    text = message(detail, field, list(model.model_fields))
    return Problem(code=code, message=text, where=_where(document, path))


_PLAIN_FIELDS = {
    "id",
    "type",
    "params",
    "title",
    "shares",
    "source",
    "target",
    "port",
    "format",
    "name",
}


def _where(document: Any, path: list[str | int]) -> Where:
    """Return the place: inside its node, when the path leads into one whose id can be read."""
    safe = [clean(part)[:100] if isinstance(part, str) else part for part in path]
    match path:
        case ["nodes", int(index), *_]:
            node = document["nodes"][index]
            name = node.get("id") if isinstance(node, Mapping) else None
            if isinstance(name, str) and name and len(name) <= 63 and _storable(name):
                return Where(node=name, path=safe[2:])
    return Where(path=safe)


def _duplicate(node: Node, first: int, index: int) -> Problem:
    text = (
        f'Expected every id once, got "{node.id}" for the layers number {first + 1} and '
        f"{index + 1}. Rename one of them."
    )
    return Problem(code="duplicate_id", message=text, where=Where(node=node.id, path=["id"]))


def _of_parameter(node: Node, kind: type[Layer], detail: ErrorDetails) -> Problem:
    """Tell what is wrong with a parameter, or inside one that is an object."""
    owner: type[BaseModel] = kind
    loc, path = list(detail["loc"]), ["params"]
    while len(loc) > 2 and (part := part_at(owner, str(loc[0]), str(loc[1]))):
        owner, path, loc = part, [*path, str(loc[0])], loc[2:]
    field = clean(str(loc[0]))[:100] if loc else "params"
    name = owner.name if issubclass(owner, Part) else owner.__name__
    known = list(owner.model_fields)
    text = message(detail, field if owner is kind else f"{field} of {name}", known)
    code = "invalid_parameter"
    if detail["type"] == "extra_forbidden":
        code = "unknown_parameter"
        if not known:
            text = f'Expected no parameters for {name}, got "{field}". Remove it.'
        elif owner is not kind:
            text = f'Expected a parameter of {name}, got "{field}". {suggest(field, known)}'
    received = detail.get("input")
    number = isinstance(received, int | float) and not isinstance(received, bool)
    if number and field in known and abs(received) * PER_WEIGHT > ALLOWED:
        size = in_words(int(min(abs(received), 10**21)) * PER_WEIGHT)
        text += (
            f" Its weights alone would take an estimated {size} of memory or more; "
            f"{in_words(ALLOWED)} are allowed."
        )
    where = [*path, field, *(part for part in loc[1:] if isinstance(part, int))]
    return Problem(code=code, message=text, where=Where(node=node.id, path=where))


def _of_edges(architecture: Architecture) -> list[Problem]:
    ids = {node.id for node in architecture.nodes}
    problems = []
    for index, edge in enumerate(architecture.edges):
        missing = [end for end in (edge.source, edge.target) if end not in ids]
        if not missing:
            continue
        there = next((end for end in (edge.source, edge.target) if end in ids), None)
        text = (
            f'Expected a wire between layers that are there, got one from "{edge.source}" to '
            f'"{edge.target}", but there is no layer {" and no layer ".join(map(show, missing))}. '
            "Add it or remove the wire."
        )
        where = Where(node=there, path=["edges", index])
        problems.append(Problem(code="unknown_node", message=text, where=where))
    return problems
