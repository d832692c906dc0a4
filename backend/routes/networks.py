"""Saved networks and their revisions."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import state
from backend.database.counters import next_number
from backend.database.holding import hold_dataset
from backend.database.tables import DatasetRow, NetworkRow, RevisionRow, now
from backend.documents.base import Page
from backend.documents.networks import (
    Network,
    NetworkSummary,
    NetworkWrite,
    Revision,
    RevisionSummary,
)
from backend.errors import ApiError, not_found
from backend.pages import page
from backend.parameters import Cursor, Id, Limit, Whole
from backend.strict import StrictRoute
from models.architecture import Architecture
from models.errors import DocumentError, refuse
from models.recipe import Recipe

router = APIRouter(prefix="/networks", tags=["networks"], route_class=StrictRoute)

IfMatch = Annotated[str | None, Header(max_length=200)]


@router.post("", status_code=201)
def create_network(body: NetworkWrite, request: Request, response: Response) -> Network:
    """Save a new network; the answer's `ETag` is its revision."""
    with state.database(request).session() as session:
        if not _dataset_is_there(session, body):
            raise _no_dataset(body)
        row = NetworkRow(revision=1, place=next_number(session, "networks"), **_content(body))
        session.add(row)
        session.flush()
        session.add(row.kept(body.note))
    response.headers["Location"] = f"/api/networks/{row.id}"
    return _answer(row, response)


@router.get("")
def list_networks(
    request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[NetworkSummary]:
    """Networks, last changed first."""
    with state.database(request).reading() as session:
        by = (NetworkRow.place, NetworkRow.id)
        rows, rest = page(session, select(NetworkRow), by, limit, cursor)
    return Page(items=[NetworkSummary(**_summary(row)) for row in rows], next_cursor=rest)


@router.get("/{network_id}")
def read_network(network_id: Id, request: Request, response: Response) -> Network:
    """The network as last saved, with its `ETag`."""
    with state.database(request).reading() as session:
        return _answer(_find(session, network_id), response)


@router.put("/{network_id}")
def save_network(
    network_id: Id,
    body: NetworkWrite,
    request: Request,
    response: Response,
    if_match: IfMatch = None,
) -> Network:
    """Save over the revision named by `If-Match`: 428 without it, 412 when it is not the newest.

    Saving what is saved already, without a note, makes no new revision.
    """
    with state.database(request).session() as session:
        there = _dataset_is_there(session, body)
        row = _find(session, network_id, lock=True)
        _check_match(if_match, row)
        if not there:
            raise _no_dataset(body)
        content = _content(body)
        changed = any(getattr(row, key) != value for key, value in content.items())
        if changed or body.note is not None:
            for key, value in content.items():
                setattr(row, key, value)
            row.revision += 1
            row.place, row.updated_at = next_number(session, "networks"), now()
            session.add(row.kept(body.note))
    return _answer(row, response)


@router.delete("/{network_id}", status_code=204)
def delete_network(network_id: Id, request: Request) -> None:
    """Delete a network and its revisions; its runs stay."""
    with state.database(request).session() as session:
        session.delete(_find(session, network_id, lock=True))


@router.get("/{network_id}/revisions")
def list_revisions(
    network_id: Id, request: Request, limit: Limit = 50, cursor: Cursor = None
) -> Page[RevisionSummary]:
    """Revisions, newest first."""
    with state.database(request).reading() as session:
        _find(session, network_id)
        query = select(RevisionRow).where(RevisionRow.network_id == network_id)
        rows, rest = page(session, query, (RevisionRow.revision,), limit, cursor)
    return Page(items=[RevisionSummary(**_revision_summary(row)) for row in rows], next_cursor=rest)


@router.get("/{network_id}/revisions/{revision}")
def read_revision(network_id: Id, revision: Whole, request: Request) -> Revision:
    """The network as it was, but without a dataset that has been deleted since."""
    with state.database(request).reading() as session:
        fits = 0 < revision < 2**31
        row = session.get(RevisionRow, (network_id, revision)) if fits else None
        if row is None:
            raise not_found("revision", revision)
        known = row.dataset_id is not None and session.get(DatasetRow, row.dataset_id)
        return Revision(
            **_revision_summary(row),
            architecture=Architecture.model_validate(row.architecture),
            dataset_id=row.dataset_id if known else None,
            recipe=Recipe.model_validate(row.recipe) if row.recipe else None,
        )


def _dataset_is_there(session: Session, body: NetworkWrite) -> bool:
    return body.dataset_id is None or hold_dataset(session, body.dataset_id)


def _no_dataset(body: NetworkWrite) -> DocumentError:
    return refuse(
        "no_such_dataset",
        f"Expected the id of a dataset that is there, got {body.dataset_id}. It was deleted, or "
        "never was: choose another, or save the network without one.",
        path=["dataset_id"],
    )


def _find(session: Session, id: UUID, lock: bool = False) -> NetworkRow:
    row = session.get(NetworkRow, id, with_for_update=lock or None)
    if row is None:
        raise not_found("network", id)
    return row


def _check_match(sent: str | None, row: NetworkRow) -> None:
    newest = _etag(row.revision)
    if sent is None:
        raise ApiError(
            428,
            "revision_required",
            f"Expected If-Match with the revision that this save is based on, got none. The newest "
            f"is {newest}.",
            headers={"ETag": newest},
        )
    tags = {tag.strip() for tag in sent.split(",")}
    if "*" not in tags and newest not in tags:
        raise ApiError(
            412,
            "revision_stale",
            f"Expected If-Match {newest}, the newest revision, got {sent[:40]}. It was saved "
            "elsewhere meanwhile: read it, then decide which to keep.",
            headers={"ETag": newest},
        )


def _content(body: NetworkWrite) -> dict[str, Any]:
    return {
        "name": body.name or body.architecture.name or "Untitled",
        "architecture": body.architecture.model_dump(mode="json"),
        "dataset_id": body.dataset_id,
        "recipe": body.recipe.model_dump(mode="json") if body.recipe else None,
    }


def _summary(row: NetworkRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "revision": row.revision,
        "nodes": len(row.architecture["nodes"]),
        "dataset_id": row.dataset_id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def _revision_summary(row: RevisionRow) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "note": row.note,
        "nodes": len(row.architecture["nodes"]),
        "created_at": row.created_at,
    }


def _answer(row: NetworkRow, response: Response) -> Network:
    response.headers["ETag"] = _etag(row.revision)
    return Network(
        **_summary(row),
        architecture=Architecture.model_validate(row.architecture),
        recipe=Recipe.model_validate(row.recipe) if row.recipe else None,
    )


def _etag(revision: int) -> str:
    return f'"{revision}"'
