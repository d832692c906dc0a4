"""A value in place of one that a parameter cannot have."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_jsonable_python

from models.wording import nearest

_NOTHING = (None, "")
"""What stands for no value inside a parameter; an empty name is no name either."""


@dataclass(frozen=True)
class Repair:
    """A value for a parameter.

    Attributes:
        field: the parameter.
        value: the whole of it.
        title: what the button says, which may be about something inside it: "Set units to 1".
    """

    field: str
    value: Any
    title: str


def repair(
    kind: type[BaseModel],
    owner: type[BaseModel],
    given: Mapping[str, Any],
    keys: Sequence[str | int],
    detail: ErrorDetails,
) -> Repair | None:
    """Return what a parameter may be instead: near what was received, or the default.

    Args:
        kind: declares the parameters.
        owner: declares the one that is wrong; another one than `kind` inside a parameter.
        given: what was received.
        keys: lead to what is wrong, inside them.
        detail: what pydantic found wrong there.
    """
    field, leaf = str(keys[0]), [*keys]
    while isinstance(leaf[-1], int):
        leaf.pop()
    near = [(keys, value) for value in nearest(detail)]
    for path, instead in [*near, (leaf, _default(owner, str(leaf[-1])))]:
        value = _replaced(given, path, instead)
        if value not in _NOTHING and _accepts(kind, given, field, value):
            inside = value if len(leaf) == 1 else instead
            return Repair(field, value, f"Set {leaf[-1]} to {shown(inside)}")
    usual = kind().model_dump(mode="json")[field]
    if usual != "" and _accepts(kind, given, field, usual):
        return Repair(field, usual, f"Set {field} to {shown(usual)}")
    return None


def shown(value: Any) -> str:
    """Return a value as the title of a fix shows it."""
    if isinstance(value, list | Mapping) and not value:
        return "none"
    if isinstance(value, list):
        return f"({', '.join(map(shown, value))})"
    if isinstance(value, Mapping):
        told = ", ".join(f"{key}={shown(entry)}" for key, entry in value.items() if key != "type")
        return f"{value['type']}({told})" if "type" in value else told
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "none"}[value]
    return f"{value:,}" if isinstance(value, int) else str(value)


def _default(kind: type[BaseModel], field: str) -> Any:
    """Return what a parameter is where nothing is said, as in a document."""
    known = kind.model_fields.get(field)
    return to_jsonable_python(known.get_default(call_default_factory=True)) if known else None


def _replaced(given: Mapping[str, Any], keys: Sequence[str | int], value: Any) -> Any:
    """Return the parameter with one value inside it replaced; None where it has no inside."""
    if len(keys) == 1:
        return value
    first = copy.deepcopy(given[str(keys[0])])
    holder = first
    for key in keys[1:-1]:
        holder = _entry(holder, key)
    if not isinstance(holder, dict | list):
        return None
    holder[keys[-1]] = value  # pyright: ignore[reportArgumentType, reportCallIssue]
    return first


def _entry(holder: Any, key: str | int) -> Any:
    if isinstance(holder, dict):
        return holder.get(key)
    return holder[key] if isinstance(holder, list) and isinstance(key, int) else None


def _accepts(kind: type[BaseModel], given: Mapping[str, Any], field: str, value: Any) -> bool:
    try:
        kind.model_validate({**given, field: value})
    except ValidationError as error:
        return all(detail["loc"][:1] != (field,) for detail in error.errors(include_url=False))
    return True
