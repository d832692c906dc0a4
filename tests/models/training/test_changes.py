"""A recipe that is changed in mid-run counts from its step on, and does so again when resumed."""

from collections.abc import Callable, Generator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import keras
import pytest
import torch

from models.recipe import AppliedChange, RecipeChange
from models.training import loop, stepping
from models.training.checkpoint import Keeper
from models.training.loop import train
from tests.models.training.cases import BINARY, CLASSES, Case
from tests.models.training.plain import apart, curve, keras_step, plain_loop, trainable

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = [
    pytest.mark.usefixtures("way"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

CLOSE = 1e-6


def change(step: int | None = None, **fields: Any) -> AppliedChange:
    return AppliedChange(recipe=RecipeChange.model_validate(fields), epoch=None, step=step)


def changing(*changes: AppliedChange) -> Callable[[], Sequence[AppliedChange]]:
    return lambda: changes


def after(asked_times: int, *changes: AppliedChange) -> Callable[[], Sequence[AppliedChange]]:
    """Return the changes, but not until they were asked for so often."""
    asked = count()
    return lambda: changes if next(asked) >= asked_times else ()


@pytest.fixture
def one_step_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(stepping.Pace, "batches", lambda self, left: 1)


def trained(case: Case, changes: Any = (), **options: Any) -> tuple[torch.nn.Module, list[Any]]:
    network = case.network()
    recipe = options.pop("recipe", None) or case.recipe()
    prepared = case.prepared(validation=30)
    return network, list(train(network, prepared, recipe, changes=changing(*changes), **options))


@pytest.mark.parametrize("step", [0, 1, 7, 10, 19])
def test_another_learning_rate_gives_the_weights_of_a_plain_loop_that_takes_it_then(step: int):
    recipe = CLASSES.recipe(optimizer={"type": "SGD", "learning_rate": 0.05, "momentum": 0.9})
    network = CLASSES.network()
    plain = CLASSES.in_pytorch(network)
    prepared = CLASSES.prepared()
    list(train(network, prepared, recipe, changes=changing(change(step, learning_rate=0.4))))
    # Keras's velocity holds the rate that each gradient was learnt with, PyTorch's does not.
    optimizer = keras.optimizers.SGD(0.05, momentum=0.9)
    own, taken = keras_step(trainable(plain), optimizer), count()

    def stepped(gradients: list[torch.Tensor]) -> None:
        if next(taken) == step:
            optimizer.learning_rate = 0.4
        own(gradients)

    plain_loop(CLASSES, plain, prepared.train, recipe, stepped)
    assert apart(network, plain) < CLOSE


@pytest.mark.usefixtures("one_step_at_a_time")
def test_a_change_is_told_with_its_step_and_is_the_same_when_it_is_made_there_again():
    first, recipe = CLASSES.network(), CLASSES.recipe()
    asked = after(15, change(learning_rate=0.1), change(epochs=6))
    events = list(train(first, CLASSES.prepared(), recipe, changes=asked))
    told = [event for event in events if event.kind == "change"]
    assert [(event.epoch, event.recipe.learning_rate) for event in told] == [(2, 0.1), (2, None)]
    known = [AppliedChange(recipe=e.recipe, epoch=e.epoch, step=e.step) for e in told]
    again = CLASSES.network()
    events = list(train(again, CLASSES.prepared(), recipe, changes=changing(*known)))
    assert apart(first, again) == 0
    assert "change" not in {event.kind for event in events}
    assert len(curve(events)) == 6


@pytest.mark.usefixtures("one_step_at_a_time")
@pytest.mark.parametrize("schedule", [None, "CosineDecay", "ReduceLROnPlateau"])
def test_a_killed_training_takes_the_changes_up_again_where_they_were(
    schedule: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    options = {"patience": 1} if schedule == "ReduceLROnPlateau" else {}
    recipe = BINARY.recipe(epochs=9, schedule=schedule and {"type": schedule, **options})
    changes = [
        change(9, learning_rate=0.05),
        change(13, epochs=12, early_stopping={"patience": 4}),
        change(31, learning_rate=0.01),
    ]
    whole, expected = trained(BINARY, changes, recipe=recipe)
    written = count()
    monkeypatch.setattr(Keeper, "due", lambda self: next(written) % 5 == 4)
    file, told, kills = tmp_path / "last.checkpoint", list[Any](), 0
    network = BINARY.network()
    while not told or told[-1].kind != "status":
        network = BINARY.network()
        torch.rand(kills + 1)
        training = train(
            network,
            BINARY.prepared(validation=30),
            recipe,
            changes=changing(*changes),
            checkpoint=file,
            resume=file.exists(),
        )
        assert isinstance(training, Generator)
        for number, event in enumerate(training):
            told.append(event)
            if kills < 6 and number > 9 + kills:
                kills += 1
                break
        training.close()
    assert kills == 6
    assert apart(network, whole) == 0
    assert told[-1] == expected[-1]


def test_more_epochs_in_mid_run_are_those_of_a_run_that_had_them_from_the_beginning():
    whole, _ = trained(CLASSES, recipe=CLASSES.recipe(epochs=7))
    network, events = trained(CLASSES, [change(3, epochs=7)], recipe=CLASSES.recipe(epochs=2))
    assert apart(network, whole) == 0
    assert events[-1].message.startswith("Trained for 7 epochs")


@pytest.mark.parametrize(("epochs", "left"), [(1, 2), (2, 2), (3, 3)])
def test_fewer_epochs_end_the_training_with_the_epoch_that_is_in_progress(epochs: int, left: int):
    # 70 rows in batches of 16 are 5 steps: step 7 is in epoch 2.
    _, events = trained(CLASSES, [change(7, epochs=epochs)], recipe=CLASSES.recipe(epochs=9))
    assert len(curve(events)) == left
    assert events[-1].message.startswith(f"Trained for {left} epochs")


@pytest.mark.parametrize("step", [7, 10])
def test_a_maximum_of_steps_that_are_taken_already_ends_the_training_at_once(step: int):
    _, events = trained(CLASSES, [change(step, max_steps=3)], recipe=CLASSES.recipe(epochs=9))
    assert max(event.step for event in events if event.kind == "metrics") == step
    assert events[-1].state == "completed"


def test_less_patience_stops_earlier_and_none_not_at_all():
    rule = {"monitor": "loss", "patience": 5, "min_delta": 10.0}
    recipe = CLASSES.recipe(epochs=20, early_stopping=rule)
    _, events = trained(CLASSES, recipe=recipe)
    assert len(curve(events)) == 6
    less = change(7, early_stopping={**rule, "patience": 2})
    _, events = trained(CLASSES, [less], recipe=recipe)
    assert len(curve(events)) == 3
    _, events = trained(CLASSES, [change(7, early_stopping="none")], recipe=recipe)
    assert len(curve(events)) == 20


def test_a_rule_that_comes_in_mid_run_restores_the_best_epoch_since():
    rule = {"monitor": "val_loss", "patience": 30, "restore_best": True}
    recipe = BINARY.recipe(epochs=30, optimizer={"type": "Adam", "learning_rate": 0.05})
    _, events = trained(BINARY, [change(15, early_stopping=rule)], recipe=recipe)
    losses = curve(events, split="validation")[3:]
    assert events[-1].message.endswith(f"best epoch, {losses.index(min(losses)) + 4}")
