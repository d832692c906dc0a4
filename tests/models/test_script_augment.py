"""Printed scripts change images as the app does, while the network learns and only then."""

import re
from pathlib import Path
from typing import Any

import pytest

from models.errors import DocumentError
from models.export import script_keras, script_pytorch
from models.network import build
from models.objectives.augmentations import AUGMENTATIONS
from tests.models.documents import Document, document
from tests.models.layers.twins import keras_model
from tests.models.scripts import Case, carried_out, proven, told
from tests.models.test_script_splits import pictures

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
LAYERS = [("Flatten", {}), ("Dense", {"units": 1, "activation": "sigmoid"})]
KERAS_LOSS = re.compile(r"- (\w*loss): ([\d.]+)")


def case(folder: Path, *augmentations: dict[str, Any], **recipe: Any) -> Case:
    """Return a network on a few small images, learnt from with these augmentations."""
    path = pictures(folder / "images.zip", "all")
    return Case(path, folder, LAYERS, augmentation=list(augmentations), batch_size=9, **recipe)


@pytest.mark.parametrize(
    "augmentations",
    [
        [{"type": name} for name, kind in AUGMENTATIONS.items() if kind.way == "affine"],
        [{"type": name} for name, kind in AUGMENTATIONS.items() if kind.way == "pixels"],
        [
            {"type": "RandomRotation", "fill_mode": "constant", "fill_value": 0.5},
            {"type": "RandomZoom", "width_factor": 0.3},
            {"type": "RandomFlip", "mode": "horizontal_and_vertical"},
            {"type": "RandomTranslation", "fill_mode": "nearest"},
        ],
    ],
    ids=["moved", "changed", "both"],
)
def test_the_pytorch_script_learns_from_the_same_images(
    augmentations: list[dict[str, Any]], tmp_path: Path
) -> None:
    own = case(tmp_path, *augmentations)
    source = script_pytorch.script(own.asked)
    proven(source, tmp_path)
    found, expected = told(carried_out(source, own.path)), own.trained()
    plain = case(tmp_path).trained()
    for ours, theirs, without in zip(expected, found, plain, strict=True):
        assert theirs == pytest.approx({key: ours[key] for key in theirs}, abs=1e-4, rel=1e-4)
        assert theirs["loss"] != pytest.approx(without["loss"], abs=1e-4)


TWO_ENDS = document(
    ("input", "Input", {}),
    ("flat", "Flatten", {}),
    ("one", "Dense", {"units": 1, "activation": "sigmoid"}),
    ("other", "Dense", {"units": 2, "activation": "softmax"}),
    ("first", "Output", {"class_weight": {"bus": 2.0}}),
    ("second", "Output", {"target": "label"}),
    wires="input>flat flat>one flat>other one>first other>second",
)
MIXING = [
    {"type": "MixUp", "alpha": 1.0},
    {"type": "RandomFlip"},
    {"type": "RandomZoom"},
    {"type": "CutMix"},
]


@pytest.mark.parametrize(
    ("layers", "weight"),
    [
        (LAYERS, {"bus": 2.0}),
        ([LAYERS[0], ("Dense", {"units": 2, "activation": "softmax"})], None),
        (TWO_ENDS, None),
    ],
    ids=["one", "both", "several"],
)
def test_the_pytorch_script_mixes_images_and_what_is_expected_of_them(
    layers: list[Any] | Document, weight: dict[str, float] | None, tmp_path: Path
) -> None:
    path = pictures(tmp_path / "images.zip", "all")
    recipe = {"augmentation": MIXING, "batch_size": 9, "class_weight": weight}
    own = Case(path, tmp_path, layers, **recipe)
    source = script_pytorch.script(own.asked)
    proven(source, tmp_path)
    for ours, theirs in zip(own.trained(), told(carried_out(source, path)), strict=True):
        assert theirs == pytest.approx({key: ours[key] for key in theirs}, abs=1e-4, rel=1e-4)


def losses(source: str, own: Case) -> list[tuple[str, float]]:
    """Return the losses that Keras tells, of the network with the weights of the app."""
    network = build(own.architecture, own.asked.interface, seed=own.recipe.seed or 0)
    model = keras_model(own.architecture, network, own.asked.interface, source)
    printed = carried_out(source, own.path, build=lambda seed: model)
    return [(name, float(value)) for name, value in KERAS_LOSS.findall(printed)]


def test_the_keras_script_changes_only_what_is_learnt_from(tmp_path: Path) -> None:
    still = {
        "optimizer": {"type": "SGD", "learning_rate": 1e-30},
        "epochs": 2,
        "split": {"test": 0},
    }
    noise = {"type": "GaussianNoise", "stddev": 1.0}
    own, plain = case(tmp_path, noise, **still), case(tmp_path, **still)
    source = script_keras.script(own.asked)
    proven(source, tmp_path)
    found, without = losses(source, own), losses(script_keras.script(plain.asked), plain)
    for (name, value), (_, usual) in zip(found, without, strict=True):
        assert (value == usual) == name.startswith("val_")
    learnt = [value for name, value in found if name == "loss"]
    assert len(set(learnt)) == 2, "another noise in every epoch"


def test_the_keras_script_has_a_layer_for_every_augmentation_that_keras_has(
    tmp_path: Path,
) -> None:
    types = [
        {"type": name}
        for name, kind in AUGMENTATIONS.items()
        if kind.way != "mix" and kind.model_validate({}).keras() is not None
    ]
    own = case(tmp_path, *types, epochs=1, split={"test": 0})
    source = script_keras.script(own.asked)
    proven(source, tmp_path)
    assert all(f"keras.layers.{one['type']}(" in source for one in types)
    found = losses(source, own)
    assert [name for name, _ in found] == ["loss", "val_loss"]


@pytest.mark.parametrize(
    ("library", "kind", "place"),
    [
        (script_keras, "CutMix", 0),
        (script_keras, "RandomShear", 0),
        (script_keras, "RandomResizedCrop", 0),
    ],
)
def test_other_augmentations_are_refused_by_name(
    library: Any, kind: str, place: int, tmp_path: Path
) -> None:
    own = case(tmp_path, {"type": kind})
    with pytest.raises(DocumentError, match=kind) as caught:
        library.script(own.asked)
    (problem,) = caught.value.problems
    assert problem.code == "not_in_script"
    assert problem.where.path == ["recipe", "augmentation", place]


def test_several_outputs_and_augmentations_are_refused_of_keras(tmp_path: Path) -> None:
    network = document(
        ("input", "Input", {}),
        ("flat", "Flatten", {}),
        ("one", "Dense", {"units": 1, "activation": "sigmoid"}),
        ("other", "Dense", {"units": 1, "activation": "sigmoid"}),
        ("first", "Output", {}),
        ("second", "Output", {"target": "label"}),
        wires="input>flat flat>one flat>other one>first other>second",
    )
    path = pictures(tmp_path / "images.zip", "all")
    own = Case(path, tmp_path, network, augmentation=[{"type": "RandomFlip"}])
    with pytest.raises(DocumentError, match="one Output beside") as caught:
        script_keras.script(own.asked)
    assert caught.value.problems[0].code == "not_in_script"
