"""A CSV file to predict from: read as datasets are, equal to the same rows sent as JSON."""

import csv
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import torch

from models.data.options import ReadingOptions
from models.data.preparation import (
    InputColumn,
    Preparation,
    PreparedInput,
    PreparedOutput,
    PreparedPart,
)
from models.data.prepared_interface import interface_of
from models.errors import DocumentError, Problem
from models.model import Model
from models.network import build
from models.parse import parse
from models.prediction import answers
from models.prediction.cells import encode_cells
from models.prediction.table import TableExamples

COLUMNS = [
    InputColumn(name="größe", kind="number", fill=5.0, mean=5.0, scale=2.0),
    InputColumn(name="region", kind="category", fill=1.0, categories=["EU", "NA"], seen=[True] * 2),
    InputColumn(name="doors", kind="category", fill=0.0, categories=["2", "4"], seen=[True] * 2),
    InputColumn(name="new", kind="boolean", fill=0.0, categories=["no", "yes"]),
]
CLASSES = ["=a", "b", "c"]
"""One of them as a spreadsheet would take it for a formula."""


def architecture(units: int, activation: str) -> dict[str, Any]:
    return {
        "format": "neuroloom/1",
        "name": "Cars",
        "nodes": [
            {"id": "input", "type": "Input"},
            {"id": "dense", "type": "Dense", "params": {"units": units, "activation": activation}},
            {"id": "output", "type": "Output"},
        ],
        "edges": [
            {"source": "input", "target": "dense"},
            {"source": "dense", "target": "output"},
        ],
    }


def model_of(output: PreparedOutput, units: int, activation: str) -> Model:
    preparation = Preparation(
        kind="table",
        columns=COLUMNS,
        inputs=[PreparedInput(columns=[column.name for column in COLUMNS])],
        outputs=[output],
    )
    network = build(parse(architecture(units, activation)), interface_of(preparation), seed=3)
    return Model(preparation, network).eval()


CLASSIFIER = model_of(
    PreparedOutput(task="classification", target="kind", classes=CLASSES), 3, "softmax"
)
TWO_CLASSES = model_of(
    PreparedOutput(task="classification", target="kind", classes=["no", "yes"]), 1, "sigmoid"
)
REGRESSOR = model_of(PreparedOutput(task="regression", target="price", mean=9, std=2), 1, "linear")
HEADER = "größe,region,doors,new\n"
ROWS = [
    {"größe": 1.5, "region": "EU", "doors": 2, "new": "yes"},
    {"größe": -2, "region": "NA", "doors": 4, "new": "no"},
    {"größe": None, "region": None, "doors": None, "new": None},
    {"größe": 1e3, "region": "Asia", "doors": 6, "new": "yes"},
]
TABLE = HEADER + "1.5,EU,2,yes\n-2,NA,4,no\n,,,\n1e3,Asia,6,yes\n"


class Folder:
    """A file to predict from, and what comes of it."""

    def __init__(self, path: Path) -> None:
        self.file = path / "rows.csv"
        self.out = path / "predictions.csv"

    def examples(
        self, data: str | bytes, model: Model, missing: tuple[str, ...] = (), **options: Any
    ) -> TableExamples:
        self.file.write_bytes(data.encode() if isinstance(data, str) else data)
        known = ReadingOptions.model_validate(options)
        return TableExamples(self.file, "rows.csv", known, model.preparation, [*missing])

    def preview(
        self, data: str | bytes, model: Model = CLASSIFIER, limit: int = 100, **options: Any
    ) -> dict[str, Any]:
        return answers.preview(model, self.examples(data, model, **options), limit)

    def written(
        self, data: str | bytes, model: Model = CLASSIFIER, delimiter: str = ",", **options: Any
    ) -> list[dict[str, str]]:
        answers.write(model, self.examples(data, model, **options), self.out)
        text = self.out.read_text(encoding="utf-8")
        return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))

    def refused(self, data: str | bytes, model: Model = CLASSIFIER, **options: Any) -> Problem:
        with pytest.raises(DocumentError) as caught:
            self.preview(data, model, **options)
        return caught.value.problems[0]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.parametrize("model", [CLASSIFIER, TWO_CLASSES, REGRESSOR])
def test_a_file_gives_what_the_same_rows_give_as_json(folder: Folder, model: Model) -> None:
    told = folder.preview(TABLE, model)
    assert told["outputs"] == model.predict(ROWS)
    assert told["total"] == 4
    assert told["columns"] == ["größe", "region", "doors", "new"]
    assert told["rows"][1:3] == [["-2", "NA", "4", "no"], [None] * 4]


