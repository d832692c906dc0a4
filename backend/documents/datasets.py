"""Datasets, their rows and their images."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from backend.documents.base import Answer, ErrorDetail, Name
from models.data.description import Description, Note, Role
from models.data.options import IngestOptions
from models.data.samples.playground import FEWEST, MOST
from models.data.treatment import ColumnKind, Treatment
from models.errors import Document, Problem
from models.recipe import Objective, Task


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
    category: Literal["Measurements", "Time series", "Texts", "Images", "Points on a plane"]
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
    version: int = Field(
        default=1, description="What is told of: the version in use, unless another was asked for"
    )
    created_at: datetime


class Original(Answer):
    """The file that a version was read from, which is kept."""

    filename: str
    bytes: int


class DatasetVersion(DatasetState):
    """What a dataset was, is or will be made of."""

    version: int = Field(description="Counts the versions; none gets the number of another")
    in_use: bool
    kind: Literal["table", "images"] | None
    rows: int | None
    original: Original | None = Field(description="null: read before files were kept")
    options: IngestOptions | None = Field(description="How it was read, as far as that was said")
    again: int | None = Field(
        description="The version whose original was read again; null: a file of its own"
    )
    changes: list[Note] = Field(
        description="How it differs from the version that was in use before"
    )
    disk_bytes: int = Field(description="What its data take on disk, without the original")
    shares_original: bool = Field(description="Whether other versions were read from its file")
    runs: int = Field(description="How many runs were trained on it, which therefore need it")
    created_at: datetime


class Dataset(DatasetSummary):
    description: Description | None
    newest: int = Field(default=1, description="The highest number that a version has")
    original: Original | None = Field(
        default=None, description="The file of this version; null: read before files were kept"
    )
    options: IngestOptions | None = Field(
        default=None, description="How it was read, as far as that was said"
    )
    changes: list[Note] = Field(
        default=[], description="How this version differs from the one that was in use before"
    )
    next_version: DatasetVersion | None = Field(
        default=None, description="Another version that is being read, or could not be"
    )


class ReadAgain(Document):
    """How to read a file that is kept, once more."""

    version: int | None = Field(
        default=None, ge=1, lt=2**31, description="Whose file; null: that of the version in use"
    )
    options: IngestOptions


class NetworkFit(Answer):
    """A network that uses a dataset, and whether it can be trained on it as it is."""

    network_id: UUID
    name: str
    revision: int
    ok: bool
    problems: list[Problem]


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
