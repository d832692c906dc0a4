"""What is proposed for a dataset, what is respected of what is decided, and what is refused."""

from itertools import pairwise
from typing import Any

import pytest

from models import proposal
from models.architecture import Architecture
from models.data.description import (
    Bin,
    Column,
    Description,
    ImageClass,
    ImageShape,
    Problem,
)
from models.ending import Ending, ending
from models.errors import DocumentError, SetRecipe
from models.recipe import EarlyStopping, Recipe, Split


def propose(description: Description, architecture: Any = None, recipe: Any = None) -> Any:
    """Propose, typed loosely: every field of a full recipe is set."""
    return proposal.propose(description, architecture, recipe)


def column(name: str, kind: Any, **options: Any) -> Column:
    defaults = {"kind_reason": "", "role": "input", "missing": 0, "unique": 50}
    return Column(name=name, kind=kind, **(defaults | options))


def classes(**members: int) -> Column:
    return column(
        "label",
        "category",
        role="target",
        unique=len(members),
        categories=list(members),
        distribution=[Bin(label=name, count=count) for name, count in members.items()],
    )


def table(
    *columns: Column, rows: int = 300, target: str = "label", task: Any = "classification"
) -> Description:
    return Description(
        kind="table",
        rows=rows,
        bytes=1,
        columns=[column("width", "number"), column("height", "number"), *columns],
        problem=Problem(task=task, target=target, reason="the last column"),
    )


TWO = table(classes(no=180, yes=120))
THREE = table(classes(a=100, b=100, c=100))
NUMBER = table(column("price", "number", role="target"), target="price", task="regression")
IMAGES = Description(
    kind="images",
    rows=400,
    bytes=1,
    classes=[ImageClass(name=name, count=200) for name in ("cat", "dog")],
    image=ImageShape(channels=3, height=32, width=32),
    problem=Problem(task="classification", target="label", classes=["cat", "dog"], reason=""),
)


def network(**params) -> Architecture:
    """Return Input → Dense → Output."""
    return Architecture.model_validate(
        {
            "format": "neuroloom/1",
            "nodes": [
                {"id": "in1", "type": "Input"},
                {"id": "last", "type": "Dense", "params": params},
                {"id": "out", "type": "Output"},
            ],
            "edges": [{"source": "in1", "target": "last"}, {"source": "last", "target": "out"}],
        }
    )


def problems(description, architecture=None, **recipe):
    with pytest.raises(DocumentError) as caught:
        propose(description, architecture, Recipe.model_validate(recipe))
    return caught.value.problems


def last(proposal):
    return proposal.architecture.nodes[-2].params


@pytest.mark.parametrize(
    ("description", "units", "activation", "loss", "metrics"),
    [
        (TWO, 1, "sigmoid", "BinaryCrossentropy", ["accuracy"]),
        (THREE, 3, "softmax", "CategoricalCrossentropy", ["accuracy"]),
        (NUMBER, 1, "linear", "MeanSquaredError", ["mae", "r2"]),
        (IMAGES, 1, "sigmoid", "BinaryCrossentropy", ["accuracy"]),
    ],
)
def test_output_layer_and_loss_follow_the_problem(description, units, activation, loss, metrics):
    found = propose(description)
    assert last(found) == {"units": units, "activation": activation}
    assert found.recipe.loss.type == loss
    assert found.recipe.metrics == metrics
    assert found.task == found.recipe.task


@pytest.mark.parametrize("description", [TWO, THREE, NUMBER, IMAGES])
def test_the_recipe_is_full_and_every_value_has_a_reason(description):
    found = propose(description)
    unused = {
        "schedule",
        "max_steps",
        "max_seconds",
        "validate_every",
        "max_memory",
        "tolerance",
        "clip_norm",
        "class_weight",
        "sample_weight",
        "sequence",
    }
    unused |= {"inputs"} if description.kind == "images" else set()
    told = {reason.path[1] for reason in found.reasons if reason.path[0] == "recipe"}
    for name, value in found.recipe:
        if name in unused:
            assert value is None
        elif name not in ("augmentation", "deterministic"):
            assert value is not None, name
            assert name in told
    assert all(reason.reason for reason in found.reasons)


@pytest.mark.parametrize("description", [TWO, THREE, NUMBER, IMAGES])
def test_a_full_recipe_proposed_again_stays_as_it_is(description):
    first = propose(description)
    again = propose(description, first.architecture, first.recipe)
    assert again.recipe == first.recipe
    assert again.architecture == first.architecture
    assert {reason.path[1] for reason in again.reasons} <= {"inputs"}


