"""A training that was interrupted ends as if it had not been, bit for bit."""

import errno
import os
import random
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import torch

from models.network import Network, build
from models.parse import parse
from models.training import checkpoint as checkpoints
from models.training import loop, stepping
from models.training.checkpoint import Damaged, Keeper, NoRoom, read, write
from models.training.loop import train
from tests.models.documents import chain
from tests.models.training.cases import BINARY, CLASSES, IMAGES, LSTM, REGRESSION, Case
from tests.models.training.plain import apart, curve

RANDOM = [
    ("Dropout", {"rate": 0.4}),
    ("GaussianNoise", {"stddev": 0.2, "seed": 5}),
    ("BatchNormalization", {}),
    ("SpectralNormalization", {"layer": {"type": "Dense", "units": 4, "trainable": False}}),
]

RECIPES: dict[str, tuple[Case, dict[str, Any]]] = {
    "adam": (CLASSES, {}),
    "momentum and schedule": (
        BINARY,
        {
            "optimizer": {"type": "SGD", "learning_rate": 0.05, "momentum": 0.9},
            "schedule": {"type": "CosineDecay"},
        },
    ),
    "plateau and stopping": (
        BINARY,
        {
            "optimizer": {"type": "Adam", "learning_rate": 0.05},
            "schedule": {"type": "ReduceLROnPlateau", "patience": 1, "min_delta": 0.05},
            "early_stopping": {"monitor": "val_loss", "patience": 3},
        },
    ),
    "averages and clipping": (
        CLASSES,
        {"optimizer": {"type": "RMSprop", "use_ema": True, "momentum": 0.5, "clipnorm": 0.5}},
    ),
    "images": (IMAGES, {}),
    "augmented images": (
        IMAGES,
        {
            "augmentation": [
                {"type": "RandomRotation"},
                {"type": "GaussianNoise"},
                {"type": "MixUp"},
            ]
        },
    ),
    "sequences": (LSTM, {}),
    "metrics that keep all answers": (REGRESSION, {"metrics": ["mae", "max_error"]}),
}


def fresh(case: Case) -> Network:
    layers = [*case.layers[:-1], *RANDOM, case.layers[-1]]
    document = chain(*layers, shape=list(case.input_shape))
    return build(parse(document), case.prepared(rows=2).interface, seed=3)


def told(events: list[Any]) -> dict[tuple[int, str], Any]:
    """Return the values of every epoch; those told last where an epoch was told twice."""
    return {
        (event.epoch, event.split): event.values
        for event in events
        if event.kind == "metrics" and event.scope == "epoch"
    }


def after(steps: int) -> Callable[[], bool]:
    asked = count(1)
    return lambda: next(asked) > steps


