"""Metrics of predicted classes, all from three counts of each: expected, predicted, and both."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field

from models.call import Call, Named, call
from models.objectives.metrics.base import Classification, Misfit, Scored, Tally, ratio


@dataclass(frozen=True)
class Counts:
    """How often each class was expected, predicted, and predicted rightly."""

    expected: Sequence[float]
    predicted: Sequence[float]
    right: Sequence[float]

    @classmethod
    def of(cls, told: Sequence[float]) -> "Counts":
        size = len(told) // 3
        return cls(told[:size], told[size : 2 * size], told[2 * size :])

    @property
    def examples(self) -> float:
        return sum(self.expected)

    @property
    def seen(self) -> list[int]:
        """The classes that were expected or predicted at all."""
        return [
            code
            for code, (expected, predicted) in enumerate(
                zip(self.expected, self.predicted, strict=True)
            )
            if expected or predicted
        ]


class Accuracy(Classification):
    """The share of examples whose class was predicted right.

    Of examples with several labels each it is the share of all labels that are told rightly as
    there or not there, which Keras calls binary accuracy: with rare labels a network that never
    names one is right most of the time.
    """

    name = "accuracy"
    tasks = ("classification", "multilabel")
    aliases = (
        "acc",
        "Accuracy",
        "BinaryAccuracy",
        "binary_accuracy",
        "CategoricalAccuracy",
        "categorical_accuracy",
        "SparseCategoricalAccuracy",
        "sparse_categorical_accuracy",
    )
    title = "Accuracy"
    formula = "right answers / examples"
    usual = True

    def tally(self) -> Tally:
        return Tally("correct")

    def value(self, told: Sequence[float]) -> float | None:
        count, correct = told
        return correct / count if count else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.accuracy_score"), "classes")

    def scored_of_labels(self) -> Scored:
        return Scored(call("label_accuracy"), "classes")

    def keras(self) -> str:
        return "accuracy"

    def keras_of_labels(self) -> str:
        return "binary_accuracy"


class TopKCategoricalAccuracy(Classification):
    """The share of examples whose class is among the k most probable ones."""

    name = "top_k_categorical_accuracy"
    aliases = (
        "TopKCategoricalAccuracy",
        "SparseTopKCategoricalAccuracy",
        "sparse_top_k_categorical_accuracy",
    )
    title = "Top-k accuracy"
    formula = "examples whose class is among the k most probable / examples"
    k: int = Field(5, ge=1, le=100_000, description="How many classes may be named")

    def misfit(self, classes: int) -> Misfit | None:
        if self.k < classes:
            return None
        most = max(1, classes - 1)
        return Misfit(
            f"k below the {classes} classes, of which any {classes} always hold the right one",
            f"k={self.k}",
            TopKCategoricalAccuracy(k=most),
        )

    def tally(self) -> Tally:
        return Tally("among_best", (self.k,))

    def value(self, told: Sequence[float]) -> float | None:
        count, correct = told
        return correct / count if count else None

    def scored(self, classes: int) -> Scored:
        labels = Named(f"range({classes})")
        made = call("metrics.top_k_accuracy_score", k=self.k, labels=labels)
        return Scored(made, "second" if classes == 2 else "probabilities")


class BalancedAccuracy(Classification):
    """The mean of the classes' recalls: every class weighs the same, however rare it is."""

    name = "balanced_accuracy"
    aliases = ("BalancedAccuracy",)
    title = "Balanced accuracy"
    formula = "1/k · Σ recall of each class"

    def tally(self) -> Tally:
        return Tally("counts", (0.5,))

    def value(self, told: Sequence[float]) -> float | None:
        counts = Counts.of(told)
        recalls = [
            right / expected
            for right, expected in zip(counts.right, counts.expected, strict=True)
            if expected
        ]
        return sum(recalls) / len(recalls) if recalls else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.balanced_accuracy_score"), "classes")


class _Thresholded(Classification):
    """Base of what depends on the probability from which the second of two classes is said."""

    threshold: float = Field(
        0.5,
        gt=0,
        lt=1,
        description="Probability above which the second of two classes is predicted",
    )

    def misfit(self, classes: int) -> Misfit | None:
        if (found := super().misfit(classes)) is not None:
            return found
        if classes == 2 or self.threshold == 0.5:
            return None
        return Misfit(
            f"no threshold for {classes} classes, of which the most probable one is predicted",
            f"threshold={self.threshold:g}",
            self.model_copy(update={"threshold": 0.5}),
        )

    def tally(self) -> Tally:
        return Tally("counts", (self.threshold,))


