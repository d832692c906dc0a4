"""Weights begin as Keras's do."""

import numpy as np
import pytest
import torch

from models.export.keras_weights import to_keras
from models.layers.base import Layer, Shape, channels_last
from models.layers.convolution import Conv2D
from models.layers.core import Dense, Embedding
from models.layers.initializers import INITIALIZERS
from models.layers.recurrent import GRU, LSTM, SimpleRNN
from models.network import build
from tests.models.layers.twins import alone, keras_layer

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

LARGE: list[tuple[Layer, Shape]] = [
    *((Dense(units=80, kernel_initializer=name), (150,)) for name in INITIALIZERS),
    *(
        (Conv2D(filters=40, kernel_size=5, kernel_initializer=name), (20, 6, 6))
        for name in INITIALIZERS
    ),
    *(
        (Embedding(input_dim=300, output_dim=40, embeddings_initializer=name), (4,))
        for name in INITIALIZERS
    ),
    (Dense(units=80, kernel_initializer="glorot_uniform"), (20, 6, 6)),
    (Dense(units=2000, bias_initializer="random_normal"), (2,)),
    (SimpleRNN(units=40), (3, 60)),
    (LSTM(units=40), (3, 60)),
    (LSTM(units=40, unit_forget_bias=False), (3, 60)),
    (GRU(units=40), (3, 60)),
    (GRU(units=40, recurrent_initializer="he_normal"), (3, 60)),
    (LSTM(units=40, activation="relu"), (3, 60)),
    (GRU(units=40, reset_after=False), (3, 60)),
]


def label(case: tuple[Layer, Shape]) -> str:
    layer, shape = case
    changed = "-".join(map(str, layer.model_dump(exclude_defaults=True).values()))
    return f"{type(layer).__name__}-{changed}-{len(shape)}"


@pytest.mark.parametrize("case", LARGE, ids=label)
def test_weights_are_drawn_from_the_distribution_of_keras(case: tuple[Layer, Shape]) -> None:
    layer, shape = case
    network = build(alone(layer, shape), seed=11)
    theirs = keras_layer(layer)
    theirs.build((None, *channels_last(shape)))
    ours = to_keras(network.modules_of("layer")[0], layer.keras_weights(shape))

    for variable, found in zip(theirs.weights, ours, strict=True):
        expected = np.asarray(variable.value.detach())
        spread = float(expected.std())
        assert float(found.std()) == pytest.approx(spread, rel=0.06), variable.name
        assert float(found.mean()) == pytest.approx(
            float(expected.mean()), abs=0.08 * spread + 1e-7
        )
        assert np.abs(found).max() == pytest.approx(np.abs(expected).max(), rel=0.35)


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