@pytest.mark.parametrize("model", [CLASSIFIER, TWO_CLASSES, REGRESSOR])
def test_the_file_to_keep_has_the_same_predictions_beside_what_was_given(
    folder: Folder, model: Model
) -> None:
    (expected,) = model.predict(ROWS)
    (output,) = model.preparation.outputs
    rows = folder.written(TABLE, model)
    assert [row["größe"] for row in rows] == ["1.5", "-2", "", "1e3"]
    for row, prediction in zip(rows, expected, strict=True):
        found = row[f"predicted_{output.target}"]
        if output.classes is None:
            assert float(found) == pytest.approx(prediction["value"], rel=1e-6)
            continue
        assert found.removeprefix("'") == prediction["value"]
        for name, share in prediction["probabilities"].items():
            assert float(row[f"probability_{name}"]) == pytest.approx(share, rel=1e-6, abs=1e-12)


SEMICOLONS = TABLE.replace(",", ";").replace("1.5", "1,5")


@pytest.mark.parametrize(
    "data",
    [
        SEMICOLONS,
        TABLE.replace(",", "\t"),
        TABLE.replace("\n", "\r"),
        TABLE.replace("\n", "\r\n"),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        SEMICOLONS.encode("utf-16-be"),
        TABLE.replace("EU", '"EU"').replace("größe", '"größe"'),
        TABLE.replace(",EU,", ",  EU ,"),
        TABLE.replace("-2,", "\n-2,"),
        TABLE.replace(",2,", ",2.0,"),
    ],
    ids=[
        "semicolons and decimal commas",
        "tabs",
        "carriage returns",
        "windows",
        "byte order mark",
        "UTF-16",
        "UTF-16 with semicolons",
        "quotes",
        "blanks",
        "a blank row",
        "2.0 for the category 2",
    ],
)
def test_however_a_file_is_written_it_says_the_same(folder: Folder, data: str | bytes) -> None:
    assert folder.preview(data)["outputs"] == CLASSIFIER.predict(ROWS)


def test_another_encoding_is_read_when_it_is_said(folder: Folder) -> None:
    data = TABLE.encode("windows-1252")
    told = folder.preview(data, encoding="windows-1252")
    assert told["outputs"] == CLASSIFIER.predict(ROWS)
    problem = folder.refused(data)
    assert problem.code == "wrong_encoding"
    assert "byte offset 2" in problem.message


def test_what_was_found_out_about_the_file_is_told(folder: Folder) -> None:
    codes = {note["code"] for note in folder.preview(SEMICOLONS)["report"]}
    assert {"delimiter", "decimal_comma"} <= codes


def test_a_file_with_decimal_commas_is_answered_with_decimal_commas(folder: Folder) -> None:
    rows = folder.written(SEMICOLONS, REGRESSOR, delimiter=";")
    ((first, *_),) = REGRESSOR.predict(ROWS)
    assert rows[0]["größe"] == "1,5"
    assert float(rows[0]["predicted_price"].replace(",", ".")) == pytest.approx(first["value"])


def test_columns_in_another_order_and_others_beside_them_are_fine(folder: Folder) -> None:
    data = "kind,new,note,größe,doors,region\nb,yes,first,1.5,2,EU\n"
    told = folder.preview(data)
    assert told["outputs"] == CLASSIFIER.predict(ROWS[:1])
    assert told["rows"] == [["b", "yes", "first", "1.5", "2", "EU"]]


def test_what_means_missing_in_the_data_and_in_columns_of_numbers_is_missing(
    folder: Folder,
) -> None:
    expected = CLASSIFIER.predict([{**ROWS[0], "größe": None}])
    for word in ("NA", "NaN", "?", ""):
        assert folder.preview(f"{HEADER}{word},EU,2,yes\n")["outputs"] == expected
    told = folder.preview(f"{HEADER}unknown,EU,2,yes\n", missing=("unknown",))
    assert told["outputs"] == expected


def test_only_the_first_rows_are_told_and_all_are_counted_and_checked(folder: Folder) -> None:
    many = HEADER + "1.5,EU,2,yes\n" * 3_000
    told = folder.preview(many, limit=2)
    assert (told["total"], len(told["rows"]), len(told["outputs"][0])) == (3_000, 2, 2)
    problem = folder.refused(many + "long,EU,2,yes\n", limit=2)
    assert (problem.where.row, problem.where.column) == (3_002, "größe")


