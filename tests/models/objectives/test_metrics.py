"""Metrics equal scikit-learn's, edge cases included."""

import numpy as np
import pytest
import torch
from sklearn import metrics as reference

from models.objectives.functions import classification_sums, regression_sums
from models.objectives.metrics import CLASSIFICATION_SUMS, METRICS, REGRESSION_SUMS


def of_regression(name: str, predicted: np.ndarray, expected: np.ndarray) -> float | None:
    y = torch.from_numpy(expected).reshape(-1, 1)
    sums = regression_sums(torch.from_numpy(predicted).reshape(-1, 1), y, y.double().mean())
    return METRICS[name]().value(dict(zip(REGRESSION_SUMS, sums.tolist(), strict=True)))


REFERENCES = {
    "mae": reference.mean_absolute_error,
    "rmse": reference.root_mean_squared_error,
    "r2": reference.r2_score,
}
NORMAL = np.random.default_rng(3).normal(size=(2, 50))
CASES = {
    "numbers": (NORMAL[0], NORMAL[1]),
    "numbers far from zero": (NORMAL[0] + 1e8, NORMAL[1] + 1e8),
    "a constant target": (NORMAL[0], np.full(50, 3.1)),
    "a constant target predicted exactly": (np.full(50, 3.1), np.full(50, 3.1)),
    "perfect predictions": (NORMAL[0], NORMAL[0]),
    "tiny numbers": (NORMAL[0] * 1e-9, NORMAL[1] * 1e-9),
}


@pytest.mark.parametrize("name", list(REFERENCES))
@pytest.mark.parametrize("case", list(CASES))
def test_regression_metrics_equal_scikit_learn(name: str, case: str) -> None:
    predicted, expected = CASES[case]

    assert of_regression(name, predicted, expected) == pytest.approx(
        REFERENCES[name](expected, predicted), rel=1e-6
    )


def test_r2_of_a_single_example_is_undefined() -> None:
    assert of_regression("r2", np.array([1.0]), np.array([2.0])) is None


@pytest.mark.parametrize("width", [1, 2, 5])
def test_accuracy_equals_scikit_learn(width: int) -> None:
    generator = np.random.default_rng(width)
    shares = generator.uniform(size=(60, width))
    expected = generator.integers(0, max(2, width), 60)
    predicted = (shares[:, 0] > 0.5).astype(int) if width == 1 else shares.argmax(1)

    sums = classification_sums(torch.from_numpy(shares), torch.from_numpy(expected), 0.5)

    accuracy = METRICS["accuracy"]().value(
        dict(zip(CLASSIFICATION_SUMS, sums.tolist(), strict=True))
    )
    assert accuracy == pytest.approx(reference.accuracy_score(expected, predicted))
