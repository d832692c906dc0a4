"""What is random comes out as often as in Keras, and alike along the same axes."""

from typing import Any

import pytest
import torch
from torch import Tensor

from models.errors import DocumentError
from models.layers import LAYERS
from models.layers.base import Shape
from models.network import build
from models.parse import parse
from tests.models.documents import alone
from tests.models.layers.twins import alone as of_layer
from tests.models.layers.twins import answer, keras, keras_layer
from tests.models.problems import told_and_mended

ROW: Shape = (40_000,)
SEQUENCE: Shape = (30, 20)
IMAGE: Shape = (20, 5, 6)
VOLUME: Shape = (20, 3, 4, 5)
NOISES: list[tuple[str, dict[str, Any]]] = [
    ("Dropout", {"rate": 0.25}),
    ("AlphaDropout", {"rate": 0.25}),
    ("GaussianDropout", {"rate": 0.2}),
    ("GaussianNoise", {"stddev": 0.3}),
]


def drawn(kind: str, params: dict[str, Any], x: Tensor) -> tuple[Tensor, Tensor]:
    """Return what our layer and Keras's make of a value in training, channels first."""
    layer = LAYERS[kind].model_validate(params)
    torch.manual_seed(0)
    keras.utils.set_random_seed(0)
    network = build(of_layer(layer, tuple(x.shape[1:]))).train()
    return network(x), answer(keras_layer(layer), [x], True)


@pytest.mark.parametrize(("kind", "params"), NOISES)
@pytest.mark.parametrize("seed", [None, 11])
def test_numbers_come_out_as_often_as_in_keras(
    kind: str, params: dict[str, Any], seed: int | None
) -> None:
    ours, theirs = drawn(kind, params | {"seed": seed}, torch.full((2, *ROW), 1.5))
    shares = torch.linspace(0.02, 0.98, 25)
    if kind.endswith("Dropout") and not kind.startswith("Gaussian"):
        torch.testing.assert_close(ours.unique(), theirs.unique(), atol=1e-6, rtol=1e-6)
    else:
        ours_at, theirs_at = torch.quantile(ours, shares), torch.quantile(theirs, shares)
        torch.testing.assert_close(ours_at, theirs_at, atol=0.03, rtol=0)
    assert float(ours.mean()) == pytest.approx(float(theirs.mean()), abs=0.02)
    assert float(ours.std()) == pytest.approx(float(theirs.std()), rel=0.02)


@pytest.mark.parametrize("kind", ["Dropout", "AlphaDropout"])
@pytest.mark.parametrize("seed", [None, 11])
def test_dropping_keeps_mean_and_spread(kind: str, seed: int | None) -> None:
    x = torch.randn(1, 80_000, generator=torch.Generator().manual_seed(3))
    ours, _ = drawn(kind, {"rate": 0.25, "seed": seed}, x)
    assert float(ours.mean()) == pytest.approx(0, abs=0.02)
    if kind == "AlphaDropout":
        assert float(ours.std()) == pytest.approx(1, abs=0.02)
    else:
        assert float((ours == 0).float().mean()) == pytest.approx(0.25, abs=0.01)


def alike(value: Tensor) -> list[bool]:
    """Return for each axis whether everything is the same along it."""
    return [
        bool(torch.equal(value, value.narrow(axis, 0, 1).expand_as(value)))
        for axis in range(value.dim())
    ]


PATTERNS: list[tuple[str, dict[str, Any], Shape, list[bool]]] = [
    ("SpatialDropout1D", {}, SEQUENCE, [False, True, False]),
    ("SpatialDropout2D", {}, IMAGE, [False, False, True, True]),
    ("SpatialDropout3D", {}, VOLUME, [False, False, True, True, True]),
    ("Dropout", {"noise_shape": [None, 1, 20]}, SEQUENCE, [False, True, False]),
    ("Dropout", {"noise_shape": [1, 30, None]}, SEQUENCE, [True, False, False]),
    ("Dropout", {"noise_shape": [None, 1, None, None]}, IMAGE, [False, False, True, False]),
    ("Dropout", {"noise_shape": [None, 5, 6, 1]}, IMAGE, [False, True, False, False]),
    ("AlphaDropout", {"noise_shape": [None, 1, 6, 20]}, IMAGE, [False, False, True, False]),
    ("AlphaDropout", {"noise_shape": [1, None]}, (50,), [True, False]),
]


