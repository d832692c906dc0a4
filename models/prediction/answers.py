"""What a model says of the examples of a file: the first few to look at, or all as a table."""

import base64
from collections.abc import Container, Iterator
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
from torch import Tensor

from models.data.csv.values import NUMBER
from models.data.preparation import PreparedOutput
from models.data.view import as_png
from models.export.history import FORMULA, neutral
from models.model import Model, labels_of, predictions, shares_of
from models.prediction.examples import Block, Examples

SEPARATOR = "|"
"""Between the labels of an example, in a cell."""
THUMBNAIL = 64
"""Pixels of the longer side of the pictures that are sent along, about."""


def preview(model: Model, examples: Examples, limit: int) -> dict[str, Any]:
    """Return the predictions for the first `limit` examples; all of them are read and checked.

    Raises:
        DocumentError: an example is not as the model asks; names it.
    """
    told: list[list[dict[str, Any]]] = [[] for _ in model.preparation.outputs]
    columns: list[str] = []
    rows: list[list[str | None]] = []
    pictures: list[str] = []
    total = 0
    for block in examples.blocks():
        columns = block.given.columns
        if total < limit:
            first = block.head(limit - total)
            answers = model.finite_answers(first.raw, first.place)
            for predicted, answer, output in zip(
                told, answers, model.preparation.outputs, strict=True
            ):
                predicted += predictions(answer, output)
            rows += map(list, first.given.iter_rows())
            if model.preparation.kind == "images":
                pictures += map(_thumbnail, first.raw)
        total += block.given.height
    return {
        "total": total,
        "columns": columns,
        "rows": rows,
        "pictures": pictures,
        "report": [note.model_dump(mode="json") for note in examples.notes()],
        "outputs": told,
    }


def write(model: Model, examples: Examples, path: Path) -> None:
    """Write all examples as CSV, in their own manner: what was given, then what is predicted.

    Further columns: `predicted_<target>`, and for classes `probability_<class>`, with the Output
    before them where there are several. Several labels stand in one cell with "|" between them. No
    cell can be taken for a formula.

    Raises:
        DocumentError: an example is not as the model asks; names it.
    """
    with path.open("wb") as file:
        header = True
        for block in examples.blocks():
            answers = model.finite_answers(block.raw, block.place)
            _write(_beside(block, answers, model.preparation.outputs), examples, file, header)
            header = False


def _write(table: pl.DataFrame, examples: Examples, file: BinaryIO, header: bool) -> None:
    table.write_csv(
        file,
        include_header=header,
        separator=examples.delimiter,
        decimal_comma=examples.decimal_comma,
    )


def _beside(
    block: Block, answers: tuple[Tensor, ...], outputs: list[PreparedOutput]
) -> pl.DataFrame:
    columns = dict(zip(block.given.columns, map(_inert, block.given), strict=True))
    for answer, output in zip(answers, outputs, strict=True):
        prefix = f"{output.node}_" if len(outputs) > 1 else ""
        for name, values in _columns(answer, output):
            columns[_unlike(prefix + name, columns)] = values
    table: dict[str, pl.Series] = {}
    for name, values in columns.items():
        table[_unlike(neutral(name), table)] = values
    return pl.DataFrame(table)


def _columns(answer: Tensor, output: PreparedOutput) -> Iterator[tuple[str, pl.Series]]:
    predicted = f"predicted_{output.target}"
    if output.classes is None:
        yield predicted, pl.Series(answer[:, 0].numpy())
        return
    shares = shares_of(answer).numpy()
    if output.task == "multilabel":
        told = [SEPARATOR.join(labels_of(row, output)) for row in answer.tolist()]
        yield predicted, _inert(pl.Series(told, dtype=pl.String))
    else:
        yield predicted, _inert(pl.Series(output.classes).gather(shares.argmax(1)))
    for place, name in enumerate(output.classes):
        yield f"probability_{name}", pl.Series(shares[:, place])


def _inert(text: pl.Series) -> pl.Series:
    """Return cells that no spreadsheet takes for a formula; numbers may have a sign."""
    cells = pl.lit(text)
    formula = pl.any_horizontal(cells.str.starts_with(sign) for sign in FORMULA)
    number = cells.str.contains(f"^{NUMBER}$")
    inert = pl.when(formula & ~number).then(pl.concat_str(pl.lit("'"), cells)).otherwise(cells)
    return pl.select(inert).to_series()


def _unlike(name: str, taken: Container[str]) -> str:
    """Return the name, or with a number behind it where another column has it."""
    if name not in taken:
        return name
    return next(f"{name}_{n}" for n in count(2) if f"{name}_{n}" not in taken)


def _thumbnail(pixels: Tensor) -> str:
    """Return an image as PNG in base64, as the network sees it, every nth pixel of a large one."""
    step = max(1, max(pixels.shape[1:]) // THUMBNAIL)
    return base64.b64encode(as_png(pixels.numpy()[:, ::step, ::step])).decode()
