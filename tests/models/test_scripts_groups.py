"""Printed scripts make sequences of whole groups, and deal them out, as the app does."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from models.export import script_keras, script_pytorch
from models.network import build
from tests.models.data.test_whole_sequences import waves
from tests.models.documents import Document, document
from tests.models.layers.twins import keras_model
from tests.models.scripts import Case, carried_out, proven, told
from tests.models.test_scripts import TWO

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
WHOLE = {"kind": "groups"}
READER = [("GRU", {"units": 4}), *TWO[1:]]
BRANCHES = document(
    ("heights", "Input", {"columns": ["height"]}),
    ("others", "Input", {"columns": ["noise"]}),
    ("read", "GRU", {"units": 4}),
    ("read_too", "GRU", {"units": 3}),
    ("both", "Concatenate", {}),
    ("way", "Dense", {"units": 1, "activation": "sigmoid"}),
    ("output", "Output", {}),
    wires="heights>read others>read_too read>both read_too>both both>way way>output",
)
ROLES = [
    {"name": "who", "role": "group"},
    {"name": "step", "role": "time"},
    {"name": "way", "role": "target"},
    {"name": "height", "kind": "number"},
    {"name": "part", "role": "ignore"},
]


def case(
    folder: Path,
    table: pl.DataFrame,
    *patches: dict[str, Any],
    network: list[Any] | Document = READER,
    **recipe: Any,
) -> Case:
    path = folder / "waves.csv"
    table.write_csv(path)
    asked = {"sequence": WHOLE, "batch_size": 16, **recipe}
    return Case(path, folder, network, [*ROLES, *patches], **asked)


def uneven() -> pl.DataFrame:
    """Return waves with steps without a value, without a time or a label, and with parts."""
    place = pl.col("who").str.slice(1).cast(pl.Int64)
    row = pl.int_range(pl.len())
    return (
        waves(40)
        .with_columns(
            part=pl.when(place < 24)
            .then(pl.lit("train"))
            .when(place < 32)
            .then(pl.lit("val"))
            .otherwise(pl.lit("test")),
            height=pl.when(row % 9 == 4).then(None).otherwise(pl.col("height")),
            step=pl.when(row % 31 == 7).then(None).otherwise(pl.col("step") + 20 * place),
            way=pl.when(place == 5).then(None).otherwise(pl.col("way")),
        )
        .sample(fraction=1.0, shuffle=True, seed=3)
    )


@pytest.mark.parametrize(
    ("split", "sequence"),
    [
        ({}, WHOLE),
        ({"stratify": False, "shuffle": False}, {**WHOLE, "window": 6}),
        ({"by": "stratified_group", "validation": 0.3}, {**WHOLE, "window": 6}),
        ({"by": "time", "test": 0.3}, {**WHOLE, "window": 6}),
        ({"by": "column", "column": "part"}, {**WHOLE, "window": 6}),
        ({"by": "stratified_group", "validation": 0.3}, {"kind": "windows", "window": 3}),
        ({"folds": 3, "fold": 2}, WHOLE),
        ({"by": "stratified_group", "folds": 3, "fold": 1}, WHOLE),
        ({"by": "time", "folds": 3, "fold": 2}, WHOLE),
    ],
)
def test_groups_are_made_and_dealt_as_in_the_app(
    split: dict[str, Any], sequence: dict[str, Any], tmp_path: Path
) -> None:
    windows = sequence["kind"] == "windows"
    mine = case(tmp_path, uneven(), sequence=sequence, split={"test": 0.2, **split})
    prepared = mine.prepared()
    parts = (prepared.train, prepared.validation, prepared.test)
    for library in (script_pytorch, script_keras):
        source = library.script(mine.asked)
        proven(source, tmp_path)
        made: dict[str, Any] = {}

        def noted(name: str, function: Any, made: dict[str, Any] = made) -> Any:
            def call(*given: Any) -> Any:
                made[name] = function(*given)
                return made[name]

            return call

        class Enough(Exception):
            """Everything is made that is compared."""

        def stop(*_: Any, enough: Any = Enough) -> None:
            raise enough

        namespace: dict[str, Any] = {"__name__": "script"}
        exec(compile(source, "script.py", "exec"), namespace)
        for name in ("deal", "features" if windows else "sequences"):
            namespace[name] = noted(name, namespace[name])
        namespace["build"] = stop
        with pytest.raises(Enough):
            namespace["main"](str(mine.path))
        for groups, part in zip(made["deal"], parts, strict=True):
            assert part is not None
            if windows:
                x = np.stack([made["features"][groups + step] for step in range(3)], axis=1)
            else:
                x = made["sequences"][groups]
            np.testing.assert_allclose(x, part.x.numpy(), atol=1e-6)


DROPPED = {"name": "height", "treatment": {"missing": "drop"}}
KINDS: dict[str, tuple[list[Any] | Document, list[dict[str, Any]], dict[str, Any]]] = {
    "filled": (READER, [], WHOLE),
    "left out": (READER, [DROPPED], WHOLE),
    "of two inputs": (BRANCHES, [], WHOLE),
    "of two inputs, left out": (BRANCHES, [DROPPED], {**WHOLE, "window": 6}),
    "windows of two inputs": (BRANCHES, [], {"kind": "windows", "window": 3}),
    "windows of two inputs, left out": (BRANCHES, [DROPPED], {"kind": "windows", "window": 2}),
}


@pytest.mark.parametrize(("network", "patches", "sequence"), KINDS.values(), ids=KINDS)
def test_scripts_of_groups_learn_as_the_app_does(
    network: list[Any] | Document,
    patches: list[dict[str, Any]],
    sequence: dict[str, Any],
    tmp_path: Path,
) -> None:
    table = uneven()
    noise = np.random.default_rng(6).normal(5, 2, table.height).round(2)
    table = table.with_columns(noise=pl.Series(noise)).with_columns(
        noise=pl.when(pl.col("height").is_null()).then(None).otherwise(pl.col("noise"))
    )
    options = {"metrics": ["accuracy"], "batch_size": "all", "sequence": sequence}
    if sequence["kind"] == "windows":
        options["split"] = {"by": "stratified_group", "validation": 0.3}
    mine = case(tmp_path, table, *patches, network=network, epochs=2, **options)
    expected = mine.trained()
    source = script_pytorch.script(mine.asked)
    proven(source, tmp_path)
    found = told(carried_out(source, mine.path))
    for ours, theirs in zip(expected, found, strict=True):
        assert theirs == pytest.approx({key: ours[key] for key in theirs}, abs=1e-4, rel=1e-4)
    source = script_keras.script(mine.asked)
    proven(source, tmp_path)
    built = build(mine.architecture, mine.asked.interface, seed=mine.recipe.seed or 0)
    model = keras_model(mine.architecture, built, mine.asked.interface, source)
    carried_out(source, mine.path, build=lambda seed: model)
    for ours, loss in zip(expected, model.history.history["val_loss"], strict=True):
        assert loss == pytest.approx(ours["val_loss"], abs=2e-4, rel=2e-4)
