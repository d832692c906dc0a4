"""Ready-made architectures."""

from fastapi import APIRouter

from backend.documents import GalleryEntry, GallerySummary, Page
from backend.errors import ApiError
from backend.pages import part
from backend.parameters import Cursor, Limit
from models.gallery import entries

router = APIRouter(prefix="/gallery", tags=["gallery"])


@router.get("")
def list_gallery(limit: Limit = 50, cursor: Cursor = None) -> Page[GallerySummary]:
    """The gallery, without the architectures."""
    shown, rest = part(entries(), "slug", limit, cursor)
    items = [GallerySummary(**entry.model_dump(exclude={"architecture"})) for entry in shown]
    return Page(items=items, next_cursor=rest)


@router.get("/{slug}")
def read_gallery_entry(slug: str) -> GalleryEntry:
    """One ready-made architecture."""
    for entry in entries():
        if entry.slug == slug:
            return GalleryEntry(**dict(entry))
    known = ", ".join(entry.slug for entry in entries())
    raise ApiError(404, "not_found", f"Expected one of {known}, got {slug[:80]!r}.")
