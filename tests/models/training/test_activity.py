"""What is told of the layers of a network while it learns, against plain arithmetic."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.network import Network, build
from models.parse import parse
from models.training.activity import ALL_BINS, MOST_BINS, SAMPLE_VALUES, Gauge
from models.training.events import Layers, LayerStatistics
from models.training.loop import train
from models.training.rounds import Rounds
from tests.models.documents import chain, document
from tests.models.training.cases import REGRESSION


def gauge(network: Network, *inputs: Tensor) -> Gauge:
    return Gauge(network, list(network.parameters()), inputs)


def look(network: Network, *inputs: Tensor) -> dict[str, LayerStatistics]:
    return gauge(network, *inputs).measure([])


def of_layers(*layers: tuple[str, dict[str, Any]], shape: list[int]) -> Network:
    return build(parse(chain(*layers, shape=shape)), seed=1)


def test_a_histogram_counts_what_numpy_counts():
    network = of_layers(("Dense", {"units": 40}), shape=[20])
    found = look(network, torch.randn(64, 20))["layer_1"].weights
    assert found is not None
    values = torch.cat([p.detach().flatten() for p in network.parameters()]).numpy()
    expected, ends = np.histogram(values, MOST_BINS)
    assert abs(np.array(found.histogram) - expected).max() <= 1
    assert sum(found.histogram) == len(values)
    assert (found.low, found.high) == pytest.approx((ends[0], ends[-1]), abs=1e-6)


def test_a_histogram_of_many_numbers_counts_a_sample_of_them():
    network = of_layers(("Dense", {"units": 100}), shape=[100])
    found = look(network, torch.randn(64, 100))["layer_1"].weights
    assert found is not None
    assert sum(found.histogram) == SAMPLE_VALUES


def test_activations_that_are_not_finite_leave_the_others_to_be_counted():
    network = of_layers(("Rescaling", {"scale": 10.0}), ("Dense", {"units": 2}), shape=[2])
    found = look(network, torch.tensor([[1e38, 3.0], [0.0, 0.5]]))["layer_1"].activations
    assert found is not None
    assert (found.mean, found.high) == (None, None)
    assert sum(found.histogram) == 3


def test_the_update_ratio_is_how_far_a_step_moves_the_weights():
    network = REGRESSION.network()
    before = {name: p.detach().clone() for name, p in network.named_parameters()}
    recipe = REGRESSION.recipe(optimizer={"type": "SGD", "learning_rate": 0.1}, epochs=1)
    events = train(network, REGRESSION.prepared(), recipe)
    told = next(event for event in events if isinstance(event, Layers))
    assert told.step == 1
    now = dict(network.named_parameters())
    for layer, statistics in told.nodes.items():
        own = [name for name in before if name.startswith(f"{layer}.")]
        change = torch.cat([(now[name].detach() - before[name]).flatten() for name in own])
        size = torch.cat([before[name].flatten() for name in own])
        assert statistics.update_ratio == pytest.approx(
            float(change.norm() / size.norm()), rel=1e-4
        )


def test_units_that_are_zero_for_everyone_are_dead_and_the_same_for_everyone():
    network = of_layers(("Dense", {"units": 4, "activation": "relu"}), shape=[3])
    layer: Any = network.get_submodule("layer_1")
    with torch.no_grad():
        layer.weight[:2], layer.bias[:2] = 0.0, torch.tensor([-1.0, 2.0])
    found = look(network, torch.randn(100, 3))["layer_1"]
    assert (found.dead, found.constant) == (0.25, 0.5)


def test_a_channel_of_an_image_is_a_unit():
    network = of_layers(
        ("Conv2D", {"filters": 4, "kernel_size": 1, "activation": "relu"}), shape=[1, 3, 3]
    )
    layer: Any = network.get_submodule("layer_1")
    with torch.no_grad():
        layer.weight[0], layer.bias[0] = 0.0, -1.0
    found = look(network, torch.rand(20, 1, 3, 3))["layer_1"]
    assert found.dead is not None
    assert found.dead >= 0.25


@pytest.mark.parametrize(("function", "share"), [("sigmoid", 0.5), ("tanh", 0.75)])
def test_what_lies_on_the_flat_ends_of_a_function_is_saturated(function: str, share: float):
    network = of_layers(("Dense", {"units": 1, "activation": function}), shape=[1])
    layer: Any = network.get_submodule("layer_1")
    with torch.no_grad():
        layer.weight.fill_(1)
    rows = torch.tensor([[-5.0], [-2.5], [0.0], [5.0]])
    assert look(network, rows)["layer_1"].saturated == share


def test_layers_inside_blocks_are_told_by_their_path_and_the_block_as_a_whole():
    inner = document(("in", "Input", {}), ("fc", "Dense", {"units": 3}), ("out", "Output", {}))
    outer = document(
        ("input", "Input", {"shape": [3]}),
        ("once", "Block", {"block": "cell"}),
        ("twice", "Block", {"block": "cell", "repeat": 2}),
        ("output", "Output", {}),
    )
    sent = {**outer, "blocks": {"cell": {"nodes": inner["nodes"], "edges": inner["edges"]}}}
    network = build(parse(sent), seed=1)
    rows = torch.randn(30, 3)
    found = look(network, rows)
    assert list(found) == ["once", "once.fc", "twice", "twice.0.fc", "twice.1.fc"]
    assert found["once"] == found["once.fc"]
    assert found["twice"].activations == found["twice.1.fc"].activations
    whole, parts = (
        found["twice"].weights,
        (found["twice.0.fc"].weights, found["twice.1.fc"].weights),
    )
    assert whole is not None
    assert whole.mean == pytest.approx(sum(part.mean or 0 for part in parts if part) / 2, abs=1e-6)


def test_a_deep_network_is_told_with_coarser_histograms_and_a_very_deep_one_without():
    sizes = {}
    for depth in (10, 150, 500):
        network = of_layers(*[("Dense", {"units": 1})] * depth, shape=[1])
        told = look(network, torch.randn(8, 1))
        assert len(told) == depth
        sizes[depth] = len(told["layer_1"].weights.histogram)  # type: ignore[union-attr]
    assert sizes == {10: MOST_BINS, 150: ALL_BINS // 150, 500: 0}


def test_looking_leaves_weights_gradients_mode_and_random_numbers_as_they_are():
    network = of_layers(("Dropout", {"rate": 0.5}), ("Dense", {"units": 3}), shape=[3]).train()
    before = [p.detach().clone() for p in network.parameters()]
    state = torch.get_rng_state()
    watch = gauge(network, torch.randn(8, 3))
    state = torch.get_rng_state()
    watch.begin()
    watch.measure([])
    assert network.training
    assert torch.equal(torch.get_rng_state(), state)
    assert all(map(torch.equal, before, network.parameters()))


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def looks(layers: int, steps: int, seconds_per_step: float, cost: float) -> list[int]:
    """Return the steps that are looked at."""
    clock = Clock()
    rounds, found, step = Rounds(layers, clock), [], 0
    while step < steps:
        due = rounds.due(step)
        taken = 1 if due else rounds.until(step, min(100, steps - step))
        clock.now += taken * seconds_per_step
        step += taken
        if due:
            clock.now += cost
            rounds.looked(step, cost)
            found.append(step)
    return found


def test_quick_steps_are_looked_at_by_their_number():
    assert looks(3, 1_000, 1e-6, 1e-6) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]


def test_a_slow_first_look_says_nothing_of_the_next():
    clock = Clock()
    rounds = Rounds(3, clock)
    rounds.looked(1, 0.4)
    assert rounds.due(1)
    rounds.looked(2, 0.001)
    assert [step for step in range(2, 20) if rounds.due(step)] == [3]


def test_an_hour_of_training_is_looked_at_some_two_hundred_times_and_of_a_deep_network_less():
    assert 150 < len(looks(20, 360_000, 0.01, 0.001)) < 260
    assert 15 < len(looks(2_000, 360_000, 0.01, 0.001)) < 60


def test_looking_takes_no_more_than_its_share_of_the_time():
    found = looks(20, 10_000, 0.01, 0.5)
    assert 0.5 * len(found) <= 0.02 * 10_000 * 0.01 + 1.0
