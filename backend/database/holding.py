"""Rows that must stay until a transaction ends."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.database.tables import DatasetRow


def hold_dataset(session: Session, id: UUID) -> bool:
    """Keep a dataset from being deleted meanwhile; return whether it is there.

    Come before anything else is locked: deleting it locks it first as well.
    """
    query = select(DatasetRow.id).where(DatasetRow.id == id).with_for_update()
    return session.scalar(query) is not None
