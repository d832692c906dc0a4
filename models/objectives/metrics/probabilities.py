"""Metrics of predicted probabilities: means over the examples, and areas under curves.

The areas and the points of the curves are exact: they are worked out from every example of an
epoch, not at a few thresholds.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from models.call import Call, Named, call
from models.objectives.metrics.base import Classification, Scored, Tally


class _Mean(Classification):
    """Base of the means over the examples of what a loss of the catalogue gives each."""

    better = "lower"
    share = False

    def tally(self) -> Tally:
        return Tally("mean_loss", (type(self).__name__,))

    def value(self, told: Sequence[float]) -> float | None:
        count, total = told
        return total / count if count else None


class LogLoss(_Mean):
    """How surprised the network is by the right class: the cross entropy, whatever the loss is."""

    name = "log_loss"
    aliases = (
        "LogLoss",
        "BinaryCrossentropy",
        "binary_crossentropy",
        "CategoricalCrossentropy",
        "categorical_crossentropy",
        "SparseCategoricalCrossentropy",
        "sparse_categorical_crossentropy",
    )
    title = "Log loss (cross entropy)"
    formula = "−1/n · Σ log ŷ[class]"

    def tally(self) -> Tally:
        return Tally("mean_loss", ("CategoricalCrossentropy",))

    def scored(self, classes: int) -> Scored:
        labels = Named(f"range({classes})")
        return Scored(call("metrics.log_loss", labels=labels), "probabilities")


class BrierScore(_Mean):
    """The squared distance of the predicted probabilities from the right ones.

    Of two classes it counts the second one's probability; of more, the sum over all of them.
    """

    name = "brier_score"
    aliases = ("BrierScore", "brier_score_loss")
    title = "Brier score"
    formula = "1/n · Σ (y − ŷ)²"

    def tally(self) -> Tally:
        return Tally("brier")

    def scored(self, classes: int) -> Scored:
        if classes == 2:
            return Scored(call("metrics.brier_score_loss"), "second")
        labels = Named(f"range({classes})")
        return Scored(call("metrics.brier_score_loss", labels=labels), "probabilities")


class KLDivergence(_Mean):
    """How far the predicted probabilities are from the right ones, in nats."""

    name = "kl_divergence"
    aliases = ("KLDivergence", "kld")
    title = "KL divergence"
    formula = "1/n · Σ y·log(y / ŷ)"

    def scored(self, classes: int) -> Scored:
        return Scored(call("kl_divergence"), "probabilities")


class Hinge(_Mean):
    """How far outputs fall short of the right side of the margin; classes count as −1 and 1."""

    name = "hinge"
    aliases = ("Hinge",)
    title = "Hinge"
    formula = "1/n · Σ max(1 − y·ŷ, 0)"

    def scored(self, classes: int) -> Scored:
        return Scored(call("hinge"), "outputs")


class SquaredHinge(_Mean):
    """The hinge squared: far misses weigh more."""

    name = "squared_hinge"
    aliases = ("SquaredHinge",)
    title = "Squared hinge"
    formula = "1/n · Σ max(1 − y·ŷ, 0)²"

    def scored(self, classes: int) -> Scored:
        return Scored(call("squared_hinge"), "outputs")


class CategoricalHinge(_Mean):
    """How little the right class's output is above the best of the others."""

    name = "categorical_hinge"
    aliases = ("CategoricalHinge",)
    title = "Categorical hinge"
    formula = "1/n · Σ max(1 + max ŷ[others] − ŷ[class], 0)"

    def scored(self, classes: int) -> Scored:
        return Scored(call("categorical_hinge"), "outputs")


class CosineSimilarity(_Mean):
    """How well the outputs point towards the right class: 1 is straight at it."""

    name = "cosine_similarity"
    aliases = ("CosineSimilarity",)
    title = "Cosine similarity"
    formula = "1/n · Σ y·ŷ / (‖y‖ · ‖ŷ‖)"
    better = "higher"

    def value(self, told: Sequence[float]) -> float | None:
        # The loss of this name is its negative.
        found = super().value(told)
        return None if found is None else -found

    def scored(self, classes: int) -> Scored:
        return Scored(call("cosine_similarity"), "probabilities")


