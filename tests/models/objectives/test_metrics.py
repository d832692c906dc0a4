"""Every metric equals scikit-learn's, or Keras's where that has none, edge cases included."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np
import pytest
import torch
from sklearn import metrics as sklearn

from models.errors import DocumentError
from models.objectives.criterion import Criterion
from models.objectives.losses import LOSSES
from models.objectives.metrics import METRICS, metric_of, named, sign
from models.objectives.metrics.base import Metric
from models.objectives.tallies import Scale, Tallies
from models.recipe import Objective
from models.training import meter as meters
from models.training.meter import Meter
from tests.models.objectives.test_label_metrics import OF_LABELS

# Keras's variables do not know numpy 2's copy keyword yet.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

NAMES = ("a", "b", "c", "d", "e")
Reference = Callable[[np.ndarray, np.ndarray], float]
"""Takes expected codes and each class's probability, or expected and predicted numbers."""


def measured(
    metric: Metric,
    raw: np.ndarray,
    y: np.ndarray,
    criterion: Criterion,
    scale: Scale | None = None,
    batches: int = 3,
) -> float | None:
    """Return a metric's value over the examples, which come in some batches."""
    tallies = Tallies(criterion, [metric], scale)
    meter = Meter(tallies)
    for outputs, targets in zip(
        torch.from_numpy(raw).chunk(batches), torch.from_numpy(y).chunk(batches), strict=True
    ):
        told = tallies.of(outputs, targets, torch.tensor(float(y.mean())))
        meter.add([0.0], [len(targets)], told)
    return meter.values()[metric.label]


class Classes:
    """Predictions of classes, wrong here and there, some probabilities being equal."""

    def __init__(self, classes: int, width: int, seed: int = 0) -> None:
        self.width, self.names = width, NAMES[:classes]
        chance = np.random.default_rng(seed)
        self.y = chance.choice(classes, 90, p=np.arange(1, classes + 1) / sum(range(classes + 1)))
        logits = chance.normal(size=(90, classes)) + 1.2 * np.eye(classes)[self.y]
        shares = np.round(np.exp(logits) / np.exp(logits).sum(1, keepdims=True), 2) + 0.01
        self.shares = shares / shares.sum(1, keepdims=True)
        self.outputs = self.shares[:, 1:] if width == 1 else self.shares
        self.criterion = Criterion(LOSSES["CategoricalCrossentropy"](), None, width, self.names)

    def __str__(self) -> str:
        return f"{len(self.names)} classes by {self.width}"


TWO, TWO_BY_TWO, FIVE = Classes(2, 1), Classes(2, 2, seed=1), Classes(5, 5, seed=2)


def of_classes(score: Callable[..., Any], **options: Any) -> Reference:
    """Return a reference that looks at predicted classes, those of two above a threshold."""
    threshold = options.pop("threshold", None)

    def reference(y: np.ndarray, shares: np.ndarray) -> float:
        predicted = shares[:, 1] > threshold if threshold else shares.argmax(1)
        return float(score(y, predicted.astype(int), **options))

    return reference


def averaged(score: Callable[..., Any], **options: Any) -> Reference:
    """Return a reference that takes the second of two classes, and of more the mean over them."""

    def reference(y: np.ndarray, shares: np.ndarray) -> float:
        average = "binary" if shares.shape[1] == 2 else "macro"
        return of_classes(score, **({"average": average, "zero_division": 0.0} | options))(
            y, shares
        )

    return reference


def overlap(y: np.ndarray, shares: np.ndarray) -> float:
    return float(sklearn.jaccard_score(y, shares.argmax(1), average="macro"))


def specificity(y: np.ndarray, shares: np.ndarray) -> float:
    return float(sklearn.recall_score(y, shares.argmax(1), pos_label=0))


def cell(row: int, column: int) -> Reference:
    return lambda y, shares: float(sklearn.confusion_matrix(y, shares.argmax(1))[row, column])


def roc(y: np.ndarray, shares: np.ndarray, **options: Any) -> float:
    if shares.shape[1] == 2:
        return float(sklearn.roc_auc_score(y, shares[:, 1]))
    return float(sklearn.roc_auc_score(y, shares, multi_class="ovr", **options))


