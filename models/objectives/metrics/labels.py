"""Metrics of examples with any number of labels each."""

from collections.abc import Sequence
from typing import ClassVar

from models.call import call
from models.objectives.metrics.base import Metric, Scored, Tally, ratio
from models.objectives.metrics.classes import Counts
from models.recipe import Task


class _OfLabels(Metric):
    """Base of the metrics of labels; one is predicted where its probability is above 0.5."""

    tasks: ClassVar[tuple[Task, ...] | None] = ("multilabel",)
    better = "higher"
    share = True


class SubsetAccuracy(_OfLabels):
    """The share of examples whose labels were all predicted right: none missed, none invented."""

    name = "subset_accuracy"
    aliases = ("SubsetAccuracy", "exact_match_ratio")
    title = "Subset accuracy (exact match)"
    formula = "examples with every label right / examples"
    usual = True

    def tally(self) -> Tally:
        return Tally("all_correct")

    def value(self, told: Sequence[float]) -> float | None:
        count, right = told
        return right / count if count else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.accuracy_score"), "classes")


class _F1(_OfLabels):
    """Base of the harmonic means of precision and recall."""

    def tally(self) -> Tally:
        return Tally("label_counts")


class MacroF1(_F1):
    """The mean of the labels' F1 scores: every label weighs the same, however rare it is."""

    name = "macro_f1"
    aliases = ("MacroF1",)
    title = "Macro F1"
    formula = "1/k · Σ 2 · TP / (2 · TP + FP + FN)"
    usual = True

    def value(self, told: Sequence[float]) -> float | None:
        counts = Counts.of(told)
        triples = zip(counts.right, counts.expected, counts.predicted, strict=True)
        scores = [ratio(2 * right, expected + predicted) for right, expected, predicted in triples]
        return sum(scores) / len(scores)

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.f1_score", average="macro", zero_division=0), "classes")


class MicroF1(_F1):
    """The F1 score of all labels in one pot: frequent labels weigh most."""

    name = "micro_f1"
    aliases = ("MicroF1",)
    title = "Micro F1"
    formula = "2 · Σ TP / (2 · Σ TP + Σ FP + Σ FN)"

    def value(self, told: Sequence[float]) -> float | None:
        counts = Counts.of(told)
        return ratio(2 * sum(counts.right), sum(counts.expected) + sum(counts.predicted))

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.f1_score", average="micro", zero_division=0), "classes")
