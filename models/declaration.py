"""The one declaration of a thing with parameters: its fields, and its docstring as its page."""

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

OUT_OF_ORDER = "out_of_order"
"""The error of a parameter that is larger than another one; its context names both."""


class Declaration(BaseModel):
    """Base of initializers, regularizers, constraints, losses, optimizers and their like.

    A subclass is all there is to one: its fields, with bounds and descriptions, become the form and
    the validation; its docstring the summary; `formula` what the catalogue says of it.
    """

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)

    name: ClassVar[str]
    """What documents call it; the class's own name unless it says otherwise."""
    title: ClassVar[str]
    formula: ClassVar[str | None] = None
    example: ClassVar[Mapping[str, Any]] = {}
    """Parameters of the reference's example, where the first one as it is by default says little.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" not in cls.__dict__:
            cls.name = cls.__name__

    @classmethod
    def summary(cls) -> str:
        """Return the first paragraph of the docstring, on one line."""
        return " ".join(inspect.cleandoc(cls.__doc__ or "").split("\n\n")[0].split())

    @classmethod
    def parameters(cls) -> dict[str, Any]:
        """Return the JSON Schema of the parameters."""
        schema = cls.model_json_schema()
        for key in ("title", "description"):
            schema.pop(key, None)
        return schema

    def changed(self) -> dict[str, Any]:
        """Return the parameters that are not as declared by default."""
        return {
            field: getattr(self, field)
            for field, info in type(self).model_fields.items()
            if getattr(self, field) != info.default
        }
