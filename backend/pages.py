"""Lists in parts: a cursor remembers where the last part ended."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.errors import DocumentError, refuse

Row = TypeVar("Row")
Item = TypeVar("Item")
Attributes = Sequence[InstrumentedAttribute[Any]]


def page(
    session: Session, query: Select[Row], by: Attributes, limit: int, cursor: str | None
) -> tuple[list[Row], str | None]:
    """Return up to `limit` rows, largest `by` first, and the cursor of the rest.

    `by` must be unique together. Rows that come or go between two parts shift nothing.

    Raises:
        DocumentError: the cursor is not one that was given out for this list.
    """
    if cursor is not None:
        query = query.where(_before(by, cursor))
    rows = list(session.scalars(query.order_by(*(key.desc() for key in by)).limit(limit + 1)))
    if len(rows) <= limit:
        return rows, None
    last = [getattr(rows[limit - 1], key.key) for key in by]
    return rows[:limit], _encode(last)


def part(
    items: Sequence[Item], key: str, limit: int, cursor: str | None
) -> tuple[list[Item], str | None]:
    """Return up to `limit` of a list that never changes, in its order, and the cursor of the rest.

    `key` names the attribute, a text, that tells one item from all others.

    Raises:
        DocumentError: the cursor is not one that was given out for this list.
    """
    begin = 0
    if cursor is not None:
        names = [getattr(item, key) for item in items]
        (last,) = _values(cursor, [str])
        if last not in names:
            raise _bad_cursor()
        begin = names.index(last) + 1
    found = list(items[begin : begin + limit])
    more = begin + limit < len(items)
    return found, _encode([getattr(found[-1], key)]) if more else None


def _before(by: Attributes, cursor: str) -> ColumnElement[bool]:
    values = _values(cursor, [key.type.python_type for key in by])
    return tuple_(*by) < tuple_(*values)


def _values(cursor: str, kinds: Sequence[type[Any]]) -> list[Any]:
    try:
        sent = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        return [_decode(kind, value) for kind, value in zip(kinds, sent, strict=True)]
    except (ValueError, TypeError, binascii.Error, UnicodeError, RecursionError) as error:
        raise _bad_cursor() from error


def _bad_cursor() -> DocumentError:
    return refuse(
        "bad_cursor",
        "Expected a cursor as an earlier part of this list gave it, got another text. Leave it out "
        "to begin anew.",
        path=["query", "cursor"],
    )


def _encode(values: list[Any]) -> str:
    plain = [value if isinstance(value, int) else _text(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode()


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _decode(kind: type[Any], value: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is int:
        if type(value) is not int or not 0 <= value < 2**31:
            raise ValueError(value)
        return value
    if kind is str:
        if not isinstance(value, str):
            raise ValueError(value)
        return value
    return UUID(value)
