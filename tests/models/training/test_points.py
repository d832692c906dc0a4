"""Of a long training few points are told, and yet no spike is lost."""

import json
import random
from collections.abc import Sequence
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
import torch

from models.training import loop, points
from models.training.events import Checkpoint, Metrics
from models.training.loop import train
from models.training.pace import Every
from models.training.points import Epochs, Point, Steps
from tests.models.training.cases import BINARY, REGRESSION
from tests.models.training.plain import orders

MILLION = 1_000_000


def epoch(number: int, loss: float | None, judged: float | None = None) -> list[Point]:
    told = [Point("train", number, number, {"loss": loss})]
    if judged is not None:
        told.append(Point("validation", number, number, {"loss": judged}))
    return told


def taken(epochs: Epochs, losses: Sequence[float | None], best: int | None = None) -> list[Any]:
    """Return what is told of epochs with these losses, and of their end."""
    events = [
        event
        for number, loss in enumerate(losses, start=1)
        for event in epochs.take(epoch(number, loss), best=number == best)
    ]
    return [*events, *epochs.rest()]


def test_every_epoch_is_told_up_to_the_limit_and_then_ever_fewer_at_even_distances():
    losses: list[float | None] = [1.0] * 40_001
    numbers = [event.epoch for event in taken(Epochs(), losses)]
    assert numbers[: points.EVERY_EPOCH] == list(range(1, points.EVERY_EPOCH + 1))
    steps = [after - before for before, after in pairwise(numbers[:-1])]
    assert sorted(set(steps)) == [1, 2, 4, 8, 16, 32, 64]
    assert steps == sorted(steps)
    assert numbers[-1] == 40_001


def test_an_epoch_that_is_not_told_leaves_its_extremes_with_the_next_that_is():
    losses: list[float | None] = [1.0] * 20_000
    losses[9_001], losses[9_002] = 70.0, -3.0
    [spike] = [event for event in taken(Epochs(), losses) if event.high]
    assert (spike.epoch, spike.values, spike.high, spike.low) == (
        9_008,
        {"loss": 1.0},
        {"loss": 70.0},
        {"loss": -3.0},
    )


def test_a_value_that_was_not_finite_is_told_as_the_largest():
    losses: list[float | None] = [1.0] * 20_000
    losses[9_001] = None
    [gap] = [event for event in taken(Epochs(), losses) if event.high]
    assert gap.high == {"loss": None}


def test_the_best_epoch_is_told_before_what_comes_after_it():
    losses: list[float | None] = [1.0] * 9_008
    events = taken(Epochs(), losses, best=9_003)
    place = events.index(Checkpoint(epoch=9_003, best=True))
    before, after = events[place - 1], events[place + 1]
    assert isinstance(before, Metrics)
    assert (before.epoch, after.epoch) == (9_003, 9_008)


def test_what_was_not_told_yet_survives_an_interruption():
    first, second = Epochs(), Epochs()
    for number in range(1, 9_004):
        list(first.take(epoch(number, 70.0 if number == 9_002 else 1.0, 2.0), best=number == 9_003))
    second.restore(json.loads(json.dumps(first.state())))
    told = list(second.take(epoch(9_004, 0.5, 2.0), best=False)) + list(second.rest())
    assert [event.kind for event in told] == [
        "metrics",
        "metrics",
        "checkpoint",
        "metrics",
        *["metrics"],
    ]
    assert told[3].high == {"loss": 70.0}


def test_the_mean_of_the_steps_is_told_with_the_losses_of_single_ones():
    steps = Steps()
    steps.take({"loss": 1.0, "accuracy": 0.5}, ({"loss": 0.1}, {"loss": 9.0}), 30)
    steps.take({"loss": 2.0, "accuracy": None}, ({"loss": 1.5}, {"loss": 2.5}), 10)
    told = steps.read(3, 40)
    assert told.values == {"loss": 1.25, "accuracy": 0.5}
    assert (told.low, told.high) == ({"loss": 0.1}, {"loss": 9.0, "accuracy": None})
    assert not steps.waiting


def test_reports_thin_out_with_the_logarithm_of_the_time():
    now = [0.0]
    due = Every(0.0, share=1 / 1_000, clock=lambda: now[0])
    told = []
    for look in range(MILLION):
        now[0] = look / 10
        if due.due():
            told.append(now[0])
    # All of the first hundred seconds; of the day after them 1,000 × ln(100,000 s / 100 s).
    assert len([time for time in told if time <= 100]) == pytest.approx(1_000, abs=5)
    assert len(told) == pytest.approx(1_000 + 6_908, rel=0.1)


def losses_of_steps(rows: Any, recipe: Any, network: torch.nn.Module) -> list[float]:
    """Return the loss of every step of the first epoch of a network that does not learn."""
    [order] = list(orders(len(rows.y), recipe))
    with torch.inference_mode():
        errors = (network(rows.x) - rows.y).square()[:, 0]
    return [float(errors[part].mean()) for part in order.split(recipe.batch_size)]


@pytest.mark.usefixtures("way")
def test_a_single_step_that_spikes_is_on_the_curve_of_a_training(monkeypatch: pytest.MonkeyPatch):
    prepared = REGRESSION.prepared(rows=640)
    prepared.train.y[77] = 1_000.0
    still = {"type": "SGD", "learning_rate": 1e-12}
    recipe = REGRESSION.recipe(batch_size=4, epochs=1, optimizer=still)
    network = REGRESSION.network()
    expected = losses_of_steps(prepared.train, recipe, network)
    # Nothing is told between the first point and the end.
    monkeypatch.setattr(loop, "REPORT_SHARE", 1e9)
    told = [
        event
        for event in train(network, prepared, recipe)
        if isinstance(event, Metrics) and event.scope == "step"
    ]
    highest = max(event.high.get("loss") or event.values["loss"] or 0 for event in told)
    assert highest == pytest.approx(max(expected), rel=1e-5)
    assert len(told) <= 2


def test_an_interrupted_training_tells_every_spike_once(tmp_path: Path, monkeypatch: Any):
    monkeypatch.setattr(points, "EVERY_EPOCH", 4)
    monkeypatch.setattr(loop, "ASK_SECONDS", 0.0)
    rule = {"monitor": "val_loss", "patience": 100}
    recipe = BINARY.recipe(epochs=60, batch_size="all", early_stopping=rule)
    whole = list(train(BINARY.network(), BINARY.prepared(validation=30), recipe))
    file, draw, told = tmp_path / "last.checkpoint", random.Random(0), []
    while not told or told[-1].state == "paused":
        asked = count()
        limit = draw.randrange(2, 20)
        told += train(
            BINARY.network(),
            BINARY.prepared(validation=30),
            recipe,
            pause=lambda asked=asked, limit=limit: next(asked) > limit,
            checkpoint=file,
            resume=file.exists(),
        )
    assert envelope(told) == envelope(whole)
    bests = [
        max(e.epoch for e in events if e.kind == "checkpoint" and e.best)
        for events in (told, whole)
    ]
    assert bests[0] == bests[1]


def envelope(events: Sequence[Any]) -> tuple[float, float]:
    """Return the smallest and the largest loss of the epochs that are told or left out."""
    found = [e for e in events if e.kind == "metrics" and e.scope == "epoch"]
    return (
        min(event.low.get("loss", event.values["loss"]) for event in found),
        max(event.high.get("loss", event.values["loss"]) for event in found),
    )
