"""Activation functions: curves, numbers worked by hand, and what follows from what they are."""

import pytest
import torch
from torch import Tensor

from models.check import check
from models.layers.activation_layers import Activation, ReLU
from models.layers.activations import ACTIVATIONS
from models.layers.axis_activations import Softmax
from models.layers.learned_activations import Maxout, PReLU
from models.network import build
from models.parse import parse
from models.resolve import make
from tests.models.documents import chain
from tests.models.layers.twins import alone
from tests.models.training.cases import CLASSES, REGRESSION


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_curve_in_the_catalogue_is_the_function_that_is_trained(name: str) -> None:
    activation = ACTIVATIONS[name]
    if activation.value is None or activation.slope is None:
        assert activation.of_vector
        return
    places = [-3.7, -1.2, -0.4, 0.3, 1.1, 2.9]
    x = torch.tensor(places, dtype=torch.float64, requires_grad=True)
    y = x * 1 if activation.torch is None else make(activation.torch)(x)
    (slope,) = torch.autograd.grad(y.sum(), x)

    assert [activation.value(place) for place in places] == pytest.approx(y.tolist(), abs=1e-6)
    assert [activation.slope(place) for place in places] == pytest.approx(slope.tolist(), abs=1e-6)


@pytest.mark.parametrize("name", [n for n, entry in ACTIVATIONS.items() if entry.any_number])
def test_an_activation_that_gives_any_number_gives_very_large_and_very_small_ones(
    name: str,
) -> None:
    value = ACTIVATIONS[name].value
    assert value is not None
    assert value(1e3) > 100
    assert value(-1e4) < -100


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([0.5, 0.5], [0.5, 0.5]),
        ([1.0, 0.2], [0.9, 0.1]),
        ([3.0, 1.0], [1.0, 0.0]),
        # τ = (1.2 + 1 − 1) / 2 = 0.6; the third is below it.
        ([1.2, 1.0, 0.1], [0.6, 0.4, 0.0]),
        ([0.0, 0.0, 0.0], [1 / 3, 1 / 3, 1 / 3]),
    ],
)
def test_sparsemax_is_the_nearest_point_of_the_probabilities(
    given: list[float], expected: list[float]
) -> None:
    network = build(alone(Activation(activation="sparsemax"), (len(given),)))
    torch.testing.assert_close(network(torch.tensor([given])), torch.tensor([expected]))


def test_sparsemax_is_nearer_than_any_other_probabilities() -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(20, 5, generator=generator)
    found = build(alone(Activation(activation="sparsemax"), (5,)))(x)

    torch.testing.assert_close(found.sum(1), torch.ones(20))
    others = torch.rand(500, 1, 5, generator=generator).log()
    others = others / others.sum(-1, keepdim=True)
    assert ((others - x).square().sum(-1) >= (found - x).square().sum(-1) - 1e-6).all()


def test_maxout_gives_the_largest_of_the_sums_of_each_unit() -> None:
    network = build(alone(Maxout(units=2, pieces=2), (2,)))
    weight = torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.0, 1.0], [-2.0, 0.0]])
    network.load_state_dict(
        {"layer.weight": weight, "layer.bias": torch.tensor([0.5, 0.0, -1.0, 1.0])}
    )
    # Of (2, 3): 2 + 6 + 0.5 and 6 − 3 for the first unit, 3 − 1 and −4 + 1 for the second.
    assert network(torch.tensor([[2.0, 3.0]])).tolist() == [[8.5, 2.0]]


def test_maxout_of_x_and_its_negative_is_the_absolute_value() -> None:
    network = build(alone(Maxout(units=1, pieces=2, use_bias=False), (1,)))
    network.load_state_dict({"layer.weight": torch.tensor([[1.0], [-1.0]])})
    x = torch.linspace(-2, 2, 9)[:, None]
    torch.testing.assert_close(network(x), x.abs())


def test_a_slope_of_prelu_is_learned_from_negative_numbers_alone() -> None:
    network = build(alone(PReLU(), (3,)))
    network(torch.tensor([[-2.0, 0.0, 3.0]])).sum().backward()
    assert network.get_parameter("layer.weight").grad.tolist() == [-2.0, 0.0, 0.0]


def logits_of(*layers: tuple[str, dict[str, object]]) -> tuple[str | None, Tensor, Tensor]:
    network = build(parse(chain(*layers, shape=[4])), seed=1)
    x = torch.randn(3, 4, generator=torch.Generator().manual_seed(0))
    return network.output_activation, network(x), network.logits(x)


def test_the_loss_sees_the_logits_before_a_softmax_layer() -> None:
    activation, answer, logits = logits_of(("Dense", {"units": 3}), ("Softmax", {}))
    assert activation == "softmax"
    torch.testing.assert_close(logits.softmax(1), answer)
    assert not torch.allclose(logits, answer)


def test_a_softmax_over_another_axis_has_no_logits_for_the_loss() -> None:
    network = build(alone(Softmax(axis=1), (5, 4)))
    assert network.output_activation is None


def test_the_output_of_classes_can_be_a_softmax_layer() -> None:
    layers = [("Dense", {"units": 3}), ("Softmax", {})]
    report = check(
        parse(chain(*layers, shape=[6])), CLASSES.prepared(2).interface, "CategoricalCrossentropy"
    )
    assert report.problems == []


@pytest.mark.parametrize(
    ("kind", "params", "told"),
    [
        ("ReLU", {}, "relu"),
        ("ReLU", {"max_value": 3.0, "negative_slope": 0.1}, "relu"),
        ("ELU", {}, "elu"),
        ("ReLU", {"negative_slope": 0.1}, None),
        ("LeakyReLU", {}, None),
        ("PReLU", {}, None),
    ],
)
def test_a_regression_that_ends_in_an_activation_layer_is_warned_where_numbers_are_missing(
    kind: str, params: dict[str, object], told: str | None
) -> None:
    layers = [("Dense", {"units": 1}), (kind, params)]
    report = check(parse(chain(*layers, shape=[6])), REGRESSION.prepared(2).interface)
    found = [p for p in report.problems if p.code == "output_activation"]
    assert [told in p.message for p in found] == ([True] if told else [])


def test_an_activation_layer_shows_the_module_that_it_is() -> None:
    shown = {
        str(ReLU(**params).torch((4,))[0].call)
        for params in ({}, {"max_value": 6.0}, {"negative_slope": 0.1}, {"threshold": 1.0})
    }
    assert shown == {"nn.ReLU()", "nn.ReLU6()", "nn.LeakyReLU(0.1)", "nn.Threshold(1.0, 0.0)"}
