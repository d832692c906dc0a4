"""Printed scripts train as the app does: the same losses, epoch by epoch."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from models.data.prepare import prepare
from models.errors import DocumentError
from models.export import script_keras, script_pytorch
from models.network import build
from tests.models.documents import Document, document
from tests.models.layers.twins import keras_model
from tests.models.scripts import Case, carried_out, loaded, proven, sample, told

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
READER = [("GRU", {"units": 4}), out(1, "linear")]
MUON = {"type": "Muon", "learning_rate": 0.02, "exclude_layers": ["layer_2"]}
LOOKED_UP = document(
    ("input", "Input", {}),
    ("rounded", "Activation", {"activation": "relu"}),
    ("looked_up", "Embedding", {"input_dim": 9, "output_dim": 4}),
    ("flat", "Flatten", {}),
    ("answer", "Dense", {"units": 3, "activation": "softmax"}),
    ("output", "Output", {}),
)


def ends(*sepals: str, **species: Any) -> Document:
    """Return a network of two Inputs and two Outputs for the irises."""
    sepals = sepals or ("sepal length (cm)", "sepal width (cm)")
    width = {"target": "petal width (cm)", "loss_weight": 0.5, "loss": loss("RootMeanSquaredError")}
    return document(
        ("sepals", "Input", {"columns": list(sepals)}),
        ("petals", "Input", {"columns": ["petal length (cm)"]}),
        ("both", "Concatenate", {}),
        ("hidden", "Dense", {"units": 8, "activation": "tanh"}),
        ("kinds", "Dense", {"units": 3, "activation": "softmax"}),
        ("breadth", "Dense", {"units": 1}),
        ("species", "Output", {"target": "species", **species}),
        ("width", "Output", width),
        wires="sepals>both petals>both both>hidden hidden>kinds hidden>breadth kinds>species "
        "breadth>width",
    )


RECIPES: dict[str, tuple[str, list[Any] | Document, dict[str, Any]]] = {
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
    "gathered gradients": (
        "iris",
        CLASSES,
        {
            "batch_size": 7,
            "optimizer": loss("SGD", learning_rate=0.1, gradient_accumulation_steps=3),
            "clip_norm": 0.5,
        },
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
    "windows of several series": (
        "kiosks",
        READER,
        {"sequence": {"window": 5, "time": "date", "group": "kiosk"}, "batch_size": 256},
    ),
    "windows with gaps between them": (
        "seattle_weather",
        READER,
        {
            "sequence": {"window": 6, "horizon": 3, "stride": 2, "time": "date"},
            "sample_weight": "wind",
        },
    ),
    "windows in the order of the file": ("diabetes", READER, {"sequence": {"window": 4}}),
    "several ends": ("iris", ends(), {"metrics": ["accuracy", "auc", "mae", "r2"]}),
    "several ends with weights": (
        "iris",
        ends("sepal length (cm)", class_weight={"setosa": 3.0, "virginica": 0.5}),
        {"sample_weight": "sepal width (cm)"},
    ),
    "a watched output": (
        "iris",
        ends(class_weight="balanced"),
        {
            "epochs": 9,
            "metrics": ["accuracy", "mae"],
            "optimizer": loss("SGD", learning_rate=1.0),
            "early_stopping": {"monitor": "val_width_loss", "patience": 1, "min_delta": 0.01},
        },
    ),
    "weights of rows": ("iris", CLASSES, {"sample_weight": "sepal width (cm)"}),
    "weights of rows and classes": (
        "iris",
        CLASSES,
        {"sample_weight": "sepal width (cm)", "class_weight": {"setosa": 2.0}},
    ),
    "weights of rows of a number": (
        "diabetes",
        NUMBER,
        {"sample_weight": "age", "loss": loss("RootMeanSquaredError")},
    ),
    "class weights at the output": (
        "iris",
        document(
            ("input", "Input", {}),
            ("answer", "Dense", {"units": 3, "activation": "softmax"}),
            ("output", "Output", {"class_weight": {"setosa": 2.0}}),
        ),
        {},
    ),
    "metrics that scikit-learn lacks": (
        "breast_cancer",
        TWO,
        {"metrics": ["hinge", "kl_divergence", "precision_at_recall", "false_positives"]},
    ),
    "metrics of numbers": (
        "diabetes",
        NUMBER,
        {"metrics": ["mape", "log_cosh", "pearson_correlation"]},
    ),
    "a small change that counts": (
        "diabetes",
        NUMBER,
        {
            "epochs": 9,
            "optimizer": loss("SGD", learning_rate=0.05),
            "early_stopping": {"monitor": "val_loss", "patience": 1, "min_delta": 200.0},
        },
    ),
    "a watched metric": (
        "breast_cancer",
        TWO,
        {
            "epochs": 9,
            "metrics": ["f1_score"],
            "optimizer": loss("SGD", learning_rate=2.0),
            "early_stopping": {"monitor": "val_f1_score", "patience": 1},
        },
    ),
    "some steps": ("iris", CLASSES, {"epochs": 9, "max_steps": 7}),
    "Muon": ("iris", CLASSES, {"optimizer": MUON}),
    "Muon with an embedding": (
        "iris",
        LOOKED_UP,
        {"optimizer": loss("Muon", learning_rate=0.02)},
    ),
    "Adafactor": ("iris", CLASSES, {"optimizer": loss("Adafactor", clip_threshold=0.5)}),
    "images": ("digits", [("Flatten", {}), out(10, "softmax")], {"epochs": 2}),
}
ALONE = [
    "as proposed",
    "a number",
    "images",
    "several ends with weights",
    "metrics that scikit-learn lacks",
    "a watched metric",
]
"""Those that differ in what a script consists of."""
ONE_THREAD = {"OMP_NUM_THREADS": "1"}
"""As in the tests' own process: other tests run beside it."""
over_recipes = pytest.mark.parametrize(("name", "layers", "recipe"), RECIPES.values(), ids=RECIPES)


