"""Weights begin as Keras's do."""

from typing import Any

import numpy as np
import pytest
import torch

from models.check import check
from models.export.keras_weights import to_keras
from models.export.pytorch import source
from models.layers.attention import AdditiveAttention
from models.layers.axis_normalization import (
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
)
from models.layers.base import Layer, Shape, channels_last
from models.layers.convolution import Conv1D, Conv2D, Conv3D
from models.layers.core import Dense, Embedding
from models.layers.heads import GroupQueryAttention, MultiHeadAttention
from models.layers.initializers import INITIALIZERS
from models.layers.normalization import BatchNormalization
from models.layers.recurrent import GRU, LSTM, SimpleRNN
from models.layers.separable import (
    DepthwiseConv1D,
    DepthwiseConv2D,
    SeparableConv1D,
    SeparableConv2D,
)
from models.layers.spectral import SpectralNormalization
from models.layers.transposed import Conv1DTranspose, Conv2DTranspose
from models.layers.wrappers import Bidirectional
from models.network import build
from tests.models.layers.twins import alone, keras, keras_layer

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

PARAMETERS: list[dict[str, Any]] = [
    {"type": "random_normal", "mean": 0.5, "stddev": 0.02},
    {"type": "random_uniform", "minval": 0.1, "maxval": 0.4},
    {"type": "truncated_normal", "mean": -1.0, "stddev": 0.3},
    {"type": "constant", "value": 0.7},
    {"type": "orthogonal", "gain": 1.5},
    {"type": "he_normal", "seed": 3},
    *(
        {"type": "variance_scaling", "scale": 0.5, "mode": mode, "distribution": distribution}
        for mode in ("fan_in", "fan_out", "fan_avg")
        for distribution in ("uniform", "untruncated_normal", "truncated_normal")
    ),
]
STARTS = [*INITIALIZERS, *PARAMETERS]
OF_IMAGES = [start for start in STARTS if start != "identity"]

LARGE: list[tuple[Layer, Shape]] = [
    *((Dense(units=80, kernel_initializer=start), (150,)) for start in STARTS),
    (Dense(units=80, kernel_initializer={"type": "identity", "gain": 0.5}), (60,)),
    *(
        (Conv2D(filters=40, kernel_size=5, kernel_initializer=start), (20, 6, 6))
        for start in OF_IMAGES
    ),
    *(
        (Embedding(input_dim=300, output_dim=40, embeddings_initializer=start), (4,))
        for start in STARTS
    ),
    *(
        (
            DepthwiseConv2D(kernel_size=9, depth_multiplier=5, depthwise_initializer=start),
            (40, 9, 9),
        )
        for start in OF_IMAGES
    ),
    (Conv1D(filters=80, kernel_size=5), (6, 40)),
    (Conv1D(filters=80, groups=4, kernel_initializer="he_normal"), (6, 40)),
    (Conv3D(filters=20, kernel_initializer="lecun_uniform"), (10, 4, 4, 4)),
    (Conv2DTranspose(filters=40, kernel_size=5, kernel_initializer="he_normal"), (20, 6, 6)),
    (Conv1DTranspose(filters=80, kernel_initializer="orthogonal"), (6, 40)),
    (DepthwiseConv1D(kernel_size=40, depth_multiplier=2), (50, 90)),
    (SeparableConv2D(filters=80, kernel_size=7, depth_multiplier=2), (40, 9, 9)),
    (
        SeparableConv1D(
            filters=90,
            kernel_size=30,
            depthwise_initializer="he_normal",
            pointwise_initializer="lecun_normal",
        ),
        (30, 90),
    ),
    (Dense(units=80, kernel_initializer="glorot_uniform"), (20, 6, 6)),
    (Dense(units=2000, bias_initializer="random_normal"), (2,)),
    (Dense(units=2000, bias_initializer="he_normal"), (2,)),
    (BatchNormalization(gamma_initializer="random_uniform", beta_initializer="ones"), (3000,)),
    (BatchNormalization(moving_mean_initializer="ones"), (8,)),
    (BatchNormalization(moving_variance_initializer={"type": "constant", "value": 3}), (8,)),
    (LayerNormalization(axis=[1, 3], gamma_initializer="he_normal"), (60, 70, 3)),
    (LayerNormalization(axis=[2, 3], beta_initializer="random_normal"), (60, 3, 70)),
    (GroupNormalization(groups=-1, gamma_initializer="random_uniform"), (3000,)),
    (RMSNormalization(), (8,)),
    (SpectralNormalization(layer=Dense(units=2000)), (3,)),
    (SimpleRNN(units=40), (3, 60)),
    (LSTM(units=40), (3, 60)),
    (LSTM(units=40, unit_forget_bias=False), (3, 60)),
    (GRU(units=40), (3, 60)),
    (GRU(units=40, recurrent_initializer="he_normal"), (3, 60)),
    (LSTM(units=40, activation="relu"), (3, 60)),
    (GRU(units=40, reset_after=False), (3, 60)),
    (GRU(units=200, bias_initializer="glorot_uniform"), (3, 60)),
    *(
        (MultiHeadAttention(num_heads=5, key_dim=16, kernel_initializer=start), (3, 60))
        for start in ("glorot_uniform", "he_normal", "orthogonal", "lecun_uniform")
    ),
    (
        GroupQueryAttention(head_dim=60, num_query_heads=20, num_key_value_heads=5),
        (3, 40),
    ),
    (AdditiveAttention(), (3, 4_000)),
    (Bidirectional(layer=LSTM(units=40)), (3, 60)),
]


