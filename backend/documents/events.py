"""The events of a run as its log has them."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from backend.documents.base import Answer
from models.training.events import (
    Change,
    Checkpoint,
    Finding,
    Layers,
    Metrics,
    Progress,
    State,
    Status,
)


class _Logged(BaseModel):
    """What the event log adds to an event."""

    seq: int = Field(ge=1)
    time: datetime


class LoggedStatus(Status, _Logged): ...


class LoggedProgress(Progress, _Logged): ...


class LoggedMetrics(Metrics, _Logged): ...


class LoggedLayers(Layers, _Logged): ...


class LoggedFinding(Finding, _Logged): ...


class LoggedCheckpoint(Checkpoint, _Logged): ...


class LoggedChange(Change, _Logged): ...


LoggedEvent = Annotated[
    LoggedStatus
    | LoggedProgress
    | LoggedMetrics
    | LoggedLayers
    | LoggedFinding
    | LoggedCheckpoint
    | LoggedChange,
    Field(discriminator="kind"),
]


class Events(Answer):
    events: list[LoggedEvent]
    state: State
