"""Ready-made architectures."""

from typing import Any

from fastapi import APIRouter

from backend.documents.base import Page
from backend.documents.gallery import (
    GalleryEntry,
    GallerySummary,
    Outline,
    OutlineEdge,
    OutlineNode,
)
from backend.errors import ApiError
from backend.pages import part
from backend.parameters import Cursor, Limit
from models.architecture import Architecture
from models.gallery import GalleryItem, entries

router = APIRouter(prefix="/gallery", tags=["gallery"])


@router.get("")
def list_gallery(limit: Limit = 50, cursor: Cursor = None) -> Page[GallerySummary]:
    """The gallery in the order of a course, each with what it takes to draw it small."""
    shown, rest = part(entries(), "slug", limit, cursor)
    return Page(items=[GallerySummary(**_told(entry)) for entry in shown], next_cursor=rest)


@router.get("/{slug}")
def read_gallery_entry(slug: str) -> GalleryEntry:
    """One ready-made architecture."""
    for entry in entries():
        if entry.slug == slug:
            return GalleryEntry(**_told(entry), architecture=entry.architecture)
    known = ", ".join(entry.slug for entry in entries())
    raise ApiError(404, "not_found", f"Expected one of {known}, got {slug[:80]!r}.")


def _told(entry: GalleryItem) -> dict[str, Any]:
    told = entry.model_dump(exclude={"architecture"})
    return told | {"outline": _outline(entry.architecture)}


def _outline(architecture: Architecture) -> Outline:
    return Outline(
        nodes=[OutlineNode(id=node.id, type=node.type) for node in architecture.nodes],
        edges=[OutlineEdge(source=e.source, target=e.target) for e in architecture.edges],
        layout=architecture.layout,
    )
