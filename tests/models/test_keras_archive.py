"""An archive in Keras's own form, read by Keras, gives the network's answers."""

from pathlib import Path
from typing import Any

import keras
import pytest
import torch
from hypothesis import given, settings
from torch import Tensor

from models.architecture import Architecture
from models.errors import DocumentError
from models.export.keras_archive import archive
from models.gallery import GalleryItem
from models.layers import LAYERS
from models.layers.activations import ACTIVATIONS
from models.network import Network, build
from models.parse import parse
from tests.models.documents import Document, chain, document
from tests.models.gallery import at_test_size, over_gallery, rows_for
from tests.models.graphs import networks
from tests.models.layers.cases import CASES, Case, label
from tests.models.layers.twins import alone, answer, batch_for, network_of

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:You are using a softmax over axis:UserWarning"),
    pytest.mark.filterwarnings("ignore:Layer '.*' .* was passed an input with a mask:UserWarning"),
]


def read(architecture: Architecture, network: Network, folder: Path) -> Any:
    path = folder / "model.keras"
    path.write_bytes(archive(architecture, network))
    return keras.saving.load_model(path)


def answers_alike(architecture: Architecture, network: Network, rows: list[Tensor], folder: Path):
    theirs = answer(read(architecture, network.eval(), folder), rows, training=False)
    with torch.no_grad():
        torch.testing.assert_close(network(*rows), theirs, atol=1e-5, rtol=1e-5)


@over_gallery
def test_keras_reads_the_networks_of_the_gallery(item: GalleryItem, tmp_path: Path) -> None:
    architecture = at_test_size(item)
    for node in architecture.nodes:
        if reason := LAYERS[node.type].differs:
            pytest.skip(reason)
    network = build(architecture, seed=1)
    answers_alike(architecture, network, rows_for(architecture, 3), tmp_path)


@given(networks())
@settings(max_examples=25, deadline=None)
def test_keras_reads_any_valid_network(tmp_path_factory: Any, sent: Document) -> None:
    architecture = parse(sent)
    network = build(architecture, seed=1)
    rows = [torch.rand(3, *shape) for shape in network.input_shapes]
    answers_alike(architecture, network, rows, tmp_path_factory.mktemp("read"))


SAID = [
    (layer, shapes)
    for layer, shapes in CASES
    if layer.differs is None and ACTIVATIONS[getattr(layer, "activation", "linear")].differs is None
]


@pytest.mark.parametrize("case", SAID, ids=label)
def test_keras_reads_every_layer_with_its_weights(case: Case, tmp_path: Path) -> None:
    layer, shapes = case
    architecture, network = alone(layer, *shapes), network_of(layer, *shapes)
    answers_alike(architecture, network, batch_for(layer, 3, *shapes), tmp_path)


def test_layers_that_are_shared_and_blocks_that_repeat_keep_their_weights(tmp_path: Path) -> None:
    block = {
        "nodes": [
            {"id": "input", "type": "Input", "params": {}},
            {"id": "dense", "type": "Dense", "params": {"units": 4, "activation": "tanh"}},
            {"id": "add", "type": "Add", "params": {}},
            {"id": "output", "type": "Output", "params": {}},
        ],
        "edges": [
            {"source": "input", "target": "dense"},
            {"source": "input", "target": "add"},
            {"source": "dense", "target": "add"},
            {"source": "add", "target": "output"},
        ],
    }
    network = document(
        ("left", "Input", {"shape": [4]}),
        ("right", "Input", {"shape": [4]}),
        ("tower", "Block", {"block": "residual", "repeat": 3}),
        ("twin", "Block", {"block": "residual", "repeat": 3}),
        ("apart", "Subtract", {}),
        ("first", "Dense", {"units": 2}),
        ("second", "Dense", {"units": 1}),
        ("one", "Output", {}),
        ("two", "Output", {}),
        wires="left>tower right>twin tower>apart twin>apart apart>first twin>second first>one "
        "second>two",
    )
    network["blocks"] = {"residual": block}
    network["nodes"][3]["shares"] = "tower"
    architecture = parse(network)
    answers_alike(
        architecture, build(architecture, seed=3), [torch.rand(5, 4), torch.rand(5, 4)], tmp_path
    )


def test_a_layer_that_keras_lacks_is_refused_by_name() -> None:
    architecture = parse(chain(("SinePositionEncoding", {}), shape=[5, 4]))
    with pytest.raises(DocumentError, match="Expected layers that Keras has itself") as refused:
        archive(architecture, build(architecture))
    assert refused.value.problems[0].where.node == "layer_1"
