"""Printed scripts train as the app does: the same losses, epoch by epoch."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.data.prepare import prepare
from models.errors import DocumentError
from models.export import script_keras, script_pytorch
from models.network import build
from tests.models.layers.twins import keras_model
from tests.models.scripts import Case, carried_out, sample, told

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Precision loss occurred:RuntimeWarning"),
]
HIDDEN = ("Dense", {"units": 8, "activation": "tanh"})
TABLE = "city;age;member;price\n" + "\n".join(
    f"{city};{age};{member};{price}"
    for city, age, member, price in zip(
        ["Rome", "", "Oslo", "Bern", "Rome"] * 12,
        ["1,5", "2", "NA", "40", "7,25"] * 12,
        ["yes", "no", "yes", "", "no"] * 12,
        [str(3 + n % 7) if n % 11 else "" for n in range(60)],
        strict=True,
    )
)


def out(units: int, activation: str) -> tuple[str, dict[str, Any]]:
    return ("Dense", {"units": units, "activation": activation})


def loss(name: str, **params: Any) -> dict[str, Any]:
    return {"type": name, **params}


CLASSES = [HIDDEN, out(3, "softmax")]
NUMBER = [HIDDEN, out(1, "linear")]
TWO = [HIDDEN, out(1, "sigmoid")]
RECIPES: dict[str, tuple[str, list[Any], dict[str, Any]]] = {
    "as proposed": ("iris", CLASSES, {}),
    "one sigmoid": ("breast_cancer", TWO, {"metrics": ["accuracy", "f1_score", "auc"]}),
    "a number": ("diabetes", NUMBER, {"metrics": ["mae", "rmse", "r2"]}),
    "gradient descent": (
        "iris",
        CLASSES,
        {
            "batch_size": "all",
            "optimizer": loss("SGD", learning_rate=0.1, momentum=0.9, weight_decay=0.01),
        },
    ),
    "a schedule and clipping": (
        "iris",
        CLASSES,
        {
            "optimizer": loss("RMSprop", learning_rate=0.01, weight_decay=0.1),
            "schedule": loss("CosineDecay", warmup_steps=3, warmup_target=0.05),
            "clip_norm": 0.5,
        },
    ),
    "one cycle": ("iris", CLASSES, {"schedule": loss("OneCycle")}),
    "a plateau": (
        "iris",
        CLASSES,
        {"epochs": 6, "schedule": loss("ReduceLROnPlateau", patience=1, min_delta=0.5)},
    ),
    "class weights": (
        "wine",
        CLASSES,
        {"class_weight": "balanced", "loss": loss("CategoricalFocalCrossentropy")},
    ),
    "an average of the weights": (
        "iris",
        CLASSES,
        {"optimizer": loss("Adam", use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2)},
    ),
    "the root of squares": ("diabetes", NUMBER, {"loss": loss("RootMeanSquaredError")}),
    "early stopping": (
        "iris",
        CLASSES,
        {
            "epochs": 9,
            "optimizer": loss("SGD", learning_rate=2.0),
            "early_stopping": {"monitor": "val_accuracy", "patience": 2},
        },
    ),
    "a tolerance": ("iris", CLASSES, {"epochs": 9, "tolerance": 9e-4, "batch_size": 16}),
    "a loss that PyTorch lacks": ("wine", CLASSES, {"loss": loss("Tversky", alpha=0.3)}),
    "an optimizer that PyTorch lacks": ("iris", CLASSES, {"optimizer": loss("Lion")}),
    "two outputs as one": ("breast_cancer", TWO, {"loss": loss("KLDivergence")}),
    "penalties": (
        "iris",
        [
            ("Dense", {"units": 8, "kernel_regularizer": "l2", "kernel_constraint": "non_neg"}),
            *CLASSES,
        ],
        {},
    ),
    "split in order": (
        "diabetes",
        NUMBER,
        {"split": {"validation": 0.3, "test": 0.0, "shuffle": False}, "target_scaling": "none"},
    ),
    "images": ("digits", [("Flatten", {}), out(10, "softmax")], {"epochs": 2}),
}
over_recipes = pytest.mark.parametrize(("name", "layers", "recipe"), RECIPES.values(), ids=RECIPES)


@over_recipes
def test_the_pytorch_script_learns_as_the_app_does(
    name: str, layers: list[Any], recipe: dict[str, Any], tmp_path: Path
) -> None:
    case = Case(sample(name), tmp_path, layers, **recipe)
    found = told(carried_out(script_pytorch.script(case.asked), case.path))
    expected = case.trained()
    assert len(found) == len(expected)
    for ours, theirs in zip(expected, found, strict=True):
        known = {key: ours[key] for key in theirs}
        assert theirs == pytest.approx(known, abs=1e-4, rel=1e-4)


KERAS = {
    name: (sample, layers, {**recipe, "batch_size": "all"})
    for name, (sample, layers, recipe) in RECIPES.items()
    if name not in ("a tolerance", "two outputs as one", "penalties")
}


@pytest.mark.parametrize(("name", "layers", "recipe"), KERAS.values(), ids=KERAS)
def test_the_keras_script_learns_as_the_app_does(
    name: str, layers: list[Any], recipe: dict[str, Any], tmp_path: Path
) -> None:
    case = Case(sample(name), tmp_path, layers, **recipe)
    source = script_keras.script(case.asked)
    network = build(case.architecture, case.asked.interface, seed=case.recipe.seed or 0)
    model = keras_model(case.architecture, network, case.asked.interface)

    carried_out(source, case.path, build=lambda seed: model)

    history = model.history.history
    expected = case.trained()
    assert len(history["loss"]) == len(expected)
    for epoch, ours in enumerate(expected):
        theirs = {key: history[key][epoch] for key in ("loss", "val_loss") if key in history}
        known = {key: ours[key] for key in theirs}
        assert theirs == pytest.approx(known, abs=2e-4, rel=2e-4)


@pytest.mark.parametrize("target", ["number", "city", "member"])
@pytest.mark.parametrize("library", [script_pytorch, script_keras])
def test_the_data_is_prepared_as_in_the_app(target: str, library: Any, tmp_path: Path) -> None:
    path = tmp_path / "given.csv"
    path.write_text(TABLE, encoding="utf-8")
    layers = {"number": NUMBER, "city": CLASSES, "member": TWO}[target]
    column = {"number": "price"}.get(target, target)
    task = "regression" if target == "number" else "classification"
    split = {"validation": 0.2, "test": 0.2, "seed": 3}
    case = Case(path, tmp_path, layers, target=column, task=task, split=split)
    namespace: dict[str, Any] = {"__name__": "script"}
    exec(compile(library.script(case.asked), "script.py", "exec"), namespace)
    prepared = prepare(tmp_path, case.description, case.recipe)
    columns = namespace["read"](str(path))
    train = prepared.train.rows
    features = namespace["features"](columns, train)
    for part in (prepared.train, prepared.validation, prepared.test):
        assert part is not None
        np.testing.assert_allclose(features[part.rows], part.x.numpy(), atol=1e-6)
    if target == "number":
        goal = np.array([namespace["number"](cell) for cell in columns["price"]])
        dealt = namespace["deal"](np.flatnonzero(~np.isnan(goal)))
    else:
        names = namespace["CLASSES"]
        dealt = namespace["deal"](np.array([namespace["code"](c, names) for c in columns[column]]))
    parts = (prepared.train, prepared.validation, prepared.test)
    for rows, part in zip(dealt, parts, strict=True):
        assert part is not None
        assert rows.tolist() == part.rows.tolist()


@pytest.mark.parametrize("library", [script_pytorch, script_keras], ids=["pytorch", "keras"])
@pytest.mark.parametrize("name", ["iris", "diabetes", "digits"])
def test_a_script_runs_by_itself_and_is_free_of_lint(
    name: str, library: Any, tmp_path: Path
) -> None:
    layers = {"iris": CLASSES, "diabetes": NUMBER}.get(name, [("Flatten", {}), out(10, "softmax")])
    case = Case(sample(name), tmp_path, layers, epochs=1)
    script = tmp_path / "script.py"
    script.write_text(library.script(case.asked), encoding="utf-8")
    ruff = str(Path(sys.executable).parent / "ruff")
    for command in (["format", "--check"], ["check", "--select", "E,F,W,I,B,UP,SIM"]):
        options = ["--isolated", "--quiet", "--line-length", "100", str(script)]
        subprocess.run([ruff, *command, *options], check=True)
    done = subprocess.run(
        [sys.executable, str(script), str(case.path)],
        cwd=tmp_path,
        env={"KERAS_BACKEND": "torch", "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("predicted:") == 5


@pytest.mark.parametrize(
    ("library", "recipe", "path"),
    [
        (script_pytorch, {"metrics": ["hinge"]}, ["metrics", 0]),
        (script_keras, {"tolerance": 1e-3}, ["tolerance"]),
        (script_keras, {"max_steps": 5}, ["max_steps"]),
        (script_pytorch, {"max_steps": 5}, ["max_steps"]),
        (script_pytorch, {"precision": "bfloat16"}, ["precision"]),
        (script_pytorch, {"optimizer": loss("Muon", exclude_layers=["output"])}, ["optimizer"]),
    ],
)
def test_what_a_script_cannot_say_is_refused_by_name(
    library: Any, recipe: dict[str, Any], path: list[Any], tmp_path: Path
) -> None:
    case = Case(sample("iris"), tmp_path, CLASSES, **recipe)
    with pytest.raises(DocumentError) as refused:
        library.script(case.asked)
    (problem,) = refused.value.problems
    assert problem.code == "not_in_script"
    assert problem.where.path == ["recipe", *path]
