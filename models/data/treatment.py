"""How a column is prepared for a network: what can be chosen, for which kinds, what is proposed."""

from typing import Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field

from models.data.text import MOST_LENGTH, MOST_TOKENS, TextStatistics, Tokenizer, text_in_full
from models.errors import Document

ColumnKind = Literal[
    "number", "integer", "boolean", "category", "text", "date", "identifier", "constant", "empty"
]
Missing = Literal["mean", "median", "most_frequent", "constant", "category", "empty", "drop"]
Scaling = Literal["standard", "min_max", "robust", "log", "none"]
Encoding = Literal["one_hot", "ordinal", "index"]
DatePart = Literal["time", "year", "month", "day", "weekday", "hour"]
PARTS: tuple[DatePart, ...] = get_args(DatePart)
DAY = 86_400.0


class Treatment(Document):
    """How a column is prepared; what is null or absent is proposed.

    Everything that this asks for is fitted on the training part only, and goes with the model.
    """

    missing: Missing | None = Field(default=None, description="What becomes of a missing value")
    fill_value: float | str | None = Field(
        default=None, description="What stands for a missing value, with missing 'constant'"
    )
    indicator: bool | None = Field(
        default=None, description="One further feature: 1 where the value is missing, else 0"
    )
    scaling: Scaling | None = Field(default=None, description="How numbers are brought to a scale")
    encoding: Encoding | None = Field(default=None, description="How categories become numbers")
    order: list[str] | None = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="Of ordinal categories: all of them, the lowest first; null is by text",
    )
    parts: list[DatePart] | None = Field(
        default=None, description="What of a date becomes features"
    )
    tokenizer: Tokenizer | None = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="How a text is cut into tokens",
    )
    max_tokens: int | None = Field(
        default=None,
        ge=3,
        le=MOST_TOKENS,
        exclude_if=lambda value: value is None,
        description="How many tokens of a text are told apart, 0 for padding and 1 for unknown "
        "ones among them: the input_dim of its Embedding",
    )
    output_sequence_length: int | None = Field(
        default=None,
        ge=1,
        le=MOST_LENGTH,
        exclude_if=lambda value: value is None,
        description="How many tokens of each text enter: of longer ones the first, shorter ones "
        "are padded at the end",
    )
    lowercase: bool | None = Field(
        default=None,
        exclude_if=lambda value: value is None,
        description="Whether capitals of a text are read as small letters",
    )


OptionField = Literal["missing", "scaling", "encoding", "parts", "tokenizer"]


class TreatmentOption(BaseModel):
    """One value that a field of a treatment can have."""

    model_config = ConfigDict(extra="forbid")

    field: OptionField
    value: str
    title: str
    summary: str
    kinds: list[ColumnKind] = Field(description="The kinds of columns that it suits")


_NUMBERS = ("number", "integer")
_CLASSES = ("category", "boolean")


def _options(
    field: OptionField,
    *told: tuple[str, str, str, tuple[str, ...]],
) -> list[TreatmentOption]:
    return [
        TreatmentOption.model_validate(
            {"field": field, "value": value, "title": title, "summary": summary, "kinds": [*kinds]}
        )
        for value, title, summary, kinds in told
    ]