def precision_recall(y: np.ndarray, shares: np.ndarray, **options: Any) -> float:
    if shares.shape[1] == 2:
        return float(sklearn.average_precision_score(y, shares[:, 1]))
    return float(sklearn.average_precision_score(np.eye(shares.shape[1])[y], shares, **options))


def brier(y: np.ndarray, shares: np.ndarray) -> float:
    if shares.shape[1] == 2:
        return float(sklearn.brier_score_loss(y, shares[:, 1]))
    return float(np.square(shares - np.eye(shares.shape[1])[y]).sum(1).mean())


def best(wanted: str, given: str, least: float) -> Reference:
    """Return the best one rate over all thresholds where another is at least `least`."""

    def reference(y: np.ndarray, shares: np.ndarray) -> float:
        false, true, thresholds = sklearn.roc_curve(y, shares[:, 1], drop_intermediate=False)
        predicted = [shares[:, 1] >= threshold for threshold in thresholds]
        precision = [float(y[p].mean()) if p.any() else 0.0 for p in predicted]
        rates = {"sensitivity": true, "specificity": 1 - false, "precision": np.array(precision)}
        return float(rates[wanted][rates[given] >= least].max())

    return reference


def of_keras(name: str, sign: float = 1.0) -> Reference:
    """Return a reference that is a loss of Keras's on one-hot targets."""

    def reference(y: np.ndarray, shares: np.ndarray) -> float:
        targets = np.eye(shares.shape[1])[y]
        return sign * float(getattr(keras.losses, name)(dtype="float64")(targets, shares))

    return reference


CLASSIFICATION: dict[str, list[tuple[dict[str, Any], Reference]]] = {
    "accuracy": [({}, of_classes(sklearn.accuracy_score))],
    "balanced_accuracy": [({}, of_classes(sklearn.balanced_accuracy_score))],
    "top_k_categorical_accuracy": [
        (
            {"k": k},
            lambda y, shares, k=k: float(
                keras.ops.mean(keras.metrics.sparse_top_k_categorical_accuracy(y, shares, k=k))
            ),
        )
        for k in (1, 2, 3)
    ],
    "precision": [
        ({}, averaged(sklearn.precision_score)),
        ({"average": "weighted"}, averaged(sklearn.precision_score, average="weighted")),
        ({"average": "micro"}, averaged(sklearn.precision_score, average="micro")),
        ({"average": "macro"}, averaged(sklearn.precision_score, average="macro")),
        ({"threshold": 0.7}, averaged(sklearn.precision_score, threshold=0.7)),
    ],
    "recall": [
        ({}, averaged(sklearn.recall_score)),
        ({"average": "weighted"}, averaged(sklearn.recall_score, average="weighted")),
        ({"threshold": 0.3}, averaged(sklearn.recall_score, threshold=0.3)),
    ],
    "f1_score": [
        ({}, averaged(sklearn.f1_score)),
        ({"average": "weighted"}, averaged(sklearn.f1_score, average="weighted")),
        ({"average": "macro"}, averaged(sklearn.f1_score, average="macro")),
    ],
    "fbeta_score": [
        ({"beta": 0.5}, averaged(sklearn.fbeta_score, beta=0.5)),
        (
            {"beta": 2.0, "average": "micro"},
            averaged(sklearn.fbeta_score, beta=2.0, average="micro"),
        ),
    ],
    "specificity": [({}, specificity)],
    "mean_iou": [({}, overlap)],
    "binary_iou": [
        ({}, overlap),
        ({"target_class_ids": [1]}, of_classes(sklearn.jaccard_score)),
        (
            {"target_class_ids": [0], "threshold": 0.6},
            of_classes(sklearn.jaccard_score, pos_label=0, threshold=0.6),
        ),
    ],
    "cohen_kappa": [({}, of_classes(sklearn.cohen_kappa_score))],
    "matthews_correlation": [({}, of_classes(sklearn.matthews_corrcoef))],
    "true_negatives": [({}, cell(0, 0))],
    "false_positives": [({}, cell(0, 1))],
    "false_negatives": [({}, cell(1, 0))],
    "true_positives": [({}, cell(1, 1))],
    "auc": [
        ({}, roc),
        ({"average": "weighted"}, partial(roc, average="weighted")),
        ({"curve": "PR"}, precision_recall),
        ({"curve": "PR", "average": "weighted"}, partial(precision_recall, average="weighted")),
    ],
    "sensitivity_at_specificity": [
        ({"specificity": 0.8}, best("sensitivity", "specificity", 0.8)),
        ({"specificity": 1.0}, best("sensitivity", "specificity", 1.0)),
    ],
    "specificity_at_sensitivity": [({"sensitivity": 0.9}, best("specificity", "sensitivity", 0.9))],
    "precision_at_recall": [({"recall": 0.6}, best("precision", "sensitivity", 0.6))],
    "recall_at_precision": [({"precision": 0.8}, best("sensitivity", "precision", 0.8))],
    "log_loss": [({}, lambda y, shares: float(sklearn.log_loss(y, shares)))],
    "brier_score": [({}, brier)],
    "kl_divergence": [({}, of_keras("KLDivergence"))],
    "cosine_similarity": [({}, of_keras("CosineSimilarity", sign=-1.0))],
    "hinge": [],
    "squared_hinge": [],
    "categorical_hinge": [({}, of_keras("CategoricalHinge"))],
}
"""The hinges of one output have a test of their own below."""


