"""Every message of a run, as a tagged union. `seq` and `time` are given by the event log."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.errors import Fix, Severity
from models.recipe import RecipeChange

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
    seconds_per_epoch: float | None = Field(
        default=None, description="What an epoch takes as the steps go now, its validation aside"
    )


class Metrics(_Event):
    """A point of the curves. A value that is not finite is null."""

    kind: Literal["metrics"] = "metrics"
    split: Literal["train", "validation"]
    epoch: int
    step: int
    values: dict[str, float | None]
    scope: Literal["step", "epoch"] = Field(
        default="epoch",
        description="'step': mean since the last such point, or a validation within the epoch; "
        "'epoch': the whole epoch. Of a long run ever fewer of both are told: steps about ten "
        "times a second at first, every epoch up to the 1,024th",
    )
    low: dict[str, float | None] = Field(
        default={},
        description="Where something since the last such point was below `values`, the smallest: "
        "the loss of a single step, the values of an epoch that is not told",
    )
    high: dict[str, float | None] = Field(
        default={},
        description="Where something was above them, the largest; null if it was not finite",
    )


class TensorStatistics(_Event):
    """The numbers of one tensor. What is not finite is null."""

    mean: float | None
    std: float | None
    zeros: float | None = Field(description="Share of exact zeros")
    low: float | None = Field(default=None, description="The smallest number")
    high: float | None = Field(default=None, description="The largest number")
    histogram: list[int] = Field(
        default=[],
        description="How many of a sample of the numbers lie in equal parts of the range from the "
        "smallest to the largest; empty for a network of very many layers",
    )


class LayerStatistics(_Event):
    """A layer while it learns."""

    weights: TensorStatistics | None = None
    gradients: TensorStatistics | None = None
    activations: TensorStatistics | None = None
    update_ratio: float | None = Field(
        default=None, description="Norm of a step's change of the weights by the weights' norm"
    )
    dead: float | None = Field(
        default=None, description="Share of the units that are 0 for every example looked at"
    )
    constant: float | None = Field(
        default=None, description="Share of the units that are the same for every example"
    )
    saturated: float | None = Field(
        default=None, description="Share of the outputs where sigmoid or tanh is all but flat"
    )


class Layers(_Event):
    """Statistics per layer: often at first, then ever more rarely."""

    kind: Literal["layers"] = "layers"
    epoch: int
    step: int
    nodes: dict[str, LayerStatistics] = Field(
        description="By layer; one inside a Block as 'block.layer', or as 'block.0.layer' where "
        "the Block is repeated, the copies counted from 0"
    )


class Finding(_Event):
    """Something the training doctor noticed, tied to a layer where it is about one."""

    kind: Literal["finding"] = "finding"
    node: str | None = Field(description="The layer of the network; null for the run as a whole")
    layer: str | None = Field(
        default=None, description="Inside a Block: the layer's path, as in the statistics"
    )
    code: str = Field(description="What it is; the name of its page in the reference")
    title: str = Field(default="", description="What it is called")
    severity: Severity = "warning"
    message: str = Field(description="The evidence, in words and numbers, and what to do")
    epoch: int = 0
    step: int = 0
    fix: Fix | None = Field(
        default=None, description="A change of the architecture or the recipe that mends it"
    )


class Checkpoint(_Event):
    """Weights were saved."""

    kind: Literal["checkpoint"] = "checkpoint"
    epoch: int
    best: bool
    step: int | None = Field(
        default=None,
        exclude_if=lambda step: step is None,
        description="The step within the epoch that was the best; null where it was its end",
    )


class Change(_Event):
    """The recipe was changed in mid-run, between the steps `step` and `step + 1`."""

    kind: Literal["change"] = "change"
    epoch: int = Field(description="Epoch in progress, or the one that has just ended")
    step: int
    recipe: RecipeChange


Event = Annotated[
    Status | Progress | Metrics | Layers | Finding | Checkpoint | Change,
    Field(discriminator="kind"),
]
