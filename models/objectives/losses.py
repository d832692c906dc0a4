"""Losses: how wrong a prediction is, as one number to make smaller. Keras's names and numbers."""

from typing import ClassVar, Literal

from pydantic import Field

from models.objectives.base import Declaration, table
from models.recipe import Task


class Loss(Declaration):
    """Base of the losses."""

    function: ClassVar[str]
    """Name of the torch function in `models.objectives.functions` that computes it per example."""
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    unit: ClassVar[int] = 0
    """Power of the target's unit that the value bears: 2 for a squared error."""
    combine: ClassVar[Literal["mean", "root_mean_square"]] = "mean"
    """How the losses of batches make the loss of an epoch."""
    stable_after: ClassVar[str | None] = None
    """The last activation that the loss takes into itself, so as to work on logits."""

    def text(self) -> str:
        """Return the loss in words, for messages."""
        return self.title.lower()


class _Regression(Loss):
    tasks: ClassVar[tuple[Task, ...] | None] = ("regression",)


class MeanAbsoluteError(_Regression):
    """The mean distance between prediction and target: robust against a few large errors."""

    title = "Mean absolute error (MAE)"
    formula = "1/n · Σ |y − ŷ|"
    function = "absolute_error"
    unit = 1


class MeanSquaredError(_Regression):
    """The mean squared distance between prediction and target: large errors weigh most."""

    title = "Mean squared error (MSE)"
    formula = "1/n · Σ (y − ŷ)²"
    function = "squared_error"
    unit = 2


class RootMeanSquaredError(_Regression):
    """The root of the mean squared error of a batch: like MSE, but in the target's own unit."""

    title = "Root mean squared error (RMSE)"
    formula = "√(1/n · Σ (y − ŷ)²)"
    function = "squared_error"
    unit = 1
    combine = "root_mean_square"


class _Classification(Loss):
    tasks: ClassVar[tuple[Task, ...] | None] = ("classification",)


class _CrossEntropy(_Classification):
    label_smoothing: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Share of certainty taken from the right class and dealt out over all classes",
    )


class BinaryCrossentropy(_CrossEntropy):
    """How surprised the network is by the right one of two classes; goes with one sigmoid output.

    After a sigmoid it is computed from the logits, which is the same number without overflow.
    """

    title = "Binary cross entropy"
    formula = "−1/n · Σ [y·log ŷ + (1 − y)·log(1 − ŷ)]"
    function = "binary_crossentropy"
    stable_after = "sigmoid"


class CategoricalCrossentropy(_CrossEntropy):
    """How surprised the network is by the right one of k classes; goes with k softmax outputs.

    After a softmax it is computed from the logits, which is the same number without overflow.
    """

    title = "Cross entropy"
    formula = "−1/n · Σ log ŷ[class]"
    function = "categorical_crossentropy"
    stable_after = "softmax"


class KLDivergence(_Classification):
    """How far the predicted probabilities are from the right ones, in nats."""

    title = "KL divergence"
    formula = "1/n · Σ y·log(y / ŷ)"
    function = "kl_divergence"


LOSSES: dict[str, type[Loss]] = table(
    MeanSquaredError,
    MeanAbsoluteError,
    RootMeanSquaredError,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    KLDivergence,
)