@pytest.mark.parametrize(
    ("metric", "reference", "data"),
    [
        pytest.param(metric, reference, data, id=f"{metric.label}, {data}")
        for name, cases in CLASSIFICATION.items()
        for settings, reference in cases
        for metric in [METRICS[name](**settings)]
        for data in (TWO, TWO_BY_TWO, FIVE)
        if metric.misfit(len(data.names)) is None
    ],
)
def test_metrics_of_classes_equal_their_references(
    metric: Metric, reference: Reference, data: Classes
) -> None:
    found = measured(metric, data.outputs, data.y, data.criterion)

    # Keras's losses answer in single precision.
    assert found == pytest.approx(reference(data.y, data.shares), abs=1e-6)


def test_equally_probable_classes_are_all_among_the_best_as_in_keras() -> None:
    shares, y = np.array([[0.4, 0.2, 0.2, 0.2, 0.0]]), np.array([3])
    theirs = keras.metrics.SparseTopKCategoricalAccuracy(k=2)
    theirs.update_state(y, shares)

    metric = METRICS["top_k_categorical_accuracy"](k=2)
    assert measured(metric, shares, y, FIVE.criterion, batches=1) == float(theirs.result()) == 1.0


@pytest.mark.parametrize("name", ["hinge", "squared_hinge"])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_hinges_equal_keras_on_the_outputs_as_they_are(name: str, activation: str) -> None:
    chance = np.random.default_rng(5)
    y, outputs = chance.integers(0, 2, 40), chance.uniform(size=(40, 1))
    outputs = 2 * outputs - 1 if activation == "tanh" else outputs
    criterion = Criterion(LOSSES["Hinge"](), activation, 1, ["no", "yes"])
    theirs = getattr(keras.losses, "SquaredHinge" if "squared" in name else "Hinge")("mean")

    found = measured(METRICS[name](), outputs, y, criterion)

    expected = theirs(y.reshape(-1, 1).astype("float64"), outputs)
    assert found == pytest.approx(float(expected), abs=1e-6)


def test_metrics_from_logits_are_those_of_the_probabilities() -> None:
    chance = np.random.default_rng(6)
    logits, y = chance.normal(size=(50, 5)), chance.integers(0, 5, 50)
    by_logits = Criterion(LOSSES["CategoricalCrossentropy"](), "softmax", 5, NAMES)
    by_shares = Criterion(LOSSES["CategoricalCrossentropy"](), None, 5, NAMES)
    shares = torch.from_numpy(logits).softmax(-1).numpy()

    for name in ("accuracy", "auc", "log_loss", "brier_score", "categorical_hinge"):
        metric = METRICS[name]()
        assert measured(metric, logits, y, by_logits) == pytest.approx(
            measured(metric, shares, y, by_shares)
        )


def pearson(expected: np.ndarray, predicted: np.ndarray) -> float:
    return float(np.corrcoef(expected, predicted)[0, 1])


