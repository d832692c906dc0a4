"""Ready-made architectures: one JSON file each, in the order in which a course meets them."""

import json
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from models.architecture import Architecture
from models.parse import parse

ORDER = ("perceptron", "mlp", "spirals", "residual-mlp", "lenet-5", "digits-cnn", "lstm", "gru")


class GalleryItem(BaseModel):
    """A ready-made architecture and what to know of it."""

    model_config = ConfigDict(extra="forbid")

    slug: str
    title: str
    summary: str
    source: str | None
    parameters: int
    """Published or counted once; a test holds it against the check's count."""
    architecture: Architecture


@cache
def entries() -> list[GalleryItem]:
    """Return the gallery in order.

    Raises:
        DocumentError: a file is not an architecture; a test reads them all.
    """
    return [_read(slug) for slug in ORDER]


def _read(slug: str) -> GalleryItem:
    told = json.loads((Path(__file__).parent / f"{slug}.json").read_text(encoding="utf-8"))
    return GalleryItem(slug=slug, **{**told, "architecture": parse(told["architecture"])})
