"""What a trained model answers."""

from typing import Annotated, Any, Literal

from pydantic import Field

from backend.documents.base import Answer
from models.data.description import Note
from models.errors import Document


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
