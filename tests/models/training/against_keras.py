"""The same training by ours and by Keras's `fit`: same weights, same order of rows."""

from typing import Any

import keras
import numpy as np
import torch

from models.data.prepare import Part
from models.recipe import Recipe
from models.training.loop import train
from tests.models.layers.twins import channels_last
from tests.models.training.cases import Case
from tests.models.training.plain import orders


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