def test_what_nothing_is_proposed_for_stays_as_it_is_given():
    given = {
        "max_steps": 7,
        "max_seconds": None,
        "validate_every": 3,
        "tolerance": 1e-9,
        "clip_norm": 0.5,
        "class_weight": "balanced",
        "deterministic": True,
        "max_memory": 900,
    }
    assert given.keys() == set(proposal.AS_GIVEN)
    found = propose(THREE, recipe=Recipe.model_validate(given)).recipe
    assert {name: getattr(found, name) for name in given} == given


def test_as_many_epochs_are_proposed_as_the_steps_asked_for_take():
    asked = {"max_steps": 30, "batch_size": 10}
    plain = propose(THREE, recipe=Recipe.model_validate(asked)).recipe
    optimizer = {"type": "Adam", "gradient_accumulation_steps": 5}
    gathered = propose(THREE, recipe=Recipe.model_validate({**asked, "optimizer": optimizer}))
    # 180 rows are learnt, in 18 batches: as many steps, or four.
    assert (plain.epochs, gathered.recipe.epochs) == (2, 8)


def test_patience_is_proposed_in_validations_where_there_are_several_an_epoch():
    asked = {"batch_size": 10, "epochs": 60}
    plain = propose(THREE, recipe=Recipe.model_validate(asked))
    # 18 steps an epoch: after 5, 10 and 15 of them, and at its end.
    often = propose(THREE, recipe=Recipe.model_validate({**asked, "validate_every": 5}))
    assert plain.recipe.early_stopping.patience == 15
    assert often.recipe.early_stopping.patience == 60
    (why,) = [r.reason for r in often.reasons if r.path[-1] == "early_stopping"]
    assert "15 epochs, or 60 validations, and keeps" in why


def test_small_data_are_given_the_steps_that_a_plateau_lasts():
    """Counted in epochs alone, the spiral's first plateau ended its training after 330 steps."""
    plain = propose(THREE)
    # 180 rows are learnt, in 6 batches of 32: 1,000 steps are 167 epochs, more than a quarter.
    assert (plain.recipe.batch_size, plain.recipe.epochs) == (32, 600)
    assert plain.recipe.early_stopping.patience == 150
    whole = propose(THREE, recipe=Recipe.model_validate({"batch_size": 2, "epochs": 200}))
    # 90 steps an epoch: 12 epochs of them are fewer than a tenth of all.
    assert whole.recipe.early_stopping.patience == 20


def test_objectives_are_given_with_every_parameter():
    optimizer = propose(TWO, None, Recipe.model_validate({"optimizer": {"type": "SGD"}})).recipe
    assert optimizer.optimizer.params["learning_rate"] == 0.01
    assert optimizer.optimizer.params["momentum"] == 0.0


def test_what_is_decided_is_respected():
    given = {
        "epochs": 3,
        "batch_size": "all",
        "seed": 9,
        "split": {"test": 0.5},
        "inputs": ["width"],
    }
    found = propose(TWO, None, Recipe.model_validate(given))
    assert found.recipe.epochs == 3
    assert found.recipe.batch_size == "all"
    assert found.recipe.seed == 9
    assert found.recipe.split == Split(test=0.5)
    assert found.recipe.inputs == ["width"]
    assert "epochs" not in {reason.path[1] for reason in found.reasons}


def test_a_network_of_ones_own_is_kept_and_its_output_layer_decides_the_loss():
    own = network(units=2, activation="softmax")
    found = propose(TWO, own)
    assert found.architecture == own
    assert found.recipe.loss.type == "CategoricalCrossentropy"


def test_another_target_changes_the_task():
    found = propose(TWO, None, Recipe(target="width"))
    assert found.task == "regression"
    assert found.recipe.inputs == ["height", "label"]
    assert last(found)["activation"] == "linear"


def test_the_first_network_grows_with_the_rows():
    small = propose(TWO).architecture
    large = propose(table(classes(no=50_000, yes=50_000), rows=100_000)).architecture
    assert [n.params["units"] for n in small.nodes if n.type == "Dense"] == [64, 32, 1]
    assert [n.params["units"] for n in large.nodes if n.type == "Dense"] == [128, 64, 1]
    assert "Dropout" in {node.type for node in small.nodes}
    assert "Dropout" not in {node.type for node in large.nodes}


