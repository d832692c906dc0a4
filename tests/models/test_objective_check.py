"""A recipe whose parts contradict each other is refused with a fix that, applied, mends it."""

from typing import Any

import pytest

from models.check import check
from models.data.description import Bin, Column, Description, Problem
from models.data.interface import interface
from models.errors import DocumentError
from models.parse import parse
from models.proposal import propose
from models.recipe import Recipe
from tests.models.documents import chain
from tests.models.fixes import apply, apply_to_recipe


def table(target: Column) -> Description:
    task = "regression" if target.kind == "number" else "classification"
    inputs = [
        Column(name=name, kind="number", kind_reason="", role="input", missing=0, unique=50)
        for name in "xz"
    ]
    return Description(
        kind="table",
        rows=300,
        bytes=1,
        columns=[*inputs, target],
        problem=Problem(task=task, target=target.name, reason="the last column"),
    )


def classes(*names: str) -> Description:
    return table(
        Column(
            name="label",
            kind="category",
            kind_reason="",
            role="target",
            missing=0,
            unique=len(names),
            categories=list(names),
            distribution=[Bin(label=name, count=300 // len(names)) for name in names],
        )
    )


def numbers(lowest: float) -> Description:
    return table(
        Column(
            name="price",
            kind="number",
            kind_reason="",
            role="target",
            missing=0,
            unique=200,
            minimum=lowest,
            maximum=9.0,
        )
    )


TWO, THREE, COUNTS, SIGNED = classes("no", "yes"), classes("a", "b", "c"), numbers(0), numbers(-3)
PLATEAU = {"type": "ReduceLROnPlateau"}
STEPS = {"type": "PiecewiseConstantDecay", "boundaries": [10]}

REFUSED: list[tuple[Description, dict[str, Any], str, list[str | int], list[str]]] = [
    (THREE, {"loss": {"type": "BinaryCrossentropy"}}, "loss_mismatch", ["loss", "type"], ["3"]),
    (THREE, {"loss": {"type": "BinaryFocalCrossentropy"}}, "loss_mismatch", ["loss", "type"], []),
    (THREE, {"loss": {"type": "Huber"}}, "task_mismatch", ["loss", "type"], ["classification"]),
    (TWO, {"loss": {"type": "Poisson"}}, "task_mismatch", ["loss", "type"], ["regression"]),
    (COUNTS, {"loss": {"type": "Dice"}}, "task_mismatch", ["loss", "type"], ["regression"]),
    (SIGNED, {"loss": {"type": "Poisson"}}, "loss_mismatch", ["loss", "type"], ["-3", "0 or more"]),
    (
        SIGNED,
        {"loss": {"type": "MeanSquaredLogarithmicError"}},
        "loss_mismatch",
        ["loss", "type"],
        ["-3"],
    ),
    (
        COUNTS,
        {"loss": {"type": "MeanAbsolutePercentageError"}, "target_scaling": "standard"},
        "contradiction",
        ["target_scaling"],
        ["standard", "MeanAbsolutePercentageError"],
    ),
    (
        COUNTS,
        {"loss": {"type": "Poisson"}, "target_scaling": "standard"},
        "contradiction",
        ["target_scaling"],
        ["standard"],
    ),
    (TWO, {"metrics": ["accuracy", "mae"]}, "task_mismatch", ["metrics", 1], ["classification"]),
    (COUNTS, {"metrics": ["auc", "mae"]}, "task_mismatch", ["metrics", 0], ["regression"]),
    (
        THREE,
        {"metrics": ["accuracy", "specificity"]},
        "metric_mismatch",
        ["metrics", 1],
        ["for two"],
    ),
    (
        THREE,
        {"metrics": [{"type": "Precision", "threshold": 0.9, "average": "micro"}, "accuracy"]},
        "metric_mismatch",
        ["metrics", 0],
        ["threshold=0.9", "3 classes"],
    ),
    (
        THREE,
        {"metrics": ["top_k_categorical_accuracy"]},
        "metric_mismatch",
        ["metrics", 0],
        ["k=5", "3 classes"],
    ),
    (TWO, {"metrics": ["auc", "accuracy", "AUC"]}, "metric_twice", ["metrics", 2], ["auc again"]),
    (
        TWO,
        {"optimizer": {"type": "Adam", "clipnorm": 1.0, "global_clipnorm": 2.0}},
        "contradiction",
        ["optimizer", "global_clipnorm"],
        ["clipnorm is set", "global_clipnorm=2.0"],
    ),
    (
        TWO,
        {"optimizer": {"type": "SGD", "clipvalue": 1.0}, "clip_norm": 3.0},
        "contradiction",
        ["clip_norm"],
        ["clip_norm=3", "clipvalue=1.0"],
    ),
    (TWO, {"schedule": STEPS}, "contradiction", ["schedule", "values"], ["2 values", "3"]),
    (
        TWO,
        {"schedule": {"type": "PiecewiseConstantDecay", "boundaries": [20, 10]}},
        "contradiction",
        ["schedule", "boundaries"],
        ["rise", "[20, 10]"],
    ),
    (
        TWO,
        {"schedule": {"type": "CosineDecay", "warmup_steps": 10}},
        "contradiction",
        ["schedule", "warmup_steps"],
        ["warmup_target", "10"],
    ),
    (
        TWO,
        {"schedule": {**PLATEAU, "monitor": "val_auc"}, "metrics": ["accuracy"]},
        "unknown_metric",
        ["schedule", "monitor"],
        ["val_auc"],
    ),
    (
        TWO,
        {"schedule": PLATEAU, "split": {"validation": 0.0}},
        "nothing_to_monitor",
        ["schedule", "monitor"],
        ["val_loss", "validation part"],
    ),
    (
        TWO,
        {"early_stopping": {"monitor": "val_precision(threshold=0.9)"}, "metrics": ["precision"]},
        "unknown_metric",
        ["early_stopping", "monitor"],
        ["val_precision(threshold=0.9)", "val_precision"],
    ),
]


@pytest.mark.parametrize(("description", "recipe", "code", "path", "says"), REFUSED)
def test_what_contradicts_is_refused_with_a_fix_that_mends_it(
    description: Description,
    recipe: dict[str, Any],
    code: str,
    path: list[str | int],
    says: list[str],
) -> None:
    with pytest.raises(DocumentError) as caught:
        propose(description, recipe=Recipe.model_validate(recipe))
    problem = caught.value.problems[0]

    assert (problem.code, problem.where.path) == (code, path)
    assert "xpected" in problem.message
    assert " got " in problem.message
    for part in says:
        assert part in problem.message
    propose(description, recipe=apply_to_recipe(problem.fix, Recipe.model_validate(recipe)))


def test_a_metric_that_does_not_suit_is_mended_without_touching_the_others() -> None:
    metrics = ["accuracy", {"type": "top_k_categorical_accuracy", "k": 7}, "auc"]
    with pytest.raises(DocumentError) as caught:
        propose(THREE, recipe=Recipe.model_validate({"metrics": metrics}))
    [problem] = caught.value.problems

    asked = ["accuracy", {"type": "top_k_categorical_accuracy", "k": 2}, "auc"]
    assert apply_to_recipe(problem.fix, Recipe()) == Recipe.model_validate({"metrics": asked})


def test_metrics_are_told_in_full_by_one_name_each() -> None:
    metrics = ["AUC", {"type": "F1Score"}, {"type": "Precision", "threshold": 0.8}]
    found = propose(TWO, recipe=Recipe.model_validate({"metrics": metrics})).recipe

    assert found.metrics is not None
    told = [entry if isinstance(entry, str) else entry.model_dump() for entry in found.metrics]
    precision = {"type": "precision", "threshold": 0.8, "average": "auto"}
    assert told == ["auc", "f1_score", precision]


def test_early_stopping_may_watch_a_metric_with_parameters() -> None:
    recipe = {
        "metrics": [{"type": "Precision", "threshold": 0.9}],
        "early_stopping": {"monitor": "val_precision(threshold=0.9)"},
    }

    assert propose(TWO, recipe=Recipe.model_validate(recipe)).recipe.stopping_rule is not None


@pytest.mark.parametrize("loss", ["Poisson", "MeanAbsolutePercentageError"])
def test_a_loss_of_the_target_as_it_is_leaves_the_target_as_it_is(loss: str) -> None:
    found = propose(COUNTS, recipe=Recipe.model_validate({"loss": {"type": loss}}))

    assert found.recipe.target_scaling == "none"
    [reason] = [r.reason for r in found.reasons if r.path == ["recipe", "target_scaling"]]
    assert loss in reason


def test_a_first_network_for_poisson_ends_above_zero() -> None:
    found = propose(COUNTS, recipe=Recipe.model_validate({"loss": {"type": "Poisson"}}))

    assert found.architecture.nodes[-2].params["activation"] == "softplus"


def test_poisson_after_a_linear_output_is_an_error_with_a_fix() -> None:
    architecture = parse(chain(("Dense", {"units": 1})))
    asked = interface(COUNTS, Recipe())
    [problem] = check(architecture, asked, "Poisson").problems

    assert (problem.severity, problem.code) == ("error", "output_activation")
    assert "Poisson" in problem.message
    assert not check(apply(problem.fix, architecture), asked, "Poisson").problems


@pytest.mark.parametrize("activation", ["tanh", "linear", "sigmoid"])
def test_hinge_takes_outputs_around_zero_and_probabilities(activation: str) -> None:
    architecture = parse(chain(("Dense", {"units": 1, "activation": activation})))
    asked = interface(TWO, Recipe())

    assert not check(architecture, asked, "Hinge").problems
    assert bool(check(architecture, asked, "BinaryCrossentropy").problems) == (
        activation != "sigmoid"
    )
