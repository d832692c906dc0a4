"""Blocks in the printed Keras source: layers that are named, saved and shared as Keras's own."""

import copy
import subprocess
import sys
from pathlib import Path

import keras
import pytest
import torch

from models.export.keras import source
from models.export.keras_plan import IN_CLASS
from models.network import build
from models.parse import parse
from tests.models.documents import Document, document
from tests.models.layers.twins import answer, keras_model
from tests.models.test_blocks import RESIDUAL, block, resnet, several_ends

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def shared() -> Document:
    sent = document(
        ("input", "Input", {"shape": [6]}),
        ("tower", "Block", {"block": "tower"}),
        ("again", "Block", {}),
        ("dense", "Dense", {"units": 6}),
        ("add", "Add", {}),
        ("output", "Output", {}),
        wires="input>dense input>tower dense>again tower>add again>add add>output",
    )
    sent["nodes"][2]["shares"] = "tower"
    sent["blocks"] = {
        "tower": block(
            ("name", "Input", {}),
            ("weights", "Dense", {"units": 5, "activation": "tanh"}),
            ("trainable", "BatchNormalization", {}),
            ("call", "Output", {}),
        )
    }
    return sent


def nested() -> Document:
    sent = resnet()
    sent["blocks"]["stage"] = block(
        ("x", "Input", {}),
        ("first", "Block", {"block": "residual", "repeat": 3}),
        ("last", "Block", {"block": "residual"}),
        ("y", "Output", {}),
        parameters={"width": {"default": 4, "sets": [["last", "arguments", "filters"]]}},
    )
    sent["nodes"][1]["params"] = {"block": "stage", "repeat": 2}
    sent["nodes"][2]["params"] = {"block": "stage", "arguments": {"width": 5}}
    return sent


NETWORKS = {"resnet": resnet, "several ends": several_ends, "shared": shared, "nested": nested}
over_networks = pytest.mark.parametrize("made", NETWORKS.values(), ids=NETWORKS)


@over_networks
def test_blocks_give_the_answers_of_the_network(made: type[Document]) -> None:
    architecture = parse(made())
    network = build(architecture, seed=1).eval()
    inputs = [torch.rand(3, *shape) for shape in network.input_shapes]

    theirs = answer(keras_model(architecture, network), inputs, training=False)

    torch.testing.assert_close(network(*inputs), theirs, atol=1e-5, rtol=1e-5)


@over_networks
@pytest.mark.filterwarnings("ignore:`build..` was called on layer:UserWarning")
def test_blocks_are_saved_and_loaded_by_keras(made: type[Document], tmp_path: Path) -> None:
    architecture = parse(made())
    network = build(architecture, seed=1).eval()
    inputs = [torch.rand(3, *shape) for shape in network.input_shapes]
    model = keras_model(architecture, network)

    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")

    torch.testing.assert_close(
        answer(again, inputs, training=False), answer(model, inputs, training=False)
    )


@over_networks
def test_the_source_is_formatted_and_free_of_lint(made: type[Document]) -> None:
    ruff = str(Path(sys.executable).parent / "ruff")
    for command in (["format", "--check"], ["check", "--select", "E,F,W,I,B,UP,SIM"]):
        options = ["--isolated", "--quiet", "--line-length", "100", "-"]
        subprocess.run(
            [ruff, *command, *options], input=source(parse(made())), text=True, check=True
        )


def test_a_block_is_a_layer_with_arguments_for_what_differs() -> None:
    text = source(parse(resnet()))
    assert text.count("class Residual(layers.Layer):") == 1
    assert '    """Residual block.\n\n    Two convolutions and a way around them.\n    """' in text
    assert "    def __init__(self, filters, **kwargs):" in text
    assert "*[Residual(filters=4) for _ in range(2)]," in text
    assert "Residual(filters=6)," in text


def test_a_block_with_shared_weights_is_made_once() -> None:
    text = source(parse(shared()))
    assert text.count("Tower()") == 1
    assert "tower_layer = Tower()" in text
    assert "again = tower_layer(dense)" in text


def test_uses_that_call_other_functions_have_classes_of_their_own() -> None:
    sent = resnet()
    sent["blocks"]["residual"] = copy.deepcopy(RESIDUAL)
    sent["blocks"]["residual"]["parameters"]["function"] = {
        "default": "squareplus",
        "sets": [["relu", "activation"]],
    }
    sent["nodes"][2]["params"]["arguments"]["function"] = "sparse_plus"
    architecture = parse(sent)
    network = build(architecture, seed=1).eval()
    x = torch.rand(2, 3, 8, 8)
    theirs = answer(keras_model(architecture, network), [x], training=False)
    torch.testing.assert_close(network(x), theirs, atol=1e-5, rtol=1e-5)


def test_no_layer_inside_a_block_is_named_as_something_that_keras_layers_have() -> None:
    own = {name for name in dir(keras.Layer()) if not name.startswith("_")}
    assert own <= IN_CLASS
