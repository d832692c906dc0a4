"""Validating within an epoch: it is told, it is watched, and it changes no weight."""

from pathlib import Path
from typing import Any

import keras
import pytest

from models.training import points, stepping
from models.training.events import Checkpoint, Metrics
from models.training.loop import train
from models.training.pace import Every
from tests.models.training.cases import BINARY, CLASSES, Case
from tests.models.training.plain import apart
from tests.models.training.test_resume import after, fresh

FAST = {"type": "Adam", "learning_rate": 0.05}


@pytest.fixture(autouse=True)
def every_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell every validation, however fast they go by."""
    monkeypatch.setattr(points, "Every", lambda *_, **__: Every(0.0))


def validated(events: list[Any]) -> dict[int, dict[str, float | None]]:
    """Return the values of every validation, by step; those told last where it was told twice."""
    return {e.step: e.values for e in events if isinstance(e, Metrics) and e.split == "validation"}


def run(case: Case, **changes: Any) -> tuple[list[Any], Any]:
    network = case.network()
    events = list(train(network, case.prepared(validation=33), case.recipe(**changes)))
    return events, network


def test_it_is_validated_after_every_so_many_steps_and_after_each_epoch():
    # Five steps an epoch.
    events, _ = run(CLASSES, validate_every=2, epochs=3)
    assert list(validated(events)) == [2, 4, 5, 6, 8, 10, 12, 14, 15]
    scopes = {e.step: e.scope for e in events if isinstance(e, Metrics) and e.split == "validation"}
    assert [step for step, scope in scopes.items() if scope == "epoch"] == [5, 10, 15]


@pytest.mark.usefixtures("way")
def test_it_changes_no_weight_and_tells_what_a_training_that_ended_there_would_tell():
    events, network = run(CLASSES, validate_every=3, epochs=3)
    whole, plain = run(CLASSES, epochs=3)
    assert apart(network, plain) == 0
    ended, _ = run(CLASSES, max_steps=9, epochs=3)
    assert validated(events)[9] == validated(ended)[9]
    assert validated(events)[15] == validated(whole)[15]


def test_early_stopping_counts_validations_and_keeps_the_weights_of_the_best():
    rule = {"monitor": "val_loss", "patience": 4}
    settings = {"validate_every": 2, "epochs": 100, "optimizer": FAST, "early_stopping": rule}
    events, network = run(BINARY, **settings)
    losses = {step: values["loss"] for step, values in validated(events).items()}
    best = min(losses, key=lambda step: losses[step] or 0.0)
    # Keras's rule by hand: four validations after the best one.
    assert list(losses).index(best) == len(losses) - 1 - 4
    assert "val_loss has not improved for 4 validations. The weights are those of" in (
        events[-1].message
    )
    told = [e for e in events if isinstance(e, Checkpoint) and e.best][-1]
    assert (told.step or told.epoch * 5) == best
    _, plain = run(BINARY, max_steps=best, epochs=100, optimizer=FAST, early_stopping="none")
    assert apart(network, plain) == 0


def test_a_value_of_the_training_is_watched_once_an_epoch():
    rule = {"monitor": "loss", "patience": 2, "min_delta": 10.0}
    events, _ = run(CLASSES, validate_every=1, epochs=30, early_stopping=rule)
    assert events[-1].message.startswith("Stopped early in epoch 3: loss has not improved for 2 ep")


def test_it_is_kept_and_resumed_bit_for_bit_at_any_step(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("models.training.loop.ASK_SECONDS", 0.0)
    monkeypatch.setattr(stepping.Pace, "batches", lambda self, left: 1)
    rule = {"monitor": "val_loss", "patience": 5}
    changes = {"validate_every": 2, "epochs": 40, "optimizer": FAST, "early_stopping": rule}
    recipe, whole = BINARY.recipe(**changes), fresh(BINARY)
    expected = list(train(whole, BINARY.prepared(validation=30), recipe))
    for steps in (1, 2, 3):
        file, events = tmp_path / f"{steps}", []
        while not events or events[-1].state == "paused":
            network, data = fresh(BINARY), BINARY.prepared(validation=30)
            arguments = {"checkpoint": file, "resume": file.exists(), "pause": after(steps)}
            events += list(train(network, data, recipe, **arguments))
        assert apart(network, whole) == 0
        assert validated(events) == validated(expected)
        assert events[-1] == expected[-1]


def test_a_recipe_without_a_validation_part_has_nothing_to_validate():
    network = CLASSES.network()
    events = list(train(network, CLASSES.prepared(), CLASSES.recipe(validate_every=1)))
    assert validated(events) == {}


def test_fit_that_stops_within_epochs_is_keras_with_shorter_epochs():
    """Validating every epoch's half is an epoch of half the rows to Keras's EarlyStopping."""
    rule = keras.callbacks.EarlyStopping(patience=2)
    model = CLASSES.in_keras(CLASSES.network())
    model.stop_training = False
    rule.set_model(model)
    rule.on_train_begin()
    settings = {"monitor": "val_loss", "patience": 2}
    events, _ = run(CLASSES, validate_every=1, epochs=60, optimizer=FAST, early_stopping=settings)
    losses = [values["loss"] for values in validated(events).values()]
    for number, loss in enumerate(losses):
        assert not model.stop_training
        rule.on_epoch_end(number, {"val_loss": loss})
    assert model.stop_training
