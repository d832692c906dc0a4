"""Captured steps give the same bits as the steps they stand for, and are used only if they do."""

import logging
from typing import Any

import pytest
import torch
from torch import nn

from models.network import build
from models.parse import parse
from models.training import capture
from models.training.capture import Captured, due, faster
from models.training.events import Progress, Status
from models.training.loop import train
from models.training.plan import Plan, plan
from models.training.trace import Unsuitable
from models.training.work import Work
from tests.models.documents import chain
from tests.models.training.cases import BINARY, CASES, CLASSES, REGRESSION, Case

RANDOM = [("Dropout", {"rate": 0.4}), ("BatchNormalization", {})]
NOISES = [
    (kind, {**params, "seed": seed})
    for kind, params in (
        ("Dropout", {"rate": 0.4, "noise_shape": [1, None]}),
        ("AlphaDropout", {"rate": 0.3}),
        ("GaussianDropout", {"rate": 0.3}),
        ("GaussianNoise", {"stddev": 0.3}),
    )
    for seed in (None, 7)
]
ORDER = torch.randperm(70, generator=torch.Generator().manual_seed(0))


def planned(case: Case, *extra: tuple[str, dict[str, Any]], **changes: Any) -> Plan:
    """Return the plan of a training that is about to take its first step."""
    layers = [*case.layers[:-1], *extra, case.layers[-1]]
    document = chain(*layers, shape=list(case.input_shape))
    network = build(parse(document), case.prepared(rows=2).interface, seed=3)
    decided = plan(network, case.prepared(), case.recipe(**changes))
    network.train()
    return decided


def bits(work: Work, steps: capture.Steps, count: int | None = None) -> list[torch.Tensor]:
    """Take the steps of an epoch and return all that they leave."""
    torch.manual_seed(1)
    rates = [0.003 / number for number in range(1, (count or work.batches.count) + 1)]
    chunk = steps.run(ORDER, 0, rates, 4)
    left = [*chunk.losses, *chunk.outputs, *chunk.gradients, *work.state(), torch.get_rng_state()]
    return [tensor.clone() for tensor in left]


def same(case: Case, *extra: tuple[str, dict[str, Any]], **changes: Any) -> bool:
    """Return whether an epoch leaves the same bits both ways, from the same beginning."""
    own, other = (planned(case, *extra, **changes).work for _ in range(2))
    before = [weight.clone() for weight in own.weights]
    pairs = zip(bits(own, own), bits(other, Captured(other)), strict=True)
    moved = any(not torch.equal(w, b) for w, b in zip(own.weights, before, strict=True))
    return moved and all(torch.equal(mine, theirs) for mine, theirs in pairs)


LIMITED = {
    "units": 6,
    "kernel_constraint": {"type": "max_norm", "max_value": 0.5},
    "bias_constraint": "non_neg",
}
PENALIZED = {
    "units": 6,
    "kernel_regularizer": "orthogonal_regularizer",
    "bias_regularizer": "l1",
    "activity_regularizer": "l2",
}
FROZEN = {"units": 6, "trainable": False, "activity_regularizer": "l2"}


@pytest.mark.parametrize("params", [LIMITED, PENALIZED, {**LIMITED, **PENALIZED}, FROZEN])
def test_penalties_and_constraints_are_captured_to_the_last_bit(params):
    assert same(CLASSES, ("Dense", params))
    assert same(CLASSES, ("Dense", params), tolerance=1e-9)


@pytest.mark.parametrize(
    "params",
    [
        {"layer": {"type": "Dense", **LIMITED}},
        {"layer": {"type": "Dense", **PENALIZED}, "power_iterations": 2},
        {"layer": {"type": "Dense", **FROZEN}},
    ],
)
def test_weights_that_a_step_divides_are_captured_to_the_last_bit(params):
    assert same(CLASSES, ("SpectralNormalization", params))


@pytest.mark.parametrize("noise", NOISES, ids=lambda noise: f"{noise[0]}-{noise[1]['seed']}")
def test_noise_is_captured_to_the_last_bit(noise):
    assert same(CLASSES, noise, ("ActivityRegularization", {"l1": 0.01}))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("extra", [[], RANDOM], ids=["plain", "random"])
def test_every_kind_of_network_is_captured_to_the_last_bit(case, extra):
    assert same(case, *extra)


