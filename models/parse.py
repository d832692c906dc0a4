"""Strict reading of architecture documents. Imports no torch: the web process does this itself.

What is not an architecture at all is refused, with everything that is wrong. What is one, but
cannot be trained as it is (a cycle, a missing wire, shapes that do not fit), passes; `check` tells.
"""

import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.architecture import (
    MAX_BLOCKS,
    Architecture,
    BlockDefinition,
    BlockParameter,
    Edge,
    Node,
)
from models.errors import DocumentError, Problem, Where
from models.strict_json import MAX_DEPTH, JsonError, loads
from models.unfold import LIMITS, MAX_PROBLEMS, too_many, unfold
from models.wording import clean, message, show


def parse(document: Any) -> Architecture:
    """Return the architecture that a document means.

    `document` is JSON text (bytes or str), what JSON text was read into, or an Architecture whose
    layers are still to be checked.

    Raises:
        DocumentError: naming everything that is wrong, at most 100 problems.
    """
    if isinstance(document, bytes | bytearray | str):
        document = _read(document)
    if not isinstance(document, Architecture):
        _refuse_what_json_has_not(document)
    return parse_json(document)


def parse_json(document: Any) -> Architecture:
    """Return the architecture that a part of a strictly read JSON document means.

    As `parse`, without looking once more for what such a document cannot hold: numbers that are not
    finite, text that cannot be stored, too much nesting.

    Raises:
        DocumentError: naming everything that is wrong, at most 100 problems.
    """
    if isinstance(document, Architecture):
        architecture = document
    else:
        _refuse_too_many(document)
        architecture = _validate(document)
    unfold(architecture)
    return architecture


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
        elif isinstance(value, str):
            if not _storable(value):
                wrong = (
                    "text",
                    f"Expected text without NUL and lone surrogates, got {show(value)}. "
                    "Remove that character.",
                )
        elif isinstance(value, float):
            if not math.isfinite(value):
                wrong = ("not_finite", f"Expected a finite number, got {value}.")
        elif value is None or isinstance(value, int):
            continue
        elif isinstance(value, list | tuple):
            waiting.extend((item, (*path, index)) for index, item in enumerate(value))
        elif isinstance(value, Mapping):
            for key, item in value.items():
                if not isinstance(key, str) or not _storable(key):
                    wrong = ("text", f"Expected text as the name of a field, got {show(key)}.")
                    break
                waiting.append((item, (*path, key)))
        else:
            wrong = ("type", f"Expected JSON, got a {type(value).__name__}.")
        if wrong:
            where = _where(document, [*path])
            raise DocumentError([Problem(code=wrong[0], message=wrong[1], where=where)])


def _storable(text: str) -> bool:
    if text.isascii():
        return "\0" not in text
    return not any("\ud800" <= character <= "\udfff" or character == "\0" for character in text)


def _refuse_too_many(document: Any) -> None:
    """Count before anything is read: nodes, wires, positions, blocks; those inside blocks too."""
    if not isinstance(document, Mapping):
        return
    blocks = document.get("blocks")
    parts = [document, *(blocks.values() if isinstance(blocks, Mapping) else ())]
    if len(parts) > MAX_BLOCKS + 1:
        raise DocumentError([too_many(len(parts) - 1, "blocks")])
    for key, what in (("nodes", "layers"), ("edges", "wires"), ("layout", "positions")):
        entries = [part.get(key) for part in parts if isinstance(part, Mapping)]
        count = sum(len(entry) for entry in entries if isinstance(entry, list | tuple | Mapping))
        if count > LIMITS[what]:
            raise DocumentError([too_many(count, what)])


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
    if path[-1] == "[key]":
        path.pop()
    names = [part for part in path if isinstance(part, str)]
    field = names[-1] if names else "the document"
    if detail["type"] == "missing" and isinstance(path[-1], int):
        field = f"entry {path[-1] + 1} of {field}"
    model = _model_at(path)
    code = {"extra_forbidden": "unknown_key", "missing": "missing_key"}.get(
        detail["type"], f"invalid_{field}" if field in _PLAIN_FIELDS else "invalid_architecture"
    )
    text = message(detail, field, list(model.model_fields))
    return Problem(code=code, message=text, where=_where(document, path))


def _model_at(path: list[str | int]) -> type[BaseModel]:
    """Return what holds the last key of a path."""
    model: type[BaseModel] = Architecture
    known: dict[str, type[BaseModel]] = {
        "nodes": Node,
        "edges": Edge,
        "blocks": BlockDefinition,
        "parameters": BlockParameter,
    }
    for part in path[:-2]:
        model = known.get(str(part), model)
    return model


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
            if name := _id_of(document["nodes"][index]):
                return Where(node=name, path=safe[2:])
        case ["blocks", str(block), "nodes", int(index), *_]:
            if name := _id_of(document["blocks"][block]["nodes"][index]):
                return Where(path=[*safe[:3], name, *safe[4:]])
    return Where(path=safe)


def _id_of(node: Any) -> str | None:
    name = node.get("id") if isinstance(node, Mapping) else None
    readable = isinstance(name, str) and len(name) <= 63 and _storable(name)
    return clean(name) if isinstance(name, str) and readable else None
