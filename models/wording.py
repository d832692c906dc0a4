"""What pydantic found wrong with a document, in words that its author can use."""

import difflib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from models.declaration import OUT_OF_ORDER

_CHOICES = re.compile(r"'([^']*)'")
_EXACT = 1e15
"""From here on a whole number that was read as a float may have lost digits."""
_NOTHING = re.compile(r"(?!)")
_QUOTED = {
    "bool_type": re.compile(r"true|false"),
    "float_type": re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", re.IGNORECASE),
    "int_type": re.compile(r"[+-]?[0-9]+"),
}
"""Texts that are what was expected but for their quotation marks."""
_FORMS = {
    r"^[a-z][a-z0-9_]{0,62}$": "a lower-case letter and then up to 62 lower-case letters, digits "
    'and "_"',
}
"""What a pattern of the documents asks for, in words."""
_EXPECTED = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "an object",
    "float_type": "a number",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "list_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "recursion_loop": "a value that does not contain itself",
    "string_type": "text",
    "string_unicode": "text without lone surrogates",
    "tuple_type": "a list",
    "uuid_parsing": "an id as the server gives it, a UUID",
    "uuid_type": "an id as the server gives it, a UUID",
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
    return f"Expected {expected(detail)} for {field}, got {received}. {mend(detail)}"


def expected(detail: ErrorDetails) -> str:
    """Return what an error of pydantic expected, as in "Expected … for units"."""
    context: Mapping[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "greater_than_equal":
            return f"at least {_bound(context['ge'])}"
        case "greater_than":
            return f"more than {_bound(context['gt'])}"
        case "less_than_equal":
            return f"at most {_bound(context['le'])}"
        case "less_than":
            return f"less than {_bound(context['lt'])}"
        case "too_short" | "too_long" as kind:
            bound = "min_length" if kind == "too_short" else "max_length"
            most = "at least" if kind == "too_short" else "at most"
            return f"{most} {counted(context[bound], 'entry', 'entries')}"
        case "string_too_short":
            return f"at least {counted(context['min_length'], 'character')}"
        case "string_too_long":
            return f"at most {counted(context['max_length'], 'character')}"
        case "string_pattern_mismatch":
            pattern = context["pattern"]
            return _FORMS.get(pattern, f"text that matches {pattern}")
        case "literal_error" | "enum":
            return context["expected"]
        case kind if kind == OUT_OF_ORDER:
            return f"at most {context['high']}, {_bound(context['most'])},"
        case "int_from_float" | "int_type" if _is_large(detail["input"]):
            return "a whole number of fewer digits"
        case kind if kind in _EXPECTED:
            return _EXPECTED[kind]
        case _:
            return detail["msg"]


def mend(detail: ErrorDetails) -> str:
    """Return what to do about an error of pydantic, as a sentence."""
    received, kind = detail.get("input"), detail["type"]
    if kind.startswith("int") and isinstance(received, float) and not _is_large(received):
        whole = received.is_integer()
        return f"Write it as {int(received)}." if whole else "Round it."
    if isinstance(received, str) and _QUOTED.get(kind, _NOTHING).fullmatch(received.strip()):
        return "Write it without quotes."
    if kind.startswith("greater"):
        return "Raise it."
    if (
        kind.startswith("less")
        or kind == OUT_OF_ORDER
        or kind == "int_parsing_size"
        or _is_large(received)
    ):
        return "Lower it."
    if kind.endswith("too_long"):
        return "Shorten it."
    if kind.endswith("too_short"):
        return "Fill it in."
    return "Correct it."


def nearest(detail: ErrorDetails) -> list[Any]:
    """Return values like the one that was received that may be right, the likeliest first."""
    received, kind = detail.get("input"), detail["type"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    if isinstance(received, str) and _QUOTED.get(kind, _NOTHING).fullmatch(received.strip()):
        return [json.loads(received.strip().removeprefix("+"))]
    if isinstance(received, float) and kind.startswith("int") and not _is_large(received):
        return [round(received)]
    if isinstance(received, str) and kind in ("literal_error", "enum"):
        return near(received, _CHOICES.findall(context.get("expected", "")))
    if kind == OUT_OF_ORDER:
        return [context["most"]]
    # The bound of a fraction, and the largest number, are rarely what anybody wants.
    least = context.get("ge")
    return [least] if isinstance(least, int) else []


def _is_large(value: Any) -> bool:
    return isinstance(value, float) and abs(value) >= _EXACT


def _bound(number: float) -> str:
    return f"{number:,.15g}" if isinstance(number, float) else f"{number:,}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return "1 row", "2 rows", "1,000 rows"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _choice(detail: ErrorDetails, field: str) -> str:
    names = _CHOICES.findall(detail.get("ctx", {}).get("expected", ""))
    received = detail.get("input")
    if isinstance(received, Mapping):
        received = received.get("type", received)
    if isinstance(received, str) and names:
        return f"Expected a known {field}, got {show(received)}. {suggest(received, names)}"
    choices = ", ".join(names) if names else expected(detail)
    return f"Expected one of {choices} for {field}, got {show(received)}. Choose one of them."
