"""Prepared tensors: right by scikit-learn, and fitted on nothing but the training part."""

from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from models.data.prepare import prepare
from models.data.prepared_interface import interface_of
from models.data.preprocess import Preprocess
from models.data.view import read_rows
from models.errors import DocumentError
from models.proposal import propose
from models.recipe import Recipe, Split
from tests.models.data.uploads import archive, pixels, two_classes

ROWS = 80


def table(seed: int = 0, **columns: Any) -> str:
    random = np.random.default_rng(seed)
    data: dict[str, Any] = {
        "size": random.normal(50, 10, ROWS).round(3).tolist(),
        "age": random.integers(1, 90, ROWS).tolist(),
        "color": random.choice(["red", "green", "blue"], ROWS).tolist(),
        "smoker": random.choice(["yes", "no"], ROWS).tolist(),
        "label": random.choice(["a", "b", "c"], ROWS).tolist(),
    }
    for index in range(0, ROWS, 7):
        data["size"][index] = None
        data["color"][index + 2] = None
    data |= columns
    return pl.DataFrame(data, strict=False).write_csv()


def prepared(upload, text: str, **recipe: Any) -> Any:
    description = upload(text)
    full = propose(description, None, Recipe(**recipe)).recipe
    return prepare(upload.folder, description, full)


def refusal(call, *args, **kwargs):
    with pytest.raises(DocumentError) as caught:
        call(*args, **kwargs)
    return caught.value.problems[0]


def test_numbers_equal_scikit_learns_imputer_and_scaler(upload):
    found = prepared(upload, table(), inputs=["size", "age"])
    frame = pl.read_csv(table().encode()).select("size", "age").to_numpy()
    reference = make_pipeline(SimpleImputer(strategy="mean"), StandardScaler())
    reference.fit(frame[found.train.rows])
    for part in (found.train, found.validation, found.test):
        np.testing.assert_allclose(part.x, reference.transform(frame[part.rows]), atol=1e-5)


def test_categories_equal_scikit_learns_imputer_and_encoder(upload):
    found = prepared(upload, table(), inputs=["color"])
    frame = pl.read_csv(table().encode()).select("color").to_numpy()
    # scikit-learn's own hint leaves None out, which its documentation allows.
    absent: Any = None
    reference = make_pipeline(
        SimpleImputer(strategy="most_frequent", missing_values=absent),
        OneHotEncoder(handle_unknown="ignore", sparse_output=False),
    )
    reference.fit(frame[found.train.rows])
    for part in (found.train, found.test):
        np.testing.assert_array_equal(part.x, reference.transform(frame[part.rows]))


def test_a_boolean_is_one_feature_of_zero_and_one(upload):
    found = prepared(upload, table(), inputs=["smoker"])
    column = pl.read_csv(table().encode())["smoker"]
    expected = [[1.0] if column[int(row)] == "yes" else [0.0] for row in found.train.rows]
    assert found.train.x.tolist() == expected


def test_shapes_agree_with_the_interface(upload):
    found = prepared(upload, table())
    assert found.interface.input_shape == (6,)
    assert found.interface.columns == ("size", "age", "color", "smoker")
    for part in (found.train, found.validation, found.test):
        assert part.x.shape == (len(part.rows), 6)
        assert part.x.dtype == torch.float32
    assert interface_of(found.preparation).input_shape == found.interface.input_shape
    assert interface_of(found.preparation).columns == found.interface.columns


def test_fitting_sees_no_row_outside_the_training_part(upload):
    split = Split(validation=0.2, test=0.2, seed=3)
    before = prepared(upload, table(), split=split)
    held_out = np.concatenate([before.validation.rows, before.test.rows])
    frame = pl.read_csv(table().encode())
    sizes, colors = frame["size"].to_list(), frame["color"].to_list()
    for row in held_out:
        sizes[row] = 1e6
        colors[row] = "red"
    after = prepared(upload, table(size=sizes, color=colors), split=split)
    assert (after.train.rows == before.train.rows).all()
    assert after.preparation == before.preparation
    assert torch.equal(after.train.x, before.train.x)


def test_the_scale_of_the_target_sees_no_row_outside_the_training_part(upload):
    split = Split(validation=0.2, test=0.2, seed=3)
    frame = pl.read_csv(table().encode())
    before = prepared(upload, table(), target="age", split=split)
    ages = frame["age"].to_list()
    train = np.array(ages)[before.train.rows]
    assert before.preparation.outputs[0].mean == pytest.approx(train.mean())
    assert before.preparation.outputs[0].std == pytest.approx(train.std())
    for row in np.concatenate([before.validation.rows, before.test.rows]):
        ages[row] += 1_000
    after = prepared(upload, table(age=ages), target="age", split=split)
    assert after.preparation.outputs[0].mean == before.preparation.outputs[0].mean
    assert after.preparation.outputs[0].std == before.preparation.outputs[0].std


def test_a_category_that_training_has_not_seen_becomes_zeros(upload):
    found = prepared(upload, table(), inputs=["color"], split=Split(shuffle=False, test=0.1))
    colors = pl.read_csv(table().encode())["color"].to_list()
    last = int(found.test.rows[-1])
    colors[last] = "violet"
    again = prepared(
        upload, table(color=colors), inputs=["color"], split=Split(shuffle=False, test=0.1)
    )
    assert again.test.x[-1].tolist() == [0.0] * 4
    assert again.train.x.sum(dim=1).tolist() == [1.0] * len(again.train.rows)


