"""The table of a thing's parameters, from their JSON Schema."""

import json
from collections.abc import Mapping
from typing import Any

from tools.reference.page import escaped, listed, table

Schema = Mapping[str, Any]

HEAD = ("Parameter", "Default", "Values", "Meaning")
UNLIMITED = 1e6
"""Bounds from here on only keep numbers finite and memory sane: they are not told."""


def parameters(schema: Schema) -> str:
    """Return the parameters as tables: a thing's own, then those of each section of its form."""
    sections: dict[str, list[tuple[str, ...]]] = {"": []}
    for name, told in schema.get("properties", {}).items():
        rows = sections.setdefault(told.get("x-section", ""), [])
        meaning = escaped(told["description"])
        rows.append((f"`{name}`", _value(told.get("default")), values(told), meaning))
    parts = []
    for section, rows in sections.items():
        if rows:
            parts += [*([f"### {section}"] if section else []), table(HEAD, rows)]
    return "\n\n".join(parts) or "It has none."


def values(schema: Schema) -> str:
    """Return in words which values a schema allows."""
    if catalog := schema.get("x-catalog"):
        optional = _nothing() in schema.get("anyOf", ())
        return f"one of the [{catalog}](../{catalog}/README.md){', or none' if optional else ''}"
    if "anyOf" in schema:
        return ", or ".join(values(choice) for choice in schema["anyOf"])
    if "enum" in schema:
        return listed([str(value) for value in schema["enum"]])
    kind = schema.get("type")
    if kind in ("integer", "number"):
        return _number("whole number" if kind == "integer" else "number", schema)
    if kind == "array":
        if "prefixItems" in schema:
            return f"one each for {_and([*map(_axis, schema['prefixItems'])])}"
        return f"list of {_plural(values(schema['items']))}"
    words = {"boolean": "`true` or `false`", "null": "none", "string": "text", "object": "object"}
    return words.get(str(kind), "")


def _axis(schema: Schema) -> str:
    if "prefixItems" in schema:
        return f"({', '.join(map(_axis, schema['prefixItems']))})"
    return schema["title"].lower()


def _nothing() -> Schema:
    return {"type": "null"}


def _number(noun: str, schema: Schema) -> str:
    least, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    most, below = schema.get("maximum"), schema.get("exclusiveMaximum")
    ends = (
        ("above", above),
        ("at least", least),
        ("below", below),
        ("at most", most),
    )
    told = [
        f"{word} {_digits(end)}" for word, end in ends if end is not None and abs(end) < UNLIMITED
    ]
    return f"{noun} {' and '.join(told)}".rstrip()


def _digits(value: float) -> str:
    return f"{value:,.12g}".replace("-", "−")


def _plural(words: str) -> str:
    return words.replace("number", "numbers", 1) if "number" in words else f"{words}s"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _value(value: Any) -> str:
    return "none" if value is None else f"`{json.dumps(value, ensure_ascii=False)}`"
