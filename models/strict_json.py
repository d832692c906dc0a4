"""JSON read strictly: finite numbers, unique keys, bounded depth."""

import json
import math
import re
from typing import Any, NoReturn

MAX_DEPTH = 64
MAX_DIGITS = 64

_NOT_FINITE = "Expected finite numbers, got {}. Write a number in range, or null."
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class JsonError(ValueError):
    """The text is not JSON as we read it.

    Attributes:
        code: what rule was broken: "syntax", "not_finite", "duplicate_key", "too_deep", "encoding".
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def loads(text: bytes | str) -> Any:
    """Parse JSON text.

    Raises:
        JsonError: on a syntax error (with its position), `NaN`, `Infinity` or a number too large to
            be finite, a key that stands twice in one object, or nesting deeper than `MAX_DEPTH`.
    """
    data = text.encode() if isinstance(text, str) else text
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonError(
            "encoding",
            f"Expected UTF-8 text, got byte {data[error.start]:#04x} at offset {error.start}. "
            "Send it in UTF-8.",
        ) from error
    _check_depth(data)
    try:
        return json.loads(
            decoded,
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
            parse_int=_integer,
        )
    except json.JSONDecodeError as error:
        raise JsonError(
            "syntax",
            f"Expected JSON, got a mistake at line {error.lineno}, column {error.colno}: "
            f"{error.msg.removesuffix(' at')}. Correct it there.",
        ) from error


def _check_depth(data: bytes) -> None:
    depth = 0
    # Without escapes every second part between quotation marks is a string.
    outside = b"".join(data.split(b'"')[::2]) if b"\\" not in data else _STRING.sub(b"", data)
    for bracket in outside.translate(None, _NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise JsonError(
                "too_deep",
                f"Expected at most {MAX_DEPTH} levels of nesting, got more. Nest less deeply.",
            )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise JsonError(
                "duplicate_key",
                f"Expected every key once per object, got {key!r} twice. Remove one of them.",
            )
        result[key] = value
    return result


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError("not_finite", _NOT_FINITE.format(name))


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise JsonError("not_finite", _NOT_FINITE.format(text[:40]))
    return value


def _integer(text: str) -> int | float:
    if len(text) > MAX_DIGITS:
        # Kept as a number so that the field that holds it is named, not only the text.
        return _finite(text)
    return int(text)