@pytest.mark.parametrize(("kind", "params", "shape", "expected"), PATTERNS)
@pytest.mark.parametrize("seed", [None, 4])
def test_the_same_places_are_dropped_along_the_axes_of_keras(
    kind: str, params: dict[str, Any], shape: Shape, expected: list[bool], seed: int | None
) -> None:
    ours, theirs = drawn(kind, {**params, "seed": seed}, torch.ones(4, *shape))
    assert alike(ours) == alike(theirs) == expected
    torch.testing.assert_close(ours.unique(), theirs.unique(), atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize(("kind", "params"), NOISES)
def test_a_seed_fixes_the_noise_of_each_step_whatever_else_is_drawn(
    kind: str, params: dict[str, Any]
) -> None:
    x = torch.ones(3, 50)

    def steps(seed: int | None, other: int) -> list[Tensor]:
        torch.manual_seed(other)
        network = build(parse(alone(kind, params | {"seed": seed}, [50]))).train()
        return [network(x) for _ in range(3)]

    first, again, another = steps(7, 1), steps(7, 2), steps(8, 1)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not any(torch.equal(a, b) for a, b in zip(first, another, strict=True))
    assert not torch.equal(first[0], first[1])
    assert not torch.equal(steps(None, 1)[0], steps(None, 2)[0])
    assert torch.equal(steps(None, 1)[2], steps(None, 1)[2])


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1])
def test_seeded_noise_is_independent_from_place_to_place_and_step_to_step(seed: int) -> None:
    network = build(parse(alone("GaussianNoise", {"stddev": 1, "seed": seed}, [40_000]))).train()
    first, second = (network(torch.zeros(1, 40_000))[0] for _ in range(2))
    pairs = [(first, second), (first[1:], first[:-1]), (first[16:], first[:-16])]
    for one, other in pairs:
        assert float((one * other).mean()) == pytest.approx(0, abs=0.02)
    assert torch.isfinite(first).all()


@pytest.mark.parametrize(("kind", "params"), NOISES)
@pytest.mark.parametrize("seed", [None, 3])
def test_in_use_nothing_is_random(kind: str, params: dict[str, Any], seed: int | None) -> None:
    x = torch.randn(3, 5)
    network = build(parse(alone(kind, params | {"seed": seed}, [5])))
    assert torch.equal(network.eval()(x), x)
    assert network.state_dict() == {}


@pytest.mark.parametrize("factors", [{"l1": 0.1}, {"l2": 0.3}, {"l1": 0.01, "l2": 0.02}])
def test_the_penalty_on_activity_is_that_of_keras(factors: dict[str, float]) -> None:
    x = torch.randn(6, 3, 4, 5)
    layer = LAYERS["ActivityRegularization"].model_validate(factors)
    network = build(of_layer(layer, (3, 4, 5)))
    theirs = keras_layer(layer)
    assert torch.equal(network(x), x)
    theirs(x)
    (expected,) = theirs.losses
    torch.testing.assert_close(network.penalty(), expected)


def test_without_factors_nothing_is_penalized() -> None:
    assert not build(parse(alone("ActivityRegularization", {}, [3]))).penalized


MISFITS: list[tuple[str, dict[str, Any], list[int], list[str]]] = [
    ("Dropout", {"noise_shape": [None, 1]}, [5, 4], ["3 entries", "(any, 1)"]),
    ("Dropout", {"noise_shape": [None, 2, 4]}, [5, 4], ["(any, 2, 4)"]),
    ("AlphaDropout", {"noise_shape": [8, 4]}, [4], ["2 entries", "(8, 4)"]),
    ("SpatialDropout1D", {}, [12], ["(time, features)", "(12,)"]),
    ("SpatialDropout2D", {}, [5, 4], ["(channels, height, width)"]),
    ("SpatialDropout3D", {}, [2, 5, 4], ["volume"]),
]


@pytest.mark.parametrize(("kind", "params", "shape", "said"), MISFITS)
def test_noise_that_does_not_fit_is_told_and_mended(
    kind: str, params: dict[str, Any], shape: list[int], said: list[str]
) -> None:
    told_and_mended(alone(kind, params, shape), said)


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        ("AlphaDropout", {"rate": 1}),
        ("GaussianDropout", {"rate": 1}),
        ("GaussianNoise", {"stddev": 1.5}),
        ("Dropout", {"seed": -1}),
        ("Dropout", {"noise_shape": [None, 0]}),
        ("Dropout", {"noise_shape": [None, "1"]}),
        ("ActivityRegularization", {"l1": -0.1}),
    ],
)
def test_what_keras_cannot_compute_is_refused(kind: str, params: dict[str, Any]) -> None:
    with pytest.raises(DocumentError):
        parse(alone(kind, params, [4]))