@over_recipes
def test_the_pytorch_script_learns_as_the_app_does(
    name: str, layers: list[Any] | Document, recipe: dict[str, Any], tmp_path: Path
) -> None:
    case = Case(sample(name), tmp_path, layers, **recipe)
    found = told(carried_out(script_pytorch.script(case.asked), case.path))
    expected = case.trained()
    assert len(found) == len(expected)
    for ours, theirs in zip(expected, found, strict=True):
        known = {key: ours[key] for key in theirs}
        assert theirs == pytest.approx(known, abs=1e-4, rel=1e-4)


GATHERED = loss("Adam", gradient_accumulation_steps=2)
KERAS = {
    name: (sample, layers, {**recipe, "batch_size": "all"})
    for name, (sample, layers, recipe) in RECIPES.items()
    if name not in ("penalties", "gathered gradients")
}


@pytest.mark.parametrize(("name", "layers", "recipe"), KERAS.values(), ids=KERAS)
def test_the_keras_script_learns_as_the_app_does(
    name: str, layers: list[Any] | Document, recipe: dict[str, Any], tmp_path: Path
) -> None:
    case = Case(sample(name), tmp_path, layers, **recipe)
    source = script_keras.script(case.asked)
    network = build(case.architecture, case.asked.interface, seed=case.recipe.seed or 0)
    model = keras_model(case.architecture, network, case.asked.interface, source)

    carried_out(source, case.path, build=lambda seed: model)

    history = model.history.history
    expected = case.trained()
    assert len(history["loss"]) == len(expected)
    units = case.units()
    for epoch, ours in enumerate(expected):
        theirs = {key: values[epoch] for key, values in history.items() if key.endswith("loss")}
        known = {key: ours[key] / units.get(key.removeprefix("val_"), 1) for key in theirs}
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
    namespace = loaded(library.script(case.asked))
    prepared = prepare(tmp_path, case.description, case.recipe)
    columns = namespace["read"](str(path))
    train = prepared.train.rows
    features = namespace["features"](columns, namespace["INPUTS"], train)
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


TREATMENTS: list[dict[str, dict[str, Any]]] = [
    {
        "age": {"missing": "median", "scaling": "robust", "indicator": True},
        "city": {"missing": "category"},
        "member": {"indicator": True},
    },
    {
        "age": {"missing": "most_frequent", "scaling": "log"},
        "city": {"encoding": "ordinal", "scaling": "min_max", "order": ["Rome", "Bern", "Oslo"]},
    },
    {
        "age": {"missing": "constant", "fill_value": 3.5, "scaling": "min_max"},
        "city": {"missing": "constant", "fill_value": "Oslo", "encoding": "ordinal"},
    },
    {"age": {"scaling": "none"}, "city": {"missing": "category", "encoding": "ordinal"}},
    {"day": {"parts": ["time", "year", "month", "day", "weekday", "hour"], "indicator": True}},
    {"day": {"missing": "median"}, "age": {"scaling": "robust"}},
]