def concordance(expected: np.ndarray, predicted: np.ndarray) -> float:
    metric = keras.metrics.ConcordanceCorrelation(dtype="float64")
    return float(metric(expected - expected[0], predicted - expected[0]))


def poisson(expected: np.ndarray, predicted: np.ndarray) -> float:
    return float(np.mean(predicted - expected * np.log(predicted + 1e-7)))


def log_cosh(expected: np.ndarray, predicted: np.ndarray) -> float:
    return float(np.mean(np.log(np.cosh(predicted - expected))))


def percentage(expected: np.ndarray, predicted: np.ndarray) -> float:
    return 100 * float(sklearn.mean_absolute_percentage_error(expected, predicted))


REGRESSION: dict[str, Reference] = {
    "mae": sklearn.mean_absolute_error,
    "mse": sklearn.mean_squared_error,
    "rmse": sklearn.root_mean_squared_error,
    "r2": sklearn.r2_score,
    "explained_variance": sklearn.explained_variance_score,
    "median_absolute_error": sklearn.median_absolute_error,
    "max_error": sklearn.max_error,
    "mape": percentage,
    "msle": sklearn.mean_squared_log_error,
    "log_cosh": log_cosh,
    "poisson": poisson,
    "pearson_correlation": pearson,
    "concordance_correlation": concordance,
}
ABOVE_ZERO = {"msle", "poisson"}
NORMAL = np.random.default_rng(3).normal(size=(2, 51))
CASES = {
    "numbers": (NORMAL[0], NORMAL[1]),
    "numbers far from zero": (NORMAL[0] + 1e8, NORMAL[1] + 1e8),
    "a constant target": (NORMAL[0], np.full(51, 3.1)),
    "a constant target predicted exactly": (np.full(51, 3.1), np.full(51, 3.1)),
    "perfect predictions": (NORMAL[0], NORMAL[0]),
    "tiny numbers": (NORMAL[0] * 1e-9, NORMAL[1] * 1e-9),
    "an even number of examples": (NORMAL[0, 1:], NORMAL[1, 1:]),
}
NUMBERS = Criterion(LOSSES["MeanSquaredError"](), None, 1, None)


NOT_TRIED = {
    ("pearson_correlation", "a constant target"),
    ("pearson_correlation", "a constant target predicted exactly"),
    ("concordance_correlation", "a constant target predicted exactly"),
    # Keras takes spreads and targets so small for zero, or zero for something as small.
    ("concordance_correlation", "a constant target"),
    ("concordance_correlation", "tiny numbers"),
    ("mape", "tiny numbers"),
}


@pytest.mark.parametrize(
    ("name", "case"),
    [(name, case) for name in REGRESSION for case in CASES if (name, case) not in NOT_TRIED],
)
@pytest.mark.parametrize("scale", [Scale(), Scale(unit=2.5, mean=7.0)], ids=["plain", "scaled"])
def test_metrics_of_numbers_equal_their_references(name: str, case: str, scale: Scale) -> None:
    predicted, expected = (np.abs(part) if name in ABOVE_ZERO else part for part in CASES[case])

    found = measured(
        METRICS[name](), predicted.reshape(-1, 1), expected.reshape(-1, 1), NUMBERS, scale
    )

    own = [part * scale.unit + scale.mean for part in (expected, predicted)]
    assert found == pytest.approx(REGRESSION[name](*own), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "predicted", "expected"),
    [
        ("r2", [1.0], [2.0]),
        ("explained_variance", [1.0], [2.0]),
        ("pearson_correlation", [1.0, 2.0], [3.0, 3.0]),
        ("concordance_correlation", [3.0, 3.0], [3.0, 3.0]),
        ("poisson", [-1.0, 2.0], [1.0, 2.0]),
    ],
)
def test_a_metric_of_numbers_that_is_not_defined_has_no_value(
    name: str, predicted: list[float], expected: list[float]
) -> None:
    raw, y = (np.array(part).reshape(-1, 1) for part in (predicted, expected))

    assert measured(METRICS[name](), raw, y, NUMBERS, batches=1) is None


