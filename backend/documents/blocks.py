"""Blocks saved for reuse."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from backend.documents.base import Answer, ParsedArchitecture
from models.architecture import Architecture
from models.errors import Document, refuse
from models.layers import LAYERS


def _of_one_block(architecture: Architecture) -> Architecture:
    """Return an architecture whose only layer is a block."""
    nodes = architecture.nodes
    if len(nodes) == 1 and LAYERS[nodes[0].type].role == "block":
        return architecture
    raise refuse(
        "not_one_block",
        f"Expected an architecture of one layer, which is a block, got {len(nodes)} layers"
        f"{f', {nodes[0].type}' if len(nodes) == 1 else ''}. Send the layer that is made of the "
        "block, and its blocks.",
        path=["architecture", "nodes"],
    )


class BlockWrite(Document):
    """A block as it is saved for reuse: a layer that is made of it, with the blocks in it."""

    architecture: Annotated[ParsedArchitecture, AfterValidator(_of_one_block)]


class SavedBlock(Answer):
    """A block that was saved for reuse."""

    id: UUID
    name: str
    architecture: Architecture
    created_at: datetime
    updated_at: datetime
