"""What a dataset and a recipe ask of a network, and what they must not ask."""

import pytest

from models.data.description import Bin, Column, Description, ImageClass, ImageShape, Problem
from models.data.interface import interface
from models.errors import DocumentError
from models.recipe import Recipe


def column(name, kind, **options):
    defaults = {"kind_reason": "", "role": "input", "missing": 0, "unique": 50}
    return Column(name=name, kind=kind, **(defaults | options))


TABLE = Description(
    kind="table",
    rows=100,
    bytes=1,
    columns=[
        column("width", "number"),
        column("color", "category", categories=["blue", "green", "red"], unique=3),
        column("smoker", "boolean", categories=["no", "yes"], unique=2),
        column("rooms", "integer", categories=["1", "2", "3"], unique=3),
        column("id", "identifier", kind_reason="no value returns", role="ignore"),
        column("remark", "text", role="ignore"),
        column("day", "date", role="ignore"),
        column("one", "constant", role="ignore"),
        column("void", "empty", role="ignore"),
        column(
            "species",
            "category",
            categories=["x", "y"],
            role="target",
            distribution=[Bin(label="x", count=60), Bin(label="y", count=40)],
        ),
    ],
    problem=Problem(task="classification", target="species", classes=["x", "y"], reason="last"),
)
IMAGES = Description(
    kind="images",
    rows=4,
    bytes=1,
    classes=[ImageClass(name="cat", count=2), ImageClass(name="dog", count=2)],
    image=ImageShape(channels=3, height=8, width=6),
    problem=Problem(task="classification", target="label", classes=["cat", "dog"], reason=""),
)


def refusal(description, **recipe):
    with pytest.raises(DocumentError) as caught:
        interface(description, Recipe(**recipe))
    return caught.value.problems[0]


def test_usable_columns_are_inputs_and_categories_are_one_feature_each():
    found = interface(TABLE)
    assert found.columns == ("width", "color", "smoker", "rooms")
    assert found.input_shape == (1 + 3 + 1 + 1,)
    assert (found.task, found.target, found.classes) == ("classification", "species", ("x", "y"))
    assert found.output_units == {1, 2}


def test_another_target_makes_the_old_one_an_input():
    found = interface(TABLE, Recipe(target="width"))
    assert (found.task, found.classes) == ("regression", None)
    assert "species" in found.columns
    assert found.output_units == {1}


def test_whole_numbers_may_be_classes_or_amounts_as_the_recipe_says():
    assert interface(TABLE, Recipe(target="rooms")).classes == ("1", "2", "3")
    assert interface(TABLE, Recipe(target="rooms")).output_units == {3}
    assert interface(TABLE, Recipe(target="rooms", task="regression")).classes is None


def test_inputs_keep_the_order_of_the_recipe():
    assert interface(TABLE, Recipe(inputs=["color", "width"])).columns == ("color", "width")


def test_images_are_channels_first():
    found = interface(IMAGES)
    assert (found.input_shape, found.classes) == ((3, 8, 6), ("cat", "dog"))


@pytest.mark.parametrize(
    ("recipe", "code", "path", "names"),
    [
        ({"target": "Species"}, "unknown_column", ["target"], '"species"'),
        ({"inputs": ["width", "colour"]}, "unknown_column", ["inputs", 1], '"color"'),
        ({"inputs": ["width", "species"]}, "target_among_inputs", ["inputs", 1], "species"),
        ({"inputs": ["width", "width"]}, "duplicate_column", ["inputs", 1], "twice"),
        ({"inputs": []}, "no_inputs", ["inputs"], "empty"),
        ({"inputs": ["id"]}, "unusable_input", ["inputs", 0], "identifier"),
        ({"inputs": ["day"]}, "unusable_input", ["inputs", 0], "date"),
        ({"target": "id"}, "identifier_target", ["target"], "looks like an identifier"),
        ({"target": "remark"}, "unusable_target", ["target"], "free text"),
        ({"target": "one"}, "single_class", ["target"], "single value"),
        ({"target": "void"}, "unusable_target", ["target"], "no values"),
        ({"task": "regression"}, "task_mismatch", ["task"], '"x", "y"'),
        ({"target": "width", "task": "classification"}, "task_mismatch", ["task"], "50"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(recipe, code, path, names):
    problem = refusal(TABLE, **recipe)
    assert (problem.code, problem.where.path) == (code, path)
    assert names in problem.message


def test_every_wrong_input_is_told_at_once():
    with pytest.raises(DocumentError) as caught:
        interface(TABLE, Recipe(inputs=["nope", "width", "id"]))
    assert [problem.where.path for problem in caught.value.problems] == [
        ["inputs", 0],
        ["inputs", 2],
    ]


def test_a_dataset_without_a_target_asks_for_one():
    untold = TABLE.model_copy(update={"problem": None})
    assert refusal(untold).code == "no_target"
    assert interface(untold, Recipe(target="smoker")).classes == ("no", "yes")


@pytest.mark.parametrize(
    "recipe", [{"target": "species"}, {"inputs": ["pixels"]}, {"task": "regression"}]
)
def test_images_have_one_target_and_no_columns(recipe):
    assert refusal(IMAGES, **recipe).code in ("unknown_column", "task_mismatch")


def test_nothing_of_this_imports_torch():
    import subprocess
    import sys

    code = (
        "import sys, models.proposal, models.data.samples, models.data.options; "
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
