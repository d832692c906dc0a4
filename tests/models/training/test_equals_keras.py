"""Training draws the curves of Keras's `fit` from the same weights, in the same order of rows."""

from typing import Any

import keras
import numpy as np
import pytest
import torch

from models.data.prepare import Part
from models.recipe import Recipe
from models.training.loop import train
from tests.models.layers.twins import channels_last
from tests.models.training.cases import BINARY, CASES, CLASSES, IMAGES, REGRESSION, Case
from tests.models.training.plain import curve, orders

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

CLOSE = 1e-4


class Ordered(keras.utils.PyDataset):
    """The rows as Keras takes them, in the order that ours has in each epoch."""

    def __init__(self, case: Case, part: Part, recipe: Recipe) -> None:
        super().__init__()
        self.x, self.y = arrays(case, part)
        self.orders = [order.numpy() for order in orders(len(self.y), recipe)]
        self.size = len(self.y) if recipe.batch_size == "all" else int(recipe.batch_size or 0)
        self.epoch = 0

    def __len__(self) -> int:
        return -(-len(self.y) // self.size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        rows = self.orders[self.epoch][index * self.size : (index + 1) * self.size]
        return self.x[rows], self.y[rows]

    def begin(self, epoch: int, _: Any) -> None:
        self.epoch = epoch


def arrays(case: Case, part: Part) -> tuple[np.ndarray, np.ndarray]:
    return channels_last(case.shaped(part.x)).numpy(), part.y.numpy()


def trained(
    case: Case,
    changes: dict[str, Any] | None = None,
    validation: int = 0,
    optimizer: Any = None,
    callbacks: tuple[Any, ...] = (),
    class_weight: dict[int, float] | None = None,
) -> tuple[list[Any], dict[str, list[float]], Any, Any]:
    """Train both ways and return our events, Keras's history, and both networks.

    Args:
        changes: Of our recipe.
        validation: Rows that judge.
        optimizer: Keras's.
        callbacks: Keras's.
        class_weight: Keras's.
    """
    recipe, prepared = case.recipe(**(changes or {})), case.prepared(70, validation)
    network = case.network()
    theirs = case.in_keras(network)
    loss = {1: "mse", 2: "binary_crossentropy"}.get(case.classes, "sparse_categorical_crossentropy")
    metric = "mae" if case.classes == 1 else "accuracy"
    theirs.compile(optimizer or keras.optimizers.Adam(0.003), loss, metrics=[metric])
    judged = arrays(case, prepared.validation) if prepared.validation is not None else None
    events = list(train(network, prepared, recipe))
    rows = Ordered(case, prepared.train, recipe)
    history = theirs.fit(
        rows,
        epochs=recipe.epochs,
        validation_data=judged,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=rows.begin), *callbacks],
        class_weight=class_weight,
        shuffle=False,
        verbose=0,
    )
    return events, history.history, network, theirs


def answers_apart(case: Case, ours: Any, theirs: Any) -> float:
    """Return how far apart the two networks' answers for new rows are."""
    part = case.examples(50, seed=9)
    with torch.inference_mode():
        mine = ours(part.x).numpy()
    return float(np.abs(mine - theirs.predict(arrays(case, part)[0], verbose=0)).max())


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
