"""Saved networks and their revisions."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from backend.documents.base import Answer, Name, ParsedArchitecture
from backend.parameters import Id
from models.architecture import Architecture
from models.errors import Document
from models.recipe import Recipe


class NetworkWrite(Document):
    """A network as it is saved: a draft with problems may be saved."""

    architecture: ParsedArchitecture
    name: Name | None = Field(
        default=None, description="Stands for the architecture's own name when given"
    )
    dataset_id: Id | None = None
    recipe: Recipe | None = None
    note: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        default=None, description="What this revision is called; null for an autosave"
    )


class NetworkSummary(Answer):
    id: UUID
    name: str
    revision: int
    nodes: int
    dataset_id: UUID | None
    created_at: datetime
    updated_at: datetime


class Network(NetworkSummary):
    architecture: Architecture
    recipe: Recipe | None


class RevisionSummary(Answer):
    revision: int
    note: str | None
    nodes: int
    created_at: datetime


class Revision(RevisionSummary):
    architecture: Architecture
    dataset_id: UUID | None
    recipe: Recipe | None