@pytest.fixture(autouse=True)
def one_step_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask after every step, so that an interruption can fall on any of them."""
    monkeypatch.setattr(loop, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(stepping.Pace, "batches", lambda self, left: 1)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "last.checkpoint"


@pytest.mark.parametrize("name", RECIPES)
@pytest.mark.usefixtures("way")
def test_pausing_at_random_steps_changes_neither_weights_nor_curves(name, file):
    case, changes = RECIPES[name]
    recipe, draw = case.recipe(epochs=12, **changes), random.Random(name)
    whole = fresh(case)
    expected = list(train(whole, case.prepared(validation=30), recipe))

    events: list[Any] = []
    pauses = 0
    while not events or events[-1].state == "paused":
        # A new network each time, as a new process has it; and other random numbers in between.
        network = fresh(case)
        torch.rand(draw.randrange(1, 9))
        again = train(
            network,
            case.prepared(validation=30),
            recipe,
            pause=after(draw.randrange(1, 11)),
            checkpoint=file,
            resume=file.exists(),
        )
        events += list(again)
        pauses += 1
    assert pauses >= 4
    assert apart(network, whole) == 0
    assert told(events) == told(expected)
    assert events[-1] == expected[-1]


@pytest.mark.usefixtures("way")
def test_a_killed_training_goes_on_from_its_last_checkpoint(file, monkeypatch):
    recipe, draw = CLASSES.recipe(epochs=10), random.Random(0)
    whole = fresh(CLASSES)
    expected = list(train(whole, CLASSES.prepared(), recipe))
    # The file is written after every third step or so; killed is closed without a word.
    asked = count()
    monkeypatch.setattr(Keeper, "due", lambda self: next(asked) % 3 == 0)
    events: list[Any] = []
    for kill in range(11):
        network = fresh(CLASSES)
        arguments = {"checkpoint": file, "resume": file.exists()}
        training = train(network, CLASSES.prepared(), recipe, **arguments)
        for number, event in enumerate(training):
            events.append(event)
            if kill < 10 and number > draw.randrange(3, 30):
                break
        training.close()
    assert events[-1].state == "completed"
    assert apart(network, whole) == 0
    assert told(events) == told(expected)


def test_more_epochs_go_on_where_the_training_was_completed(file):
    network, whole = fresh(CLASSES), fresh(CLASSES)
    list(train(whole, CLASSES.prepared(), CLASSES.recipe(epochs=7)))
    list(train(network, CLASSES.prepared(), CLASSES.recipe(epochs=3), checkpoint=file))
    network = fresh(CLASSES)
    recipe = CLASSES.recipe(epochs=7)
    events = list(train(network, CLASSES.prepared(), recipe, checkpoint=file, resume=True))
    assert [epoch for epoch, _ in told(events)] == [4, 5, 6, 7]
    assert apart(network, whole) == 0


def test_more_epochs_after_early_stopping_are_trained_with_new_patience(file):
    rule = {"monitor": "loss", "patience": 2, "min_delta": 10.0}
    recipe = CLASSES.recipe(epochs=20, early_stopping=rule)
    first = list(train(fresh(CLASSES), CLASSES.prepared(), recipe, checkpoint=file))
    assert [epoch for epoch, _ in told(first)] == [1, 2, 3]
    again = list(train(fresh(CLASSES), CLASSES.prepared(), recipe, checkpoint=file, resume=True))
    assert told(again) == {}
    assert again[-1].message == first[-1].message
    recipe = recipe.model_copy(update={"epochs": 30})
    more = list(train(fresh(CLASSES), CLASSES.prepared(), recipe, checkpoint=file, resume=True))
    assert [epoch for epoch, _ in told(more)] == [4, 5]


def test_a_stopped_training_hands_back_the_best_weights_and_goes_on_from_the_last(file):
    rule = {"monitor": "val_loss", "patience": 100}
    optimizer = {"type": "Adam", "learning_rate": 0.05}
    recipe = BINARY.recipe(epochs=30, early_stopping=rule, optimizer=optimizer)
    whole, network = fresh(BINARY), fresh(BINARY)
    expected = list(train(whole, BINARY.prepared(validation=30), recipe))
    arguments: dict[str, Any] = {"checkpoint": file, "stop": after(120)}
    events = list(train(network, BINARY.prepared(validation=30), recipe, **arguments))
    losses = curve(events, split="validation")
    assert events[-1].state == "stopped"
    assert events[-1].message.endswith(f"best epoch, {losses.index(min(losses)) + 1}")
    again = train(network, BINARY.prepared(validation=30), recipe, checkpoint=file, resume=True)
    events += list(again)
    assert told(events) == told(expected)
    assert apart(network, whole) == 0


def test_a_checkpoint_tells_of_itself_and_is_kept_while_the_training_goes_on(file, monkeypatch):
    monkeypatch.setattr(Keeper, "due", lambda self: True)
    seen = []
    for event in train(CLASSES.network(), CLASSES.prepared(), CLASSES.recipe(), checkpoint=file):
        if event.kind == "checkpoint":
            assert not event.best
            seen.append((event.epoch, read(file)["position"]["epoch"]))
    # Written before each of the five steps of four epochs, and at the end.
    assert len(seen) == 21
    assert [told for told, _ in seen[:7]] == [1, 1, 1, 1, 1, 1, 2]
    assert seen[-1] == (4, 5)
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]


def test_a_diverged_training_writes_no_weights_that_are_not_finite(file, monkeypatch):
    monkeypatch.setattr(Keeper, "due", lambda self: True)
    recipe = REGRESSION.recipe(optimizer={"type": "SGD", "learning_rate": 1e6})
    *_, end = train(REGRESSION.network(), REGRESSION.prepared(), recipe, checkpoint=file)
    assert getattr(end, "state", None) == "diverged"
    saved = read(file)["work"]
    assert all(bool(t.isfinite().all()) for t in saved.values() if isinstance(t, torch.Tensor))


def test_a_full_disk_pauses_the_training_and_leaves_the_last_checkpoint_whole(file, monkeypatch):
    whole, network = fresh(CLASSES), fresh(CLASSES)
    list(train(whole, CLASSES.prepared(), CLASSES.recipe()))
    asked, opened = count(), count()
    monkeypatch.setattr(Keeper, "due", lambda self: next(asked) in (3, 9))
    written = checkpoints.replacing

    def failing(path: Path) -> Any:
        if next(opened) == 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return written(path)

    monkeypatch.setattr(checkpoints, "replacing", failing)
    events = list(train(network, CLASSES.prepared(), CLASSES.recipe(), checkpoint=file))
    assert events[-1].state == "paused"
    assert events[-1].message.startswith("The disk is full: a checkpoint needs 0.0 MB")
    assert "MB are free. Free space" in events[-1].message
    network = fresh(CLASSES)
    list(train(network, CLASSES.prepared(), CLASSES.recipe(), checkpoint=file, resume=True))
    assert apart(network, whole) == 0


def test_a_checkpoint_that_was_cut_off_or_changed_is_not_read(tmp_path):
    path = tmp_path / "a"
    write(path, {"part": {"tensor": torch.arange(5), "number": 0.1 + 0.2, "none": None}})
    part = read(path)["part"]
    assert part.pop("tensor").tolist() == [0, 1, 2, 3, 4]
    assert part == {"number": 0.1 + 0.2, "none": None}
    content = path.read_bytes()
    for damaged in (content[:-40], content[:100] + b"x" + content[101:], b""):
        path.write_bytes(damaged)
        with pytest.raises(Damaged):
            read(path)


def test_a_checkpoint_of_another_network_is_refused(file):
    list(train(CLASSES.network(), CLASSES.prepared(), CLASSES.recipe(), checkpoint=file))
    with pytest.raises(Damaged, match="another network"):
        list(
            train(
                BINARY.network(), BINARY.prepared(), BINARY.recipe(), checkpoint=file, resume=True
            )
        )


def test_writing_takes_a_small_share_of_the_time(tmp_path, monkeypatch):
    now = [0.0]
    keeper = Keeper(tmp_path / "a", clock=lambda: now[0])

    def slow(path: Path, parts: Any) -> None:
        now[0] += 3.0

    monkeypatch.setattr(checkpoints, "write", slow)
    assert not keeper.due()
    now[0] = 2.0
    assert keeper.due()
    keeper.keep({})
    now[0] += 149.0
    assert not keeper.due()
    now[0] += 2.0
    assert keeper.due()
    assert not Keeper(None).due()


def test_no_room_says_how_much_is_needed_and_free(tmp_path, monkeypatch):
    def full(path: Path) -> Any:
        raise OSError(errno.EDQUOT, "quota")

    monkeypatch.setattr(checkpoints, "replacing", full)
    with pytest.raises(NoRoom) as caught:
        write(tmp_path / "a", {"part": {"tensor": torch.zeros(1000)}})
    assert caught.value.needed > 4000
    assert caught.value.free > 0
