"""What is known of a dataset: columns or classes, and what was skipped or converted on reading.

Nothing here touches the data itself; the readers fill it in and everything else consults it.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator

from models.data.date_formats import has_time
from models.data.origin import Origin
from models.data.text import TextStatistics
from models.data.treatment import ColumnKind, Treatment, Values, in_full
from models.recipe import Task

Role = Literal["input", "target", "weight", "time", "group", "ignore"]
CHOSEN = "chosen by you"
"""Why a column is of its kind, where a person said so."""
IMAGE_TARGET = "label"
"""The name that the one target of an image dataset bears in recipes."""


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Bin(_Described):
    """One bar of a column's distribution: a range of numbers or one category."""

    label: str
    count: int
    low: float | None = None
    high: float | None = None


class Column(_Described):
    """A column of a table.

    `categories` are all distinct values in the order of their codes, for kinds that are encoded as
    categories or can be a class target; None for the others. Of dates, `minimum`, `maximum`, `mean`
    and `median` are seconds since 1970.
    """

    name: str
    kind: ColumnKind
    kind_reason: str = Field(description="Why this kind was inferred, or 'chosen by you'")
    role: Role
    missing: int
    unique: int
    categories: list[str] | None = None
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    median: float | None = None
    distribution: list[Bin] = []
    rarest: Bin | None = Field(
        default=None, description="The category with the fewest rows, where not all have a bar"
    )
    correlation: float | None = Field(
        default=None, description="With the target, where both are numbers (Pearson's r)"
    )
    information: float | None = Field(
        default=None,
        description="The share of the target's uncertainty that this column takes away by itself, "
        "from 0 to 1: their mutual information, numbers cut at deciles, over the target's entropy",
    )
    outliers: int | None = Field(
        default=None,
        description="Numbers further outside the quartiles than 1.5 times the distance between "
        "these (Tukey)",
    )
    text: TextStatistics | None = Field(
        default=None,
        exclude_if=lambda text: text is None,
        description="Of a column of texts: their lengths and words. `distribution` is of their "
        "numbers of words",
    )
    examples: list[str] = Field(default=[], description="The first few distinct values, as text")
    date_format: str | None = Field(
        default=None, description="How the dates are written, as strptime has it: '%d.%m.%Y'"
    )
    date_formats: list[str] = Field(
        default=[], description="Every format that reads all of the dates"
    )
    treatment: Treatment = Field(
        default=Treatment(), description="What was chosen of how it is prepared; null: as proposed"
    )

    @model_validator(mode="before")
    @classmethod
    def _without_derived(cls, data: Any) -> Any:
        """Leave out what follows from the rest, and is told along with it."""
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if name != "treatment_in_full"}

    @computed_field(description="How it is prepared as an input, every value; null: never is")
    @property
    def treatment_in_full(self) -> Treatment | None:
        time = self.date_format is not None and has_time(self.date_format)
        return in_full(
            self.treatment, self.kind, Values(self.minimum, self.maximum, time, self.text)
        )

    @property
    def ranked(self) -> list[str]:
        """The categories in the order of their codes as an input: as chosen, else as they stand."""
        return self.treatment.order or self.categories or []

    @property
    def treated(self) -> Treatment:
        """The treatment in full; that of a kind which is no input says nothing."""
        return self.treatment_in_full or Treatment()


class ImageClass(_Described):
    """A class of images, in the order of the class codes, or a label that images may have."""

    name: str
    count: int


class ImageShape(_Described):
    """The one shape that all images were brought to."""

    channels: int
    height: int
    width: int
    low: float = Field(
        default=0.0, description="What became 0 in images of more than 8 bits a pixel"
    )
    high: float = Field(default=65_535.0, description="What became 255 in them")


class GivenSplit(_Described):
    """How many images each part of a split has that the data bring along."""

    train: int
    validation: int
    test: int


class Suggestion(_Described):
    """A change of a column that a note proposes; a person makes it or does not."""

    title: str = Field(description="What the button says, as an imperative")
    name: str = Field(description="The column")
    role: Role = Field(description="The role that it is to have")
    kind: ColumnKind | None = Field(
        default=None, description="The kind that this takes, where it is of another"
    )


class Note(_Described):
    """Something that was skipped, converted or found odd while reading."""

    severity: Literal["info", "warning"]
    code: str
    message: str = Field(description="What was found, what was done about it, and why")
    count: int = 1
    examples: list[str] = []
    suggestion: Suggestion | None = Field(
        default=None, exclude_if=lambda value: value is None, description="A change that mends it"
    )


class Reading(_Described):
    """How the file of a table, or that of the labels of images, is written: found out or said."""

    type: Literal["csv", "workbook", "parquet"] = "csv"
    sheet: str | None = Field(default=None, description="Of a workbook, the one that was read")

    encoding: str
    delimiter: str
    decimal: Literal[".", ","]
    header: bool
    missing: list[str] = Field(
        default=[], description="Further texts that were said to mean a missing value"
    )


class Series(_Described):
    """Rows as steps, ordered by the column whose role is time, in series by that of role group."""

    time: str
    group: str | None = None
    series: int = Field(description="How many there are: one without a group")
    shortest: int = Field(description="Rows of the shortest series")
    longest: int = Field(description="Rows of the longest series")
    step: float | None = Field(
        default=None, description="What mostly lies between two rows: of dates in seconds"
    )
    uneven: int = Field(default=0, description="Rows that come after another time than that")
    doubles: int = Field(default=0, description="Rows at the same time as the one before")
    sorted: bool = Field(default=True, description="Whether the file has them in this order")
    season: int | None = Field(
        default=None,
        description="After how many rows the target is most like itself again, if it is",
    )


class Problem(_Described):
    """What kind of task the target makes this, and why."""

    task: Task
    target: str
    classes: list[str] | None = Field(
        default=None, description="In the order of the network's outputs"
    )
    reason: str


class Description(_Described):
    """Everything known of a dataset but its rows."""

    kind: Literal["table", "images"]
    rows: Annotated[int, Field(description="Rows of a table, or images")]
    bytes: Annotated[int, Field(description="Size of the file as it came")]
    columns: list[Column] = []
    classes: list[ImageClass] = []
    labels_per_image: list[int] | None = Field(
        default=None,
        exclude_if=lambda counts: counts is None,
        description="Where an image may have several labels: how many images have 0, 1, 2 … of "
        "them",
    )
    image: ImageShape | None = None
    problem: Problem | None = Field(
        default=None, description="The proposed problem, when there is a target"
    )
    split: GivenSplit | None = Field(
        default=None, description="The split that images bring along, if they do"
    )
    series: Series | None = Field(
        default=None, description="The rows as steps, where a column has the role time"
    )
    report: list[Note] = []
    reading: Reading | None = Field(
        default=None, description="How the file of a table is written; absent where not kept"
    )
    origin: Origin | None = Field(
        default=None,
        exclude_if=lambda origin: origin is None,
        description="Where images and their labels stand in the file, if not in folders of classes",
    )
    source: str | None = Field(
        default=None, description="Where a dataset that ships with the app comes from"
    )
