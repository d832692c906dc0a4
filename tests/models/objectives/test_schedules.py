"""Every schedule gives Keras's or PyTorch's learning rates, step by step."""

from typing import Any

import keras
import numpy as np
import pytest
import torch

from models.errors import DocumentError
from models.objectives.base import declare
from models.objectives.schedules import SCHEDULES, Rate
from models.recipe import Objective

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

STEPS = 60
"""Of the run; many schedules have a number of their own."""

KERAS: list[tuple[str, dict[str, Any]]] = [
    ("ExponentialDecay", {"decay_steps": 10, "decay_rate": 0.5}),
    ("ExponentialDecay", {"decay_steps": 10, "decay_rate": 0.5, "staircase": True}),
    ("InverseTimeDecay", {"decay_steps": 10, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"decay_steps": 10, "decay_rate": 0.5, "staircase": True}),
    ("PolynomialDecay", {"decay_steps": 20}),
    ("PolynomialDecay", {"decay_steps": 20, "end_learning_rate": 0.01, "power": 2.5}),
    ("PolynomialDecay", {"decay_steps": 7, "power": 0.5, "cycle": True}),
    ("CosineDecay", {"decay_steps": 20, "alpha": 0.1}),
    ("CosineDecay", {"decay_steps": 20, "warmup_target": 0.5, "warmup_steps": 8}),
    ("CosineDecay", {"decay_steps": 20, "warmup_target": 0.5, "alpha": 0.2}),
    ("CosineDecayRestarts", {"first_decay_steps": 5}),
    ("CosineDecayRestarts", {"first_decay_steps": 4, "t_mul": 1.0, "m_mul": 0.7, "alpha": 0.1}),
    ("CosineDecayRestarts", {"first_decay_steps": 5, "t_mul": 1.3, "m_mul": 0.9}),
]


@pytest.mark.parametrize(("name", "settings"), KERAS)
def test_schedules_equal_keras_over_many_steps(name: str, settings: dict[str, Any]) -> None:
    theirs = getattr(keras.optimizers.schedules, name)(0.1, **settings)
    ours = SCHEDULES[name](**settings).begin(0.1, STEPS)

    expected = [float(theirs(step)) for step in range(STEPS + 10)]

    assert [ours.of(step) for step in range(STEPS + 10)] == pytest.approx(
        expected, rel=1e-5, abs=1e-7
    )


def test_a_restart_comes_at_its_very_step() -> None:
    # Keras, in single precision, is a step late here: 4 + 4 · 1.5 = 10.
    ours = SCHEDULES["CosineDecayRestarts"](first_decay_steps=4, t_mul=1.5).begin(0.1, STEPS)

    assert ours.of(9) < ours.of(10) == 0.1


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"boundaries": [3], "values": [0.5, 0.1]},
        {"boundaries": [5, 20, 30], "values": [0.5, 0.1, 1.0, 0.01]},
    ],
)
def test_piecewise_constant_decay_equals_keras(settings: dict[str, Any]) -> None:
    declared = SCHEDULES["PiecewiseConstantDecay"](**settings)
    theirs = keras.optimizers.schedules.PiecewiseConstantDecay(**declared.model_dump())
    ours = declared.begin(0.7, STEPS)

    for step in (*range(STEPS), 999, 1_000, 1_001, 2_000, 2_001):
        assert ours.of(step) == pytest.approx(float(theirs(step))), step


def test_every_schedule_is_held_against_a_reference() -> None:
    others = {"PiecewiseConstantDecay", "OneCycle", "LinearWarmup", "ReduceLROnPlateau"}

    assert set(SCHEDULES) == {name for name, _ in KERAS} | others


@pytest.mark.parametrize("name", sorted({name for name, _ in KERAS}))
def test_names_and_defaults_are_keras_own(name: str) -> None:
    declared = SCHEDULES[name]()
    required = {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}
    theirs = getattr(keras.optimizers.schedules, name)
    taken = theirs.__init__.__code__.co_varnames
    config = theirs(
        **{key: value for key, value in required.items() if key in taken},
        **({"first_decay_steps": 10} if "first_decay_steps" in taken else {}),
    ).get_config()

    for key, value in declared.model_dump().items():
        assert key in config
        if key not in ("decay_steps", "decay_rate", "first_decay_steps"):
            assert value == config[key]


@pytest.mark.parametrize(
    ("settings", "steps"),
    [
        ({}, 50),
        ({"total_steps": 30, "pct_start": 0.5, "anneal_strategy": "linear"}, 30),
        ({"pct_start": 0.1, "div_factor": 5.0, "final_div_factor": 100.0}, 40),
    ],
)
def test_one_cycle_equals_pytorch(settings: dict[str, Any], steps: int) -> None:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    theirs = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=0.2, cycle_momentum=False, **{"total_steps": steps, **settings}
    )
    ours = SCHEDULES["OneCycle"](**settings).begin(0.2, steps)

    assert [ours.of(step) for step in range(steps)] == pytest.approx(rates(theirs, steps))
    assert ours.of(steps + 5) == pytest.approx(ours.of(steps - 1))


