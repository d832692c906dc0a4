"""Rows that are sent for a prediction: taken strictly, refused with row and column."""

import math

import pytest
import torch

from models.data.preparation import InputColumn, Preparation
from models.data.preprocess import Preprocess
from models.errors import DocumentError

TABLE = Preparation(
    kind="table",
    columns=[
        InputColumn(name="size", kind="number", fill=5.0, mean=5.0, scale=2.0),
        InputColumn(
            name="color", kind="category", fill=1.0, categories=["1", "red"], seen=[True] * 2
        ),
        InputColumn(name="ok", kind="boolean", fill=0.0, categories=["False", "True"]),
    ],
    others=["id"],
    task="classification",
    target="label",
    classes=["a", "b"],
)
IMAGES = Preparation(
    kind="images",
    image_shape=(1, 2, 2),
    task="classification",
    target="label",
    classes=["a", "b"],
)
ROW = {"size": 7, "color": "red", "ok": True}


def refusal(preparation, rows):
    with pytest.raises(DocumentError) as caught:
        preparation.encode(rows)
    return caught.value.problems[0]


def test_values_become_numbers_and_codes():
    raw = TABLE.encode([ROW, {"size": 2.5, "color": 1, "ok": "False"}])
    assert raw.dtype == torch.float64
    assert raw.tolist() == [[7.0, 1.0, 1.0], [2.5, 0.0, 0.0]]


def test_missing_values_are_filled():
    raw = TABLE.encode([{"size": None, "color": None, "ok": None}])
    assert all(math.isnan(value) for value in raw[0])
    assert Preprocess(TABLE)(raw)[0].tolist() == [[0.0, 0.0, 1.0, 0.0]]


def test_an_unknown_category_becomes_zeros():
    raw = TABLE.encode([{**ROW, "color": "violet"}])
    assert raw[0, 1] == -1
    assert Preprocess(TABLE)(raw)[0].tolist() == [[1.0, 0.0, 0.0, 1.0]]


def test_the_target_and_other_columns_of_the_dataset_may_be_sent_along():
    assert TABLE.encode([{**ROW, "label": "a", "id": 17}]).shape == (1, 3)


@pytest.mark.parametrize(
    ("change", "column", "found"),
    [
        ({"size": "7"}, "size", "'7'"),
        ({"size": True}, "size", "True"),
        ({"size": math.inf}, "size", "finite"),
        ({"size": [1]}, "size", "[1]"),
        ({"color": ["red"]}, "color", "['red']"),
        ({"ok": "perhaps"}, "ok", '"False" or "True"'),
        ({"sise": 3}, "sise", '"size"'),
    ],
)
def test_a_wrong_value_is_refused_with_row_and_column(change, column, found):
    problem = refusal(TABLE, [ROW, {**ROW, **change}])
    assert (problem.where.row, problem.where.column) == (2, column)
    assert problem.where.path == ["rows", 1, column]
    assert found in problem.message
    assert problem.message.startswith("Row 2")


def test_a_column_left_out_is_refused():
    problem = refusal(TABLE, [{"size": 1, "ok": None}])
    assert problem.where.column == "color"
    assert "null" in problem.message


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(DocumentError) as caught:
        TABLE.encode([{**ROW, "size": "x"}, {**ROW, "ok": 3}])
    assert [problem.where.row for problem in caught.value.problems] == [1, 2]


def test_pixels_are_taken_as_they_are():
    raw = IMAGES.encode([{"image": [[[0, 255], [7, 128]]]}])
    assert raw.tolist() == [[[[0, 255], [7, 128]]]]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"image": None},
        {"image": [[0, 1], [2, 3]]},
        {"image": [[[0, 1], [2]]]},
        {"image": [[[0, 1], [2, 256]]]},
        {"image": [[[0, 1], [2, -1]]]},
        {"image": [[[0, 1], [2, 0.5]]]},
        {"image": [[["0", "1"], ["2", "3"]]]},
        {"image": [[[True, False], [True, True]]]},
        {"image": [[[0, 1], [2, 3]]], "picture": 1},
    ],
)
def test_what_is_not_an_image_of_the_right_shape_is_refused(row):
    problem = refusal(IMAGES, [row])
    assert problem.where.column == "image"
    assert "1 × 2 × 2" in problem.message