@pytest.mark.parametrize(
    "changes",
    [
        {"batch_size": 1},
        {"batch_size": 35},
        {"batch_size": "all"},
        {"clip_norm": 0.1},
        {"class_weight": "balanced"},
        {"precision": "bfloat16"},
        {"optimizer": {"type": "SGD", "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}},
        {"optimizer": {"type": "Adam", "amsgrad": True, "clipnorm": 0.1}},
        {"optimizer": {"type": "AdamW", "clipvalue": 0.01}},
        {"optimizer": {"type": "RMSprop", "centered": True, "momentum": 0.9}},
        {"optimizer": {"type": "Adam", "use_ema": True, "ema_overwrite_frequency": 2}},
    ],
    ids=str,
)
def test_every_part_of_the_recipe_is_captured_to_the_last_bit(changes):
    assert same(CLASSES, **changes)


def test_a_captured_training_settles_at_the_step_at_which_the_other_does():
    settings = {"batch_size": "all", "tolerance": 0.02}
    optimizer = {"optimizer": {"type": "SGD", "learning_rate": 0.05}}
    own, other = (planned(REGRESSION, **settings, **optimizer).work for _ in range(2))
    rates = [0.05] * 40
    mine, theirs = own.run(ORDER, 0, rates, 0), Captured(other).run(ORDER, 0, rates, 0)
    assert mine.settled
    assert theirs.settled
    assert len(mine.losses) == len(theirs.losses) < 40


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_trying_leaves_no_trace_in_weights_or_random_numbers(case):
    work = planned(case, *RANDOM).work
    before = [tensor.clone() for tensor in work.state()]
    torch.manual_seed(7)
    random = torch.get_rng_state()
    assert isinstance(faster(work, ORDER, 0.1, 3, 1e-3, 1e6), Captured | Work)
    assert torch.equal(torch.get_rng_state(), random)
    assert all(torch.equal(b, now) for b, now in zip(before, work.state(), strict=True))


def test_a_step_of_too_many_operations_is_not_captured(caplog: pytest.LogCaptureFixture):
    work = planned(REGRESSION).work
    with caplog.at_level(logging.INFO):
        assert faster(work, ORDER, 0.1, 3, 1e-3, left=0.01) is work
    assert "too many to trace" in caplog.text


class Deciding(nn.Module):
    """Computes something else where its input is positive, which no trace can follow."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * 2 if float(x.detach().sum()) > 0 else x


def test_a_step_that_no_trace_can_follow_is_taken_as_it_is():
    work = planned(REGRESSION).work
    work.network.add_module("layer_1_activation", Deciding())
    with pytest.raises(Unsuitable, match="cannot be traced"):
        Captured(work)
    assert faster(work, ORDER, 0.1, 3, 1e-3, 1e6) is work


def test_captured_steps_that_give_other_weights_are_not_used(monkeypatch, caplog):
    right = Captured.run

    def wrong(self: Captured, *arguments: Any) -> Any:
        chunk = right(self, *arguments)
        self._work.weights[0].view(-1)[0].mul_(1 + 1e-6)
        return chunk

    monkeypatch.setattr(Captured, "run", wrong)
    monkeypatch.setattr(capture._Trial, "pays", lambda *_: True)
    work = planned(REGRESSION).work
    assert faster(work, ORDER, 0.1, 3, 1e-3, 1e6) is work
    assert "other weights" in caplog.text


def test_steps_are_captured_only_where_that_is_seen_to_pay(monkeypatch):
    taken = iter(range(10**6))

    class Clock:
        """Each look at it is a second later; a captured step looks ten times more often."""

        @staticmethod
        def perf_counter() -> float:
            return float(next(taken))

    right = Captured.run

    def slow(self: Captured, *arguments: Any) -> Any:
        for _ in range(10):
            next(taken)
        return right(self, *arguments)

    work = planned(REGRESSION).work
    monkeypatch.setattr(capture, "perf_counter", Clock.perf_counter)
    monkeypatch.setattr(Captured, "run", slow)
    assert faster(work, ORDER, 0.1, 3, 1e-3, 1e6) is work


def test_only_a_training_that_has_begun_and_will_last_is_captured():
    work = planned(REGRESSION).work
    assert due(work, seconds=1.0, seconds_left=60.0)
    assert not due(work, seconds=0.0, seconds_left=60.0)
    assert not due(work, seconds=1.0, seconds_left=0.1)


def test_a_long_training_goes_over_to_captured_steps_by_itself(monkeypatch):
    chosen: list[capture.Steps] = []
    decide = capture.faster

    def deciding(*arguments: Any) -> capture.Steps:
        chosen.append(decide(*arguments))
        return chosen[-1]

    monkeypatch.setattr(capture, "faster", deciding)
    monkeypatch.setattr(capture._Trial, "pays", lambda *_: True)
    after: list[int] = []

    def stop() -> bool:
        after.append(len(chosen))
        return after.count(1) > 3

    events = list(
        train(BINARY.network(), BINARY.prepared(), BINARY.recipe(epochs=1_000_000), stop=stop)
    )
    assert isinstance(events[-1], Status)
    assert events[-1].state == "stopped"
    assert [type(steps) for steps in chosen] == [Captured]
    first = next(event for event in events if isinstance(event, Progress))
    assert first.step == 1