def label(case: tuple[Layer, Shape]) -> str:
    layer, shape = case
    changed = "-".join(map(str, layer.model_dump(exclude_defaults=True).values()))
    return f"{type(layer).__name__}-{changed}-{len(shape)}"


@pytest.mark.parametrize("case", LARGE, ids=label)
def test_weights_are_drawn_from_the_distribution_of_keras(case: tuple[Layer, Shape]) -> None:
    layer, shape = case
    network = build(alone(layer, shape), seed=11)
    # Keras's truncated normal has a few numbers beyond the cut, but for other seeds.
    keras.utils.set_random_seed(1)
    theirs = keras_layer(layer)
    built = f"theirs.build({layer.keras_given(['shape'])})"
    eval(built, {"theirs": theirs, "shape": (None, *channels_last(shape))})
    ours = to_keras(network.modules_of("layer")[0], layer.keras_weights(shape))

    for variable, found in zip(theirs.weights, ours, strict=True):
        expected = np.asarray(variable.value.detach())
        spread = float(expected.std())
        assert float(found.std()) == pytest.approx(spread, rel=0.06), variable.name
        assert float(found.mean()) == pytest.approx(
            float(expected.mean()), abs=0.12 * spread + 1e-7
        )
        assert np.abs(found).max() == pytest.approx(np.abs(expected).max(), rel=0.35)


@pytest.mark.parametrize("kind", [SimpleRNN, LSTM, GRU])
def test_a_recurrent_identity_lies_where_keras_has_it(kind: type[Layer]) -> None:
    layer = kind(
        units=3,
        recurrent_initializer="identity",
        kernel_initializer={"type": "identity", "gain": 0.1},
    )
    theirs = keras_layer(layer)
    theirs.build((None, 2, 5))
    module = build(alone(layer, (2, 5))).modules_of("layer")[0]

    ours = to_keras(module, layer.keras_weights((2, 5)))
    for variable, found in zip(theirs.weights, ours, strict=True):
        np.testing.assert_allclose(found, np.asarray(variable.value.detach()))


@pytest.mark.parametrize(
    "start",
    [
        {"type": kind.name, "seed": 3}
        for kind in INITIALIZERS.values()
        if "seed" in kind.model_fields
    ],
    ids=lambda start: start["type"],
)
def test_a_seeded_initializer_gives_the_same_values_whatever_the_seed_of_the_network(
    start: dict[str, Any],
) -> None:
    layer = Dense(units=5, kernel_initializer=start, bias_initializer="random_normal")
    first, second = (build(alone(layer, (7,)), seed=seed).state_dict() for seed in (1, 2))
    other = Dense(units=5, kernel_initializer={**start, "seed": 4})
    third = build(alone(other, (7,)), seed=1).state_dict()

    assert torch.equal(first["layer.weight"], second["layer.weight"])
    assert not torch.equal(first["layer.bias"], second["layer.bias"])
    assert not torch.equal(first["layer.weight"], third["layer.weight"])


