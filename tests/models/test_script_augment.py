"""Printed scripts change images as the app does, while the network learns and only then."""

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import torch

from models.export import script_keras, script_pytorch
from models.network import build
from models.objectives.augmentations import AUGMENTATIONS
from models.training import distortions
from tests.models.documents import Document, document
from tests.models.layers.twins import keras_model
from tests.models.scripts import Case, carried_out, loaded, proven, told
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


def test_the_keras_script_has_a_layer_for_every_augmentation_of_single_images(
    tmp_path: Path,
) -> None:
    kinds = {name: kind for name, kind in AUGMENTATIONS.items() if kind.way != "mix"}
    own = case(tmp_path, *({"type": name} for name in kinds), epochs=1, split={"test": 0})
    source = script_keras.script(own.asked)
    proven(source, tmp_path)
    assert all(f"{name}(" in source for name in kinds)
    found = losses(source, own)
    assert [name for name, _ in found] == ["loss", "val_loss"]


@pytest.mark.parametrize("fill_mode", ["reflect", "nearest", "constant"])
def test_layers_that_keras_lacks_move_pixels_as_the_app_does(
    fill_mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filling = {"fill_mode": fill_mode, "fill_value": 0.25}
    shear = {"type": "RandomShear", "x_factor": 0.3, "y_factor": 0.2, **filling}
    crop = {"type": "RandomResizedCrop", "scale": 0.4, **filling}
    own = case(tmp_path, shear, crop)
    names = loaded(script_keras.script(own.asked))
    images = torch.rand(5, 3, 7, 4, generator=torch.Generator().manual_seed(1))

    generator = torch.Generator()

    def uniform(shape: tuple[int], low: float, high: float, seed: Any) -> torch.Tensor:
        return torch.rand(*shape, generator=generator) * (high - low) + low

    monkeypatch.setattr(keras.random, "uniform", uniform)
    for one in own.asked.augmentations:
        made = names[one.name](**one.model_dump())
        matrix = distortions.AFFINE[one.function](
            (5, 7, 4), generator.manual_seed(2), **one.settings()
        )
        expected = distortions.moved(images, matrix, **filling)
        generator.manual_seed(2)
        found = made(images.permute(0, 2, 3, 1), training=True)
        torch.testing.assert_close(found.permute(0, 3, 1, 2), expected)


def test_the_keras_script_mixes_images_and_what_is_expected_of_them(tmp_path: Path) -> None:
    own = case(tmp_path, *MIXING[:2], *MIXING[3:], class_weight={"bus": 2.0})
    source = script_keras.script(own.asked)
    proven(source, tmp_path)
    assert "val_loss" in dict(losses(source, own))
    batches = loaded(source)["Batches"]
    # Each image is as bright as what is expected of it: what is mixed stays so.
    truth = np.random.default_rng(0).random((20, 1)).astype("float32")
    images = np.ones((20, 8, 8, 1), "float32") * truth[:, :, None, None]
    made = batches(images, truth, 7, truth[:, 0])
    seen = [made[index] for index in range(len(made))]
    assert [len(part[0]) for part in seen] == [7, 7, 6]
    for x, y, weights in seen:
        np.testing.assert_allclose(x.mean(axis=(1, 2)), y, rtol=1e-5)
        np.testing.assert_allclose(weights, y[:, 0], rtol=1e-5)
    order = made.order
    made.on_epoch_end()
    assert sorted(made.order) == sorted(order)
    assert not np.isin(np.concatenate([y for _, y, _ in seen]), truth).all()


def test_the_keras_script_changes_the_images_of_several_outputs(tmp_path: Path) -> None:
    path = pictures(tmp_path / "images.zip", "all")
    still = {"type": "SGD", "learning_rate": 1e-30}
    recipe: dict[str, Any] = {"optimizer": still, "epochs": 1, "split": {"test": 0}}
    own = Case(path, tmp_path, TWO_ENDS, augmentation=[{"type": "GaussianNoise"}], **recipe)
    source = script_keras.script(own.asked)
    proven(source, tmp_path)
    plain = Case(path, tmp_path, TWO_ENDS, **recipe)
    found = dict(losses(source, own))
    usual = dict(losses(script_keras.script(plain.asked), plain))
    assert found.keys() == usual.keys()
    alike = {name for name, value in found.items() if value == usual[name]}
    assert alike == {name for name in found if "val" in name}
