"""Ready-made architectures."""

from fastapi import APIRouter

from backend.documents import GalleryEntry, GallerySummary

router = APIRouter(prefix="/gallery", tags=["gallery"])


@router.get("")
def list_gallery() -> list[GallerySummary]:
    """All of the gallery, without the architectures."""
    raise NotImplementedError


@router.get("/{slug}")
def read_gallery_entry(slug: str) -> GalleryEntry:
    """One ready-made architecture."""
    raise NotImplementedError
