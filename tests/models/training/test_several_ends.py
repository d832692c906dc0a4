"""Two Inputs and two Outputs: the sums, weights and curves of Keras and of a plain loop."""

import random
from dataclasses import replace
from itertools import count
from typing import Any

import keras
import pytest
import torch
from torch.nn import functional

from models.data.interface import Interface
from models.errors import DocumentError
from models.evaluation import evaluate
from models.training import loop, stepping
from models.training.capture import Captured
from models.training.loop import train
from models.training.plan import plan
from tests.models.training import ends
from tests.models.training.plain import apart, curve, orders, trainable

RANDOM = [("Dropout", {"rate": 0.4}), ("BatchNormalization", {})]
PENALTY = 0.01


def gathered(events: list[Any]) -> dict[str, list[float]]:
    """Return the curves as Keras's history has them."""
    found: dict[str, list[float]] = {}
    for event in events:
        if event.kind == "metrics" and event.scope == "epoch":
            prefix = "val_" if event.split == "validation" else ""
            for name, value in event.values.items():
                found.setdefault(prefix + name, []).append(value)
    return found


def both_ways(
    asked: Interface, weighted: bool, losses: dict[str, Any], class_weights: list[float] | None
) -> tuple[dict[str, list[float]], dict[str, list[float]], float]:
    """Train by ours and by Keras's fit; return both histories and how far apart the answers are."""
    prepared, recipe = ends.prepared(validation=30, weighted=weighted, asked=asked), ends.recipe()
    ours = ends.network()
    theirs = ends.in_keras(ours)
    theirs.compile(
        keras.optimizers.Adam(0.003),
        losses,
        metrics={"kind": "accuracy", "price": "mae"},
        loss_weights={"kind": 1.0, "price": 0.25},
    )
    train_part, judged = prepared.train, prepared.validation
    assert judged is not None
    weights = None if train_part.weights is None else [train_part.weights] * 2
    if class_weights is not None:
        of_rows = torch.tensor(class_weights)[train_part.targets[0]]
        weights = [of_rows * (weights[0] if weights else 1.0), weights[1] if weights else None]
        weights = [torch.ones(70) if one is None else one for one in weights]
    rows = ends.Ordered(train_part, list(orders(70, recipe)), 16, weights)
    judging = None if judged.weights is None else [judged.weights] * 2
    history = theirs.fit(
        rows,
        epochs=4,
        validation_data=ends.arrays(judged, judging),
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=rows.begin)],
        shuffle=False,
        verbose=0,
    )
    events = list(train(ours, prepared, recipe))
    part = ends.examples(40, seed=9)
    with torch.inference_mode():
        pairs = zip(ours(*part.inputs), theirs(list(part.inputs)), strict=True)
        gap = max(float((mine - answer).abs().max()) for mine, answer in pairs)
    return gathered(events), history.history, gap


CROSS = "sparse_categorical_crossentropy"
HUBER = {"kind": CROSS, "price": keras.losses.Huber(0.5)}


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("asked", "weighted", "losses", "class_weights"),
    [
        (ends.interface(), False, {"kind": CROSS, "price": "mse"}, None),
        (ends.losing(), True, HUBER, None),
        (
            ends.interface(kind=replace(ends.KIND, class_weight={"a": 3.0, "c": 0.5})),
            True,
            {"kind": CROSS, "price": "mse"},
            [3.0, 1.0, 0.5],
        ),
    ],
    ids=["losses that suit", "a loss of its own, weights of rows", "weights of classes and rows"],
)
def test_sums_losses_and_metrics_of_each_output_are_those_of_fit(
    asked, weighted, losses, class_weights
) -> None:
    ours, theirs, gap = both_ways(asked, weighted, losses, class_weights)
    assert ours.keys() == theirs.keys()
    assert {"loss", "kind_loss", "kind_accuracy", "val_price_mae"} <= ours.keys()
    for name, values in theirs.items():
        assert ours[name] == pytest.approx([float(value) for value in values], abs=2e-5), name
    assert gap < 2e-5