class AUC(Classification):
    """The area under the curve of one rate against another over all thresholds.

    ROC: how probably an example of a class gets a higher probability of it than another one.
    PR: the mean precision over all recalls. Of examples with several labels each it is the mean
    over the labels.
    """

    name = "auc"
    tasks = ("classification", "multilabel")
    aliases = ("AUC", "roc_auc", "roc_auc_score")
    title = "Area under the curve (AUC)"
    formula = "ROC: ∫ recall d(false positive rate);  PR: Σ (Rᵢ − Rᵢ₋₁) · Pᵢ"
    curve: Literal["ROC", "PR"] = Field(
        "ROC", description="Recall against false positives, or precision against recall"
    )
    average: Literal["macro", "weighted"] = Field(
        "macro",
        description="More than two classes, each against the rest: macro: the mean over the "
        "classes; weighted: each as often as it occurs",
    )

    def tally(self) -> Tally:
        return Tally("area", (self.curve, self.average))

    def value(self, told: Sequence[float]) -> float | None:
        return told[0] if told else None

    def scored(self, classes: int) -> Scored:
        if self.curve == "PR":
            if classes == 2:
                return Scored(call("metrics.average_precision_score"), "second")
            made = call("metrics.average_precision_score", average=self.average)
            return Scored(made, "probabilities")
        if classes == 2:
            return Scored(call("metrics.roc_auc_score"), "second")
        options = {"multi_class": "ovr", "average": self.average}
        return Scored(Call("metrics.roc_auc_score", (), options), "probabilities")

    def scored_of_labels(self) -> Scored:
        name = "roc_auc_score" if self.curve == "ROC" else "average_precision_score"
        made = call(f"metrics.{name}", average=self.average)
        return Scored(made, "probabilities", chosen="told_apart")


class _Operating(Classification):
    """Base of the best one rate that can be had while another one is at least what is asked."""

    classes = "two"

    def value(self, told: Sequence[float]) -> float | None:
        return told[0] if told else None

    def scored(self, classes: int) -> Scored:
        wanted, given, least = self.tally().settings
        made = call("best_rate", wanted=wanted, given=given, least=least)
        return Scored(made, "second")


class SensitivityAtSpecificity(_Operating):
    """The best recall that can be had at a threshold with at least the asked specificity."""

    name = "sensitivity_at_specificity"
    aliases = ("SensitivityAtSpecificity",)
    title = "Sensitivity at specificity"
    formula = "max recall, where TN / (TN + FP) ≥ specificity"
    specificity: float = Field(0.5, ge=0, le=1, description="The least specificity")

    def tally(self) -> Tally:
        return Tally("best_rate", ("sensitivity", "specificity", self.specificity))


class SpecificityAtSensitivity(_Operating):
    """The best specificity that can be had at a threshold with at least the asked recall."""

    name = "specificity_at_sensitivity"
    aliases = ("SpecificityAtSensitivity",)
    title = "Specificity at sensitivity"
    formula = "max TN / (TN + FP), where recall ≥ sensitivity"
    sensitivity: float = Field(0.5, ge=0, le=1, description="The least sensitivity (recall)")

    def tally(self) -> Tally:
        return Tally("best_rate", ("specificity", "sensitivity", self.sensitivity))


class PrecisionAtRecall(_Operating):
    """The best precision that can be had at a threshold with at least the asked recall."""

    name = "precision_at_recall"
    aliases = ("PrecisionAtRecall",)
    title = "Precision at recall"
    formula = "max precision, where recall is at least the asked one"
    recall: float = Field(0.5, ge=0, le=1, description="The least recall")

    def tally(self) -> Tally:
        return Tally("best_rate", ("precision", "sensitivity", self.recall))


class RecallAtPrecision(_Operating):
    """The best recall that can be had at a threshold with at least the asked precision."""

    name = "recall_at_precision"
    aliases = ("RecallAtPrecision",)
    title = "Recall at precision"
    formula = "max recall, where precision is at least the asked one"
    precision: float = Field(0.5, ge=0, le=1, description="The least precision")

    def tally(self) -> Tally:
        return Tally("best_rate", ("sensitivity", "precision", self.precision))
