"""How a column is prepared for a network: what can be chosen, for which kinds, what is proposed."""

from typing import Literal, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field

from models.errors import Document

ColumnKind = Literal[
    "number", "integer", "boolean", "category", "text", "date", "identifier", "constant", "empty"
]
Missing = Literal["mean", "median", "most_frequent", "constant", "category", "drop"]
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
    parts: list[DatePart] | None = Field(
        default=None, description="What of a date becomes features"
    )


class TreatmentOption(BaseModel):
    """One value that a field of a treatment can have."""

    model_config = ConfigDict(extra="forbid")

    field: Literal["missing", "scaling", "encoding", "parts"]
    value: str
    title: str
    summary: str
    kinds: list[ColumnKind] = Field(description="The kinds of columns that it suits")


_NUMBERS = ("number", "integer")
_CLASSES = ("category", "boolean")


def _options(
    field: Literal["missing", "scaling", "encoding", "parts"],
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
            "drop",
            "Leave the row out",
            "Rows without a value are not learnt from, and the model asks for a value",
            (*_NUMBERS, *_CLASSES, "date"),
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
            "that have an order",
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
]


class Values(NamedTuple):
    """What is known of a column's values that a proposal depends on.

    `low` and `high` are the extremes, of dates in seconds since 1970; `time` says whether they tell
    the time of the day.
    """

    low: float | None = None
    high: float | None = None
    time: bool = False


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
