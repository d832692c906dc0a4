"""Parameters that are one number for all places, or a list of one for each."""

from math import isfinite
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

MOST = 4096
"""Longest list."""


class _OneOrList:
    """A finite number, or several."""

    def __init__(self, least: float | None = None) -> None:
        self.least = least

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        number = {"type": "number"} | ({} if self.least is None else {"minimum": self.least})
        listed = {"type": "array", "items": number, "minItems": 1, "maxItems": MOST}
        return {"anyOf": [number, listed]}

    def validate(self, value: Any) -> float | tuple[float, ...]:
        """Return a number or a tuple of them."""
        listed = isinstance(value, list | tuple)
        numbers = tuple(value) if listed else (value,)
        if not 1 <= len(numbers) <= MOST or not all(map(self._right, numbers)):
            raise PydanticCustomError(
                "numbers",
                "a number{least}, or a list of 1 to {most} of them",
                {"least": "" if self.least is None else f" from {self.least:g}", "most": MOST},
            )
        return tuple(map(float, numbers)) if listed else float(value)

    def _right(self, number: Any) -> bool:
        known = type(number) in (int, float) and abs(number) <= 1e38 and isfinite(number)
        return known and (self.least is None or number >= self.least)


Value = float | tuple[float, ...]
Numbers = Annotated[Value, _OneOrList()]
FromZero = Annotated[Value, _OneOrList(0)]


def count(numbers: Value | None) -> int:
    """Return how many numbers a list has; 0 for a number alone."""
    return len(numbers) if isinstance(numbers, tuple) else 0
