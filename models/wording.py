"""What pydantic found wrong with a document, in words that its author can use."""

import difflib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

_CHOICES = re.compile(r"'([^']*)'")
_EXPECTED = {
    "bool_type": "true or false",
    "dict_type": "an object",
    "float_type": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "list_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "string_type": "text",
    "string_unicode": "text without lone surrogates",
    "tuple_type": "a list",
}


def near(name: str, names: Iterable[str]) -> list[str]:
    """Return up to three of `names` that look like `name`, best first."""
    folded = {known.casefold(): known for known in names}
    last_word = name.casefold().rsplit(".", 1)[-1]
    found: list[str] = []
    for candidate in (name.casefold(), last_word):
        found += difflib.get_close_matches(candidate[:100], folded, n=3, cutoff=0.5)
    return [folded[match] for match in dict.fromkeys(found)][:3]


def suggest(name: str, names: Iterable[str]) -> str:
    """Return "Did you mean a or b?", or what there is to choose from when nothing is near."""
    known = list(names)
    if not known:
        return "There are none."
    if matches := near(name, known):
        return f"Did you mean {' or '.join(matches)}?"
    shown = ", ".join(known[:20])
    return f"Choose one of {shown}{' …' if len(known) > 20 else ''}."


def show(value: Any) -> str:
    """Return a JSON value as a message shows it: short, on one line, in plain characters."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        # A number too long to print is described; str() of it may even be refused.
        digits = int(math.log10(abs(value))) + 1 if value else 1
        return str(value) if digits <= 20 else f"a number of about {digits} digits"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        text = value if len(value) <= 60 else value[:60] + "…"
        return '"' + clean(text) + '"'
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    return f"a {type(value).__name__}"


def around(names: Sequence[str]) -> str:
    """Return the names on a circle as a message shows them: "a → b → a", the long ones cut."""
    shown = list(names)
    if len(shown) > 11:
        shown = [*shown[:10], f"… ({len(names)} layers) …"]
    return " → ".join([*shown, names[0]])


def clean(text: str) -> str:
    """Return text without control characters and the like: they are escaped."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def message(detail: ErrorDetails, field: str, known: Iterable[str] = ()) -> str:
    """Return "Expected …, got …." for one error of pydantic.

    `field` is what the value is called, `known` are the keys that would have been right.
    """
    kind, received = detail["type"], show(detail.get("input"))
    if kind == "missing":
        return f"Expected {field}, got nothing. Add it."
    if kind == "extra_forbidden":
        return f'Expected only known keys, got "{clean(field)}". {suggest(field, known)}'
    if kind in ("literal_error", "enum"):
        return _choice(detail, field)
    return f"Expected {expected(detail)} for {field}, got {received}.{_hint(detail)}"


def expected(detail: ErrorDetails) -> str:
    """Return what an error of pydantic expected, as in "Expected … for units"."""
    context: Mapping[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "greater_than_equal":
            return f"at least {context['ge']:,}"
        case "greater_than":
            return f"more than {context['gt']:,}"
        case "less_than_equal":
            return f"at most {context['le']:,}"
        case "less_than":
            return f"less than {context['lt']:,}"
        case "too_short" | "too_long" as kind:
            bound = "min_length" if kind == "too_short" else "max_length"
            return f"{'at least' if kind == 'too_short' else 'at most'} {context[bound]} entries"
        case "string_too_short":
            return f"at least {context['min_length']} characters"
        case "string_too_long":
            return f"at most {context['max_length']:,} characters"
        case "string_pattern_mismatch":
            return f"text that matches {context['pattern']}"
        case kind if kind in _EXPECTED:
            return _EXPECTED[kind]
        case _:
            return detail["msg"]


def _choice(detail: ErrorDetails, field: str) -> str:
    names = _CHOICES.findall(detail.get("ctx", {}).get("expected", ""))
    received = detail.get("input")
    if isinstance(received, str) and names:
        return f"Expected a known {field}, got {show(received)}. {suggest(received, names)}"
    choices = ", ".join(names) if names else detail["msg"]
    return f"Expected one of {choices} for {field}, got {show(received)}."


def _hint(detail: ErrorDetails) -> str:
    received = detail.get("input")
    if not detail["type"].startswith("int"):
        return ""
    if isinstance(received, float) and received.is_integer() and abs(received) < 1e15:
        return f" Write it as {int(received)}."
    if isinstance(received, str) and received.strip().lstrip("+-").isdigit():
        return " Write it without quotes."
    return ""
