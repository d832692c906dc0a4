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
    predicted: int | None = Field(
        default=None, description="Of labels: how many examples are said to have it"
    )
    average_precision: float | None = Field(
        default=None,
        description="Of labels: the mean precision over all recalls; null where no example has it",
    )


class Pair(Answer):
    row: int
    expected: float
    predicted: float


class Mistake(Answer):
    """A wrong answer, and how probable it was said to be.

    Where examples have several labels, all of them by comma, and the probability is that of what
    was most confidently said wrongly.
    """

    row: int
    expected: str
    predicted: str
    probability: float


class Example(Answer):
    row: int
    probability: float = Field(description="Of what was predicted")


class Cell(Answer):
    """Some examples of one class that were taken for the same class, or for another.

    Of wrong answers the most confident, of right ones the least confident; at most 12.
    """

    expected: str
    predicted: str
    examples: list[Example]


class CalibrationBin(Answer):
    """Examples to which a class was said to be about as probable."""

    probability: float = Field(description="The mean of what was said")
    share: float = Field(description="How many of them are of the class")
    examples: int


class ClassCurves(Answer):
    """How one class, or label, is parted from all others as the threshold falls from 1 to 0.

    `recall` and `false_positive_rate` make the ROC curve, `recall` and `precision` the curve of
    precision and recall; point by point of the same thresholds, thinned to what a picture shows.
    The areas are those of the whole curves.
    """

    name: str
    auc: float
    average_precision: float
    recall: list[float]
    false_positive_rate: list[float]
    precision: list[float]
    calibration: list[CalibrationBin]


class Judged(Answer):
    """How right the answers of one Output are."""

    metrics: dict[str, float | None]
    baseline: dict[str, float]
    persistence: dict[str, float] | None = Field(
        default=None,
        description="Of forecasts: what always giving the last value that a window shows reaches",
    )
    classes: list[str] | None = None
    confusion: list[list[int]] | None = Field(default=None, description="[expected][predicted]")
    cells: list[Cell] = Field(
        default=[], description="Of each cell of the confusion matrix that has any: some examples"
    )
    per_class: list[ClassReport] = []
    curves: list[ClassCurves] = Field(
        default=[],
        description="Of the first 50 classes or labels, those that some examples have and others "
        "have not",
    )
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
    """Raw rows by column name; an image is `{"image": [[[…]]]}`, 0 to 255, channels first.

    Where rows are steps, for a run with a sequence, `rows` is either a list of rows of one series,
    or of several where each row has the column of groups, and every window in it is predicted
    from; or a list of lists, each of them one window, or one group. The oldest row comes first. Or
    `row` says from which row of the run's dataset: that in which the window ends.
    """

    rows: (
        Annotated[
            list[dict[str, Any] | Annotated[list[dict[str, Any]], Field(max_length=100_000)]],
            Field(min_length=1, max_length=10_000),
        ]
        | None
    ) = None
    row: Annotated[int, Field(ge=0, le=2**53)] | Literal["last"] | None = Field(
        default=None,
        description="Instead of rows: the last row of a window of the dataset, counted from 0; "
        "'last' is the newest",
    )


class Prediction(Answer):
    """A number, or a class with every class's probability.

    Where examples have several labels: all that are more probable than not, with the probability
    of each label by itself.
    """

    value: float | str | list[str]
    probabilities: dict[str, float] | None = None
    expected: float | str | list[str] | None = Field(
        default=None,
        description="What the dataset has, where it was predicted from one of its rows",
    )


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
    total: Annotated[
        int, Field(description="How many rows were sent, or the file has; of sequences how many")
    ]
    row: int | None = Field(
        default=None, description="The row of the dataset from which was predicted, if from one"
    )
    columns: Annotated[list[str], Field(description="Of the file, in its order")] = []
    rows: list[list[str | None]] = []
    pictures: Annotated[
        list[str],
        Field(description="PNG in base64, as the network sees them; reduced where large"),
    ] = []
    report: Annotated[
        list[Note], Field(description="What was found, converted or skipped in the file")
    ] = []
