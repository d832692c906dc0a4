"""Ready-made architectures."""

from fastapi import APIRouter

from backend.documents import GalleryEntry, GallerySummary
from backend.errors import ApiError
from models.gallery import entries

router = APIRouter(prefix="/gallery", tags=["gallery"])


@router.get("")
def list_gallery() -> list[GallerySummary]:
    """All of the gallery, without the architectures."""
    return [GallerySummary(**entry.model_dump(exclude={"architecture"})) for entry in entries()]


@router.get("/{slug}")
def read_gallery_entry(slug: str) -> GalleryEntry:
    """One ready-made architecture."""
    for entry in entries():
        if entry.slug == slug:
            return GalleryEntry(**dict(entry))
    known = ", ".join(entry.slug for entry in entries())
    raise ApiError(404, "not_found", f"Expected one of {known}, got {slug[:80]!r}.")
