"""What was learnt of the training part to prepare rows: saved with the model, as JSON."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal

import numpy as np
import torch
from pydantic import Field, model_validator
from torch import Tensor

from models.data.arranged import encoded
from models.data.date_formats import example_of, seconds_from
from models.data.description import IMAGE_TARGET
from models.data.lookup import near
from models.data.text import Tokenizer
from models.data.tokens import Encoder
from models.data.treatment import DatePart, Encoding
from models.errors import Document, DocumentError, Problem, Where, refuse
from models.recipe import Task

IMAGE = "image"
MAX_PROBLEMS = 20


class PreparedPart(Document):
    """A part of a date that becomes features; `(x − mean) / scale` where it is no cycle."""

    part: DatePart
    mean: float = 0.0
    scale: float = 1.0


Pair = Annotated[tuple[str, str], Field(strict=False)]


class PreparedText(Document):
    """How a text becomes the ids of its tokens: see `models.data.tokens`."""

    tokenizer: Tokenizer
    lowercase: bool
    length: int = Field(description="Ids of each text; those of shorter ones are padded at the end")
    max_tokens: int = Field(description="Ids that there may be, padding and unknown among them")
    vocabulary: list[str] = Field(description="The tokens in the order of their ids, from 2 on")
    merges: list[Pair] = Field(
        default=[], description="Pairs that make a piece of a word, in the order they are merged"
    )


class InputColumn(Document):
    """An input column and what is done to it.

    `fill` stands for a missing value: a number, the code of a category, of dates seconds since
    1970. Numbers become `(x − mean) / scale`, of the logarithm where `log` says so. Booleans become
    0 or 1. Categories become one feature each, or with another encoding one number in all; `seen`
    tells which of them the training part holds. With `missing_category` one more category, the
    last, stands for a missing value, and `seen` has a place for it. Dates become their `parts`.
    Texts become as many ids as `text` says; they are the only ones that take more than one slot of
    a raw row.
    """

    name: str
    kind: Literal["number", "boolean", "category", "date", "text"]
    fill: float
    mean: float = 0.0
    scale: float = 1.0
    log: bool = False
    categories: list[str] | None = None
    seen: list[bool] | None = None
    encoding: Encoding = "one_hot"
    missing_category: bool = False
    format: str | None = Field(
        default=None, description="How dates are written, as strptime has it"
    )
    parts: list[PreparedPart] = []
    text: PreparedText | None = Field(default=None, exclude_if=lambda text: text is None)
    indicator: bool = Field(default=False, description="One more feature: whether it is missing")
    required: bool = Field(
        default=False, description="Rows without a value were not learnt from, and are refused"
    )


class PreparedInput(Document):
    """What enters at one Input: columns by name, in the order of their features."""

    node: str | None = None
    columns: list[str] = []


class PreparedOutput(Document):
    """What one Output predicts, and the scale of a number that was standardised for training."""

    node: str | None = None
    task: Task
    target: str
    classes: list[str] | None = None
    mean: float = 0.0
    std: float = 1.0


class PreparedSequence(Document):
    """How many rows, in order of time, one example has, and what tells series apart.

    Of kind windows: `window` consecutive rows; what is predicted is `horizon` rows after the last.
    Of kind groups: the first `window` rows of a group, filled up behind its end.
    """

    kind: Literal["windows", "groups"]
    window: int
    horizon: int = 1
    time: str | None = None
    format: str | None = Field(
        default=None, description="How times are written where they are dates"
    )
    group: str | None = None


class Preparation(Document):
    """All that is needed to turn raw rows into features and outputs back into values.

    Raw rows hold the columns of all Inputs side by side, in a slot each, or for a text in a slot
    for each of its ids; `inputs` says which of them enter where.
    """

    kind: Literal["table", "images"]
    columns: list[InputColumn] = []
    inputs: list[PreparedInput] = Field(min_length=1)
    outputs: list[PreparedOutput] = Field(min_length=1)
    others: list[str] = Field(
        default=[], description="Columns of the dataset that are no inputs; rows may have them"
    )
    image_shape: tuple[int, int, int] | None = Field(
        default=None, strict=False, description="Channels, height, width"
    )
    sequence: PreparedSequence | None = Field(
        default=None, description="Where rows are steps: what one example is"
    )

    @model_validator(mode="before")
    @classmethod
    def _of_one_end(cls, data: Any) -> Any:
        """Take a preparation of one Input and one Output, whose fields lay beside the columns."""
        if not isinstance(data, dict) or "outputs" in data:
            return data
        old = {"task": "task", "target": "target", "classes": "classes"}
        old |= {"mean": "target_mean", "std": "target_std"}
        output = {new: data[name] for new, name in old.items() if name in data}
        names = [dict(column)["name"] for column in data.get("columns", [])]
        rest = {name: value for name, value in data.items() if name not in old.values()}
        return {**rest, "inputs": [{"columns": names}], "outputs": [output]}

    def encode(self, rows: Sequence[Mapping[str, Any] | Sequence[Mapping[str, Any]]]) -> Tensor:
        """Return raw rows as a tensor that `Preprocess` takes.

        Where rows are steps: float64 (N, window, columns), see `arranged.encoded`. Other tables:
        float64 (N, slots), missing (None) as NaN, categories as their codes and unknown ones as −1,
        dates as seconds since 1970, texts as ids. Images: `{"image": [[[…]]]}` with whole values
        from 0 to 255 become uint8 (N, channels, height, width).

        Raises:
            DocumentError: a value missing, of the wrong type or not finite, or a column that is not
                known; `where` names the row (the first is 1) and the column.
        """
        if self.sequence is not None:
            return torch.from_numpy(encoded(self, self.sequence, rows))
        single = [row for row in rows if isinstance(row, Mapping)]
        if len(single) != len(rows):
            raise refuse(
                "no_sequences",
                "Expected rows, each with values by column name, because each is an example by "
                "itself for this model, got lists of rows. Send the rows themselves.",
                path=["rows"],
            )
        return self._images(single) if self.kind == "images" else self.encode_rows(single)

    def encode_rows(self, rows: Sequence[Mapping[str, Any]]) -> Tensor:
        """Return rows of a table, float64 (N, slots), whatever an example is.

        Raises:
            DocumentError: as `encode` does.
        """
        encoders = [encoder_of(column) for column in self.columns]
        targets = [output.target for output in self.outputs]
        known = {*(column.name for column in self.columns), *self.others, *targets}
        raw: list[list[float]] = []
        problems: list[Problem] = []
        for index, row in enumerate(rows):
            problems += self._unknown(index, row, known)
            raw.append([])
            for column, encode in zip(self.columns, encoders, strict=True):
                try:
                    raw[-1] += encode(row)
                except ValueError as error:
                    problems.append(_problem(index, column.name, str(error)))
            if len(problems) >= MAX_PROBLEMS:
                break
        if problems:
            raise DocumentError(problems)
        return torch.tensor(raw, dtype=torch.float64)

    def _unknown(self, index: int, row: Mapping[str, Any], known: set[str]) -> list[Problem]:
        names = [column.name for column in self.columns]
        return [
            _problem(
                index,
                name,
                f"Expected columns that the model knows, got {name[:80]!r}. " + near(name, names),
            )
            for name in row
            if name not in known
        ]

    def _images(self, rows: Sequence[Mapping[str, Any]]) -> Tensor:
        if self.image_shape is None:
            raise ValueError("a preparation of images has a shape")
        raw = np.zeros((len(rows), *self.image_shape), np.uint8)
        problems: list[Problem] = []
        for index, row in enumerate(rows):
            try:
                raw[index] = _pixels(row, self.image_shape)
            except ValueError as error:
                problems.append(_problem(index, IMAGE, str(error)))
        if problems:
            raise DocumentError(problems[:MAX_PROBLEMS])
        return torch.from_numpy(raw)


def encoder_of(column: InputColumn) -> Callable[[Mapping[str, Any]], list[float]]:
    """Return what makes of a row the numbers that a column is in a raw row.

    It raises a ValueError for a value that is not as the column asks; it says what was expected.
    """
    if column.text is not None:
        encoder = Encoder(column.text)
        return lambda row: encoder(text_of(column, row))
    codes = {name: code for code, name in enumerate(column.categories or ())}
    return lambda row: [encode_value(column, codes, row)]


def text_of(column: InputColumn, row: Mapping[str, Any]) -> str:
    """Return the text of a row; an empty one where it is missing.

    Raises:
        ValueError: it is none, or missing where that is not allowed.
    """
    value = _given(column, row)
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise ValueError(f'Expected a text for "{column.name}", got {_shown(value)}.')
    return _text(value, {}) or ""


def encode_value(column: InputColumn, codes: Mapping[str, int], row: Mapping[str, Any]) -> float:
    """Return the number that a row's value in a column is for the model; NaN where it is missing.

    `codes` are those of the column's categories.

    Raises:
        ValueError: it is not as the column asks; says what was expected.
    """
    value = _given(column, row)
    if value is None:
        return math.nan
    if column.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f'Expected a number for "{column.name}", got {_shown(value)}.')
        if not math.isfinite(value):
            raise ValueError(f'Expected a finite number for "{column.name}", got {value}.')
        return float(value)
    if column.kind == "date":
        return _seconds(column, value)
    text = _text(value, codes)
    if text is None:
        raise ValueError(f'Expected a text for "{column.name}", got {_shown(value)}.')
    if column.kind == "boolean" and text not in codes:
        expected = " or ".join(f'"{name}"' for name in column.categories or ())
        raise ValueError(f'Expected {expected} for "{column.name}", got {_shown(value)}.')
    return float(codes.get(text, -1))


def _given(column: InputColumn, row: Mapping[str, Any]) -> Any:
    """Return a row's value in a column; None where it is missing and may be."""
    if column.name not in row:
        raise ValueError(
            f'Expected a value for "{column.name}", got none. Add it, or null if it is missing.'
        )
    value = row[column.name]
    if value is None and column.required:
        raise ValueError(
            f'Expected a value for "{column.name}", got null, and the model has learnt from no '
            "row without one. Send a value."
        )
    return value


