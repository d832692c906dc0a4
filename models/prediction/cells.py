"""From the cells of a table, as text, to the numbers that a model takes."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
import torch
from torch import Tensor

from models.data.csv.values import LARGEST, MISSING, NUMBER, to_numbers
from models.data.preparation import InputColumn, Preparation, encode_value
from models.data.tokens import Encoder


@dataclass(frozen=True)
class Misfit:
    """A cell that its column cannot take; `row` counts from 0."""

    row: int
    column: str
    message: str


def encode_cells(
    cells: pl.DataFrame, preparation: Preparation, *, decimal_comma: bool
) -> tuple[Tensor, list[Misfit]]:
    """Return what `Preparation.encode` makes of the same rows, and the cells that do not suit.

    What is a number or a missing value follows the reading of datasets: "NA" is missing where a
    column is numbers, and a category where it is one. Each distinct text is looked at once.

    Args:
        cells: text columns, null where empty; has those of the preparation.
        preparation: of the model.
        decimal_comma: whether numbers have a comma before the decimals.
    """
    raw: list[np.ndarray] = []
    misfits: list[Misfit] = []
    for column in preparation.columns:
        text = cells[column.name]
        if column.kind == "number":
            raw.append(_numbers(column, text, decimal_comma, misfits))
        elif column.text is not None:
            _look_at_missing(column, text.is_null(), misfits)
            encode = Encoder(column.text)
            raw.append(np.array([encode(cell or "") for cell in text], dtype=np.float64))
        else:
            raw.append(_codes(column, text, decimal_comma, misfits))
    return torch.from_numpy(np.column_stack(raw)), sorted(misfits, key=lambda misfit: misfit.row)


def _numbers(
    column: InputColumn, text: pl.Series, decimal_comma: bool, misfits: list[Misfit]
) -> np.ndarray:
    missing = text.is_null() | text.is_in(MISSING)
    numbers = to_numbers(text, decimal_comma)
    fits = (numbers.abs() <= LARGEST).fill_null(False)
    for row in (~missing & ~fits).arg_true():
        misfits.append(Misfit(row, column.name, _no_number(column, text[row], numbers[row])))
    _look_at_missing(column, missing, misfits)
    known = pl.select(pl.when(~missing & fits).then(numbers)).to_series()
    return known.to_numpy().astype(np.float64)


def _no_number(column: InputColumn, text: str, number: float | None) -> str:
    if number is not None and not math.isnan(number):
        return (
            f'Expected a finite number of at most {LARGEST:g} in size for "{column.name}", got '
            f"{text[:40]}."
        )
    advice = ""
    if re.fullmatch(NUMBER, text):
        sign = "point" if "." in text else "comma"
        advice = f' If numbers are written with a decimal {sign}, say so by the option "decimal".'
    return f'Expected a number for "{column.name}", got "{text[:40]}".{advice}'


def _codes(
    column: InputColumn, text: pl.Series, decimal_comma: bool, misfits: list[Misfit]
) -> np.ndarray:
    codes = {name: code for code, name in enumerate(column.categories or ())}
    numeric = bool(codes) and all(re.fullmatch(NUMBER, name) for name in codes)
    values: dict[str | None, float] = {}
    refused: dict[str | None, str] = {}
    for cell in text.unique().to_list():
        meant = _as_number(cell, codes, decimal_comma) if numeric else cell
        try:
            values[cell] = encode_value(column, codes, {column.name: meant})
        except ValueError as error:
            refused[cell] = str(error)
    for cell, message in refused.items():
        wrong = text.is_null() if cell is None else (text == cell).fill_null(False)
        misfits += [Misfit(row, column.name, message) for row in wrong.arg_true()]
    return np.array([values.get(cell, np.nan) for cell in text.to_list()])


def _as_number(
    cell: str | None, codes: Mapping[str, int], decimal_comma: bool
) -> str | float | None:
    """Return what a cell means where all categories are numbers: 1 is the same as 1.0."""
    if cell is None or cell in codes:
        return cell
    if cell in MISSING:
        return None
    number = to_numbers(pl.Series([cell]), decimal_comma)[0]
    return cell if number is None else number


def _look_at_missing(column: InputColumn, missing: pl.Series, misfits: list[Misfit]) -> None:
    """Note the missing values of a column that must have none."""
    rows = missing.arg_true()
    if not rows.len():
        return
    try:
        encode_value(column, {}, {column.name: None})
    except ValueError as error:
        misfits += [Misfit(row, column.name, str(error)) for row in rows]