def test_linear_warm_up_equals_pytorch() -> None:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.2)
    theirs = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.25, total_iters=12)
    ours = SCHEDULES["LinearWarmup"](start_factor=0.25, warmup_steps=12).begin(0.2, STEPS)

    assert [ours.of(step) for step in range(20)] == pytest.approx(rates(theirs, 20))


def rates(schedule: torch.optim.lr_scheduler.LRScheduler, steps: int) -> list[float]:
    """Return the learning rates of the steps that a PyTorch schedule is asked for."""
    found = []
    for step in range(steps):
        found.append(float(schedule.get_last_lr()[0]))
        if step + 1 < steps:
            schedule.optimizer.step()
            schedule.step()
    return found


PLATEAUS = [
    {"patience": 2},
    {"patience": 0, "factor": 0.5},
    {"patience": 1, "factor": 0.5, "cooldown": 2, "min_delta": 0.05},
    {"patience": 1, "factor": 0.1, "min_lr": 0.002},
]
LOSSES = [1.0, 0.9, 0.89, 0.9, 0.88, 0.95, 0.95, 0.95, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.4]


@pytest.mark.parametrize("settings", PLATEAUS)
@pytest.mark.parametrize("monitor", ["val_loss", "val_accuracy"])
def test_reduce_on_plateau_equals_keras_callback(monitor: str, settings: dict[str, Any]) -> None:
    values = LOSSES if monitor == "val_loss" else [1 - loss for loss in LOSSES]
    expected = of_the_callback(monitor, values, settings)
    ours = SCHEDULES["ReduceLROnPlateau"](monitor=monitor, **settings).begin(0.1, STEPS)

    found = []
    for value in values:
        ours.after_epoch({monitor: value, "loss": 0.0})
        found.append(ours.of(0))

    assert found == pytest.approx(expected)
    assert expected[-1] < 0.1


def of_the_callback(monitor: str, values: list[float], settings: dict[str, Any]) -> list[float]:
    """Return the learning rate after every epoch as Keras's callback leaves it."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    mode = "min" if monitor == "val_loss" else "max"
    callback = keras.callbacks.ReduceLROnPlateau(monitor=monitor, mode=mode, **settings)
    callback.set_model(model)
    callback.on_train_begin()
    found = []
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {monitor: value})
        found.append(float(np.asarray(keras.ops.convert_to_numpy(model.optimizer.learning_rate))))
    return found


def test_an_epoch_without_a_finite_value_is_no_gain() -> None:
    rate = SCHEDULES["ReduceLROnPlateau"](patience=1).begin(0.1, STEPS)
    rate.after_epoch({"val_loss": 1.0})
    rate.after_epoch({"val_loss": None})

    assert rate.of(0) == pytest.approx(0.01)


def test_without_a_schedule_the_learning_rate_stays() -> None:
    rate = Rate(0.3)
    rate.after_epoch({"val_loss": 1.0})

    assert {rate.of(step) for step in range(100)} == {0.3}


@pytest.mark.parametrize("name", ["CosineDecay", "PolynomialDecay", "OneCycle"])
def test_a_schedule_without_its_own_steps_ends_with_the_run(name: str) -> None:
    ours = SCHEDULES[name]().begin(0.1, 40)

    assert ours.of(39) > ours.of(40) or name == "OneCycle"
    assert ours.of(40) == ours.of(41) < 1.1e-4


def test_a_warm_up_and_its_decay_end_with_the_run() -> None:
    ours = SCHEDULES["CosineDecay"](warmup_target=0.5, warmup_steps=10).begin(0.1, 40)

    assert ours.of(10) == 0.5
    assert ours.of(39) > ours.of(40) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(
    ("objective", "field"),
    [
        ({"type": "PiecewiseConstantDecay", "boundaries": [5]}, "values"),
        ({"type": "PiecewiseConstantDecay", "values": [1.0, 0.1]}, "values"),
        (
            {"type": "PiecewiseConstantDecay", "boundaries": [9, 5], "values": [1.0, 0.5, 0.1]},
            "boundaries",
        ),
        (
            {"type": "PiecewiseConstantDecay", "boundaries": [5, 5], "values": [1.0, 0.5, 0.1]},
            "boundaries",
        ),
        ({"type": "CosineDecay", "warmup_steps": 5}, "warmup_steps"),
    ],
)
def test_parameters_that_contradict_each_other_come_with_a_fix_that_mends_them(
    objective: dict[str, Any], field: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        declare(SCHEDULES, Objective.model_validate(objective), "schedule", ["schedule"])
    [problem] = caught.value.problems

    assert (problem.code, problem.where.path) == ("contradiction", ["schedule", field])
    assert problem.fix is not None
    mended = problem.fix.changes[0].model_dump()["values"]["schedule"]
    declare(SCHEDULES, Objective.model_validate(mended), "schedule", ["schedule"])