def _seconds(column: InputColumn, value: Any) -> float:
    """Return a date in seconds since 1970."""
    format = column.format or ""
    try:
        return seconds_from(value.strip(), format)
    except (AttributeError, ValueError):
        raise ValueError(
            f'Expected a date such as "{example_of(format)}" for "{column.name}", got '
            f"{_shown(value)}."
        ) from None


def _text(value: Any, codes: Mapping[str, int]) -> str | None:
    """Return the category that a value means: 1 and "1" are the same, as are true and "True"."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        fold = str(value).casefold()
        return next((name for name in codes if name.casefold() == fold), str(int(value)))
    if isinstance(value, int | float) and math.isfinite(value):
        return str(int(value)) if value == int(value) else repr(value)
    return None


def _pixels(row: Mapping[str, Any], shape: tuple[int, int, int]) -> np.ndarray:
    expected = (
        f"Expected an image of {shape[0]} × {shape[1]} × {shape[2]} (channels, height, width) "
        "whole numbers from 0 to 255"
    )
    unknown = [name for name in row if name not in (IMAGE, IMAGE_TARGET)]
    if IMAGE not in row or unknown:
        found = f"{unknown[0][:80]!r}" if unknown else "none"
        raise ValueError(f'{expected} under "{IMAGE}", got {found}.')
    try:
        pixels = np.array(row[IMAGE])
    except ValueError as error:
        raise ValueError(f"{expected}, got rows of different lengths.") from error
    if pixels.dtype.kind not in "iuf" or pixels.shape != shape:
        found = " × ".join(map(str, pixels.shape)) or _shown(row[IMAGE])
        kind = "" if pixels.dtype.kind in "iuf" else ", not all of them numbers"
        raise ValueError(f"{expected}, got {found}{kind}.")
    whole = np.isfinite(pixels).all() and (pixels == np.round(pixels)).all()
    if not whole or pixels.min() < 0 or pixels.max() > 255:
        raise ValueError(
            f"{expected}, got values from {pixels.min():g} to {pixels.max():g}"
            f"{'' if whole else ', not all of them whole'}."
        )
    return pixels


def _problem(index: int, column: str, message: str) -> Problem:
    return Problem(
        code="invalid_value",
        message=f"Row {index + 1}: {message[0].lower()}{message[1:]}",
        where=Where(path=["rows", index, column], row=index + 1, column=column),
    )


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