OPTIONS: list[TreatmentOption] = [
    *_options(
        "missing",
        ("mean", "Mean", "The mean of the training part", (*_NUMBERS, "date")),
        (
            "median",
            "Median",
            "The middle value of the training part; far-off values do not move it",
            (*_NUMBERS, "date"),
        ),
        (
            "most_frequent",
            "Most frequent",
            "The value that the training part has most often; of several the smallest",
            (*_NUMBERS, *_CLASSES, "date"),
        ),
        ("constant", "A value of yours", "The same value everywhere", (*_NUMBERS, *_CLASSES)),
        (
            "category",
            "A category of its own",
            "Missing is one more category, which may mean something by itself",
            ("category",),
        ),
        (
            "empty",
            "Empty text",
            "As a text without a word: nothing but padding",
            ("text",),
        ),
        (
            "drop",
            "Leave the row out",
            "Rows without a value are not learnt from, and the model asks for a value",
            (*_NUMBERS, *_CLASSES, "date", "text"),
        ),
    ),
    *_options(
        "scaling",
        (
            "standard",
            "Standard",
            "(x − mean) / standard deviation: around 0, mostly between −2 and 2",
            (*_NUMBERS, "category"),
        ),
        (
            "min_max",
            "Min-max",
            "(x − minimum) / (maximum − minimum): from 0 to 1",
            (*_NUMBERS, "category"),
        ),
        (
            "robust",
            "Robust",
            "(x − median) / (third quartile − first): far-off values do not set the scale",
            (*_NUMBERS, "category"),
        ),
        (
            "log",
            "Log",
            "sign(x) · ln(1 + |x|), then standard: for values over several powers of ten",
            _NUMBERS,
        ),
        ("none", "None", "The numbers as they are", (*_NUMBERS, "category")),
    ),
    *_options(
        "encoding",
        (
            "one_hot",
            "One-hot",
            "One feature for each category; one that training has not seen is all zeros",
            ("category",),
        ),
        (
            "ordinal",
            "Ordinal",
            "One feature: the place among the categories, from 0; unseen ones are −1. For those "
            "that have an order, which you may give",
            ("category",),
        ),
        (
            "index",
            "Index",
            "One whole number from 1, unseen ones are 0: for an Embedding behind an Input of its "
            "own. For many categories",
            ("category",),
        ),
    ),
    *_options(
        "parts",
        ("time", "Time", "The moment itself, standardised: for a trend", ("date",)),
        ("year", "Year", "The number of the year, standardised", ("date",)),
        ("month", "Month", "Sine and cosine of the month: December is next to January", ("date",)),
        ("day", "Day", "Sine and cosine of the day of the month", ("date",)),
        ("weekday", "Weekday", "Sine and cosine of the day of the week", ("date",)),
        ("hour", "Hour", "Sine and cosine of the time of the day", ("date",)),
    ),
    *_options(
        "tokenizer",
        (
            "word",
            "Words",
            "What stands between blanks, without punctuation: the most frequent words of the "
            "training part, as Keras's TextVectorization",
            ("text",),
        ),
        (
            "byte_pair",
            "Byte pairs",
            "Pieces of words that return often, learnt from the training part: new words are made "
            "of known pieces. For languages without blanks, names, and many rare words",
            ("text",),
        ),
    ),
]


class Values(NamedTuple):
    """What is known of a column's values that a proposal depends on.

    `low` and `high` are the extremes, of dates in seconds since 1970; `time` says whether they tell
    the time of the day; `text` is known of texts.
    """

    low: float | None = None
    high: float | None = None
    time: bool = False
    text: TextStatistics | None = None


def in_full(chosen: Treatment, kind: ColumnKind, values: Values) -> Treatment | None:
    """Return a treatment with every value that is used; None for kinds that are no inputs."""
    if kind in _NUMBERS:
        own = Treatment(missing="mean", indicator=False, scaling="standard")
    elif kind == "boolean":
        own = Treatment(missing="most_frequent", indicator=False)
    elif kind == "category":
        own = Treatment(missing="most_frequent", encoding="one_hot")
        if chosen.encoding == "ordinal":
            own = own.model_copy(update={"scaling": "standard"})
    elif kind == "date":
        own = Treatment(missing="mean", indicator=False, parts=_parts(values))
    elif kind == "text":
        own = Treatment.model_validate(
            {"missing": "empty", **text_in_full(chosen.tokenizer, values.text)}
        )
    else:
        return None
    given = {name: value for name, value in chosen if value is not None}
    return own.model_copy(update=given)


def _parts(values: Values) -> list[DatePart]:
    """Return the parts that differ enough over the column to tell anything."""
    if values.low is None or values.high is None:
        return ["month", "weekday"]
    span = values.high - values.low
    enough: dict[DatePart, bool] = {
        "year": span >= 365 * DAY,
        "month": span >= 60 * DAY,
        "weekday": span >= 7 * DAY,
        "hour": values.time and span >= DAY / 2,
    }
    return [part for part, told in enough.items() if told] or ["time"]
