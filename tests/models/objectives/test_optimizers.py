"""Every optimizer takes Keras's steps."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import pytest
import torch

from models.objectives.optimizers import OPTIMIZERS
from models.training.memory import remembered
from models.training.updates import RULES

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

GENERATOR = np.random.default_rng(7)


OPTIMIZER_SETTINGS = [
    ("SGD", {}),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.9}),
    ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"learning_rate": 0.01, "beta_1": 0.8, "amsgrad": True}),
    ("AdamW", {"learning_rate": 0.05}),
    ("RMSprop", {}),
    ("RMSprop", {"rho": 0.5, "momentum": 0.9, "epsilon": 1e-3}),
    ("RMSprop", {"centered": True, "weight_decay": 0.01}),
]


@pytest.mark.parametrize(("name", "settings"), OPTIMIZER_SETTINGS)
def test_steps_of_an_optimizer_equal_keras(name: str, settings: dict[str, float]) -> None:
    # Gradients as small as Adam's epsilon are where its placement shows.
    scales = np.array([1.0, 1e-2, 1e-4, 1e-6, 1e-7], "float32")
    start = GENERATOR.normal(size=(3, 5)).astype("float32")
    gradients = [(GENERATOR.normal(size=(3, 5)) * scales).astype("float32") for _ in range(3)]
    theirs = getattr(keras.optimizers, name)(**settings)
    variable = keras.Variable(start)
    ours = OPTIMIZERS[name](**settings)
    weights = [torch.from_numpy(start.copy())]
    memory = remembered(ours.memory(), weights)
    rule = ours.rule()

    for number, gradient in enumerate(gradients, start=1):
        theirs.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        RULES[rule.name](
            weights,
            [torch.from_numpy(gradient)],
            memory,
            ours.learning_rate,
            number,
            *rule.kwargs.values(),
        )

    assert np.abs(weights[0].numpy() - keras.ops.convert_to_numpy(variable)).max() < 1e-5


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_parameters_and_defaults_of_optimizers_are_keras_own(name: str) -> None:
    theirs = getattr(keras.optimizers, name)().get_config()

    ours = OPTIMIZERS[name]().model_dump()

    assert ours == {key: pytest.approx(theirs[key]) for key in ours}
