"""A recurrent layer over films, under masks and dropout, held against Keras."""

from typing import Any

import pytest
import torch

from models.layers import LAYERS
from models.network import build
from models.parse import parse
from tests.models.documents import chain
from tests.models.layers.twins import answer, channels_first, channels_last, keras_twin, network_of

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

FILM = (2, 4, 3, 3)


@pytest.mark.parametrize("return_sequences", [False, True])
@pytest.mark.parametrize("go_backwards", [False, True])
def test_images_that_a_mask_leaves_out_leave_the_memory_alone(
    return_sequences: bool, go_backwards: bool
) -> None:
    params = {"filters": 2, "kernel_size": 2}
    reading = {"return_sequences": return_sequences, "go_backwards": go_backwards}
    layer = LAYERS["ConvLSTM2D"].model_validate(params | reading)
    film = torch.randn(3, *FILM, generator=torch.Generator().manual_seed(0))
    film[0, :, 2:], film[1, :, [0, 2]] = 0.0, 0.0
    # A single dark pixel leaves nothing out.
    film[2, :, 1, 0, 0] = 0.0
    counted = (film != 0).any(1).flatten(2).any(2)

    network = network_of(layer, FILM).eval()
    masked = build(parse(chain(("Masking", {}), ("ConvLSTM2D", params | reading), shape=[*FILM])))
    masked.get_submodule("layer_2").load_state_dict(network.get_submodule("layer").state_dict())
    theirs = keras_twin(layer, network, FILM).layers[-1]

    with torch.no_grad():
        ours = masked.eval()(film)
    expected = theirs(channels_last(film), mask=counted).detach()
    torch.testing.assert_close(ours, channels_first(expected), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    "params",
    [
        {"dropout": 0.5},
        {"recurrent_dropout": 0.5, "return_sequences": True},
        {"dropout": 0.3, "recurrent_dropout": 0.3},
    ],
    ids=str,
)
def test_dropout_spreads_outputs_as_that_of_keras_does(params: dict[str, Any]) -> None:
    layer = LAYERS["ConvLSTM2D"].model_validate({"filters": 1, "kernel_size": 1, **params})
    shape = (2, 3, 1, 2)
    network = network_of(layer, shape).train()
    theirs = keras_twin(layer, network, shape)
    x = torch.randn(shape, generator=torch.Generator().manual_seed(2)).expand(10_000, *shape)

    torch.manual_seed(0)
    with torch.no_grad():
        ours, expected = network(x), answer(theirs, [x], training=True)

    for of in (torch.mean, torch.std):
        torch.testing.assert_close(of(ours, 0), of(expected, 0), atol=0.015, rtol=0.03)
    both = [torch.cov(outputs.flatten(1).T) for outputs in (ours, expected)]
    torch.testing.assert_close(*both, atol=0.003, rtol=0.1)


def test_the_forget_gate_begins_open() -> None:
    for remembers, bias in ((True, [0.0, 1.0, 0.0, 0.0]), (False, [0.0] * 4)):
        layer = ("ConvLSTM2D", {"filters": 1, "unit_forget_bias": remembers})
        network = build(parse(chain(layer, shape=[*FILM])))
        assert network.get_parameter("layer_1.bias_ih_l0").tolist() == bias


@pytest.mark.parametrize("around", [False, True])
def test_a_film_can_be_read_by_an_exported_program_for_any_batch(around: bool) -> None:
    inside = {"filters": 2, "kernel_size": 2, "return_sequences": True}
    layer: tuple[str, dict[str, Any]] = ("ConvLSTM2D", inside)
    if around:
        layer = ("Bidirectional", {"layer": {"type": "ConvLSTM2D", **inside}})
    sent = chain(("Masking", {}), layer, shape=[*FILM])
    network = build(parse(sent), seed=0).eval()
    x = torch.randn(5, *FILM)
    rows = torch.export.Dim("rows", min=1, max=1024)
    exported = torch.export.export(network, (x[:2],), dynamic_shapes=(({0: rows},),)).module()
    for count in (1, 5):
        torch.testing.assert_close(exported(x[:count]), network(x[:count]))
