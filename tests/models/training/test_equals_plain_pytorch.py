"""Training gives the weights of a plain PyTorch loop, whatever the network and the recipe."""

from typing import Any

import keras
import pytest
import torch
from torch.nn import functional

from models.objectives.optimizers import OPTIMIZERS
from models.training.loop import train
from tests.models.training.cases import BINARY, CASES, CLASSES, IMAGES, REGRESSION, Case
from tests.models.training.plain import (
    apart,
    curve,
    keras_step,
    plain_loop,
    torch_step,
    trainable,
)

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = [
    pytest.mark.usefixtures("way"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

CLOSE = 1e-6

SETTINGS = [
    ("SGD", {"learning_rate": 0.05}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.9}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"learning_rate": 0.05, "momentum": 0.5, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"beta_1": 0.8, "beta_2": 0.99, "epsilon": 1e-3}),
    ("Adam", {"amsgrad": True}),
    ("Adam", {"weight_decay": 0.1}),
    ("AdamW", {}),
    ("AdamW", {"amsgrad": True, "weight_decay": 0.1}),
    ("RMSprop", {}),
    ("RMSprop", {"momentum": 0.9, "epsilon": 1e-3}),
    ("RMSprop", {"centered": True, "epsilon": 1e-3}),
    ("RMSprop", {"weight_decay": 0.1, "momentum": 0.5, "centered": True, "epsilon": 1e-3}),
]


def gap(case: Case, theirs: Any, **changes: Any) -> float:
    """Train both ways and return how far the weights are apart; `theirs` is Keras's optimizer."""
    recipe, prepared, network = case.recipe(**changes), case.prepared(), case.network()
    plain = case.in_pytorch(network)
    list(train(network, prepared, recipe))
    plain_loop(case, plain, prepared.train, recipe, keras_step(trainable(plain), theirs))
    return apart(network, plain)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_kind_of_network_gets_the_weights_and_the_curve_of_a_plain_loop(case):
    recipe, prepared, network = case.recipe(), case.prepared(), case.network()
    plain = case.in_pytorch(network)
    events = list(train(network, prepared, recipe))
    step = keras_step(trainable(plain), keras.optimizers.Adam(0.003))
    losses = plain_loop(case, plain, prepared.train, recipe, step)
    assert apart(network, plain) < CLOSE
    assert curve(events) == pytest.approx(losses, abs=1e-5)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("batch_size", [1, 16, "all"])
def test_batches_of_any_size_get_the_weights_of_torch_optim(case, batch_size):
    recipe = case.recipe(
        optimizer={"type": "SGD", "learning_rate": 0.005, "momentum": 0.9},
        batch_size=batch_size,
        epochs=2,
    )
    prepared, network = case.prepared(rows=66), case.network()
    plain = case.in_pytorch(network)
    list(train(network, prepared, recipe))
    optimizer = torch.optim.SGD(trainable(plain), lr=0.005, momentum=0.9)
    plain_loop(case, plain, prepared.train, recipe, torch_step(trainable(plain), optimizer))
    assert apart(network, plain) < CLOSE


@pytest.mark.parametrize(("name", "settings"), SETTINGS)
@pytest.mark.parametrize("clip_norm", [None, 0.5])
def test_every_optimizer_gets_the_weights_of_keras_optimizers(name, settings, clip_norm):
    settings = {"learning_rate": 0.003, **settings}
    theirs = getattr(keras.optimizers, name)(**settings, global_clipnorm=clip_norm)
    optimizer = {"type": name, **settings}
    assert gap(BINARY, theirs, optimizer=optimizer, clip_norm=clip_norm) < CLOSE


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_of_the_catalogue_trains_with_its_defaults(name):
    theirs = getattr(keras.optimizers, name)()
    # Some multiply matrices, whose rounding adds up.
    assert gap(CLASSES, theirs, optimizer={"type": name}) < 10 * CLOSE


@pytest.mark.parametrize("name", ["CosineDecay", "ExponentialDecay", "InverseTimeDecay"])
def test_a_schedule_gives_each_step_the_rate_that_keras_gives_it(name):
    # Neither end falls on an epoch's: the rate changes from step to step.
    theirs = getattr(keras.optimizers.schedules, name)
    rate = {"decay_steps": 7} if name == "CosineDecay" else {"decay_steps": 7, "decay_rate": 0.5}
    optimizer = {"type": "Adam", "learning_rate": 0.003}
    schedule = {"type": name, **rate}
    assert gap(REGRESSION, keras.optimizers.Adam(theirs(0.003, **rate)), schedule=schedule) < CLOSE
    assert gap(REGRESSION, keras.optimizers.Adam(0.003), optimizer=optimizer) < CLOSE


@pytest.mark.parametrize("weighting", ["balanced", {"a": 3.0, "b": 0.5}])
@pytest.mark.parametrize("case", [BINARY, CLASSES], ids=lambda case: case.name)
def test_weights_of_classes_multiply_the_losses_of_their_rows(case, weighting):
    recipe, prepared, network = case.recipe(class_weight=weighting), case.prepared(), case.network()
    plain = case.in_pytorch(network)
    events = list(train(network, prepared, recipe))
    codes = prepared.train.y.flatten().long()
    if weighting == "balanced":
        by_class = len(codes) / (case.classes * codes.bincount().float())
    else:
        by_class = torch.tensor([3.0, 0.5, 1.0])
    step = keras_step(trainable(plain), keras.optimizers.Adam(0.003))
    losses = plain_loop(case, plain, prepared.train, recipe, step, by_class[codes])
    assert apart(network, plain) < CLOSE
    assert curve(events) == pytest.approx(losses, abs=1e-5)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_validating_changes_no_weight_and_tells_the_loss_of_the_other_part(case):
    recipe, network = case.recipe(), case.network()
    prepared = case.prepared(validation=40)
    events = list(train(network, prepared, recipe))
    unwatched = case.network()
    list(train(unwatched, case.prepared(), recipe))
    assert apart(network, unwatched) == 0
    part = prepared.validation
    assert part is not None
    with torch.inference_mode():
        answers = network.logits(part.x)
    losses = case.criterion(answers, part.y)
    assert curve(events, split="validation")[-1] == pytest.approx(float(losses.mean()), abs=1e-6)


def test_metrics_of_an_epoch_are_those_of_its_rows_as_they_were_learnt():
    # A full batch is answered before it is learnt: the answers are those of the initial weights.
    network, prepared = REGRESSION.network(), REGRESSION.prepared()
    with torch.inference_mode():
        answers = network(prepared.train.x)
    y = prepared.train.y
    events = list(train(network, prepared, REGRESSION.recipe(batch_size="all", epochs=1)))
    assert curve(events, "mae") == pytest.approx([float(functional.l1_loss(answers, y))])
    unexplained = float((answers - y).square().sum() / (y - y.mean()).square().sum())
    assert curve(events, "r2") == pytest.approx([1 - unexplained])


def test_images_are_trained_channels_last_and_handed_back_as_they_came():
    network = IMAGES.network()
    list(train(network, IMAGES.prepared(), IMAGES.recipe(epochs=1)))
    assert all(p.is_contiguous() for p in network.parameters())
