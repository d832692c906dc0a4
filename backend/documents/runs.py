"""Runs, and what can be asked of one."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from backend.documents.architectures import RunOutput
from backend.documents.base import Answer, ParsedArchitecture
from backend.parameters import Id
from models.architecture import Architecture
from models.errors import Change as Mend
from models.errors import Document
from models.recipe import AppliedChange, Reason, Recipe, RecipeChange
from models.training.events import State


class RunRequest(Document):
    """A run is of a saved network or of an architecture sent along."""

    network_id: Id | None = None
    architecture: ParsedArchitecture | None = None
    dataset_id: Id
    recipe: Recipe = Recipe()


class ResumeRequest(Document):
    """How far a run is to go on."""

    epochs: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="Epochs in all; null for those of the recipe"
    )


class RunPatch(Document):
    """What is changed of a run while it is at it."""

    recipe: RecipeChange


class ForkRequest(Document):
    """A new run of what a run trained, with some changes."""

    finding: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        default=None, description="Number of the event whose fix is applied first"
    )
    changes: list[Mend] = Field(
        default=[], max_length=1_000, description="Further changes of architecture and recipe"
    )
    weights: Literal["start", "last", "best"] = Field(
        default="start",
        alias="from",
        description="The weights to begin with: fresh ones, or those of the run's last step or "
        "best epoch, where name and shape are still the same",
    )
    dataset_version: Literal["same", "in_use"] = Field(
        default="same",
        description="The version of the dataset that the run was trained on, or the one in use now",
    )


class Fork(Answer):
    """What a run was forked from, and what was changed."""

    run_id: UUID
    number: int
    title: str = Field(description="What was changed, in words")
    finding: int | None = Field(description="Number of the event of that run whose fix it is")
    weights: Literal["start", "last", "best"]
    changes: list[Mend]


class RunSettings(Answer):
    """What tells one run from another at a glance."""

    optimizer: str
    learning_rate: float | None
    batch_size: int | Literal["all"]
    parameters: int


class FoldOf(Answer):
    """Which fold of a cross-validation a run is of."""

    id: UUID
    fold: int = Field(description="From 1")
    folds: int


class RunSummary(Answer):
    id: UUID
    number: int = Field(description="Counts the runs, for people: 'Run 7'")
    network_id: UUID | None
    network_name: str
    dataset_id: UUID
    dataset_name: str
    dataset_version: int = Field(
        default=1, description="The version that it is trained on, whichever is in use now"
    )
    state: State
    message: str = Field(description="The last status in words: why it failed, what it waits for")
    epoch: int = Field(description="Epochs finished")
    epochs: int
    settings: RunSettings
    values: dict[str, float | None] = Field(
        description="The newest epoch's values: 'loss', 'accuracy', 'val_loss', 'val_accuracy' …"
    )
    best: dict[str, float | None] = Field(description="The values of the best epoch")
    spark: list[float | None] = Field(
        description="Validation loss (or loss) by epoch, at most 60 points"
    )
    cross_validation: FoldOf | None = Field(
        default=None, description="The cross-validation that it belongs to, if it does"
    )
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class Run(RunSummary):
    architecture: Architecture
    recipe: Recipe = Field(description="In full: every value that is used")
    changes: list[AppliedChange] = Field(
        default=[], description="What was changed of the recipe since the run was made, in order"
    )
    reasons: list[Reason]
    parameters: int
    device: str | None
    baseline: dict[str, float] = Field(
        description="What a trivial model reaches, by metric name: the mean, the majority class; "
        "of a forecast the last value, where that is better than the mean"
    )
    classes: list[str] | None = Field(
        default=None, description="Of the only Output; where there are several, each tells its own"
    )
    outputs: list[RunOutput] = Field(
        default=[], description="What each learns; empty for runs made before this was kept"
    )
    fork: Fork | None = Field(default=None, description="Where it was forked from, if it was")
    last_seq: int
