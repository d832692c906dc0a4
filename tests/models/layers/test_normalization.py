"""Normalizations: axes that Keras's kernels do not take, what does not fit, and spectral norms."""

from typing import Any

import pytest
import torch
from torch import Tensor

from models.errors import DocumentError
from models.network import Network, build
from models.parse import parse
from tests.models.documents import alone, chain, document
from tests.models.problems import told_and_mended

MISFITS: list[tuple[str, dict[str, Any], list[int], list[str]]] = [
    ("GroupNormalization", {}, [6, 8, 8], ["divides 6", "got 32", "Set groups to 6"]),
    ("GroupNormalization", {"groups": 4}, [6], ["divides 6", "Set groups to 3"]),
    ("GroupNormalization", {"groups": 0}, [6], ["divides 6", "got 0"]),
    ("LayerNormalization", {"axis": 4}, [3, 8, 8], ["from 1 to 3", "got 4"]),
    ("LayerNormalization", {"axis": [-1, 2]}, [5, 4], ["different axes", "(-1, 2)"]),
    ("RMSNormalization", {"axis": 1}, [5, 4], ["last axes", "got 1"]),
    ("RMSNormalization", {"axis": [1, 3]}, [3, 8, 8], ["last axes", "(1, 3)"]),
    ("UnitNormalization", {"axis": 0}, [4], ["from 1 to 1", "got 0"]),
    ("SpectralNormalization", {"layer": {"type": "Conv1D"}}, [8], ["(time, features)"]),
    ("SpectralNormalization", {"layer": {"type": "Conv2D", "kernel_size": 9}}, [1, 8, 8], ["9"]),
]


@pytest.mark.parametrize(("kind", "params", "shape", "said"), MISFITS)
def test_axes_and_groups_that_do_not_fit_are_told_and_mended(
    kind: str, params: dict[str, Any], shape: list[int], said: list[str]
) -> None:
    told_and_mended(alone(kind, params, shape), said)


@pytest.mark.parametrize(
    "kind", ["LSTM", "ConvLSTM2D", "SeparableConv1D", "MultiHeadAttention", "Dropout"]
)
def test_only_layers_with_one_matrix_have_a_spectral_norm(kind: str) -> None:
    with pytest.raises(DocumentError) as raised:
        parse(alone("SpectralNormalization", {"layer": kind}, [5, 4]))
    assert raised.value.problems[0].where.path == ["params", "layer"]


@pytest.mark.parametrize("shape", [(5, 4), (3, 5, 4), (2, 3, 5, 4)])
def test_axes_before_the_features_are_normalized_over_too(shape: tuple[int, ...]) -> None:
    # Keras's formula, which its torch backend computes for the last axes only.
    sent = alone("LayerNormalization", {"axis": 1}, list(shape))
    network = build(parse(sent))
    size = shape[0] if len(shape) == 2 else shape[1]
    scale, shift = torch.rand(size), torch.rand(size)
    network.load_state_dict({"layer.weight": scale, "layer.bias": shift})
    x = torch.randn(3, *shape)

    axis = 1 if len(shape) == 2 else 2
    mean, variance = x.mean(axis, keepdim=True), x.var(axis, keepdim=True, unbiased=False)
    normal = ((x - mean) / (variance + 0.001).sqrt()).movedim(axis, -1)
    expected = (normal * scale + shift).movedim(-1, axis)
    torch.testing.assert_close(network(x), expected, atol=1e-6, rtol=1e-5)


def spectral(layer: dict[str, Any], shape: list[int], **params: Any) -> Network:
    sent = alone("SpectralNormalization", {"layer": layer, **params}, shape)
    return build(parse(sent), seed=0).train()


def matrix_of(network: Network, rows: int) -> Tensor:
    return network.get_parameter("layer.layer.weight").detach().flatten(rows)


def test_training_brings_the_largest_stretch_to_one() -> None:
    network = spectral({"type": "Conv2D", "filters": 5}, [2, 6, 6])
    for _ in range(50):
        network(torch.randn(1, 2, 6, 6))
    stretch = torch.linalg.matrix_norm(matrix_of(network, 1), 2)
    assert float(stretch) == pytest.approx(1, abs=1e-3)


def test_in_use_the_weights_stay_and_weights_of_zeros_stay_always() -> None:
    network = spectral({"type": "Dense", "units": 3}, [4])
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.eval()(torch.randn(2, 4))
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])

    zeros = spectral({"type": "Dense", "units": 3, "kernel_initializer": "zeros"}, [4])
    u = zeros.state_dict()["layer.vector_u"].clone()
    assert zeros(torch.randn(2, 4)).tolist() == [[0.0] * 3] * 2
    assert torch.equal(zeros.state_dict()["layer.vector_u"], u)


def test_a_shared_layer_divides_at_each_use_and_gets_the_gradients_of_both() -> None:
    sent = document(
        ("one", "Input", {"shape": [4]}),
        ("two", "Input", {"shape": [4]}),
        ("first", "SpectralNormalization", {"layer": {"type": "Dense", "units": 3}}),
        ("second", "SpectralNormalization", {}),
        ("both", "Add", {}),
        ("output", "Output", {}),
        wires="one>first two>second first>both second>both both>output",
    )
    sent["nodes"][3]["shares"] = "first"
    network = build(parse(sent), seed=0).train()
    one, two = torch.randn(2, 4), torch.randn(2, 4)

    network(one, two).sum().backward()

    gradient = network.get_parameter("first.layer.weight").grad
    torch.testing.assert_close(gradient, (one + two).sum(0).expand(3, 4))


def test_what_the_layer_inside_asks_of_its_weights_holds() -> None:
    layer = {
        "type": "Dense",
        "units": 3,
        "kernel_regularizer": "l2",
        "bias_constraint": "non_neg",
        "activity_regularizer": "l1",
    }
    network = spectral(layer, [4])
    x = torch.randn(2, 4)
    result = network(x)
    weight = network.get_parameter("layer.layer.weight")
    expected = 0.01 * weight.square().sum() + 0.01 * result.abs().sum() / 2
    torch.testing.assert_close(network.penalty(), expected)
    with torch.no_grad():
        network.get_parameter("layer.layer.bias").fill_(-1)
    network.constrain()
    assert network.get_parameter("layer.layer.bias").tolist() == [0.0] * 3

    frozen = spectral({"type": "Dense", "units": 3, "trainable": False}, [4])
    assert not any(parameter.requires_grad for parameter in frozen.parameters())


def test_a_final_softmax_inside_is_known_as_one() -> None:
    network = spectral({"type": "Dense", "units": 3, "activation": "softmax"}, [4])
    assert network.output_activation == "softmax"


def test_steps_of_a_sequence_may_each_be_spectrally_normalized() -> None:
    inner = {"type": "SpectralNormalization", "layer": {"type": "Dense", "units": 2}}
    network = build(parse(chain(("TimeDistributed", {"layer": inner}), shape=[3, 4])), seed=0)
    network.train()(torch.randn(2, 3, 4)).sum().backward()
    assert all(parameter.grad is not None for parameter in network.parameters())
