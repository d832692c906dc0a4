"""Layers around another, and the parameter that holds it: its type, with parameters of its own."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, SchemaValidator, core_schema

from models.call import Call
from models.layers.base import Asked, Layer, Misfit
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


class Wrapper(Layer):
    """What layers around another have in common: its weights and what is asked of them are theirs.

    A subclass declares the field `layer`.
    """

    group = "Recurrent"
    required = ("layer",)

    if TYPE_CHECKING:
        layer: Any

    @property
    def learns(self) -> bool:
        """Whether the layer inside does."""
        return self.layer.learns

    @property
    def reads_codes(self) -> bool:
        """Whether the layer inside does."""
        return self.layer.reads_codes

    @property
    def sees_batch(self) -> bool:
        """Whether the layer inside does."""
        return self.layer.sees_batch

    def asked(self, weight: str, what: str) -> Asked:
        """Return what the layer inside asks."""
        asked = self.layer.asked(weight, what)
        return replace(asked, path=("layer", *asked.path))

    def keras_call(self) -> Call:
        """Return the layer with the one inside as a call of its own."""
        made = super().keras_call()
        return Call(made.name, (self.layer.keras_call(), *made.args[1:]), made.kwargs)

    def _told(self, misfit: Misfit, where: str = "") -> Misfit:
        """Return a misfit of the layer inside as one of this, its message after `where`."""
        remedy = misfit.remedy
        if remedy and remedy.params:
            inner = written(with_params(self.layer, remedy.params))
            remedy = replace(remedy, params={"layer": inner})
        told = Misfit(misfit.code, f"{where}{misfit}", param="layer", remedy=remedy)
        told.path += misfit.path[1:]
        return told


def written(layer: Layer) -> str | dict[str, Any]:
    """Return a layer as documents have it inside another."""
    name, changed = type(layer).__name__, layer.model_dump(mode="json", exclude_defaults=True)
    return {"type": name, **changed} if changed else name


def with_params(layer: Layer, params: Mapping[str, Any]) -> Layer:
    """Return a layer with some parameters changed."""
    return type(layer).model_validate({**layer.model_dump(mode="json"), **params})