@pytest.mark.parametrize("treatments", TREATMENTS)
def test_columns_are_prepared_as_was_chosen(
    treatments: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    path = tmp_path / "given.csv"
    days = [
        "day",
        *(f"{1 + n % 28:02}.{1 + n % 12:02}.20{10 + n % 9} 1{n % 9}:30" for n in range(60)),
    ]
    days[7] = ""
    pairs = zip(days, TABLE.splitlines(), strict=True)
    path.write_text("\n".join(";".join(pair) for pair in pairs), encoding="utf-8")
    patches = [{"name": name, "treatment": chosen} for name, chosen in treatments.items()]
    case = Case(path, tmp_path, NUMBER, patches, target="price", task="regression")
    prepared = prepare(tmp_path, case.description, case.recipe)
    for library in (script_pytorch, script_keras):
        source = library.script(case.asked)
        namespace = loaded(source)
        columns = namespace["read"](str(path))
        features = namespace["features"](columns, namespace["INPUTS"], prepared.train.rows)
        assert prepared.test is not None
        for part in (prepared.train, prepared.test):
            np.testing.assert_allclose(features[part.rows], part.x.numpy(), atol=1e-6)
        proven(source, tmp_path)


def test_the_data_of_several_ends_is_prepared_as_in_the_app(tmp_path: Path) -> None:
    ends_of, recipe = RECIPES["several ends with weights"][1:]
    case = Case(sample("iris"), tmp_path, ends_of, **recipe)
    prepared = case.prepared()
    for library in (script_pytorch, script_keras):
        namespace = loaded(library.script(case.asked))
        columns = namespace["read"](str(case.path))
        codes = [namespace["code"](c, namespace["CLASSES_SPECIES"]) for c in columns["species"]]
        for rows, part in zip(
            namespace["deal"](np.array(codes)),
            (prepared.train, prepared.validation, prepared.test),
            strict=True,
        ):
            assert part is not None
            assert rows.tolist() == part.rows.tolist()
        for columns_of, x in zip(namespace["INPUTS"].values(), prepared.train.inputs, strict=True):
            features = namespace["features"](columns, columns_of, prepared.train.rows)
            np.testing.assert_allclose(features[prepared.train.rows], x.numpy(), atol=1e-6)


HALF: list[dict[str, Any]] = [
    {"precision": "bfloat16"},
    {"precision": "float16"},
    {
        "precision": "float16",
        "batch_size": 9,
        "optimizer": loss("RMSprop", weight_decay=0.1, gradient_accumulation_steps=2, use_ema=True),
        "clip_norm": 0.5,
    },
]


@pytest.mark.parametrize("recipe", HALF, ids=["bfloat16", "float16", "float16 with more"])
def test_a_pytorch_script_computes_in_half_precision_where_the_run_did(
    recipe: dict[str, Any], tmp_path: Path
) -> None:
    case = Case(sample("iris"), tmp_path, CLASSES, **recipe)
    source = script_pytorch.script(case.asked)
    proven(source, tmp_path)
    found = told(carried_out(source, case.path))
    # No CPU trains in float16 in the app.
    own = Case(sample("iris"), tmp_path, CLASSES, **{**recipe, "precision": "bfloat16"})
    for ours, theirs in zip(own.trained(), found, strict=True):
        assert theirs["loss"] == pytest.approx(ours["loss"], rel=0.02)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
def test_a_keras_script_computes_in_half_precision_where_the_run_did(
    precision: str, tmp_path: Path
) -> None:
    case = Case(sample("iris"), tmp_path, CLASSES, precision=precision, batch_size="all")
    source = script_keras.script(case.asked)
    proven(source, tmp_path)
    network = build(case.architecture, case.asked.interface, seed=case.recipe.seed or 0)
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy(f"mixed_{precision}")
        model = keras_model(case.architecture, network, case.asked.interface, source)
        carried_out(source, case.path, build=lambda seed: model)
        assert keras.config.dtype_policy().name == f"mixed_{precision}"
    finally:
        keras.config.set_dtype_policy(before)
    own = Case(sample("iris"), tmp_path, CLASSES, precision="float32", batch_size="all")
    for ours, theirs in zip(own.trained(), model.history.history["loss"], strict=True):
        assert theirs == pytest.approx(ours["loss"], rel=0.02)


@pytest.mark.parametrize("library", [script_pytorch, script_keras], ids=["pytorch", "keras"])
@pytest.mark.parametrize("name", ALONE)
def test_a_script_runs_by_itself_and_is_free_of_lint(
    name: str, library: Any, tmp_path: Path
) -> None:
    slug, layers, recipe = RECIPES[name]
    case = Case(sample(slug), tmp_path, layers, **{**recipe, "epochs": 1})
    proven(library.script(case.asked), tmp_path)
    script = tmp_path / "script.py"
    done = subprocess.run(
        [sys.executable, str(script), str(case.path)],
        cwd=tmp_path,
        env={**ONE_THREAD, "KERAS_BACKEND": "torch", "PATH": "", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("predicted") == 5 * len(case.asked.outputs)


@pytest.mark.parametrize(
    ("library", "recipe", "path"),
    [
        (script_keras, {"batch_size": "all", "optimizer": GATHERED}, ["batch_size"]),
        (script_keras, {"schedule": loss("OneCycle"), "optimizer": GATHERED}, ["schedule"]),
        (script_keras, {"max_steps": 9, "optimizer": GATHERED}, ["max_steps"]),
        (
            script_pytorch,
            {"validate_every": 2, "early_stopping": {"monitor": "val_loss"}},
            ["validate_every"],
        ),
        (
            script_keras,
            {"metrics": ["auc"], "early_stopping": {"monitor": "auc"}},
            ["early_stopping", "monitor"],
        ),
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
