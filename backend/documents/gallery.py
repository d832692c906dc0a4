"""Ready-made architectures."""

from pydantic import Field

from backend.documents.base import Answer
from models.architecture import Architecture


class OutlineNode(Answer):
    id: str
    type: str


class OutlineEdge(Answer):
    source: str
    target: str


class Outline(Answer):
    """An architecture as far as it takes to draw it small."""

    nodes: list[OutlineNode]
    edges: list[OutlineEdge]
    layout: dict[str, tuple[float, float]]


class GallerySummary(Answer):
    slug: str
    category: str = Field(description="What the gallery is sorted by")
    title: str
    summary: str = Field(description="One sentence: what it is")
    about: str = Field(description="A paragraph: what was new about it, what it is good for")
    source: str = Field(description="Authors, year and title of what it is made from")
    sample: str | None = Field(
        description="The dataset that comes with the app and that it can be trained on as it is"
    )
    parameters: int = Field(description="Those that are trained")
    outline: Outline


class GalleryEntry(GallerySummary):
    architecture: Architecture
