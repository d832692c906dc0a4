"""Several Inputs and Outputs: which columns enter where, what is predicted, and contradictions."""

from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from models.data.change import change
from models.data.interface import interface
from models.data.prepare import prepare
from models.ends import ends
from models.errors import DocumentError, Problem
from models.parse import parse
from models.proposal import propose
from models.recipe import Recipe, Split
from tests.models.data.test_interface import IMAGES
from tests.models.documents import Document, document

ROWS = 90


def table(**columns: Any) -> str:
    random = np.random.default_rng(0)
    data: dict[str, Any] = {
        "size": random.normal(50, 10, ROWS).round(3).tolist(),
        "age": random.integers(1, 90, ROWS).tolist(),
        "color": random.choice(["red", "green", "blue"], ROWS).tolist(),
        "trust": random.uniform(0.5, 2, ROWS).round(3).tolist(),
        "price": random.normal(7, 2, ROWS).round(3).tolist(),
        "kind": random.choice(["a", "b", "c"], ROWS).tolist(),
    }
    return pl.DataFrame(data | columns, strict=False).write_csv()


def network(
    left: dict[str, Any] | None = None,
    right: dict[str, Any] | None = None,
    kind: dict[str, Any] | None = None,
    price: dict[str, Any] | None = None,
) -> Document:
    return document(
        ("left", "Input", left or {}),
        ("right", "Input", right or {}),
        ("both", "Concatenate", {}),
        ("shares", "Dense", {"units": 3, "activation": "softmax"}),
        ("amount", "Dense", {"units": 1}),
        ("first", "Output", {"target": "kind"} if kind is None else kind),
        ("second", "Output", {"target": "price"} if price is None else price),
        wires="left>both right>both both>shares both>amount shares>first amount>second",
    )


def asked(description: Any, sent: Document, **recipe: Any) -> Any:
    return interface(description, Recipe(**recipe), ends(parse(sent)))


def refused(description: Any, sent: Document, **recipe: Any) -> Problem:
    with pytest.raises(DocumentError) as caught:
        propose(description, parse(sent), Recipe.model_validate(recipe))
    return caught.value.problems[0]


def test_an_input_without_columns_gets_what_no_other_names(upload):
    found = asked(upload(table()), network(left={"columns": ["color", "size"]}))
    assert [entry.columns for entry in found.entries] == [("color", "size"), ("age", "trust")]
    assert [entry.shape for entry in found.entries] == [(4,), (2,)]
    assert [goal.target for goal in found.goals] == ["kind", "price"]
    assert found.columns == ("color", "size", "age", "trust")


def test_columns_may_enter_at_two_inputs(upload):
    both = {"columns": ["size", "age"]}
    found = asked(upload(table()), network(left=both, right=both))
    assert [entry.columns for entry in found.entries] == [("size", "age")] * 2
    assert found.columns == ("size", "age")


def test_the_one_output_without_a_target_gets_that_of_the_recipe_or_the_dataset(upload):
    description = upload(table())
    assert asked(description, network(price={})).goals[1].target == "price"
    found = asked(description, network(price={}), target="age")
    assert [goal.target for goal in found.goals] == ["kind", "age"]


def test_the_loss_of_an_output_says_whether_whole_numbers_are_classes(upload):
    description = upload(table(age=[row % 3 for row in range(ROWS)]))
    sent = network(price={"target": "age"})
    assert asked(description, sent).goals[1].classes == ("0", "1", "2")
    sent = network(price={"target": "age", "loss": {"type": "MeanAbsoluteError"}})
    assert asked(description, sent).goals[1].task == "regression"


@pytest.mark.parametrize(
    ("ends_of", "recipe", "code", "node", "path"),
    [
        ({"left": {"columns": ["size", "sise"]}}, {}, "unknown_column", "left", "columns"),
        ({"left": {"columns": ["price"]}}, {}, "target_among_inputs", "left", "columns"),
        ({"left": {"columns": ["age", "age"]}}, {}, "duplicate_column", "left", "columns"),
        (
            {"left": {"columns": ["age"]}},
            {"inputs": ["size", "color"]},
            "contradiction",
            "left",
            "columns",
        ),
        (
            {"left": {"columns": ["size", "age", "color", "trust"]}},
            {},
            "no_columns",
            "right",
            "columns",
        ),
        (
            {"left": {"columns": ["trust"]}},
            {"sample_weight": "trust"},
            "weight_among_inputs",
            "left",
            "columns",
        ),
        ({"kind": {}, "price": {}}, {}, "no_target", "first", "target"),
        ({"price": {"target": "cost"}}, {}, "unknown_column", "second", "target"),
        ({}, {"target": "age"}, "contradiction", None, "target"),
        ({}, {"task": "regression"}, "contradiction", None, "task"),
        (
            {"price": {"target": "price", "loss": {"type": "Hinge"}}},
            {},
            "task_mismatch",
            "second",
            "loss",
        ),
        ({}, {"loss": {"type": "MeanSquaredError"}}, "task_mismatch", None, "loss"),
        ({}, {"metrics": ["auc", "nope"]}, "unknown_metric", None, "metrics"),
        ({}, {"class_weight": {"a": 2.0}}, "contradiction", None, "class_weight"),
        (
            {"kind": {"target": "kind", "class_weight": {"d": 2.0}}},
            {},
            "unknown_class",
            "first",
            "class_weight",
        ),
        (
            {"price": {"target": "price", "class_weight": "balanced"}},
            {},
            "task_mismatch",
            "second",
            "class_weight",
        ),
        ({}, {"sample_weight": "kind"}, "weight_is_target", None, "sample_weight"),
        ({}, {"sample_weight": "color"}, "unusable_weight", None, "sample_weight"),
        (
            {},
            {"early_stopping": {"monitor": "val_third_loss"}},
            "unknown_metric",
            None,
            "early_stopping",
        ),
    ],
)
def test_what_contradicts_is_told_where_it_stands(upload, ends_of, recipe, code, node, path):
    problem = refused(upload(table()), network(**ends_of), **recipe)
    assert (problem.code, problem.where.node) == (code, node)
    assert path in problem.where.path


