"""Recurrent layers under masks and dropout, held against Keras."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.layers import LAYERS
from models.layers.base import Layer
from models.network import build
from models.parse import parse
from tests.models.documents import chain
from tests.models.layers.twins import answer, keras_twin, network_of
from tests.models.test_masks import CODES, EMBEDDING, SERIES, masks_of, same_as_keras

# Keras's variables do not know numpy 2's copy keyword yet; it warns where a mask ends.
pytestmark = [
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Layer .* was passed an input with a mask:UserWarning"),
]

KINDS = ["SimpleRNN", "LSTM", "GRU"]
WITH_HOLES = torch.tensor([[0, 2, 0, 0, 3], [1, 2, 3, 0, 0], [0, 0, 0, 1, 2], [0, 0, 0, 0, 0]])
LOOPED = {"activation": "softsign"}

over_kinds = pytest.mark.parametrize("kind", KINDS)


@over_kinds
@pytest.mark.parametrize("params", [{}, LOOPED], ids=["fast", "looped"])
@pytest.mark.parametrize("go_backwards", [False, True])
@pytest.mark.parametrize("return_sequences", [False, True])
def test_steps_that_do_not_count_leave_the_memory_alone(
    kind: str, params: dict[str, Any], go_backwards: bool, return_sequences: bool
) -> None:
    reading = {"go_backwards": go_backwards, "return_sequences": return_sequences}
    layer = (kind, {"units": 3, **params, **reading})
    sent = chain(("Embedding", EMBEDDING), layer, shape=[5])
    same_as_keras(sent, WITH_HOLES.float())
    assert masks_of(sent) == {"layer_1_mask"}


def test_a_sequence_keeps_its_mask_for_the_layers_behind() -> None:
    layers = [(kind, {"units": 3, "return_sequences": True}) for kind in KINDS]
    same_as_keras(
        chain(("Embedding", EMBEDDING), *layers, ("LSTM", {"units": 2}), shape=[5]),
        torch.tensor(CODES, dtype=torch.float32),
    )


def test_the_last_output_alone_has_no_mask() -> None:
    normal = ("BatchNormalization", {})
    sent = chain(("Masking", {}), ("GRU", {"units": 3}), normal, shape=[5, 3])
    same_as_keras(sent, SERIES)
    assert masks_of(sent) == {"layer_1_mask"}


@over_kinds
@pytest.mark.parametrize("params", [{}, LOOPED], ids=["fast", "looped"])
def test_gradients_under_a_mask_are_those_of_finite_differences(
    kind: str, params: dict[str, Any]
) -> None:
    network = network_of(LAYERS[kind].model_validate({"units": 2, **params}), (5, 3)).double()
    (module,) = network.modules_of("layer")
    x = torch.randn(4, 5, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: module(x, mask=WITH_HOLES != 0), (x,), fast_mode=True)


def test_what_a_step_holds_that_does_not_count_changes_nothing() -> None:
    (module,) = network_of(LAYERS["LSTM"].model_validate({"units": 3}), (5, 3)).modules_of("layer")
    mask = WITH_HOLES != 0
    x = torch.randn(4, 5, 3)
    other = torch.where(mask.unsqueeze(2), x, 1e30)
    torch.testing.assert_close(module(x, mask=mask), module(other, mask=mask), atol=0, rtol=0)


DROPPED = [
    {"dropout": 0.3},
    {"recurrent_dropout": 0.4},
    {"dropout": 0.3, "recurrent_dropout": 0.4, "return_sequences": True},
    {"dropout": 0.3, **LOOPED},
]


@pytest.mark.parametrize("params", DROPPED, ids=str)
@pytest.mark.parametrize("kind", [*KINDS, "GRU before"])
def test_dropout_spreads_outputs_as_that_of_keras_does(kind: str, params: dict[str, Any]) -> None:
    name, *before = kind.split()
    after = {"reset_after": False} if before else {}
    layer = LAYERS[name].model_validate({"units": 2, **params, **after})
    shape = (4, 3)
    network = network_of(layer, shape).train()
    theirs = keras_twin(layer, network, shape)
    x = torch.randn(shape, generator=torch.Generator().manual_seed(2)).expand(20_000, *shape)

    torch.manual_seed(0)
    with torch.no_grad():
        ours, expected = network(x), answer(theirs, [x], training=True)

    for of in (torch.mean, torch.std):
        torch.testing.assert_close(of(ours, 0), of(expected, 0), atol=0.01, rtol=0.02)
    assert _correlations(ours) == pytest.approx(_correlations(expected), abs=0.04)


def _correlations(outputs: Tensor) -> np.ndarray:
    """Return how units, and steps, vary together: less where masks are drawn apart."""
    return np.corrcoef(outputs.flatten(1).T.numpy())


def test_the_same_features_are_dropped_at_every_step_of_a_sequence() -> None:
    layer = LAYERS["SimpleRNN"].model_validate(
        {"units": 3, "activation": "linear", "dropout": 0.5, "return_sequences": True}
    )
    network = _memoryless(layer)
    torch.manual_seed(0)
    outputs = network.train()(torch.ones(2_000, 4, 3))

    assert set(outputs.unique().tolist()) == {0.0, 2.0}
    assert torch.equal(outputs, outputs[:, :1].expand_as(outputs))
    assert float((outputs[:, 0] == 0).float().mean()) == pytest.approx(0.5, abs=0.03)
    assert torch.equal(network.eval()(torch.ones(2, 4, 3)), torch.ones(2, 4, 3))


def test_the_seed_decides_what_is_dropped() -> None:
    layer = LAYERS["LSTM"].model_validate({"units": 3, "dropout": 0.5, "recurrent_dropout": 0.5})
    network = network_of(layer, (4, 3)).train()
    x = torch.randn(5, 4, 3)
    outputs = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        outputs.append(network(x))
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])


def _memoryless(layer: Layer) -> torch.nn.Module:
    """Return a network of a layer of three units that hands its three inputs on."""
    network = network_of(layer, (4, 3))
    with torch.no_grad():
        network.get_parameter("layer.weight_ih_l0").copy_(torch.eye(3))
        for name in ("weight_hh_l0", "bias_ih_l0"):
            network.get_parameter(f"layer.{name}").zero_()
    return network


@over_kinds
@pytest.mark.parametrize("params", [{}, LOOPED | {"go_backwards": True}], ids=["fast", "looped"])
@pytest.mark.filterwarnings("ignore:The tensor attributes:UserWarning")  # torch's own layers do
def test_a_masked_layer_can_be_exported_for_any_batch(kind: str, params: dict[str, Any]) -> None:
    layer = (kind, {"units": 3, "return_sequences": True, **params})
    sent = chain(("Embedding", EMBEDDING), layer, (kind, {"units": 2}), shape=[5])
    network = build(parse(sent), seed=0).eval()
    codes = WITH_HOLES.float()

    rows = torch.export.Dim("rows", min=1, max=1024)
    exported = torch.export.export(network, (codes[:3],), dynamic_shapes=(({0: rows},),)).module()

    for count in (1, 4):
        torch.testing.assert_close(exported(codes[:count]), network(codes[:count]))