def test_large_data_takes_larger_batches_and_fewer_epochs():
    small = propose(TWO).recipe
    large = propose(table(classes(no=500_000, yes=500_000), rows=1_000_000)).recipe
    assert large.batch_size > small.batch_size
    assert large.epochs < small.epochs
    assert large.split.test < small.split.test


@pytest.mark.parametrize(("side", "blocks"), [(8, 2), (28, 3), (64, 4), (3, 0)])
def test_images_get_convolutions_as_their_size_allows(side, blocks):
    shape = ImageShape(channels=1, height=side, width=side)
    kinds = [
        node.type for node in propose(IMAGES.model_copy(update={"image": shape})).architecture.nodes
    ]
    assert kinds.count("Conv2D") == kinds.count("MaxPooling2D") == blocks
    assert kinds.index("Flatten") < kinds.index("Dense")


def test_a_class_too_small_for_a_stratified_split_is_told_and_the_split_is_not_stratified():
    found = propose(table(classes(common=299, rare=1)))
    assert found.recipe.split.stratify is False
    reason = next(reason for reason in found.reasons if reason.path == ["recipe", "split"])
    assert '"rare"' in reason.reason


def test_a_stratified_split_that_is_asked_for_with_a_lonely_class_is_refused():
    (problem,) = problems(table(classes(common=299, rare=1)), split={"stratify": True})
    assert problem.code == "class_too_small"
    assert '"rare"' in problem.message
    assert problem.where.path == ["split", "stratify"]


@pytest.mark.parametrize(
    ("recipe", "code", "path", "names"),
    [
        ({"optimizer": {"type": "Adan"}}, "unknown_optimizer", ["optimizer", "type"], "Adam"),
        (
            {"optimizer": {"type": "Adam", "learning_rat": 1.0}},
            "unknown_parameter",
            ["optimizer", "learning_rat"],
            "learning_rate",
        ),
        (
            {"optimizer": {"type": "SGD", "learning_rate": -1.0}},
            "invalid_parameter",
            ["optimizer", "learning_rate"],
            "-1",
        ),
        ({"loss": {"type": "CategoricalCrossEntropy"}}, "unknown_loss", ["loss", "type"], "Categ"),
        (
            {"loss": {"type": "MeanSquaredError"}},
            "task_mismatch",
            ["loss", "type"],
            "CategoricalCrossentropy",
        ),
        (
            {"loss": {"type": "BinaryCrossentropy"}},
            "loss_mismatch",
            ["loss", "type"],
            "CategoricalCrossentropy",
        ),
        ({"metrics": ["accuracy", "acuracy"]}, "unknown_metric", ["metrics", 1], "accuracy"),
        ({"metrics": ["mae"]}, "task_mismatch", ["metrics", 0], "regression"),
        ({"schedule": {"type": "Nope"}}, "unknown_schedule", ["schedule", "type"], "Nope"),
        (
            {"early_stopping": {"monitor": "val_accurracy"}},
            "unknown_metric",
            ["early_stopping", "monitor"],
            "val_accuracy",
        ),
        (
            {"split": {"validation": 0.0}, "early_stopping": {"monitor": "val_loss"}},
            "nothing_to_monitor",
            ["early_stopping", "monitor"],
            "split.validation",
        ),
        ({"split": {"validation": 0.5, "test": 0.5}}, "nothing_to_train_on", ["split"], "0.5"),
        ({"class_weight": {"d": 2.0}}, "unknown_class", ["class_weight", "d"], '"a"'),
        ({"class_weight": {"a": -2.0}}, "negative_weight", ["class_weight", "a"], "-2"),
        ({"target_scaling": "standard"}, "task_mismatch", ["target_scaling"], "no scale"),
        (
            {"augmentation": [{"type": "Flip"}]},
            "unknown_augmentation",
            ["augmentation", 0, "type"],
            "Flip",
        ),
        ({"target": "lable"}, "unknown_column", ["target"], '"label"'),
        ({"inputs": ["width", "label"]}, "target_among_inputs", ["inputs", 1], "label"),
    ],
)
def test_a_recipe_that_cannot_be_followed_is_refused_with_its_place(recipe, code, path, names):
    problem = problems(THREE, **recipe)[0]
    assert (problem.code, problem.where.path) == (code, path)
    assert names in problem.message


