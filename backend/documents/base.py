"""What all bodies and answers are made of."""

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from models.architecture import Architecture
from models.errors import Problem, Where
from models.parse import parse_json

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
ParsedArchitecture = Annotated[Architecture, BeforeValidator(parse_json)]
"""An architecture in a body, which is read as strict JSON (`backend.strict`).

Its layers are read too, and every problem names its layer.
"""


class Answer(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ErrorDetail(Answer):
    code: str
    message: str
    where: Where | None = None
    problems: list[Problem] = Field(
        default=[], description="All that is wrong, when it is a document"
    )


class Error(Answer):
    """The one shape of every error."""

    error: ErrorDetail


Item = TypeVar("Item")


class Page(Answer, Generic[Item]):
    """A part of a list; `next_cursor` fetches the rest."""

    items: list[Item]
    next_cursor: str | None = None
