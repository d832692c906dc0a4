"""The printed Keras source, run afresh and given the network's weights, is the network."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings

from models.architecture import Architecture
from models.data.interface import Interface
from models.export.keras import source
from models.gallery import GalleryItem, entries
from models.layers import LAYERS
from models.layers.reshaping import Flatten
from models.network import build
from models.parse import parse
from tests.models.documents import Document
from tests.models.gallery import at_test_size, over_gallery, rows_for
from tests.models.graphs import networks
from tests.models.layers.twins import alone, answer, keras_model
from tests.models.test_export_pytorch import HOSTILE, run

pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:You are using a softmax over axis:UserWarning"),
    pytest.mark.filterwarnings("ignore:Layer '.*' .* was passed an input with a mask:UserWarning"),
]


@over_gallery
def test_the_source_gives_the_answers_of_the_network(item: GalleryItem) -> None:
    architecture = at_test_size(item)
    for node in architecture.nodes:
        if reason := LAYERS[node.type].differs:
            pytest.skip(reason)
    network = build(architecture, seed=1).eval()
    inputs = rows_for(architecture, 3)

    with torch.no_grad():
        theirs = answer(keras_model(architecture, network), inputs, training=False)

    with torch.no_grad():
        torch.testing.assert_close(network(*inputs), theirs, atol=1e-5, rtol=1e-5)


@given(networks())
@settings(max_examples=25, deadline=None)
def test_any_valid_network_gives_the_same_answers_in_keras(sent: Document) -> None:
    architecture = parse(sent)
    network = build(architecture, seed=1).eval()
    inputs = [torch.rand(3, *shape) for shape in network.input_shapes]

    theirs = answer(keras_model(architecture, network), inputs, training=False)

    with torch.no_grad():
        torch.testing.assert_close(network(*inputs), theirs, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("own", [(4, 6), (24,), (1, 6, 4), (6, 2, 2)])
@pytest.mark.parametrize("given", [(24,), (2, 4, 3), (12, 2)])
def test_an_input_that_reshapes_the_data_does_so_in_keras(
    own: tuple[int, ...], given: tuple[int, ...]
) -> None:
    architecture = alone(Flatten(), own)
    asked = Interface(given, "regression", None, "price")
    network = build(architecture, asked)
    x = torch.randn(3, *given)

    theirs = answer(keras_model(architecture, network, asked), [x], training=False)

    torch.testing.assert_close(network(x), theirs, atol=0, rtol=0)


@over_gallery
def test_the_source_is_formatted_and_free_of_lint(item: GalleryItem) -> None:
    ruff = str(Path(sys.executable).parent / "ruff")
    for command in (["format", "--check"], ["check", "--select", "E,F,W,I"]):
        options = ["--isolated", "--quiet", "--line-length", "100", "-"]
        subprocess.run(
            [ruff, *command, *options], input=source(item.architecture), text=True, check=True
        )


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_people_give_do_nothing_in_the_source(name: str) -> None:
    document = entries()[0].architecture.model_dump()
    document["name"] = name
    for node in document["nodes"]:
        node["title"] = name
    namespace = run(source(Architecture.model_validate(document)))
    assert set(namespace) >= {"build", "keras", "layers"}
    assert "os" not in namespace
    assert namespace["build"]().count_params() == 3
