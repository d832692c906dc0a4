"""From the text of cells to columns of numbers or text, chunk by chunk.

Numbers are parsed as such from the start, which is fast; only where a chunk does not parse is it
read as text and looked at cell by cell.
"""

import io
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from models.data.description import Note
from models.errors import DocumentError, Problem, Where, refuse

MISSING = ("NA", "N/A", "n/a", "#N/A", "NaN", "nan", "-nan", "NULL", "null", "None", "?", "-", ".")
"""What is read as missing where the rest of a column is numbers. A category "NA" stays one."""
LARGEST = 3.4e38
"""The largest number, in size, that networks compute with: that of single precision."""
NUMBER = r"[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?"
"""A number as text, with a decimal point or a decimal comma."""
_APART = ("'", "’", "\u00a0", "\u202f")
"""What stands between thousands whatever the decimal sign is; the other decimal sign does too."""
_LEADING_ZERO = re.compile(r"0\d+")
_REMEMBERED = 50


class Mixed(Exception):
    """Columns that began as numbers and turned out to be text: the file must be read again."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = list(names)


@dataclass
class _Column:
    """How a column is read, and what did not fit.

    `direct` is the type it is parsed as; String means that numbers are made of it afterwards when
    `numeric` says so. `grouped` is the first number that had something between its thousands.
    """

    name: str
    direct: pl.DataType
    numeric: bool
    decimal_comma: bool = False
    grouped: str | None = None
    numbers: int = 0
    texts: Counter[str] = field(default_factory=Counter)
    text_count: int = 0
    first_text: tuple[int, str] | None = None
    markers: Counter[str] = field(default_factory=Counter)
    too_large: tuple[int, str] | None = None
    stripped: bool = False


class Values:
    """Parses chunks of records whose structure has been checked."""

    def __init__(
        self,
        names: list[str],
        sample: list[list[str]],
        *,
        delimiter: str,
        decimal_comma: bool,
        missing: Sequence[str] = (),
        as_text: frozenset[str] = frozenset(),
    ) -> None:
        self.delimiter = delimiter
        self.decimal_comma = decimal_comma
        self.missing = list(missing)
        self.rows = 0
        self.columns = [
            self._guess(name, [row[i] for row in sample if i < len(row)], name in as_text)
            for i, name in enumerate(names)
        ]

    def _guess(self, name: str, cells: list[str], as_text: bool) -> _Column:
        known = [cell.strip() for cell in cells]
        known = [
            cell for cell in known if cell and cell not in MISSING and cell not in self.missing
        ]
        if as_text or any(_LEADING_ZERO.fullmatch(cell) for cell in known):
            return _Column(name, pl.String(), numeric=False)
        # Where other columns have decimal commas, one may have points for all that.
        points = any("." in cell and not _GROUPED[True].fullmatch(cell) for cell in known)
        decimal_comma = self.decimal_comma and not points
        values = to_numbers(pl.Series(known, dtype=pl.String), decimal_comma)
        numbers = values.len() - values.null_count()
        if known and numbers * 2 < len(known):
            return _Column(name, pl.String(), numeric=False)
        whole = all(re.fullmatch(r"[+-]?\d{1,18}", cell) for cell in known)
        direct = pl.Int64() if whole else self._fractions
        return _Column(name, direct, numeric=True, decimal_comma=decimal_comma)

    @property
    def _fractions(self) -> pl.DataType:
        """What fractions are parsed as: "1.234" is no fraction where commas are decimal."""
        return pl.String() if self.decimal_comma else pl.Float64()

    def parse(self, chunk: bytes) -> pl.DataFrame:
        """Return the chunk's rows, numbers as Int64 or Float64 and the rest as text.

        Raises:
            DocumentError: a cell with text after its closing quotation mark.
        """
        try:
            frame = self._read(chunk, [column.direct for column in self.columns])
        except pl.exceptions.PolarsError:
            frame = self._read_as_text(chunk)
        series = [self._finish(column, frame.get_column(column.name)) for column in self.columns]
        self.rows += frame.height
        return pl.DataFrame(series)

    def finish(self, file_row: Callable[[int], int]) -> list[Note]:
        """Decide on columns of numbers with text among them; return what is to be told.

        Raises:
            Mixed: such columns are rather categories; read them again as text.
            DocumentError: a column of numbers with a few texts, or with a number out of range.
        """
        mixed = [
            column.name
            for column in self.columns
            if column.text_count and not few_texts(column.texts, column.text_count, column.numbers)
        ]
        if mixed:
            raise Mixed(mixed)
        problems = [
            problem
            for column in self.columns
            if (problem := _problem(column, file_row)) is not None
        ]
        if problems:
            raise DocumentError(problems)
        return _notes(self.columns)

    def _read(self, chunk: bytes, dtypes: Sequence[pl.DataType]) -> pl.DataFrame:
        return pl.read_csv(
            io.BytesIO(chunk),
            has_header=False,
            schema={c.name: dtype for c, dtype in zip(self.columns, dtypes, strict=True)},
            separator=self.delimiter,
            null_values=self.missing or None,
        )

    def _read_as_text(self, chunk: bytes) -> pl.DataFrame:
        text = pl.String()
        try:
            frame = self._read(chunk, [text] * len(self.columns))
        except pl.exceptions.PolarsError as error:
            raise _unreadable(self.rows) from error
        for column in self.columns:
            if column.direct == text:
                continue
            values = frame.get_column(column.name)
            if column.direct == pl.Int64() and not _parses(values, column.direct):
                column.direct = self._fractions
            if not _parses(values, column.direct):
                # From here on this column is read as text first: one failure costs enough.
                column.direct = text
        return frame.with_columns(
            pl.col(column.name).cast(column.direct) for column in self.columns
        )

    def _finish(self, column: _Column, values: pl.Series) -> pl.Series:
        if values.dtype == pl.String:
            values = self._without_blanks(column, values)
            if not column.numeric:
                return values
            values = self._numbers(column, values)
        if values.dtype == pl.Float64 and not _plain(values):
            absent = int(values.is_nan().sum() or 0)
            if absent:
                column.markers["NaN"] += absent
                values = values.fill_nan(None)
            if column.too_large is None:
                too_large = (values.abs() > LARGEST).fill_null(False)
                if too_large.any():
                    index = too_large.arg_max() or 0
                    column.too_large = (self.rows + index, str(values[index]))
        column.numbers += values.len() - values.null_count()
        return values

    def _without_blanks(self, column: _Column, text: pl.Series) -> pl.Series:
        """Return texts without blanks around them, null where nothing or a marker is left."""
        stripped = text.str.strip_chars()
        column.stripped |= bool((stripped != text).any())
        empty = stripped == ""
        if self.missing:
            empty |= stripped.is_in(self.missing)
        if not empty.any():
            return stripped
        return pl.select(pl.when(~empty).then(stripped).alias(column.name)).to_series()

    def _numbers(self, column: _Column, text: pl.Series) -> pl.Series:
        values = to_numbers(text, column.decimal_comma)
        if column.grouped is None:
            grouped = text.str.contains(_GROUPED[column.decimal_comma].pattern)
            column.grouped = text[grouped.arg_max() or 0] if grouped.any() else None
        left = values.is_null() & text.is_not_null()
        if left.any():
            for index in left.arg_true():
                word = text[index]
                if word in MISSING:
                    column.markers[word] += 1
                    continue
                column.text_count += 1
                if word in column.texts or len(column.texts) < _REMEMBERED:
                    column.texts[word] += 1
                if column.first_text is None:
                    column.first_text = (self.rows + index, word)
        return values.fill_nan(None)


def few_texts(texts: Counter[str], count: int, numbers: int) -> bool:
    """Return whether texts among numbers are slips rather than categories of their own.

    They are slips when they are at most a fifth (or a single one among two numbers or more), unless
    a few of them return again and again.
    """
    if count > max(1, 0.2 * (count + numbers)) or numbers < 2 * count:
        return False
    return not (len(texts) <= 5 and count >= 10 * len(texts))


def _grouped(decimal: str) -> re.Pattern[str]:
    """Return what numbers look like that have something between their thousands."""
    other = "." if decimal == "," else ","
    groups = "|".join(rf"(?:{re.escape(sign)}\d{{3}})+" for sign in (other, *_APART))
    return re.compile(rf"^[+-]?[1-9]\d{{0,2}}(?:{groups})(?:{re.escape(decimal)}\d*)?$")


_GROUPED = {False: _grouped("."), True: _grouped(",")}
"""By whether commas are decimal."""


def to_numbers(text: pl.Series, decimal_comma: bool) -> pl.Series:
    """Return the numbers that texts are, as Float64: null where one is none.

    What stands between thousands is left out. A point is not taken for a decimal comma.
    """
    grouped = text.str.contains(_GROUPED[decimal_comma].pattern)
    if grouped.any():
        between = "[" + ("." if decimal_comma else ",") + "".join(_APART) + "]"
        plain = text.str.replace_all(between, "")
        text = pl.select(pl.when(grouped).then(plain).otherwise(text).alias(text.name)).to_series()
    if decimal_comma:
        text = text.set(text.str.contains(".", literal=True), None)
        text = text.str.replace(",", ".", literal=True)
    return text.cast(pl.Float64, strict=False)


def text_in_numbers(
    name: str, texts: Mapping[str, int], count: int, total: int, first: tuple[int, str]
) -> Problem:
    """Return the refusal of a few texts in a column of numbers; `first` is (file row, text)."""
    row, text = first
    others = [f'"{word[:40]}"' for word in texts if word != text][:3]
    also = f" (others: {', '.join(others)})" if others else ""
    many = "1 value is not a number" if count == 1 else f"{count:,} values are not numbers"
    return Problem(
        code="text_in_numbers",
        message=f'Expected numbers in the column "{name}", got "{text[:40]}" in row {row:,}: of '
        f"{total:,} values {many}{also}. Correct them, or upload the file with "
        f'options.missing ["{text[:40]}"] to read it as missing, or with options.kinds '
        f'{{"{name}": "category"}} to read the column as categories.',
        where=Where(row=row, column=name),
    )


def _problem(column: _Column, file_row: Callable[[int], int]) -> Problem | None:
    if column.first_text is not None:
        index, text = column.first_text
        total = column.numbers + column.text_count
        first = (file_row(index), text)
        return text_in_numbers(column.name, column.texts, column.text_count, total, first)
    if column.too_large is not None:
        index, text = column.too_large
        row = file_row(index)
        return Problem(
            code="not_finite",
            message=f"Expected finite numbers of at most {LARGEST:g} in size in the column "
            f'"{column.name}", got {text} in row {row:,}. Write a number in range, or leave the '
            "cell empty.",
            where=Where(row=row, column=column.name),
        )
    return None


def _notes(columns: list[_Column]) -> list[Note]:
    notes: list[Note] = []
    marked = [column for column in columns if column.markers]
    if marked:
        total = sum((column.markers for column in marked), Counter[str]())
        words = ", ".join(f'"{word}"' for word in total)
        notes.append(
            Note(
                severity="info",
                code="missing_markers",
                message=f"In columns of numbers, {words} was read as a missing value.",
                count=total.total(),
                examples=[column.name for column in marked[:10]],
            )
        )
    grouped = {column.name: column.grouped for column in columns if column.grouped is not None}
    if grouped:
        name, example = next(iter(grouped.items()))
        notes.append(
            Note(
                severity="info",
                code="thousands",
                message=f'Numbers have signs between their thousands, such as "{example}" in '
                f'"{name}"; they were left out. If these are no numbers, upload the file with '
                f'options.kinds {{"{name}": "category"}}.',
                count=len(grouped),
                examples=list(grouped)[:10],
            )
        )
    stripped = [column.name for column in columns if column.stripped]
    if stripped:
        notes.append(
            Note(
                severity="info",
                code="blanks_removed",
                message="Blanks around the values were removed, in "
                + ("1 column." if len(stripped) == 1 else f"{len(stripped)} columns."),
                count=len(stripped),
                examples=stripped[:10],
            )
        )
    return notes


def _plain(values: pl.Series) -> bool:
    """Return whether Float64 values are null or numbers of at most `LARGEST` in size."""
    # What is not finite shows in the sum. One that is too large itself is looked into.
    if not math.isfinite(values.sum()):
        return False
    low, high = values.min() or 0.0, values.max() or 0.0
    return bool(low >= -LARGEST and high <= LARGEST)  # pyright: ignore[reportOperatorIssue]


def _parses(text: pl.Series, dtype: pl.DataType) -> bool:
    return text.cast(dtype, strict=False).null_count() == text.null_count()


def _unreadable(rows: int) -> DocumentError:
    return refuse(
        "unreadable",
        f"Expected rows of a table after row {rows + 1:,}, got text that cannot be parsed as one. "
        "Check the quotation marks there.",
        row=rows + 1,
    )