@pytest.mark.parametrize(
    "name", ["auc", "specificity", "cohen_kappa", "precision_at_recall", "recall_at_precision"]
)
def test_a_metric_of_two_classes_has_no_value_where_only_one_is_expected(name: str) -> None:
    shares = np.array([[0.6], [0.9], [0.7]])

    assert measured(METRICS[name](), shares, np.ones(3, int), TWO.criterion) is None


def test_a_class_that_does_not_occur_does_not_count_in_a_mean_over_classes() -> None:
    shares = FIVE.shares[FIVE.y < 3]
    y = FIVE.y[FIVE.y < 3]

    for name, reference in (("recall", sklearn.recall_score), ("f1_score", sklearn.f1_score)):
        assert measured(METRICS[name](), shares, y, FIVE.criterion) == pytest.approx(
            reference(y, shares.argmax(1), average="macro", zero_division=0.0)
        )


def test_a_precision_that_cannot_be_reached_leaves_no_recall() -> None:
    y, shares = np.array([1, 0]), np.array([[0.2], [0.9]])

    metric = METRICS["recall_at_precision"](precision=0.9)
    assert measured(metric, shares, y, TWO.criterion, batches=1) == 0.0


def test_beyond_what_is_kept_an_area_is_that_of_the_first_examples(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(meters, "LARGEST_KEPT", 60)

    found = measured(METRICS["auc"](), TWO.outputs, TWO.y, TWO.criterion)

    assert found == pytest.approx(roc(TWO.y[:60], TWO.shares[:60]))


def test_an_empty_meter_has_names_and_no_values() -> None:
    tallies = Tallies(TWO.criterion, [METRICS[name]() for name in ("accuracy", "auc", "f1_score")])

    assert Meter(tallies).values() == dict.fromkeys(("loss", "accuracy", "auc", "f1_score"))


def test_every_metric_is_held_against_a_reference() -> None:
    assert set(METRICS) == {*CLASSIFICATION, *REGRESSION, *OF_LABELS}


@pytest.mark.parametrize("name", list(METRICS))
def test_keras_name_of_a_metric_means_the_same(name: str) -> None:
    kind = METRICS[name]
    for spelling in (name, *kind.aliases):
        assert metric_of(spelling, ["metrics", 0]) == kind()
        assert metric_of(Objective(type=spelling), ["metrics", 0]) == kind()
    assert named(kind()) == name


def test_no_two_metrics_share_a_name() -> None:
    names = [spelling for kind in METRICS.values() for spelling in (kind.name, *kind.aliases)]

    assert len(names) == len(set(names))


def test_a_metric_with_parameters_is_told_by_them() -> None:
    entry = Objective.model_validate({"type": "TopKCategoricalAccuracy", "k": 3})
    metric = metric_of(entry, ["metrics", 0])

    assert metric.label == "top_k_categorical_accuracy(k=3)"
    assert metric_of(named(metric), ["metrics", 0]) == metric


@pytest.mark.parametrize(
    ("entry", "path", "says"),
    [
        ("precisoin", ["metrics", 2], "Did you mean precision"),
        ({"type": "TopKCategorical"}, ["metrics", 2, "type"], "top_k_categorical_accuracy"),
        ({"type": "auc", "curv": "PR"}, ["metrics", 2, "curv"], "Did you mean curve?"),
        ({"type": "auc", "curve": "ROCK"}, ["metrics", 2, "curve"], "Did you mean ROC?"),
        ({"type": "accuracy", "k": 3}, ["metrics", 2, "k"], "It has no parameters."),
    ],
)
def test_a_wrong_metric_names_what_comes_near(entry: Any, path: list[str | int], says: str) -> None:
    asked = entry if isinstance(entry, str) else Objective.model_validate(entry)
    with pytest.raises(DocumentError) as caught:
        metric_of(asked, ["metrics", 2])
    [problem] = caught.value.problems

    assert problem.where.path == path
    assert says in problem.message


@pytest.mark.parametrize(
    ("monitor", "expected"),
    [
        ("loss", 1),
        ("val_loss", 1),
        ("val_accuracy", -1),
        ("val_mae", 1),
        ("precision(threshold=0.9)", -1),
        ("val_false_positives", 1),
    ],
)
def test_the_better_direction_of_a_value_is_its_metrics(monitor: str, expected: float) -> None:
    assert sign(monitor) == expected
