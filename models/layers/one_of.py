"""Fields that hold one of several declarations: `"he_normal"`, or an object with its parameters."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import (
    BaseModel,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_serializer,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from models.call import Call
from models.declaration import OUT_OF_ORDER, Declaration

MAX_SEED = 2**32 - 1


class Part(Declaration):
    """Base of what layers are given for their weights: initializers, regularizers, constraints.

    A part's class bears Keras's name; documents call it by the same in snake case.
    """

    room: ClassVar[str]
    """The module of Keras that has it, such as "initializers"."""
    ranks: ClassVar[tuple[int, int | None]] = (1, None)
    """Fewest and most axes of the weights that it suits, as Keras has them."""
    in_order: ClassVar[tuple[str, str] | None] = None
    """A parameter that is no larger than another."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = _snake_case(cls.__name__)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.in_order is not None:
            low, high = self.in_order
            least, most = getattr(self, low), getattr(self, high)
            if least > most:
                raise PydanticCustomError(
                    OUT_OF_ORDER,
                    "{low} no larger than {high}",
                    {"low": low, "high": high, "least": least, "most": most},
                )
        return self

    def unfit(self, shape: tuple[int, ...]) -> str | None:
        """Return what is wrong for a weight of this shape in Keras: "…, got …"; else None."""
        fewest, most = self.ranks
        if fewest <= len(shape) <= (most or len(shape)):
            return None
        return f"weights with {fewest} axes for {self.name}, got the shape {shape}"

    @model_serializer
    def plain(self) -> str | dict[str, Any]:
        """Return it as in documents: its name alone, when no parameter is changed."""
        changed = self.changed()
        return {"type": self.name, **changed} if changed else self.name

    def keras(self) -> str | Call:
        """Return how a Keras layer is given it."""
        return Call(f"{self.room}.{type(self).__name__}", (), self.changed())


class OneOf:
    """The annotation of such a field: which declarations there are, and the catalogue's list.

    In JSON a declaration without changed parameters is its name, any other an object:
    `{"type": "random_normal", "stddev": 0.02}`.
    """

    def __init__(
        self, known: Mapping[str, type[BaseModel]], catalog: str, *, optional: bool = False
    ) -> None:
        self.known = known
        self.catalog = catalog
        self.optional = optional

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return self.choice()

    def choice(self) -> CoreSchema:
        """Return what reads a value: by its type first, then by what that declares."""
        choices: dict[Any, CoreSchema] = {
            name: core_schema.no_info_before_validator_function(
                _parameters, kind.__pydantic_core_schema__
            )
            for name, kind in self.known.items()
        }
        chosen = core_schema.no_info_before_validator_function(
            self._refuse_unknown,
            core_schema.tagged_union_schema(choices, discriminator=_name),
        )
        return core_schema.nullable_schema(chosen) if self.optional else chosen

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        names = {"type": "string", "enum": list(self.known)}
        objects = {"type": "object", "properties": {"type": names}, "required": ["type"]}
        nothing = [{"type": "null"}] if self.optional else []
        return {"anyOf": [names, objects, *nothing], "x-catalog": self.catalog}

    def _refuse_unknown(self, value: Any) -> Any:
        if isinstance(value, str | Mapping | BaseModel) and _name(value) in self.known:
            return value
        expected = " or ".join(f"'{name}'" for name in self.known)
        raise PydanticKnownError("literal_error", {"expected": expected})


def part_at(kind: type[BaseModel], field: str, name: str) -> type[BaseModel] | None:
    """Return the declaration of this name that a field of a layer type may hold."""
    found = kind.model_fields.get(field)
    choices = (entry for entry in found.metadata if isinstance(entry, OneOf)) if found else iter(())
    return next((choice.known.get(name) for choice in choices), None)


def _name(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.name if isinstance(value, Part) else type(value).__name__
    return value.get("type") if isinstance(value, Mapping) else value


def _parameters(value: Any) -> Any:
    if isinstance(value, str):
        return {}
    if isinstance(value, Mapping):
        return {key: entry for key, entry in value.items() if key != "type"}
    return value


def _snake_case(name: str) -> str:
    """Return Keras's name of a class in small letters: "random_normal", "l1_l2", "max_norm"."""
    small = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    return small.strip("_")
