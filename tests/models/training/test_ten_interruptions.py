"""Killed or paused at ten random batches, a training ends as one that was left alone.

All at once: gathered gradients, a moving average, dropout, noise, augmentation, a schedule, early
stopping that watches validations within epochs, and a network that normalises.
"""

import random
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from models.recipe import Recipe
from models.training import loop, points, stepping
from models.training.checkpoint import Keeper
from models.training.loop import train
from models.training.pace import Every
from tests.models.training.cases import BINARY, IMAGES, Case
from tests.models.training.plain import apart
from tests.models.training.test_resume import after, fresh, told

OPTIMIZER = {
    "type": "Adam",
    "learning_rate": 0.01,
    "gradient_accumulation_steps": 3,
    "use_ema": True,
    "ema_momentum": 0.8,
    "ema_overwrite_frequency": 4,
    "clipnorm": 0.5,
}
EVERYTHING: dict[str, Any] = {
    "optimizer": OPTIMIZER,
    "schedule": {"type": "CosineDecay"},
    "batch_size": 4,
    "epochs": 6,
    "validate_every": 2,
    "early_stopping": {"monitor": "val_loss", "patience": 60},
}
AUGMENTED = {"augmentation": [{"type": "RandomRotation"}, {"type": "GaussianNoise"}]}
CASES: dict[str, tuple[Case, dict[str, Any]]] = {
    "table": (BINARY, EVERYTHING),
    "images": (IMAGES, EVERYTHING | AUGMENTED),
    "deterministic": (IMAGES, EVERYTHING | AUGMENTED | {"deterministic": True}),
}


@pytest.fixture(autouse=True)
def one_batch_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask after every batch, so that an interruption can fall in the middle of a step."""
    monkeypatch.setattr(loop, "ASK_SECONDS", 0.0)
    monkeypatch.setattr(stepping.Pace, "batches", lambda self, left: 1)
    monkeypatch.setattr(points, "Every", lambda *_, **__: Every(0.0))


def whole(case: Case, recipe: Recipe) -> tuple[Any, list[Any]]:
    """Train without an interruption."""
    network = fresh(case)
    return network, list(train(network, case.prepared(validation=30), recipe))


def cuts(name: str, batches: int) -> list[int]:
    """Return after how many batches each of the ten interruptions comes; seeded by a name."""
    places = sorted(random.Random(name).sample(range(1, batches), 10))
    return [place - before for before, place in zip([0, *places], places, strict=False)]


@pytest.mark.parametrize("name", CASES)
def test_pausing_at_ten_random_batches_changes_nothing(name, tmp_path: Path):
    case, changes = CASES[name]
    recipe, file = case.recipe(**changes), tmp_path / "kept"
    expected, events = whole(case, recipe)
    seen: list[Any] = []
    # Eighteen batches an epoch, in six steps.
    for place in [*cuts(name, 6 * 18), 10**6]:
        network, data = fresh(case), case.prepared(validation=30)
        arguments = {"checkpoint": file, "resume": file.exists(), "pause": after(place)}
        seen += list(train(network, data, recipe, **arguments))
    assert [event.state for event in seen if event.kind == "status"] == ["paused"] * 10 + [
        "completed"
    ]
    assert apart(network, expected) == 0
    assert told(seen) == told(events)
    assert seen[-1] == events[-1]


@pytest.mark.parametrize("name", CASES)
def test_killing_at_ten_random_batches_changes_nothing(name, tmp_path: Path, monkeypatch):
    case, changes = CASES[name]
    recipe, file = case.recipe(**changes), tmp_path / "kept"
    expected, events = whole(case, recipe)
    # A checkpoint at every third batch or so, and a death somewhere after it.
    asked, draw = count(), random.Random(name)
    monkeypatch.setattr(Keeper, "due", lambda self: next(asked) % 3 == 0)
    seen: list[Any] = []
    for kill in range(11):
        network = fresh(case)
        arguments = {"checkpoint": file, "resume": file.exists()}
        training = train(network, case.prepared(validation=30), recipe, **arguments)
        last = draw.randrange(8, 40)
        for number, event in enumerate(training):
            seen.append(event)
            if kill < 10 and number >= last:
                break
        training.close()
    assert seen[-1].state == "completed"
    assert apart(network, expected) == 0
    assert told(seen) == told(events)
