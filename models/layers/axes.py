"""Parameters that name axes as Keras counts them: the batch is 0, negative ones from the end."""

from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from models.call import Call
from models.layers.base import Misfit, Remedy, Shape, describe, keras_axis

_LOWEST, _HIGHEST = -8, 7


class _OneOrMore:
    """A whole number, or several different ones."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.validate)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        axis = {"type": "integer", "minimum": _LOWEST, "maximum": _HIGHEST}
        return {"anyOf": [axis, {"type": "array", "items": axis, "minItems": 1}]}

    @staticmethod
    def validate(value: Any) -> int | tuple[int, ...]:
        axes = tuple(value) if isinstance(value, list | tuple) else (value,)
        known = all(type(axis) is int and _LOWEST <= axis <= _HIGHEST for axis in axes)
        if not known or not axes or len(set(axes)) < len(axes):
            raise PydanticCustomError(
                "axes",
                "a whole number from {lowest} to {highest}, or a list of different ones",
                {"lowest": _LOWEST, "highest": _HIGHEST},
            )
        return axes if isinstance(value, list | tuple) else value


Axes = Annotated[int | tuple[int, ...], _OneOrMore()]


def each(axes: int | tuple[int, ...]) -> tuple[int, ...]:
    """Return axes as a tuple."""
    return axes if isinstance(axes, tuple) else (axes,)


def position(axis: int, shape: Shape, param: str = "axis") -> int:
    """Return where we have an axis of Keras's, which the parameter `param` names.

    Raises:
        Misfit: when the input has no such axis, or it is the batch.
    """
    rank = len(shape)
    if axis == 0 or not -rank <= axis <= rank:
        raise Misfit(
            "axis_mismatch",
            f"Expected an axis from 1 to {rank} or from -{rank} to -1 for {describe(shape)}, got "
            f"{axis}. Use -1, the features or channels.",
            param=param,
            remedy=Remedy(f"Set {param} to -1", {param: -1}),
        )
    return keras_axis(axis, rank)


def places(axes: int | tuple[int, ...], shape: Shape) -> tuple[int, ...]:
    """Return where we have axes of Keras's, in our order.

    Raises:
        Misfit: when the input lacks one of them, or two are the same.
    """
    found = sorted({position(axis, shape) for axis in each(axes)})
    if len(found) < len(each(axes)):
        raise Misfit(
            "axis_mismatch",
            f"Expected different axes for {describe(shape)}, got {axes}, two of which are the "
            "same. Leave one out.",
            param="axis",
            remedy=Remedy("Set axis to -1", {"axis": -1}),
        )
    return tuple(found)


def in_keras(made: Call, axes: int | tuple[int, ...], inputs: tuple[Shape, ...]) -> Call:
    """Return a Keras layer whose axes all count from the beginning, if some do not.

    Keras sorts them as they are written.
    """
    if not inputs or len({axis > 0 for axis in each(axes)}) < 2:
        return made
    counted = sorted(axis % (len(inputs[0]) + 1) for axis in each(axes))
    return Call(made.name, made.args, {**made.kwargs, "axis": counted})
