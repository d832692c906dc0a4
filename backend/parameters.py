"""Ids and the parameters of addresses: one spelling each, read as strictly as JSON is."""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Query
from pydantic import BeforeValidator, Field, Strict
from pydantic_core import PydanticKnownError

MAX_SEQ = 2**31 - 1
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"-?[0-9]{1,20}")


def _spelled(pattern: re.Pattern[str], kind: Any, context: dict[str, Any] | None = None) -> Any:
    """Return a check that text has this form: Python's own readers take more than one."""

    def check(value: object) -> object:
        if isinstance(value, str) and not pattern.fullmatch(value):
            raise PydanticKnownError(kind, context)
        return value

    return BeforeValidator(check)


Id = Annotated[
    UUID, Strict(False), _spelled(_UUID, "uuid_parsing", {"error": "its form is another"})
]
"""An id as the server gives it, in an address or in a body."""

DIGITS = _spelled(_WHOLE, "int_parsing")
"""Marks a whole number in an address: digits and nothing else. Stands after its bounds."""

Whole = Annotated[int, DIGITS]
Limit = Annotated[int, Field(ge=1, le=200), DIGITS]
"""How many entries of a list are answered at most."""

Key = Annotated[str | None, Header(min_length=1, max_length=200)]
"""The `Idempotency-Key`: a request that is sent again with it does nothing twice."""

Cursor = Annotated[str | None, Query(max_length=200)]
"""Where a list goes on: the `next_cursor` of the part before."""

Search = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]
"""Words of which a list's entries must have all."""

Version = Annotated[int | None, DIGITS, Query(description="Of the dataset; absent: the one in use")]
"""Which version of a dataset is asked for."""