def test_a_file_of_several_chunks_is_written_whole(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.data.csv.encoding.BLOCK", 1_000)
    sizes = [index / 10 for index in range(2_000)]
    rows = folder.written(HEADER + "".join(f"{size},EU,2,yes\n" for size in sizes), REGRESSOR)
    (expected,) = REGRESSOR.predict([{**ROWS[0], "größe": size} for size in sizes])
    assert [float(row["größe"]) for row in rows] == sizes
    found = torch.tensor([float(row["predicted_price"]) for row in rows])
    torch.testing.assert_close(found, torch.tensor([entry["value"] for entry in expected]))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_cell_and_no_name_becomes_a_formula(folder: Folder, sign: str) -> None:
    data = HEADER.strip() + f",{sign}note\n-1.5,EU,2,yes,{sign}1+1\n"
    (row,) = folder.written(data)
    assert row["größe"] == "-1.5"
    assert row[f"'{sign}note"] == f"'{sign}1+1"
    assert row["predicted_kind"] in ("'=a", "b", "c")


def test_the_answer_can_be_sent_in_again(folder: Folder) -> None:
    folder.written(TABLE)
    once = folder.out.read_text(encoding="utf-8")
    rows = folder.written(once)
    assert {"predicted_kind", "predicted_kind_2", "probability_b_2"} <= set(rows[0])
    assert [row["predicted_kind"] for row in rows] == [row["predicted_kind_2"] for row in rows]


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("tall,EU,2,yes", "größe", "a number"),
        ("inf,EU,2,yes", "größe", "finite"),
        ("1e39,EU,2,yes", "größe", "finite"),
        ('"1,5",EU,2,yes', "größe", "decimal comma"),
        ("1,EU,2,perhaps", "new", '"no" or "yes"'),
    ],
)
def test_a_value_that_does_not_suit_is_refused_with_row_and_column(
    folder: Folder, row: str, column: str, expected: str
) -> None:
    problem = folder.refused(f"{TABLE}\n{row}\n")
    assert (problem.where.row, problem.where.column) == (7, column)
    assert problem.message.startswith("Row 7: expected")
    assert expected in problem.message


def test_all_that_does_not_suit_is_told_in_the_order_of_the_rows(folder: Folder) -> None:
    folder.file.write_text(HEADER + "1,EU,2,x\nlong,EU,2,yes\n", encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        folder.preview(folder.file.read_text(encoding="utf-8"))
    places = [(problem.where.row, problem.where.column) for problem in caught.value.problems]
    assert places == [(2, "new"), (3, "größe")]


def test_a_column_that_is_needed_and_not_there_is_named_with_near_ones(folder: Folder) -> None:
    problem = folder.refused("größse,region,doors,new\n1,EU,2,yes\n")
    assert (problem.code, problem.where.column, problem.where.row) == ("missing_column", "größe", 1)
    assert 'Did you mean "größse"?' in problem.message


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("", "empty_file"),
        (HEADER, "header_only"),
        (HEADER + "1,EU,2\n", "row_too_short"),
        (HEADER + "1,EU,2,yes,5\n", "row_too_long"),
        (HEADER + '1,"EU,2,yes\n', "unclosed_quote"),
        (HEADER + "1,E\0U,2,yes\n", "zero_byte"),
        ("größe,größe,doors,new\n1,1,2,yes\n", "duplicate_header"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "unsupported_type"),
        (b"PK\x03\x04" + b"\0" * 50, "unsupported_type"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "unsupported_type"),
    ],
)
def test_what_is_no_table_is_refused_as_it_is_for_a_dataset(
    folder: Folder, data: str | bytes, code: str
) -> None:
    assert folder.refused(data).code == code


def test_a_row_without_a_finite_answer_is_named(folder: Folder) -> None:
    with torch.no_grad():
        grown = model_of(REGRESSOR.preparation.outputs[0], 1, "linear")
        for weight in grown.network.parameters():
            weight.mul_(1e30)
    problem = folder.refused(f"{TABLE}3e38,EU,2,yes\n", grown)
    assert (problem.code, problem.where.row) == ("no_finite_answer", 6)


def test_what_was_given_is_handed_back_cell_by_cell(folder: Folder) -> None:
    given = {"größe": ["1.50", "007"], "region": ["EU", "a,b"], "doors": ["2", "4"]}
    frame = pl.DataFrame({**given, "new": ["yes", "no"], "note": ['say "x"', "two\nlines"]})
    rows = folder.written(frame.write_csv())
    for name in frame.columns:
        assert [row[name] for row in rows] == frame[name].to_list()


def test_dates_and_columns_that_must_have_a_value_are_read_as_from_json() -> None:
    day = InputColumn(
        name="day", kind="date", fill=0.0, format="%d.%m.%Y", parts=[PreparedPart(part="year")]
    )
    size = InputColumn(name="size", kind="number", fill=0.0, required=True)
    preparation = CLASSIFIER.preparation.model_copy(update={"columns": [day, size]})
    cells = pl.DataFrame({"day": ["24.12.2025", None, "2025-12-24"], "size": ["1", "2", "NA"]})
    raw, misfits = encode_cells(cells, preparation, decimal_comma=False)
    rows = [{"day": "24.12.2025", "size": 1}, {"day": None, "size": 2}]
    torch.testing.assert_close(raw[:2], preparation.encode(rows), equal_nan=True)
    assert [(misfit.row, misfit.column) for misfit in misfits] == [(2, "day"), (2, "size")]
    assert "Expected a date such as" in misfits[0].message
