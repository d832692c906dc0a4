"""Numbers that only grow: how runs are called, and in which order lists stand."""

from sqlalchemy import text
from sqlalchemy.orm import Session

_NEXT = text(
    "INSERT INTO counters (name, value) VALUES (:name, 1)"
    " ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
)


def next_number(session: Session, name: str) -> int:
    """Return the next number of a kind of thing; whoever asks later gets a larger one.

    It does not depend on the clock, which may jump backwards.
    """
    return session.execute(_NEXT, {"name": name}).scalar_one()