class _Averaged(_Thresholded):
    """Base of what is worked out for each class, and then made one number."""

    function: ClassVar[str]
    """The name of the function in scikit-learn."""

    average: Literal["auto", "macro", "micro", "weighted"] = Field(
        "auto",
        description="auto: of the second of two classes, of more as macro; macro: the mean over "
        "the classes; weighted: each as often as it occurs; micro: all examples in one pot",
    )

    def score(self, right: float, expected: float, predicted: float) -> float:
        """Return the value of one class from its counts."""
        raise NotImplementedError(type(self).__name__)

    def value(self, told: Sequence[float]) -> float | None:
        counts = Counts.of(told)
        if not counts.examples:
            return None
        if self.average == "micro":
            return self.score(sum(counts.right), counts.examples, sum(counts.predicted))
        scores = [self.score(*each) for each in _by_class(counts)]
        if self.average == "auto" and len(scores) == 2:
            return scores[1]
        if self.average == "weighted":
            weighed = zip(scores, counts.expected, strict=True)
            return sum(score * weight for score, weight in weighed) / counts.examples
        return sum(scores[code] for code in counts.seen) / len(counts.seen)

    def scored(self, classes: int) -> Scored:
        several = "macro" if classes > 2 else "binary"
        average = several if self.average == "auto" else self.average
        options = {"average": average, "zero_division": 0, **self._options()}
        return Scored(Call(f"metrics.{self.function}", (), options), "classes", self.threshold)

    def _options(self) -> dict[str, float]:
        """Return what else the function is told."""
        return {}


def _by_class(counts: Counts) -> list[tuple[float, float, float]]:
    return list(zip(counts.right, counts.expected, counts.predicted, strict=True))


class Precision(_Averaged):
    """The share of the examples predicted to be of a class that are of it."""

    name = "precision"
    function = "precision_score"
    aliases = ("Precision",)
    title = "Precision"
    formula = "TP / (TP + FP)"

    def score(self, right: float, expected: float, predicted: float) -> float:
        return ratio(right, predicted)


class Recall(_Averaged):
    """The share of the examples of a class that are predicted to be of it."""

    name = "recall"
    function = "recall_score"
    aliases = ("Recall",)
    title = "Recall (sensitivity)"
    formula = "TP / (TP + FN)"

    def score(self, right: float, expected: float, predicted: float) -> float:
        return ratio(right, expected)


class F1Score(_Averaged):
    """The harmonic mean of precision and recall: high only when both are."""

    name = "f1_score"
    function = "f1_score"
    aliases = ("F1Score", "f1")
    title = "F1 score"
    formula = "2 · precision · recall / (precision + recall)"

    def score(self, right: float, expected: float, predicted: float) -> float:
        return ratio(2 * right, expected + predicted)


class FBetaScore(_Averaged):
    """The weighted harmonic mean of precision and recall."""

    name = "fbeta_score"
    function = "fbeta_score"
    aliases = ("FBetaScore", "f_beta_score")
    title = "F-beta score"
    formula = "(1 + β²) · precision · recall / (β² · precision + recall)"
    beta: float = Field(1.0, gt=0, le=1_000, description="How many times more recall weighs")

    def score(self, right: float, expected: float, predicted: float) -> float:
        weight = self.beta**2
        return ratio((1 + weight) * right, weight * expected + predicted)

    def _options(self) -> dict[str, float]:
        return {"beta": self.beta}


class Specificity(_Thresholded):
    """The share of the examples of the first of two classes that are predicted to be of it."""

    name = "specificity"
    aliases = ("Specificity",)
    title = "Specificity"
    formula = "TN / (TN + FP)"
    classes = "two"

    def value(self, told: Sequence[float]) -> float | None:
        counts = Counts.of(told)
        return counts.right[0] / counts.expected[0] if counts.expected[0] else None

    def scored(self, classes: int) -> Scored:
        made = call("metrics.recall_score", pos_label=0, zero_division=0)
        return Scored(made, "classes", self.threshold)


def _overlap(counts: Counts, code: int) -> float:
    """Return intersection over union of what was expected and what was predicted of a class."""
    union = counts.expected[code] + counts.predicted[code] - counts.right[code]
    return ratio(counts.right[code], union)


class MeanIoU(Classification):
    """How far expected and predicted examples of a class overlap, as a mean over the classes."""

    name = "mean_iou"
    aliases = ("MeanIoU", "mean_io_u", "OneHotMeanIoU")
    title = "Mean IoU (Jaccard)"
    formula = "1/k · Σ TP / (TP + FP + FN)"

    def tally(self) -> Tally:
        return Tally("counts", (0.5,))

    def value(self, told: Sequence[float]) -> float | None:
        counts = Counts.of(told)
        overlaps = [_overlap(counts, code) for code in counts.seen]
        return sum(overlaps) / len(overlaps) if overlaps else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.jaccard_score", average="macro"), "classes")


