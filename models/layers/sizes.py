"""Sizes along several axes: windows, strides and the like."""

from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from models.layers.base import MAX_SIZE

Size = int | tuple[int, ...]
"""A number for all axes, or one for each; how many there are is told by `Size2D` and the like."""


class Sizes:
    """A whole number for all of these axes, or one for each: "height", "width"."""

    def __init__(self, *axes: str, least: int = 1, most: int = MAX_SIZE) -> None:
        self.axes = axes
        self.least = least
        self.most = most

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        number = {"type": "integer", "minimum": self.least, "maximum": self.most}
        each = [{**number, "title": axis.capitalize()} for axis in self.axes]
        count = len(each)
        listed = {"type": "array", "prefixItems": each, "minItems": count, "maxItems": count}
        return {"anyOf": [number, listed]}

    def validate(self, value: Any) -> Size:
        """Return a number, or as many as there are axes; a list of one is that one."""
        listed = isinstance(value, list | tuple)
        sizes = tuple(value) if listed else (value,)
        if not all(map(self._right, sizes)) or (listed and len(sizes) != len(self.axes)):
            raise PydanticCustomError(
                "sizes",
                "a whole number from {least} to {most}{several}",
                {
                    "least": f"{self.least:,}",
                    "most": f"{self.most:,}",
                    "several": f", or {_COUNTS[len(self.axes)]} of them ({', '.join(self.axes)})"
                    if len(self.axes) > 1
                    else "",
                },
            )
        return sizes if len(self.axes) > 1 and listed else sizes[0]

    def _right(self, size: Any) -> bool:
        return type(size) is int and self.least <= size <= self.most


_COUNTS = {2: "two", 3: "three"}
Size1D = Annotated[Size, Sizes("length")]
Size2D = Annotated[Size, Sizes("height", "width")]
Size3D = Annotated[Size, Sizes("depth", "height", "width")]


def per_axis(size: Size, rank: int) -> tuple[int, ...]:
    """Return as many numbers as there are axes."""
    return size if isinstance(size, tuple) else (size,) * rank


def shortest(sizes: tuple[int, ...]) -> Size:
    """Return the one number that all are, if they are alike, as people write it."""
    return sizes[0] if len(set(sizes)) == 1 else sizes


def told(sizes: tuple[int, ...]) -> Size:
    """Return the sizes as messages tell them: one for each axis."""
    return sizes[0] if len(sizes) == 1 else sizes
