"""Gathering gradients over several batches is learning from one large batch."""

from itertools import pairwise
from typing import Any

import keras
import pytest
import torch

from models.training.batches import Batches
from models.training.events import Metrics, Progress
from models.training.loop import train
from models.training.plan import plan
from tests.models.training.against_keras import answers_apart, trained
from tests.models.training.cases import CASES, CLASSES, REGRESSION, Case
from tests.models.training.plain import apart, curve
from tests.models.training.test_capture import same

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CLOSE = 1e-5
"""Sums are added up in another order, and Adam divides small ones by small ones."""


def adam(**settings: Any) -> dict[str, Any]:
    return {"type": "Adam", "learning_rate": 0.003, **settings}


def gap(case: Case, one: dict[str, Any], other: dict[str, Any], rows: int = 70) -> float:
    """Train by two recipes and return how far the weights are apart."""
    networks = [case.network(), case.network()]
    for network, changes in zip(networks, (one, other), strict=True):
        list(train(network, case.prepared(rows), case.recipe(**changes)))
    return apart(*networks)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.usefixtures("way")
def test_four_batches_of_eight_are_one_of_thirty_two_and_the_last_step_takes_what_is_left(case):
    # 70 rows: two steps of 32, and one of a batch that is not even whole.
    many = {"batch_size": 8, "optimizer": adam(gradient_accumulation_steps=4)}
    assert gap(case, many, {"batch_size": 32, "optimizer": adam()}) < CLOSE
    # 75 rows: the last step is a whole batch and one of three rows, which count as three.
    assert gap(case, many, {"batch_size": 32, "optimizer": adam()}, rows=75) < CLOSE


@pytest.mark.parametrize(
    ("settings", "recipe"),
    [
        ({"global_clipnorm": 0.1}, {}),
        ({"clipvalue": 0.01}, {}),
        ({}, {"clip_norm": 0.05}),
        ({"use_ema": True, "ema_momentum": 0.7, "ema_overwrite_frequency": 2}, {}),
        ({"weight_decay": 0.1}, {}),
        ({}, {"schedule": {"type": "CosineDecay"}}),
        ({}, {"class_weight": {"a": 3.0, "b": 0.2}}),
        ({}, {"max_steps": 5}),
        ({}, {"tolerance": 3e-3, "epochs": 30}),
    ],
    ids=str,
)
@pytest.mark.usefixtures("way")
def test_whatever_follows_a_step_follows_the_gathered_gradient(settings, recipe):
    many = {"batch_size": 4, "optimizer": adam(**settings, gradient_accumulation_steps=6)}
    large = {"batch_size": 24, "optimizer": adam(**settings)}
    assert gap(CLASSES, many | recipe, large | recipe) < CLOSE


def test_more_batches_than_there_are_make_one_step_of_the_whole_epoch():
    many = {"batch_size": 16, "optimizer": adam(gradient_accumulation_steps=1_000)}
    assert gap(CLASSES, many, {"batch_size": "all", "optimizer": adam()}) < CLOSE


@pytest.mark.parametrize("settings", [{}, {"global_clipnorm": 0.1}, {"weight_decay": 0.1}], ids=str)
@pytest.mark.parametrize("case", [CLASSES, REGRESSION], ids=lambda case: case.name)
def test_gathered_gradients_draw_the_curves_of_fit(case, settings):
    # 70 rows in ten batches: five steps an epoch, none of which Keras would carry over.
    settings = {"learning_rate": 0.01, **settings, "gradient_accumulation_steps": 2}
    events, theirs, *networks = trained(
        case,
        {"batch_size": 7, "optimizer": {"type": "Adam", **settings}},
        optimizer=keras.optimizers.Adam(**settings),
    )
    assert curve(events) == pytest.approx(theirs["loss"], abs=1e-4)
    assert answers_apart(case, *networks) < 1e-4


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("per_step", [2, 3, 50])
def test_gathering_is_captured_to_the_last_bit(case, per_step):
    optimizer = adam(gradient_accumulation_steps=per_step, clipnorm=0.1, use_ema=True)
    assert same(case, optimizer=optimizer)
    assert same(case, optimizer=optimizer, tolerance=1e-9)


def test_steps_that_are_told_are_those_of_the_optimizer():
    optimizer = adam(gradient_accumulation_steps=4)
    recipe = CLASSES.recipe(batch_size=8, optimizer=optimizer, epochs=3)
    events = list(train(CLASSES.network(), CLASSES.prepared(), recipe))
    assert {event.steps_per_epoch for event in events if isinstance(event, Progress)} == {3}
    told = [event for event in events if isinstance(event, Metrics) and event.scope == "epoch"]
    assert [event.step for event in told] == [3, 6, 9]
    steps = [event.step for event in events if isinstance(event, Metrics) and event.scope == "step"]
    assert all(one < other for one, other in pairwise(steps))


def test_the_layers_are_looked_at_with_the_gradient_and_the_change_of_a_whole_step():
    looks = []
    for changes in (
        {"batch_size": 8, "optimizer": adam(gradient_accumulation_steps=4)},
        {"batch_size": 32, "optimizer": adam()},
    ):
        recipe = CLASSES.recipe(epochs=1, **changes)
        events = list(train(CLASSES.network(), CLASSES.prepared(), recipe))
        looks.append({event.step: event.nodes for event in events if event.kind == "layers"})
    many, large = looks
    assert many.keys() == large.keys() == {1, 2, 3}
    for step, nodes in many.items():
        for name, node in nodes.items():
            other = large[step][name]
            assert node.update_ratio == pytest.approx(other.update_ratio, rel=1e-3)
            if node.gradients is not None:
                assert node.gradients.std == pytest.approx(other.gradients.std, rel=1e-3)


def test_nothing_is_gathered_where_it_is_not_asked_for():
    assert plan(CLASSES.network(), CLASSES.prepared(), CLASSES.recipe()).work.sums == []


def test_shares_of_a_step_add_up_and_every_batch_belongs_to_one():
    for rows in range(1, 40):
        for size in (1, 3, 8):
            for per_step in (1, 2, 5):
                batches = Batches(rows, size, per_step)
                ends = [batch for batch in range(batches.count) if batches.ends(batch)]
                assert len(ends) == batches.steps
                assert sum(map(batches.rows, range(batches.count))) == rows
                shares = torch.tensor([batches.share(batch) for batch in range(batches.count)])
                assert float(shares.sum()) == pytest.approx(batches.steps)
                assert batches.steps_within(0, batches.count) == batches.steps
                taken = [batches.of_steps(0, step) for step in range(1, batches.steps + 1)]
                assert taken == [end + 1 for end in ends]
