"""Every loss and optimizer gives Keras's numbers."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import pytest
import torch

from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES, CategoricalCrossentropy, KLDivergence
from models.objectives.optimizers import OPTIMIZERS
from models.training.memory import remembered
from models.training.updates import RULES

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

GENERATOR = np.random.default_rng(7)


@pytest.mark.parametrize("name", ["MeanSquaredError", "MeanAbsoluteError"])
def test_regression_losses_equal_keras(name: str) -> None:
    outputs, targets = (GENERATOR.normal(size=(16, 1)).astype("float32") for _ in range(2))
    criterion = Criterion(LOSSES[name](), "linear", 1, None)

    ours = criterion.value(torch.from_numpy(outputs), torch.from_numpy(targets))

    assert float(ours) == pytest.approx(float(getattr(keras.losses, name)()(targets, outputs)))


def test_root_mean_squared_error_equals_keras_metric() -> None:
    outputs, targets = (GENERATOR.normal(size=(16, 1)).astype("float32") for _ in range(2))
    criterion = Criterion(LOSSES["RootMeanSquaredError"](), "linear", 1, None)
    theirs = keras.metrics.RootMeanSquaredError()
    theirs.update_state(targets, outputs)

    ours = criterion.value(torch.from_numpy(outputs), torch.from_numpy(targets))

    assert float(ours) == pytest.approx(float(theirs.result()))


def test_root_mean_squared_error_of_a_perfect_batch_has_a_finite_gradient() -> None:
    outputs = torch.zeros(4, 1, requires_grad=True)
    criterion = Criterion(LOSSES["RootMeanSquaredError"](), "linear", 1, None)

    (gradient,) = torch.autograd.grad(criterion.value(outputs, torch.zeros(4, 1)), [outputs])

    assert gradient.isfinite().all()


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("activation", ["softmax", "linear"])
def test_cross_entropy_equals_keras(smoothing: float, weighted: bool, activation: str) -> None:
    logits = GENERATOR.normal(size=(16, 4)).astype("float32")
    shares = torch.from_numpy(logits).softmax(-1)
    codes = GENERATOR.integers(0, 4, 16)
    weights = GENERATOR.uniform(0.5, 3, 16).astype("float32") if weighted else None
    criterion = Criterion(
        CategoricalCrossentropy(label_smoothing=smoothing), activation, 4, ["a", "b", "c", "d"]
    )
    raw = torch.from_numpy(logits) if activation == "softmax" else shares

    ours = criterion.value(
        raw,
        criterion.targets(torch.from_numpy(codes)),
        torch.from_numpy(weights) if weights is not None else None,
    )

    theirs = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)(
        np.eye(4, dtype="float32")[codes], shares.numpy(), sample_weight=weights
    )
    assert float(ours) == pytest.approx(float(theirs), abs=1e-5)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("activation", ["sigmoid", "linear"])
def test_binary_cross_entropy_equals_keras(smoothing: float, activation: str) -> None:
    logits = GENERATOR.normal(size=(16, 1)).astype("float32")
    shares = torch.from_numpy(logits).sigmoid()
    codes = GENERATOR.integers(0, 2, (16, 1)).astype("float32")
    criterion = Criterion(
        LOSSES["BinaryCrossentropy"](label_smoothing=smoothing), activation, 1, ["no", "yes"]
    )
    raw = torch.from_numpy(logits) if activation == "sigmoid" else shares

    ours = criterion.value(raw, criterion.targets(torch.from_numpy(codes)))

    theirs = keras.losses.BinaryCrossentropy(label_smoothing=smoothing)(codes, shares.numpy())
    assert float(ours) == pytest.approx(float(theirs), abs=1e-5)


def test_cross_entropy_of_a_sure_wrong_answer_stays_finite_and_has_a_gradient() -> None:
    logits = torch.tensor([[200.0, -200.0]], requires_grad=True)
    criterion = Criterion(CategoricalCrossentropy(), "softmax", 2, ["a", "b"])

    loss = criterion.value(logits, torch.tensor([1]))
    (gradient,) = torch.autograd.grad(loss, [logits])

    assert loss.item() == pytest.approx(400.0)
    assert gradient.tolist() == [[1.0, -1.0]]


def test_kl_divergence_equals_keras() -> None:
    shares = torch.from_numpy(GENERATOR.normal(size=(16, 3)).astype("float32")).softmax(-1)
    codes = torch.from_numpy(GENERATOR.integers(0, 3, 16))
    criterion = Criterion(KLDivergence(), "softmax", 3, ["a", "b", "c"])

    ours = criterion.value(shares, criterion.targets(codes))

    theirs = keras.losses.KLDivergence()(np.eye(3, dtype="float32")[codes.numpy()], shares.numpy())
    assert float(ours) == pytest.approx(float(theirs), abs=1e-5)


def test_kl_divergence_of_one_sigmoid_output_counts_both_classes() -> None:
    share = torch.tensor([[0.2], [0.9]])
    criterion = Criterion(KLDivergence(), "sigmoid", 1, ["no", "yes"])

    ours = criterion.value(share, criterion.targets(torch.tensor([0, 1])))

    theirs = keras.losses.KLDivergence()(
        np.eye(2, dtype="float32"), np.array([[0.8, 0.2], [0.1, 0.9]], "float32")
    )
    assert float(ours) == pytest.approx(float(theirs), abs=1e-5)


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
