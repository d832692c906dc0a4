"""Saved networks and their revisions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response

from backend.documents import Network, NetworkSummary, NetworkWrite, Page, Revision, RevisionSummary

router = APIRouter(prefix="/networks", tags=["networks"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=200)]
IfMatch = Annotated[str | None, Header(max_length=200)]


@router.post("", status_code=201)
def create_network(body: NetworkWrite, response: Response) -> Network:
    """Save a new network; the answer's `ETag` is its revision."""
    raise NotImplementedError


@router.get("")
def list_networks(limit: Limit = 50, cursor: Cursor = None) -> Page[NetworkSummary]:
    """Networks, last changed first."""
    raise NotImplementedError


@router.get("/{network_id}")
def read_network(network_id: UUID, response: Response) -> Network:
    """The network as last saved, with its `ETag`."""
    raise NotImplementedError


@router.put("/{network_id}")
def save_network(
    network_id: UUID, body: NetworkWrite, response: Response, if_match: IfMatch = None
) -> Network:
    """Save over the revision named by `If-Match`: 428 without it, 412 when it is not the newest."""
    raise NotImplementedError


@router.delete("/{network_id}", status_code=204)
def delete_network(network_id: UUID) -> None:
    """Delete a network and its revisions; its runs stay."""
    raise NotImplementedError


@router.get("/{network_id}/revisions")
def list_revisions(network_id: UUID, limit: Limit = 50, cursor: Cursor = None) -> Page[RevisionSummary]:
    """Revisions, newest first."""
    raise NotImplementedError


@router.get("/{network_id}/revisions/{revision}")
def read_revision(network_id: UUID, revision: int) -> Revision:
    """The network as it was."""
    raise NotImplementedError
