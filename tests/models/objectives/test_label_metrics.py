"""Loss and metrics of examples with several labels equal Keras's and scikit-learn's."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import torch
from sklearn import metrics as sklearn

from models.errors import DocumentError
from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES
from models.objectives.metrics import METRICS
from models.objectives.tallies import Tallies
from models.training.meter import Meter

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

Reference = Callable[[np.ndarray, np.ndarray], float]
"""Takes which labels examples have, and the probability of each, both (N, labels)."""


def keras_accuracy(y: np.ndarray, shares: np.ndarray) -> float:
    metric = keras.metrics.BinaryAccuracy()
    metric.update_state(y, shares)
    return float(metric.result())


def f1(average: str) -> Reference:
    return lambda y, shares: float(
        sklearn.f1_score(y, shares > 0.5, average=average, zero_division=0)
    )


OF_LABELS: dict[str, list[tuple[dict[str, Any], Reference]]] = {
    "accuracy": [({}, keras_accuracy)],
    "subset_accuracy": [({}, lambda y, shares: float(sklearn.accuracy_score(y, shares > 0.5)))],
    "macro_f1": [({}, f1("macro"))],
    "micro_f1": [({}, f1("micro"))],
    "auc": [
        ({}, lambda y, shares: float(sklearn.roc_auc_score(y, shares))),
        ({"curve": "PR"}, lambda y, shares: float(sklearn.average_precision_score(y, shares))),
        (
            {"curve": "PR", "average": "weighted"},
            lambda y, shares: float(sklearn.average_precision_score(y, shares, average="weighted")),
        ),
    ],
}


def examples(labels: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return labels, (80, labels), and logits that are right more often than not."""
    chance = np.random.default_rng(seed)
    y = (chance.random((80, labels)) < np.linspace(0.6, 0.1, labels)).astype(np.float32)
    return y, np.round(chance.normal(2 * y - 1, 1.5), 1).astype(np.float32)


@pytest.mark.parametrize("labels", [2, 5])
@pytest.mark.parametrize(
    ("name", "settings", "reference"),
    [(name, *case) for name, cases in OF_LABELS.items() for case in cases],
)
def test_metrics_of_labels_equal_their_references(
    name: str, settings: dict[str, Any], reference: Reference, labels: int
) -> None:
    y, logits = examples(labels)
    criterion = Criterion(
        LOSSES["BinaryCrossentropy"](), "sigmoid", labels, tuple("abcde"[:labels]), multilabel=True
    )
    metric = METRICS[name](**settings)
    tallies = Tallies(criterion, [metric])
    meter = Meter(tallies)
    for raw, targets in zip(
        torch.from_numpy(logits).chunk(3), torch.from_numpy(y).chunk(3), strict=True
    ):
        meter.add([0.0], [len(targets)], tallies.of(raw, targets, criterion.origin(targets)))
    shares = 1 / (1 + np.exp(-logits.astype(np.float64)))

    assert meter.values()[metric.label] == pytest.approx(reference(y, shares), abs=1e-6)


def test_a_label_that_is_nowhere_counts_for_the_macro_f1_as_for_scikit_learn() -> None:
    y, logits = examples(3)
    y[:, 2], logits[:, 2] = 0, -1
    criterion = Criterion(LOSSES["BinaryCrossentropy"](), "sigmoid", 3, "abc", multilabel=True)
    tallies = Tallies(criterion, [METRICS["macro_f1"]()])
    told = tallies.of(torch.from_numpy(logits), torch.from_numpy(y), torch.tensor(0.0))
    found = METRICS["macro_f1"]().value(tallies.read(told.sums, [])[METRICS["macro_f1"]().tally()])

    assert found == pytest.approx(f1("macro")(y, 1 / (1 + np.exp(-logits))))


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("BinaryCrossentropy", {}),
        ("BinaryCrossentropy", {"label_smoothing": 0.2}),
        ("BinaryFocalCrossentropy", {"gamma": 1.5, "apply_class_balancing": True}),
    ],
)
@pytest.mark.parametrize("activation", ["sigmoid", "linear"])
def test_losses_of_labels_equal_keras(name: str, settings: dict[str, Any], activation: str) -> None:
    y, logits = examples(4)
    raw = torch.from_numpy(logits)
    criterion = Criterion(LOSSES[name](**settings), activation, 4, "abcd", multilabel=True)
    answers = raw.sigmoid()
    given = raw if criterion.from_logits else answers

    ours = criterion.value(given, criterion.targets(torch.from_numpy(y)))

    theirs = getattr(keras.losses, name)(**settings)(y, answers.numpy())
    assert float(ours) == pytest.approx(float(theirs), rel=1e-5)
    assert criterion.from_logits == (activation == "sigmoid")
    torch.testing.assert_close(criterion.probabilities(given), answers)
    assert criterion.predicted(given).tolist() == (logits > 0).tolist()


def test_each_label_needs_an_output() -> None:
    with pytest.raises(DocumentError, match="2 outputs for 2 labels, got 1"):
        Criterion(LOSSES["BinaryCrossentropy"](), "sigmoid", 1, "ab", multilabel=True)
