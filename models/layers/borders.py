"""Layers that cut the borders off, or put zeros around."""

from typing import Annotated, Any, ClassVar

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from models.layers.base import MAX_SIZE, Misfit, Remedy, Shape, Step, describe, positions
from models.layers.reshaping import Arranging
from models.layers.window import expect_axes, zeros_around

Amounts = int | tuple[Any, ...]
"""One for all sides, one for each axis, or (before, after) for each axis."""

_SIDES = {
    "length": ("start", "end"),
    "depth": ("front", "back"),
    "height": ("top", "bottom"),
    "width": ("left", "right"),
}


class Sides:
    """An amount for all sides of these axes, one for each axis, or two for each: its sides.

    Along a single axis, two amounts are its sides.
    """

    def __init__(self, *axes: str) -> None:
        self.axes = axes

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        number = {"type": "integer", "minimum": 0, "maximum": MAX_SIZE}

        def listed(entries: list[dict[str, Any]]) -> dict[str, Any]:
            count = len(entries)
            return {"type": "array", "prefixItems": entries, "minItems": count, "maxItems": count}

        def titled(names: tuple[str, ...]) -> dict[str, Any]:
            return listed([{**number, "title": name.capitalize()} for name in names])

        sides = [titled(_SIDES[axis]) for axis in self.axes]
        if len(self.axes) == 1:
            return {"anyOf": [number, *sides]}
        return {"anyOf": [number, titled(self.axes), listed(sides)]}

    def validate(self, value: Any) -> Amounts:
        """Return the amounts as numbers and tuples of them."""
        if _is_amount(value):
            return value
        rank = len(self.axes)
        if isinstance(value, list | tuple):
            if all(map(_is_amount, value)) and len(value) == max(rank, 2):
                return tuple(value)
            if rank > 1 and len(value) == rank and all(map(_is_pair, value)):
                return tuple(map(tuple, value))
        each = f", or {rank} of them ({', '.join(self.axes)})" if rank > 1 else ""
        sides = ", ".join(f"({', '.join(_SIDES[axis])})" for axis in self.axes)
        raise PydanticCustomError(
            "sides",
            "a whole number from 0 to {most}{each}, or {sides}",
            {"most": f"{MAX_SIZE:,}", "each": each, "sides": sides},
        )


def _is_amount(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_SIZE


def _is_pair(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_amount, value))


def per_side(amounts: Amounts, rank: int) -> list[tuple[int, int]]:
    """Return (before, after) for each axis."""
    if isinstance(amounts, int):
        return [(amounts, amounts)] * rank
    if rank == 1:
        return [(amounts[0], amounts[1])]
    return [entry if isinstance(entry, tuple) else (entry, entry) for entry in amounts]


Sides1D = Annotated[Amounts, Sides("length")]
Sides2D = Annotated[Amounts, Sides("height", "width")]
Sides3D = Annotated[Amounts, Sides("depth", "height", "width")]


class _Border(Arranging):
    rank: ClassVar[int]

    def _expect_sides(self, shape: Shape, amounts: Amounts) -> list[tuple[int, int]]:
        expect_axes(shape, self.rank, type(self).__name__)
        return per_side(amounts, self.rank)


class _Cropping(_Border):
    headline = ("cropping",)
    example = {"cropping": 2}

    cropping: Amounts = 1

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return a padding by less than nothing, which is how PyTorch cuts."""
        (shape,) = inputs
        sides = self._expect_sides(shape, self.cropping)
        if any(sum(side) >= size for side, size in zip(sides, positions(shape), strict=True)):
            raise Misfit(
                "nothing_left",
                f"Expected a cropping that leaves something of {describe(shape)}, got "
                f"{self.cropping}. Make it smaller.",
                param="cropping",
                remedy=Remedy("Set cropping to 0", {"cropping": 0}),
            )
        if not any(map(any, sides)):
            return ()
        return (Step(zeros_around([(-before, -after) for before, after in sides])),)


class Cropping1D(_Cropping):
    """Cuts time steps off the beginning and the end of a sequence.

    y[t, c] = x[t + start, c].

    Shapes: (time, features) → (time − start − end, features).
    """

    glyph = "Cr"
    rank = 1

    cropping: Annotated[
        Sides1D, Field(description="Time steps to cut off: at both ends, or (start, end)")
    ] = 1


class Cropping2D(_Cropping):
    """Cuts rows and columns off the borders of an image.

    y[c, r, s] = x[c, r + top, s + left].

    Shapes: (channels, height, width) → (channels, height − top − bottom, width − left − right).
    """

    glyph = "Cr"
    rank = 2

    cropping: Annotated[
        Sides2D,
        Field(
            description="Pixels to cut off: on all sides, (height, width) for both sides of each, "
            "or ((top, bottom), (left, right))"
        ),
    ] = 0


class Cropping3D(_Cropping):
    """Cuts slices off the borders of a volume.

    What Cropping2D does, along three axes.

    Shapes: (channels, depth, height, width) → (channels, depth', height', width'), each less by
    what is cut off its sides.
    """

    glyph = "Cr"
    rank = 3

    cropping: Annotated[
        Sides3D,
        Field(
            description="Slices to cut off: on all sides, (depth, height, width) for both sides "
            "of each, or ((front, back), (top, bottom), (left, right))"
        ),
    ] = 1


class _ZeroPadding(_Border):
    headline = ("padding",)

    padding: Amounts = 1

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the padding."""
        (shape,) = inputs
        sides = self._expect_sides(shape, self.padding)
        return (Step(zeros_around(sides)),) if any(map(any, sides)) else ()


class ZeroPadding1D(_ZeroPadding):
    """Puts time steps of zeros before and after a sequence.

    y[t, c] = x[t − start, c], and 0 where there is no such step.

    Shapes: (time, features) → (start + time + end, features).
    """

    glyph = "Ze"
    rank = 1

    padding: Annotated[
        Sides1D, Field(description="Time steps of zeros: at both ends, or (start, end)")
    ] = 1


class ZeroPadding2D(_ZeroPadding):
    """Puts rows and columns of zeros around an image.

    y[c, r, s] = x[c, r − top, s − left], and 0 where there is no such pixel.

    Shapes: (channels, height, width) → (channels, top + height + bottom, left + width + right).
    """

    glyph = "Ze"
    rank = 2

    padding: Annotated[
        Sides2D,
        Field(
            description="Pixels of zeros: on all sides, (height, width) for both sides of each, "
            "or ((top, bottom), (left, right))"
        ),
    ] = 1


class ZeroPadding3D(_ZeroPadding):
    """Puts slices of zeros around a volume.

    What ZeroPadding2D does, along three axes.

    Shapes: (channels, depth, height, width) → (channels, depth', height', width'), each more by
    what is put on its sides.
    """

    glyph = "Ze"
    rank = 3

    padding: Annotated[
        Sides3D,
        Field(
            description="Slices of zeros: on all sides, (depth, height, width) for both sides of "
            "each, or ((front, back), (top, bottom), (left, right))"
        ),
    ] = 1


LAYERS = (
    *(Cropping1D, Cropping2D, Cropping3D),
    *(ZeroPadding1D, ZeroPadding2D, ZeroPadding3D),
)
