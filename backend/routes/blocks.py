"""Blocks saved for reuse in any network."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import state
from backend.database.counters import next_number
from backend.database.tables import BlockRow, now
from backend.documents.base import Page
from backend.documents.blocks import BlockWrite, SavedBlock
from backend.errors import not_found
from backend.pages import page
from backend.parameters import Cursor, Id, Limit
from backend.strict import StrictRoute
from models.architecture import Architecture

router = APIRouter(prefix="/blocks", tags=["blocks"], route_class=StrictRoute)


@router.post("", status_code=201)
def create_block(body: BlockWrite, request: Request) -> SavedBlock:
    """Save a block for reuse."""
    with state.database(request).session() as session:
        row = BlockRow(place=next_number(session, "blocks"), **_content(body))
        session.add(row)
        session.flush()
        return _answer(row)


@router.get("")
def list_blocks(request: Request, limit: Limit = 50, cursor: Cursor = None) -> Page[SavedBlock]:
    """Blocks that were saved for reuse, last changed first."""
    with state.database(request).reading() as session:
        by = (BlockRow.place, BlockRow.id)
        rows, rest = page(session, select(BlockRow), by, limit, cursor)
    return Page(items=[_answer(row) for row in rows], next_cursor=rest)


@router.put("/{block_id}")
def save_block(block_id: Id, body: BlockWrite, request: Request) -> SavedBlock:
    """Save over a block; networks that use it keep what they have."""
    with state.database(request).session() as session:
        row = _find(session, block_id)
        for key, value in _content(body).items():
            setattr(row, key, value)
        row.place, row.updated_at = next_number(session, "blocks"), now()
        session.flush()
        return _answer(row)


@router.delete("/{block_id}", status_code=204)
def delete_block(block_id: Id, request: Request) -> None:
    """Delete a block; networks that use it keep what they have."""
    with state.database(request).session() as session:
        session.delete(_find(session, block_id))


def _find(session: Session, id: UUID) -> BlockRow:
    row = session.get(BlockRow, id, with_for_update=True)
    if row is None:
        raise not_found("block", id)
    return row


def _content(body: BlockWrite) -> dict[str, Any]:
    return {
        "name": body.architecture.name or "Untitled",
        "architecture": body.architecture.model_dump(mode="json"),
    }


def _answer(row: BlockRow) -> SavedBlock:
    return SavedBlock(
        id=row.id,
        name=row.name,
        architecture=Architecture.model_validate(row.architecture),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
