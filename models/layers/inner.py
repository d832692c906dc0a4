"""Parameters that hold a layer: its type, with parameters of its own."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from models.layers.base import Layer
from models.layers.one_of import OneOf


class OneLayer(OneOf):
    """The annotation of a field that holds a layer of the catalogue.

    In JSON it is written like an initializer: `"LSTM"`, or `{"type": "LSTM", "units": 64}`.
    """

    def __init__(self, suits: Callable[[type[Layer]], bool]) -> None:
        self.suits = suits
        self.catalog = "layers"
        self.optional = False

    @cached_property
    def known(self) -> Mapping[str, type[Layer]]:
        """The types that suit, by name.

        Asked for only when a value is read or the form is drawn: before, while its families are
        being declared, the catalogue is not complete.
        """
        from models.layers import LAYERS

        return {name: kind for name, kind in LAYERS.items() if self.suits(kind)}

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: self._reader.validate_python(value),
            serialization=core_schema.plain_serializer_function_ser_schema(written),
        )

    @cached_property
    def _reader(self) -> SchemaValidator:
        return SchemaValidator(self.choice())


def written(layer: Layer) -> str | dict[str, Any]:
    """Return a layer as documents have it inside another."""
    name, changed = type(layer).__name__, layer.model_dump(mode="json", exclude_defaults=True)
    return {"type": name, **changed} if changed else name


def with_params(layer: Layer, params: Mapping[str, Any]) -> Layer:
    """Return a layer with some parameters changed."""
    return type(layer).model_validate({**layer.model_dump(mode="json"), **params})