@pytest.mark.usefixtures("way")
def test_the_weights_are_those_of_a_plain_loop() -> None:
    sgd = {"type": "SGD", "learning_rate": 0.05}
    prepared, recipe, ours = ends.prepared(), ends.recipe(optimizer=sgd), ends.network()
    plain = ends.Plain()
    plain.load_state_dict(ours.state_dict())
    optimizer = torch.optim.SGD(trainable(plain), lr=0.05)
    (left, right), (kind, price) = prepared.train.inputs, prepared.train.targets
    sums = []
    for order in orders(70, recipe):
        total = 0.0
        for rows in order.split(16):
            logits, amount = plain(left[rows], right[rows])
            loss = functional.cross_entropy(logits, kind[rows])
            loss = loss + 0.25 * functional.mse_loss(amount, price[rows])
            loss = loss + PENALTY * plain.wide.weight.square().sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        sums.append(total / 70)
    events = list(train(ours, prepared, recipe))
    assert apart(ours, plain) < 1e-6
    assert curve(events) == pytest.approx(sums, abs=1e-6)


@pytest.mark.parametrize("extra", [[], RANDOM], ids=["plain", "random"])
@pytest.mark.parametrize("weighted", [False, True], ids=["alike", "weighted"])
def test_steps_are_captured_to_the_last_bit(extra, weighted) -> None:
    asked = ends.interface(kind=replace(ends.KIND, class_weight="balanced"))
    left: list[list[torch.Tensor]] = []
    for captured in (False, True):
        network = ends.network(*extra)
        work = plan(network, ends.prepared(weighted=weighted, asked=asked), ends.recipe()).work
        network.train()
        steps = Captured(work) if captured else work
        torch.manual_seed(1)
        order = torch.randperm(70, generator=torch.Generator().manual_seed(0))
        chunk = steps.run(order, 0, [0.003] * work.batches.count, 4)
        told = [*chunk.losses, *chunk.outputs, *chunk.gradients, *work.state()]
        left.append([tensor.clone() for tensor in told])
        assert chunk.losses[0].shape == (3,)
        assert chunk.outputs[0].shape == (16, 4)
    assert all(torch.equal(mine, other) for mine, other in zip(*left, strict=True))


@pytest.mark.usefixtures("way")
def test_pausing_at_random_steps_changes_neither_weights_nor_curves(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(loop, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(stepping.Pace, "batches", lambda self, left: 1)
    file, draw = tmp_path / "last.checkpoint", random.Random(0)
    recipe = ends.recipe(
        metrics=["accuracy", "mae", "max_error"],
        early_stopping={"monitor": "val_kind_accuracy", "patience": 9},
    )
    prepared = ends.prepared(validation=30, weighted=True)
    whole, parts = ends.network(*RANDOM), ends.network(*RANDOM)
    expected = gathered(list(train(whole, prepared, recipe)))
    events: list[Any] = []
    while not events or events[-1].state == "paused":
        asked = count(1)
        until = draw.randint(1, 9)
        events += train(
            parts,
            prepared,
            recipe,
            pause=lambda asked=asked, until=until: next(asked) > until,
            checkpoint=file,
            resume=file.exists(),
        )
    assert apart(whole, parts) == 0.0
    told = [event for event in events if event.kind == "metrics" and event.scope == "epoch"]
    last = list({(event.epoch, event.split): event for event in told}.values())
    assert gathered(last) == expected


def test_early_stopping_waits_for_an_outputs_accuracy_to_rise() -> None:
    recipe = ends.recipe(epochs=30, early_stopping={"monitor": "val_kind_accuracy", "patience": 4})
    events = list(train(ends.network(), ends.prepared(validation=30), recipe))
    accuracies = curve(events, "kind_accuracy", "validation")
    best = max(event.epoch for event in events if event.kind == "checkpoint" and event.best)
    assert accuracies[best - 1] == max(accuracies)


def test_the_evaluation_of_a_part_is_what_the_validation_told_penalty_and_weights_included() -> (
    None
):
    prepared, recipe = ends.prepared(validation=30, weighted=True), ends.recipe()
    network = ends.network()
    events = list(train(network, prepared, recipe))
    assert prepared.validation is not None
    found = evaluate(network, prepared, prepared.validation, recipe)
    for name, values in gathered(events).items():
        if name.startswith("val_"):
            assert found["metrics"][name.removeprefix("val_")] == pytest.approx(
                values[-1], abs=1e-6
            )
    kind, price = found["outputs"]
    assert (kind["node"], kind["target"]) == ("kind", "kind")
    assert kind["metrics"]["accuracy"] == found["metrics"]["kind_accuracy"]
    assert sum(map(sum, kind["confusion"])) == len(price["pairs"]) == 30
    assert kind["baseline"].keys() == kind["metrics"].keys()


def test_weights_of_classes_in_the_recipe_have_to_say_whose_classes_they_are() -> None:
    recipe = ends.recipe(class_weight={"a": 2.0})
    with pytest.raises(DocumentError, match="at the Output"):
        list(train(ends.network(), ends.prepared(), recipe))
