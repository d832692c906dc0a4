"""Training draws the curves of Keras's `fit` from the same weights, in the same order of rows."""

import keras
import numpy as np
import pytest

from tests.models.training.against_keras import answers_apart, trained
from tests.models.training.cases import BINARY, CASES, CLASSES, IMAGES, REGRESSION
from tests.models.training.plain import curve

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CLOSE = 1e-4


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_kind_of_network_draws_the_curves_of_fit(case):
    events, theirs, *networks = trained(case, validation=33)
    name = "mae" if case.classes == 1 else "accuracy"
    assert curve(events) == pytest.approx(theirs["loss"], abs=CLOSE)
    assert curve(events, split="validation") == pytest.approx(theirs["val_loss"], abs=CLOSE)
    assert curve(events, name) == pytest.approx(theirs[name], abs=CLOSE)
    assert curve(events, name, "validation") == pytest.approx(theirs[f"val_{name}"], abs=CLOSE)
    assert answers_apart(case, *networks) < CLOSE


@pytest.mark.parametrize("case", [REGRESSION, IMAGES], ids=lambda case: case.name)
@pytest.mark.parametrize("batch_size", [1, 64, "all"])
def test_batches_of_any_size_draw_the_curves_of_fit(case, batch_size):
    settings = {"learning_rate": 0.02, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}
    events, theirs, *networks = trained(
        case,
        {"batch_size": batch_size, "epochs": 2, "optimizer": {"type": "SGD", **settings}},
        optimizer=keras.optimizers.SGD(**settings),
    )
    assert curve(events) == pytest.approx(theirs["loss"], abs=CLOSE)
    assert answers_apart(case, *networks) < CLOSE


def test_a_schedule_and_a_clipped_norm_draw_the_curves_of_fit():
    rate = keras.optimizers.schedules.CosineDecay(0.01, 13)
    events, theirs, *networks = trained(
        CLASSES,
        {
            "clip_norm": 0.3,
            "optimizer": {"type": "Adam", "learning_rate": 0.01},
            "schedule": {"type": "CosineDecay", "decay_steps": 13},
        },
        optimizer=keras.optimizers.Adam(rate, global_clipnorm=0.3),
    )
    assert curve(events) == pytest.approx(theirs["loss"], abs=CLOSE)
    assert answers_apart(CLASSES, *networks) < CLOSE


def test_weights_of_classes_draw_the_curves_of_fit():
    events, theirs, *networks = trained(
        CLASSES, {"class_weight": {"a": 3.0, "b": 0.5}}, class_weight={0: 3.0, 1: 0.5, 2: 1.0}
    )
    assert curve(events) == pytest.approx(theirs["loss"], abs=CLOSE)
    assert answers_apart(CLASSES, *networks) < CLOSE


def test_early_stopping_stops_where_keras_stops_and_keeps_what_keras_keeps():
    rule = {"monitor": "val_loss", "patience": 3, "min_delta": 1e-3, "restore_best": True}
    events, theirs, *networks = trained(
        BINARY,
        {
            "epochs": 200,
            "early_stopping": rule,
            "optimizer": {"type": "Adam", "learning_rate": 0.05},
        },
        validation=40,
        optimizer=keras.optimizers.Adam(0.05),
        callbacks=(
            keras.callbacks.EarlyStopping(patience=3, min_delta=1e-3, restore_best_weights=True),
        ),
    )
    assert len(curve(events)) == len(theirs["loss"]) < 200
    best = max(event.epoch for event in events if event.kind == "checkpoint")
    assert best == int(np.argmin(theirs["val_loss"])) + 1
    assert events[-1].state == "completed"
    assert f"Stopped early in epoch {len(theirs['loss'])}" in events[-1].message
    assert f"best epoch, {best}" in events[-1].message
    assert answers_apart(BINARY, *networks) < CLOSE