def test_a_fix_takes_the_target_out_of_the_input(upload):
    problem = refused(upload(table()), network(left={"columns": ["size", "price"]}))
    assert problem.fix is not None
    [step] = problem.fix.changes
    assert (step.op, step.node, step.params) == ("set_params", "left", {"columns": ["size"]})


def test_images_enter_at_one_input_and_every_output_predicts_their_folder():
    sent = network(kind={}, price={})
    with pytest.raises(DocumentError) as caught:
        interface(IMAGES, Recipe(), ends(parse(sent)))
    assert [problem.where.node for problem in caught.value.problems] == ["right"]
    one = document(("input", "Input", {}), ("a", "Output", {}), ("b", "Output", {}), wires="")
    found = interface(IMAGES, Recipe(), ends(parse(one)))
    assert [goal.target for goal in found.goals] == ["label", "label"]


def proposed(description: Any, sent: Document, **recipe: Any) -> Recipe:
    full = propose(description, parse(sent), Recipe.model_validate(recipe)).recipe
    assert propose(description, parse(sent), full).recipe == full
    return full


def test_a_recipe_leaves_to_the_outputs_what_differs_between_them(upload):
    full = proposed(upload(table()), network(left={"columns": ["size"]}))
    assert (full.task, full.target, full.loss) == (None, None, None)
    assert full.metrics == ["accuracy", "mae", "r2"]
    assert (full.target_scaling, full.inputs) == ("standard", ["size", "age", "color", "trust"])


def test_each_input_gets_its_columns_prepared_and_each_output_its_target(upload):
    sent = network(left={"columns": ["color", "size"]})
    description = upload(table(price=[None, *([5.25, 9.5, 8.75] * 40)[: ROWS - 1]]))
    full = proposed(description, sent, sample_weight="trust", split=Split(test=0.2).model_dump())
    found = prepare(upload.folder, description, full, ends(parse(sent)))
    assert 0 not in np.concatenate([found.train.rows, found.test.rows, found.validation.rows])
    frame = pl.read_csv(upload_text(upload).encode())
    for part in (found.train, found.validation, found.test):
        left, right = part.inputs
        assert (left.shape, right.shape) == ((len(part.rows), 4), (len(part.rows), 1))
        colors = frame["color"].to_numpy()[part.rows]
        assert left[:, :3].argmax(1).tolist() == [["blue", "green", "red"].index(c) for c in colors]
        kinds, prices = part.targets
        assert kinds.tolist() == ["abc".index(k) for k in frame["kind"].to_numpy()[part.rows]]
        output = found.preparation.outputs[1]
        own = prices[:, 0].double() * output.std + output.mean
        assert own.tolist() == pytest.approx(frame["price"].to_numpy()[part.rows].tolist())
        assert part.weights.tolist() == pytest.approx(frame["trust"].to_numpy()[part.rows].tolist())
    train = found.train.inputs[0][:, 3]
    assert (train.mean().item(), train.std(correction=0).item()) == pytest.approx((0, 1), abs=1e-5)
    [note] = found.notes
    assert note.count == 1
    assert '"price"' in note.message


def upload_text(upload: Any) -> str:
    return pl.read_parquet(upload.folder / "table.parquet").write_csv()


def test_a_column_of_weights_is_no_input_and_weighs_the_rows(upload):
    description = upload(table())
    changed = change(upload.folder, description, [{"name": "trust", "role": "weight"}])
    full = propose(changed).recipe
    assert full.sample_weight == "trust"
    assert "trust" not in (full.inputs or [])
    found = prepare(upload.folder, changed, full)
    assert found.train.weights is not None
    assert found.train.weights.dtype == torch.float32
    again = change(upload.folder, changed, [{"name": "size", "role": "weight"}])
    assert {c.name: c.role for c in again.columns if c.name in ("trust", "size")} == {
        "trust": "input",
        "size": "weight",
    }


@pytest.mark.parametrize(
    ("values", "told"), [([-1.0, 2.5], "down to -1"), (["x", "y"], "of kind category")]
)
def test_only_numbers_of_0_or_more_can_weigh_rows(upload, values, told):
    description = upload(table(trust=values * (ROWS // 2)))
    with pytest.raises(DocumentError, match=told):
        change(upload.folder, description, [{"name": "trust", "role": "weight"}])
