"""The bodies and answers of the HTTP contract that are not documents of `models`."""

from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from backend.parameters import Id
from models.architecture import Architecture
from models.data.description import Description, Note, Role
from models.data.samples.playground import FEWEST, MOST
from models.data.treatment import ColumnKind, Treatment
from models.errors import Change as Mend
from models.errors import Document, Problem, Where, refuse
from models.layers import LAYERS
from models.parse import parse
from models.recipe import AppliedChange, Objective, Reason, Recipe, RecipeChange, Task
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

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
ParsedArchitecture = Annotated[Architecture, BeforeValidator(parse)]
"""An architecture in a body: its layers are read too, and every problem names its layer."""


class Answer(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class ErrorDetail(Answer):
    code: str
    message: str
    where: Where | None = None
    problems: list[Problem] = Field(
        default=[], description="All that is wrong, when it is a document"
    )


class Error(Answer):
    """The one shape of every error."""

    error: ErrorDetail


Item = TypeVar("Item")


class Page(Answer, Generic[Item]):
    """A part of a list; `next_cursor` fetches the rest."""

    items: list[Item]
    next_cursor: str | None = None


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


class CheckRequest(Document):
    architecture: ParsedArchitecture
    dataset_id: Id | None = None
    recipe: Recipe | None = None


class NodeCheck(Answer):
    """What is known of one layer: null where a problem before it leaves it open."""

    input_shapes: list[list[int]] = []
    output_shape: list[int] | None
    output_shapes: dict[str, list[int]] = Field(
        default={}, description="Of a Block, by the names of its Outputs"
    )
    parameters: int | None
    flops: int | None
    torch: str | None = Field(default=None, description="The layer in one line of PyTorch")
    keras: str | None = Field(default=None, description="The layer in one line of Keras")


class CheckAnswer(Answer):
    ok: bool = Field(description="True when nothing of severity 'error' was found")
    parameters: int
    trainable_parameters: int
    flops: int = Field(description="Floating-point operations of one forward pass of one example")
    memory: int = Field(description="Bytes of weights, gradients and optimizer state, estimated")
    nodes: dict[str, NodeCheck]
    problems: list[Problem]


class CodeRequest(Document):
    architecture: ParsedArchitecture
    recipe: Recipe | None = None
    dataset_id: Id | None = None
    target: Literal["pytorch", "keras"]
    alone: bool = Field(
        default=False,
        description="The network by itself; otherwise, with dataset and recipe, a whole script "
        "that reads the data, trains, evaluates and predicts",
    )


class CodeAnswer(Answer):
    filename: str
    source: str


class ImportNote(Answer):
    """What could not be carried over, or came over otherwise, and why."""

    layer: str | None = Field(description="What the file calls the layer; null: the whole model")
    node: str | None = Field(description="The layer of the architecture that it is about")
    message: str


class ImportAnswer(Answer):
    architecture: Architecture
    notes: list[ImportNote]


class RunOutput(Answer):
    """What one Output is trained for."""

    node: str
    target: str
    task: Task
    classes: list[str] | None = None
    loss: Objective = Field(description="In full")
    loss_weight: float
    metrics: list[str] = Field(description="By the names that they have in the values of the run")


class ProposalRequest(Document):
    """What is already decided; the rest is proposed."""

    dataset_id: Id
    architecture: ParsedArchitecture | None = None
    recipe: Recipe | None = None


class Proposal(Answer):
    """A network that fits the dataset, and a recipe in full, each value with its reason."""

    task: Task
    architecture: Architecture = Field(description="The one that was sent, or a first network")
    recipe: Recipe
    reasons: list[Reason]
    outputs: list[RunOutput] = Field(default=[], description="What each Output learns by it")


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


class Sample(Answer):
    """A dataset that ships with the app."""

    slug: str
    title: str
    summary: str
    kind: Literal["table", "images"]
    rows: int
    task: Task
    source: str
    terms: str
    category: Literal["Measurements", "Images", "Points on a plane"]
    noise: float | None = Field(
        description="Of points that are made as they are asked for: how noisy they usually are; "
        "null for data that are as they are"
    )


class DatasetState(Answer):
    """`ingesting` while the file is read in the background; `failed` keeps its error."""

    state: Literal["ingesting", "ready", "failed"]
    progress: float | None = Field(default=None, ge=0, le=1)
    error: ErrorDetail | None = None


class DatasetSummary(DatasetState):
    id: UUID
    name: str
    kind: Literal["table", "images"] | None
    rows: int | None
    sample: str | None = Field(description="The slug, when it ships with the app")
    created_at: datetime


class Dataset(DatasetSummary):
    description: Description | None


class SampleRequest(Document):
    sample: Name
    rows: Annotated[int, Field(ge=FEWEST, le=MOST)] | None = Field(
        default=None, description="Of points that are made as they are asked for: how many"
    )
    noise: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None, description="And how noisy, as a part of how far they reach"
    )
    seed: int = Field(default=0, ge=0, le=2**32 - 1, description="And of which random numbers")


