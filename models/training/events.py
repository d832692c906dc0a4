"""Every message of a run, as a tagged union. `seq` and `time` are given by the event log."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.errors import Fix

State = Literal[
    "queued",
    "preparing",
    "running",
    "paused",
    "stopping",
    "completed",
    "stopped",
    "diverged",
    "failed",
]
TERMINAL: frozenset[State] = frozenset({"completed", "stopped", "diverged", "failed"})


class _Event(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Status(_Event):
    """The run's state changed. A terminal state is the last event."""

    kind: Literal["status"] = "status"
    state: State
    message: str = ""


class Progress(_Event):
    """How far the run is, about ten times a second at most."""

    kind: Literal["progress"] = "progress"
    epoch: int = Field(description="Epoch in progress, from 1")
    step: int = Field(description="Optimizer steps done in the whole run")
    steps_per_epoch: int
    samples_per_second: float
    seconds_left: float | None = Field(description="Until the last epoch, were nothing to stop it")


class Metrics(_Event):
    """A point of the curves. A value that is not finite is null."""

    kind: Literal["metrics"] = "metrics"
    split: Literal["train", "validation"]
    epoch: int
    step: int
    values: dict[str, float | None]
    scope: Literal["step", "epoch"] = Field(
        default="epoch",
        description="'step': mean since the last such point (thinned); 'epoch': the whole epoch",
    )


class TensorStatistics(_Event):
    """Mean, standard deviation and share of exact zeros of one tensor."""

    mean: float | None
    std: float | None
    zeros: float | None


class LayerStatistics(_Event):
    weights: TensorStatistics | None = None
    gradients: TensorStatistics | None = None
    activations: TensorStatistics | None = None


class Layers(_Event):
    """Statistics per layer, once an epoch."""

    kind: Literal["layers"] = "layers"
    epoch: int
    step: int
    nodes: dict[str, LayerStatistics]


class Finding(_Event):
    """Something the training doctor noticed, tied to a layer."""

    kind: Literal["finding"] = "finding"
    node: str | None
    code: str
    message: str
    fix: Fix | None = None


class Checkpoint(_Event):
    """Weights were saved."""

    kind: Literal["checkpoint"] = "checkpoint"
    epoch: int
    best: bool


Event = Annotated[
    Status | Progress | Metrics | Layers | Finding | Checkpoint, Field(discriminator="kind")
]