def test_augmentation_is_for_images_and_is_told_in_full():
    turn = {"type": "RandomRotation", "factor": 0.1}
    problem = problems(THREE, augmentation=[turn])[0]
    assert (problem.code, problem.where.path) == ("augmentation_needs_images", ["augmentation"])
    assert problem.fix is not None
    (change,) = problem.fix.changes
    assert isinstance(change, SetRecipe)
    assert change.values == {"augmentation": []}
    found = propose(IMAGES, recipe=Recipe.model_validate({"augmentation": [turn]}))
    (entry,) = found.recipe.augmentation
    assert entry.params == {"factor": 0.1, "fill_mode": "reflect", "fill_value": 0.0}
    assert propose(IMAGES).recipe.augmentation == []


def test_early_stopping_can_be_refused():
    found = propose(THREE, recipe=Recipe(early_stopping="none"))
    assert found.recipe.early_stopping == "none"
    assert found.recipe.stopping_rule is None
    reasons = {reason.path[1]: reason.reason for reason in found.reasons}
    assert "early_stopping" not in reasons
    assert "early stopping" not in reasons["epochs"]


def test_without_a_validation_part_nothing_stops_early_unless_it_is_asked_for():
    split = Split(validation=0.0)
    found = propose(THREE, recipe=Recipe(split=split))
    assert found.recipe.early_stopping == "none"
    rule = EarlyStopping(monitor="loss", patience=3)
    asked = propose(THREE, recipe=Recipe(split=split, early_stopping=rule))
    assert asked.recipe.stopping_rule == rule


def test_class_weights_are_no_part_of_regression():
    assert problems(NUMBER, class_weight="balanced")[0].where.path == ["class_weight"]


def test_a_loss_that_does_not_suit_comes_with_a_fix_that_mends_it():
    wrong = problems(THREE, loss={"type": "MeanSquaredError"})[0]
    assert wrong.fix is not None
    change = wrong.fix.changes[0].model_dump()
    assert propose(THREE, None, Recipe.model_validate(change["values"])).recipe.loss.type == (
        "CategoricalCrossentropy"
    )


def test_all_that_is_wrong_is_told_at_once():
    found = problems(THREE, loss={"type": "MSE"}, optimizer={"type": "Nope"}, metrics=["x"])
    assert {problem.where.path[0] for problem in found} == {"loss", "optimizer", "metrics"}


def test_fewer_rows_than_the_split_needs_are_refused():
    tiny = table(
        column("price", "number", role="target"), rows=2, target="price", task="regression"
    )
    assert problems(tiny, split={})[0].code == "too_few_rows"
    assert problems(tiny)[0].code == "too_few_rows"


def test_missing_targets_do_not_count_as_rows():
    missing = column("price", "number", role="target", missing=299)
    assert problems(table(missing, target="price", task="regression"))[0].code == "too_few_rows"


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([("Dense", {"units": 3, "activation": "softmax"})], Ending(3, "softmax")),
        ([("Dense", {"units": 3})], Ending(3, "linear")),
        (
            [("Dense", {"units": 3}), ("Activation", {"activation": "softmax"})],
            Ending(3, "softmax"),
        ),
        ([("LSTM", {"units": 5}), ("Dropout", {"rate": 0.5})], Ending(5, "linear")),
        ([("Flatten", {})], Ending(None, None)),
        ([], Ending(None, None)),
    ],
)
def test_the_end_of_a_network_is_read_off_its_last_layers(nodes, expected):
    ids = ["in1", *(f"n{index}" for index in range(len(nodes))), "out"]
    described = [("Input", {}), *nodes, ("Output", {})]
    architecture = Architecture.model_validate(
        {
            "format": "neuroloom/1",
            "nodes": [
                {"id": name, "type": kind, "params": params}
                for name, (kind, params) in zip(ids, described, strict=True)
            ],
            "edges": [{"source": a, "target": b} for a, b in pairwise(ids)],
        }
    )
    assert ending(architecture) == expected


def test_a_draft_with_a_cycle_is_no_trap():
    looped = Architecture.model_validate(
        {
            "format": "neuroloom/1",
            "nodes": [
                {"id": "a", "type": "Dropout", "params": {"rate": 0.5}},
                {"id": "b", "type": "Dropout", "params": {"rate": 0.5}},
                {"id": "out", "type": "Output"},
            ],
            "edges": [
                {"source": "a", "target": "b"},
                {"source": "b", "target": "a"},
                {"source": "b", "target": "out"},
            ],
        }
    )
    assert propose(TWO, looped).architecture == looped