class ColumnPatch(Document):
    """A change of a column; what is null or absent stays as it is."""

    name: Name
    kind: ColumnKind | None = None
    role: Role | None = None
    date_format: Annotated[str, StringConstraints(max_length=40)] | None = Field(
        default=None, description="One of the column's date_formats"
    )
    treatment: Treatment | None = Field(
        default=None, description="Replaces all that was chosen; {} goes back to what is proposed"
    )


class DatasetPatch(Document):
    name: Name | None = None
    columns: list[ColumnPatch] = []


class Rows(Answer):
    """Rows as they stand in the file: null is missing."""

    offset: int
    total: int
    columns: list[str]
    rows: list[list[str | int | float | bool | None]]


class AugmentationRequest(Document):
    """What is to be done to images, to see it before training."""

    augmentation: list[Objective] = Field(max_length=20)
    count: int = Field(default=8, ge=1, le=64, description="Images, from all over the dataset")
    seed: int = Field(default=0, ge=0, le=2**32 - 1, description="Another one draws otherwise")


class LabelShare(Answer):
    """A class that is to be answered, and how much of the answer it is."""

    name: str
    share: float


class AugmentedImage(Answer):
    """An image as a training batch might have it."""

    index: int
    png: str = Field(description="The picture, as PNG in base64")
    labels: list[LabelShare] = Field(description="More than one where images are mixed")
    value: float | None = Field(default=None, description="To be answered, where that is a number")


class AugmentedImages(Answer):
    images: list[AugmentedImage]


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


class RunSummary(Answer):
    id: UUID
    number: int = Field(description="Counts the runs, for people: 'Run 7'")
    network_id: UUID | None
    network_name: str
    dataset_id: UUID
    dataset_name: str
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
        description="What a trivial model reaches, by metric name: the mean, the majority class"
    )
    classes: list[str] | None = Field(
        default=None, description="Of the only Output; where there are several, each tells its own"
    )
    outputs: list[RunOutput] = Field(
        default=[], description="What each learns; empty for runs made before this was kept"
    )
    fork: Fork | None = Field(default=None, description="Where it was forked from, if it was")
    last_seq: int


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


class ClassReport(Answer):
    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: int


class Pair(Answer):
    row: int
    expected: float
    predicted: float


class Mistake(Answer):
    row: int
    expected: str
    predicted: str
    probability: float


class Judged(Answer):
    """How right the answers of one Output are."""

    metrics: dict[str, float | None]
    baseline: dict[str, float]
    classes: list[str] | None = None
    confusion: list[list[int]] | None = Field(default=None, description="[expected][predicted]")
    per_class: list[ClassReport] = []
    pairs: list[Pair] = Field(
        default=[], description="Regression: at most 1,000 of expected and predicted"
    )
    mistakes: list[Mistake] = Field(
        default=[], description="The most confident wrong answers, worst first"
    )


class OutputEvaluation(Judged):
    """One of several Outputs; its values bear their own names, without that of the Output."""

    node: str
    target: str


class Evaluation(Judged):
    """The model on one part of the data.

    Where the network has several Outputs, `metrics` and `baseline` have those of all, as the events
    of the run name them, and `outputs` tells the rest of each.
    """

    split: Literal["train", "validation", "test"]
    rows: int
    outputs: list[OutputEvaluation] = []


class PredictRequest(Document):
    """Raw rows by column name; an image is `{"image": [[[…]]]}`, 0 to 255, channels first."""

    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=10_000)]


class Prediction(Answer):
    """A number, or a class with every class's probability."""

    value: float | str
    probabilities: dict[str, float] | None = None


class OutputPredictions(Answer):
    """What one of several Outputs predicts."""

    node: str
    target: str
    predictions: list[Prediction]


class Predictions(Answer):
    """What the model predicts for each row: the first Output, and all where there are several.

    Of a file the first rows only, with what was given: cells as text, null where missing; or the
    names of images and `pictures` of them.
    """

    target: str
    predictions: list[Prediction]
    outputs: list[OutputPredictions] = []
    total: Annotated[int, Field(description="How many rows were sent, or the file has")]
    columns: Annotated[list[str], Field(description="Of the file, in its order")] = []
    rows: list[list[str | None]] = []
    pictures: Annotated[
        list[str],
        Field(description="PNG in base64, as the network sees them; reduced where large"),
    ] = []
    report: Annotated[
        list[Note], Field(description="What was found, converted or skipped in the file")
    ] = []