def test_classes_are_coded_in_their_order(upload):
    found = prepared(upload, table())
    labels = pl.read_csv(table().encode())["label"].to_list()
    assert found.train.y.dtype == torch.int64
    assert found.train.y.tolist() == ["abc".index(labels[row]) for row in found.train.rows]


def test_two_classes_are_one_column_of_zeros_and_ones(upload):
    found = prepared(upload, table(), target="smoker")
    smokers = pl.read_csv(table().encode())["smoker"].to_list()
    assert found.train.y.tolist() == [[float(smokers[r] == "yes")] for r in found.train.rows]
    assert found.interface.classes == ("no", "yes")
    assert found.interface.output_units == {1, 2}


def test_a_regression_target_is_standardised_unless_the_recipe_says_no(upload):
    scaled = prepared(upload, table(), target="age")
    assert scaled.train.y.mean().item() == pytest.approx(0, abs=1e-6)
    assert scaled.train.y.std(correction=0).item() == pytest.approx(1, abs=1e-5)
    plain = prepared(upload, table(), target="age", target_scaling="none")
    ages = pl.read_csv(table().encode())["age"].to_list()
    assert plain.train.y[:, 0].tolist() == [float(ages[row]) for row in plain.train.rows]
    assert (plain.preparation.outputs[0].mean, plain.preparation.outputs[0].std) == (0.0, 1.0)


def test_rows_without_a_target_are_left_out_and_counted(upload):
    labels = pl.read_csv(table().encode())["label"].to_list()
    labels[5] = labels[6] = None
    found = prepared(upload, table(label=labels))
    rows = np.concatenate([found.train.rows, found.validation.rows, found.test.rows])
    assert len(rows) == ROWS - 2
    assert not {5, 6} & set(rows.tolist())
    assert found.notes[0].count == 2


def test_large_numbers_that_differ_little_keep_their_differences(upload):
    times = [1_700_000_000 + index * 3 for index in np.random.default_rng(1).permutation(ROWS)]
    found = prepared(upload, table(age=times), inputs=["age"])
    raw = np.array(times, dtype=np.float64)[found.train.rows]
    expected = (raw - raw.mean()) / raw.std()
    np.testing.assert_allclose(found.train.x[:, 0], expected, atol=1e-6)


def test_a_column_without_values_in_training_does_no_harm(upload):
    sizes = [None] * (ROWS - 10) + [5.5, 6.5] * 5
    found = prepared(upload, table(size=sizes), split=Split(shuffle=False, test=0.1))
    assert torch.isfinite(found.train.x).all()
    assert torch.isfinite(found.test.x).all()


def test_what_encode_gives_is_prepared_as_the_training_data_was(upload):
    description = upload(table())
    found: Any = prepare(upload.folder, description, propose(description).recipe)
    columns, rows = read_rows(upload.folder, description, 0, 1_000)
    sent = [dict(zip(columns, rows[row], strict=True)) for row in found.test.rows]
    (again,) = Preprocess(found.preparation)(found.preparation.encode(sent))
    assert torch.equal(again, found.test.x)


def test_images_become_floats_from_zero_to_one(upload):
    description = upload(archive(two_classes(10)))
    found: Any = prepare(upload.folder, description, propose(description).recipe)
    assert found.interface.input_shape == (1, 4, 4)
    expected = torch.from_numpy(pixels(upload)[found.train.rows]).float() / 255
    assert torch.equal(found.train.x, expected)
    assert found.train.y.tolist() == [[float(row >= 10)] for row in found.train.rows]


def test_encoded_images_equal_stored_ones(upload):
    description = upload(archive(two_classes(10)))
    found: Any = prepare(upload.folder, description, propose(description).recipe)
    row = int(found.test.rows[0])
    raw = found.preparation.encode([{"image": pixels(upload)[row].tolist()}])
    assert raw.dtype == torch.uint8
    assert torch.equal(Preprocess(found.preparation)(raw)[0][0], found.test.x[0])


def test_a_class_with_one_member_is_refused_when_the_split_is_stratified(upload):
    labels = ["a", "b"] * (ROWS // 2)
    labels[0] = "lonely"
    problem = refusal(prepared, upload, table(label=labels), split=Split())
    assert problem.code == "class_too_small"
    assert '"lonely"' in problem.message
    assert problem.where.path == ["split", "stratify"]


def test_a_training_part_of_one_class_is_refused(upload):
    labels = ["a"] * (ROWS - 4) + ["b"] * 4
    problem = refusal(
        prepared, upload, table(label=labels), split=Split(shuffle=False, validation=0.1)
    )
    assert problem.code == "single_class"


def test_preprocessing_lives_in_the_state_dict(upload):
    found = prepared(upload, table())
    module = Preprocess(found.preparation)
    assert set(module.state_dict()) == {"fill", "source", "code", "mean", "scale"}
    blank = Preprocess(
        found.preparation.model_copy(
            update={
                "columns": [
                    column.model_copy(update={"fill": 0.0, "mean": 0.0, "scale": 1.0})
                    for column in found.preparation.columns
                ]
            }
        )
    )
    blank.load_state_dict(module.state_dict())
    raw = found.preparation.encode([{"size": 50.5, "age": None, "color": "red", "smoker": "no"}])
    assert torch.equal(blank(raw)[0], module(raw)[0])


def test_a_preparation_is_the_same_after_json(upload):
    found = prepared(upload, table())
    text = found.preparation.model_dump_json()
    assert type(found.preparation).model_validate_json(text) == found.preparation
