"""What the declarations say of themselves: their docstrings, and examples of their parameters."""

import inspect
import json
from typing import Any

from models.catalog_of import catalog
from models.declaration import Declaration


def paragraphs(declaration: type) -> list[str]:
    """Return a docstring's paragraphs, each on one line; the first is the summary."""
    text = inspect.cleandoc(declaration.__doc__ or "")
    return [" ".join(paragraph.split()) for paragraph in text.split("\n\n")]


def example(declaration: type[Declaration]) -> dict[str, Any]:
    """Return one as documents name it: with its own example's parameters, or with its first."""
    return {"type": declaration.name, **(declaration.example or _first(declaration))}


def in_a_layer(kind: str, name: str, written: Any) -> dict[str, Any]:
    """Return a node of the first layer type with a parameter for this entry of the catalogue.

    Args:
        written: the parameter's value.
    """
    for entry in catalog().layers:
        for field, told in entry.params.get("properties", {}).items():
            if told.get("x-catalog") == kind and name in _names(told):
                return {"id": "layer", "type": entry.type, "params": {field: written}}
    raise LookupError(f"Expected a layer type that takes {name} of the {kind}, found none.")


def line(value: Any) -> str:
    """Return JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def _first(declaration: type[Declaration]) -> dict[str, Any]:
    for name, told in declaration.parameters().get("properties", {}).items():
        return {} if told["default"] is None else {name: told["default"]}
    return {}


def _names(schema: dict[str, Any]) -> list[str]:
    return [
        name for choice in (schema, *schema.get("anyOf", ())) for name in choice.get("enum", ())
    ]
