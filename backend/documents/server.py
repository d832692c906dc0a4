"""What the server tells of itself."""

from typing import Literal

from pydantic import Field

from backend.documents.base import Answer


class Device(Answer):
    type: Literal["cpu", "cuda", "mps"]
    name: str


class Workers(Answer):
    busy: int
    queued: int
    slots: int = Field(description="How many runs may train at the same time")


class Health(Answer):
    status: Literal["ok"]
    version: str
    devices: list[Device]
    workers: Workers


class ReferencePage(Answer):
    """A page of the reference."""

    title: str
    html: str = Field(
        description="What stands below the title; of pictures, the colours are left to the page"
    )
