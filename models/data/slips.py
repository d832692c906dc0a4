"""Columns that were read as text and nearly are numbers or dates: told, with how to mend them."""

import re
from collections.abc import Sequence

import polars as pl

from models.data.csv.values import NUMBER
from models.data.date_formats import FORMATS
from models.data.dates import seconds_of
from models.data.description import CHOSEN, Column, Note

MOSTLY = 0.8
"""The share of a column's different values from which it is meant as what they look like."""
_SEEN = 10_000
_DATE = r"^\d{1,4}(-|/|\.)\d{1,2}(-|/|\.)\d{1,4}([ T].*)?$"
_CURRENCY = r"[$€£¥₹]"
_NOTATIONS = {
    "percent signs": rf"^{NUMBER} ?%$",
    "signs of a currency": rf"^(?:[+-]?{_CURRENCY} ?{NUMBER}|{NUMBER} ?{_CURRENCY})$",
    "brackets for negative ones": rf"^\({NUMBER}\)$",
    "digits of another script": r"^[+-]?[^\x00-\x7f\W_]+$",
    "a minus sign that is no hyphen": rf"^[−–]{NUMBER}$",
    "blanks between thousands": r"^[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?$",
    "the decimal sign or what stands between thousands unlike in other columns": (
        r"^[+-]?\d+(?:[.,]\d{3})*[.,]\d+$"
    ),
}


def slips(frame: pl.DataFrame, columns: Sequence[Column]) -> list[Note]:
    """Return warnings on columns of text whose values nearly all look like numbers or dates."""
    notes: list[Note] = []
    for column in columns:
        values = frame[column.name]
        if column.kind not in ("category", "text", "identifier") or values.dtype != pl.String:
            continue
        if column.kind_reason == CHOSEN:
            continue
        known = values.drop_nulls()
        if column.categories and not _told(column, known, pl.Series(column.categories)):
            # Nothing is wrong with any, whatever comes first in the file.
            continue
        what = _told(column, known, known.unique(maintain_order=True).head(_SEEN))
        if what is not None:
            notes.append(
                Note(
                    severity="warning",
                    code="read_as_text",
                    message=f'"{column.name}": {what}',
                    examples=[column.name],
                )
            )
    return notes


def _told(column: Column, known: pl.Series, different: pl.Series) -> str | None:
    return _dates(column, known, different) or _numbers(different)


def _dates(column: Column, known: pl.Series, different: pl.Series) -> str | None:
    alike = different.str.contains(_DATE)
    if not alike.sum() or alike.sum() < MOSTLY * different.len():
        return None
    formats = [format for format in FORMATS if "H" not in format and "I" not in format]
    clocks = different.filter(alike).str.contains(":").any()
    parsed = {format: seconds_of(different, format) for format in (FORMATS if clocks else formats)}
    best = min(parsed, key=lambda format: parsed[format].null_count())
    wrong = different.filter(parsed[best].is_null())
    if not wrong.len() or wrong.len() > (1 - MOSTLY) * different.len():
        return (
            "its dates are written in more than one way, so that they were read as text. Write "
            "all of them alike, as in 2024-12-31, and upload the file again."
        )
    count = int(known.is_in(wrong.to_list()).sum())
    many = "1 value is no date" if count == 1 else f"{count:,} values are no dates"
    return (
        f'of {known.len():,} values {many} as the others are, first "{wrong[0][:40]}", so the '
        f"column was read as {column.kind}. Correct that, or upload the file with options.missing "
        f'["{wrong[0][:40]}"] to read it as missing.'
    )


def _numbers(different: pl.Series) -> str | None:
    plain = different.str.contains(rf"^{NUMBER}$")
    for what, pattern in _NOTATIONS.items():
        written = different.str.contains(pattern) & _has_digit(different)
        if written.sum() and (written | plain).sum() >= MOSTLY * different.len():
            return (
                f"nearly all values look like numbers written with {what}, such as "
                f'"{different.filter(written)[0][:40]}", and were read as text. If they are meant '
                "as numbers, write them plainly, as in 1234.5, and upload the file again."
            )
    return None


def _has_digit(texts: pl.Series) -> pl.Series:
    # Where a pattern asks for letters of any script, only those that are digits count.
    return pl.Series([re.search(r"\d", text) is not None for text in texts], dtype=pl.Boolean)