class BinaryIoU(_Thresholded):
    """How far expected and predicted examples overlap, as a mean over the classes named."""

    name = "binary_iou"
    aliases = ("BinaryIoU", "binary_io_u")
    title = "Binary IoU (Jaccard)"
    formula = "TP / (TP + FP + FN)"
    classes = "two"
    target_class_ids: list[Literal[0, 1]] = Field(
        [0, 1],
        min_length=1,
        max_length=2,
        description="Which classes count: 0 is the first, 1 the second",
        json_schema_extra={"x-series": True},
    )

    def value(self, told: Sequence[float]) -> float | None:
        counts = Counts.of(told)
        asked = [code for code in counts.seen if code in self.target_class_ids]
        return sum(_overlap(counts, code) for code in asked) / len(asked) if asked else None

    def scored(self, classes: int) -> Scored:
        both = len(set(self.target_class_ids)) == 2
        labels = {} if both else {"labels": self.target_class_ids[:1]}
        options = {**labels, "average": "macro", "zero_division": 0}
        return Scored(Call("metrics.jaccard_score", (), options), "classes", self.threshold)


class CohenKappa(Classification):
    """How far the accuracy is above that of guessing with the same frequencies; 1 is perfect."""

    name = "cohen_kappa"
    aliases = ("CohenKappa", "cohen_kappa_score")
    title = "Cohen's kappa"
    formula = "(accuracy − chance) / (1 − chance)"
    share = False

    def tally(self) -> Tally:
        return Tally("counts", (0.5,))

    def value(self, told: Sequence[float]) -> float | None:
        counts = Counts.of(told)
        examples = counts.examples
        if not examples:
            return None
        pairs = zip(counts.expected, counts.predicted, strict=True)
        chance = sum(expected * predicted for expected, predicted in pairs) / examples**2
        # One class alone, expected and predicted: nothing to be right or wrong about.
        if chance == 1:
            return None
        return (sum(counts.right) / examples - chance) / (1 - chance)

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.cohen_kappa_score"), "classes")


class MatthewsCorrelation(Classification):
    """The correlation of expected and predicted classes: 1 is perfect, 0 no better than chance."""

    name = "matthews_correlation"
    aliases = ("MatthewsCorrelation", "matthews_corrcoef", "mcc")
    title = "Matthews correlation"
    formula = "(c·n − Σ e·p) / √((n² − Σ p²)(n² − Σ e²))"
    share = False

    def tally(self) -> Tally:
        return Tally("counts", (0.5,))

    def value(self, told: Sequence[float]) -> float | None:
        counts = Counts.of(told)
        examples = counts.examples
        if not examples:
            return None
        pairs = zip(counts.expected, counts.predicted, strict=True)
        together = sum(expected * predicted for expected, predicted in pairs)
        spread = math.prod(
            examples**2 - sum(count**2 for count in side)
            for side in (counts.expected, counts.predicted)
        )
        return ratio(sum(counts.right) * examples - together, math.sqrt(spread))

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.matthews_corrcoef"), "classes")


class _Cell(_Thresholded):
    """Base of the four cells of the confusion matrix of two classes."""

    classes = "two"
    share = False
    cell: ClassVar[tuple[int, int]]
    """Its row, the class that was expected, and its column, the one that was predicted."""

    def scored(self, classes: int) -> Scored:
        made = call("metrics.confusion_matrix", labels=Named("range(2)"))
        return Scored(made, "classes", self.threshold, self.cell)

    def value(self, told: Sequence[float]) -> float | None:
        counts = Counts.of(told)
        row, column = self.cell
        right = counts.right[column]
        return right if row == column else counts.predicted[column] - right


class TruePositives(_Cell):
    """How many examples of the second class were predicted right."""

    name = "true_positives"
    aliases = ("TruePositives",)
    title = "True positives"
    formula = "TP"
    cell = (1, 1)


class TrueNegatives(_Cell):
    """How many examples of the first class were predicted right."""

    name = "true_negatives"
    aliases = ("TrueNegatives",)
    title = "True negatives"
    formula = "TN"
    cell = (0, 0)


class FalsePositives(_Cell):
    """How many examples of the first class were taken for the second."""

    name = "false_positives"
    aliases = ("FalsePositives",)
    title = "False positives"
    formula = "FP"
    cell = (0, 1)
    better = "lower"


class FalseNegatives(_Cell):
    """How many examples of the second class were taken for the first."""

    name = "false_negatives"
    aliases = ("FalseNegatives",)
    title = "False negatives"
    formula = "FN"
    cell = (1, 0)
    better = "lower"