def test_a_seeded_initializer_gives_each_of_two_biases_its_own_values() -> None:
    layer = GRU(units=4, bias_initializer={"type": "random_normal", "seed": 3})
    state = build(alone(layer, (3, 5))).state_dict()
    assert not torch.equal(state["layer.bias_ih_l0"], state["layer.bias_hh_l0"])


@pytest.mark.parametrize("start", [{"type": "he_normal", "seed": 3}, "glorot_normal", "identity"])
@pytest.mark.parametrize("layer", [Dense(units=3), GRU(units=2)], ids=["Dense", "GRU"])
def test_the_printed_source_begins_with_the_same_weights(layer: Layer, start: Any) -> None:
    changed = type(layer)(**{**layer.model_dump(), "kernel_initializer": start})
    architecture = alone(changed, (6, 4))
    namespace: dict[str, Any] = {"__name__": "printed"}
    exec(compile(source(architecture), "printed.py", "exec"), namespace)

    printed = namespace["build"](seed=5).state_dict()

    for name, value in build(architecture, seed=5).state_dict().items():
        assert torch.equal(printed[name], value), name


def test_an_identity_is_refused_for_weights_that_are_no_matrix() -> None:
    layer = Conv2D(filters=3, kernel_initializer="identity")
    (problem,) = check(alone(layer, (3, 6, 6))).problems
    assert problem.code == "initializer_misfit"
    assert problem.where.path == ["params", "kernel_initializer"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("he_normal", "he_normal"),
        ({"type": "he_normal"}, "he_normal"),
        ({"type": "random_normal", "stddev": 0.05}, "random_normal"),
        (
            {"seed": 3, "type": "random_normal", "stddev": 0.02},
            {"type": "random_normal", "stddev": 0.02, "seed": 3},
        ),
    ],
)
def test_an_initializer_is_told_as_briefly_as_can_be(given: Any, told: Any) -> None:
    layer = Dense(kernel_initializer=given)
    assert layer.model_dump(mode="json")["kernel_initializer"] == told
    assert Dense(kernel_initializer=told) == layer
    assert hash(Dense(kernel_initializer=told)) == hash(layer)


def test_keras_is_told_the_parameters_of_an_initializer() -> None:
    layer = Dense(units=2, kernel_initializer={"type": "random_normal", "stddev": 0.02, "seed": 3})
    assert str(layer.keras()[0]) == (
        "layers.Dense(2, kernel_initializer=initializers.RandomNormal(stddev=0.02, seed=3))"
    )


def test_a_recurrent_kernel_begins_orthogonal() -> None:
    weight = build(alone(LSTM(units=12), (3, 5))).get_parameter("layer.weight_hh_l0")
    torch.testing.assert_close(weight.T @ weight, torch.eye(12), atol=1e-5, rtol=0)


def test_the_forget_gate_begins_open_and_the_second_bias_stays_zero() -> None:
    network = build(alone(LSTM(units=2), (3, 5)))
    assert network.get_parameter("layer.bias_ih_l0").tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
    second = network.get_parameter("layer.bias_hh_l0")
    assert second.tolist() == [0] * 8
    assert not second.requires_grad


def test_the_seed_decides_the_weights_and_leaves_the_global_generator_alone() -> None:
    architecture = alone(Dense(units=3), (4,))
    torch.manual_seed(5)
    before = torch.random.get_rng_state()

    first, again, other = (build(architecture, seed=seed).state_dict() for seed in (1, 1, 2))

    assert torch.equal(before, torch.random.get_rng_state())
    assert torch.equal(first["layer.weight"], again["layer.weight"])
    assert not torch.equal(first["layer.weight"], other["layer.weight"])


def test_the_biases_of_heads_are_drawn_as_those_of_keras() -> None:
    layer = MultiHeadAttention(num_heads=2, key_dim=2_000, bias_initializer="he_normal")
    theirs = keras_layer(layer)
    theirs.build((None, 3, 4), (None, 3, 4))
    module = build(alone(layer, (3, 4)), seed=1).modules_of("layer")[0]

    ours = to_keras(module, layer.keras_weights((3, 4)))
    for place in (1, 3, 5):
        expected = np.asarray(theirs.weights[place].value.detach())
        assert ours[place].shape == expected.shape == (2, 2_000)
        assert float(ours[place].std()) == pytest.approx(float(expected.std()), rel=0.06)
