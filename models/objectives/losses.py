"""Losses: how wrong a prediction is, as one number to make smaller. Keras's names and numbers."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from models.call import Call, Named, call
from models.catalog import ObjectiveType
from models.objectives.base import Declaration, table
from models.recipe import Task

ABOVE_ZERO = ("softplus", "exponential", "relu")


class Loss(Declaration):
    """Base of the losses. Its fields are the settings of its function."""

    function: ClassVar[str]
    """Name of the torch function in `models.objectives.functions` that computes it."""
    better: ClassVar[Literal["lower", "higher"]] = "lower"
    unit: ClassVar[int] = 0
    """Power of the target's unit that the value bears: 2 for a squared error."""
    own_unit: ClassVar[bool] = False
    """Whether it has a meaning on the target as it is only, not on the standardised one."""
    lowest_target: ClassVar[float | None] = None
    """The smallest target that it is made for; None means any."""
    combine: ClassVar[Literal["mean", "root_mean_square"]] = "mean"
    """How the losses of batches make the loss of an epoch."""
    stable_after: ClassVar[str | None] = None
    """The last activation that the loss takes into itself, so as to work on logits."""
    activations: ClassVar[tuple[str, ...] | None] = None
    """The last activations that suit it, the best first; None means those that suit the task."""
    undefined_elsewhere: ClassVar[bool] = False
    """Whether it gives no number at all after other activations than those."""
    takes: ClassVar[Literal["numbers", "codes", "distribution"]] = "numbers"
    """What targets it compares with: numbers, one per output (0 or 1 for classes); class codes; or
    a number for every class, even if the network has one output for two classes."""

    def settings(self) -> dict[str, Any]:
        """Return the keyword arguments of its function."""
        return self.model_dump()

    def torch(self, logits: bool) -> Call:
        """Return the function of outputs and targets that source calls.

        It is one of `torch.nn.functional`, or of `models.objectives.functions` where PyTorch has
        none.

        Args:
            logits: whether the outputs are what the last activation would be applied to.
        """
        told = {"logits": True} if logits and self.stable_after is not None else {}
        return Call(self.function, (), {**told, **self.changed()})

    def keras(self) -> Call | Named:
        """Return Keras's loss, or the name of a class to bring along where Keras has none."""
        return Call(f"keras.losses.{type(self).__name__}", (), self.changed())

    def text(self) -> str:
        """Return the loss in words, for messages."""
        return self.title.lower()

    @classmethod
    def entry(cls) -> ObjectiveType:
        return super().entry().model_copy(update={"better": cls.better})


class _Regression(Loss):
    tasks: ClassVar[tuple[Task, ...] | None] = ("regression",)


class MeanSquaredError(_Regression):
    """The mean squared distance between prediction and target: large errors weigh most."""

    title = "Mean squared error (MSE)"
    formula = "1/n · Σ (y − ŷ)²"
    function = "squared_error"
    unit = 2

    def torch(self, logits: bool) -> Call:
        return call("F.mse_loss")


class MeanAbsoluteError(_Regression):
    """The mean distance between prediction and target: robust against a few large errors."""

    title = "Mean absolute error (MAE)"
    formula = "1/n · Σ |y − ŷ|"
    function = "absolute_error"
    unit = 1

    def torch(self, logits: bool) -> Call:
        return call("F.l1_loss")


class RootMeanSquaredError(_Regression):
    """The root of the mean squared error of a batch: like MSE, but in the target's own unit."""

    title = "Root mean squared error (RMSE)"
    formula = "√(1/n · Σ (y − ŷ)²)"
    function = "squared_error"
    unit = 1
    combine = "root_mean_square"

    def torch(self, logits: bool) -> Call:
        return call("F.mse_loss")

    def keras(self) -> Named:
        return Named("RootMeanSquaredError")


class Huber(_Regression):
    """Squared for small errors, straight for large ones: a few outliers do not pull it about.

    On a standardised target `delta` is a number of its standard deviations.
    """

    title = "Huber"
    formula = "½e² for |e| ≤ δ, δ·|e| − ½δ² beyond;  e = ŷ − y"
    function = "huber"
    unit = 2
    delta: float = Field(1.0, gt=0, le=1e9, description="Error beyond which it grows straight")

    def torch(self, logits: bool) -> Call:
        return Call("F.huber_loss", (), self.changed())


class LogCosh(_Regression):
    """Like half the squared error where it is small, like the absolute one where it is large.

    Its value is on the scale that is trained on.
    """

    title = "Log-cosh"
    formula = "1/n · Σ log cosh(ŷ − y)"
    function = "log_cosh"


class MeanAbsolutePercentageError(_Regression):
    """The mean error in percent of the target; targets near 0 make it huge."""

    title = "Mean absolute percentage error (MAPE)"
    formula = "100/n · Σ |(y − ŷ) / y|"
    function = "absolute_percentage_error"
    own_unit = True


class MeanSquaredLogarithmicError(_Regression):
    """The mean squared difference of logarithms: it is the ratio to the target that counts."""

    title = "Mean squared logarithmic error (MSLE)"
    formula = "1/n · Σ (log(1 + y) − log(1 + ŷ))²"
    function = "squared_logarithmic_error"
    own_unit = True
    lowest_target = 0.0
    activations = (*ABOVE_ZERO, "linear")


class Poisson(_Regression):
    """For counts: the prediction is the rate at which they come. It needs outputs above 0."""

    title = "Poisson"
    formula = "1/n · Σ (ŷ − y·log ŷ)"
    function = "poisson"
    own_unit = True
    lowest_target = 0.0
    activations = ABOVE_ZERO
    undefined_elsewhere = True


class _Classification(Loss):
    tasks: ClassVar[tuple[Task, ...] | None] = ("classification",)


class _Smoothing(_Classification):
    label_smoothing: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Share of certainty taken from the right class and dealt out over all classes",
    )


class BinaryCrossentropy(_Smoothing):
    """How surprised the network is by the right one of two classes; goes with one sigmoid output.

    Of examples with several labels each, which take one sigmoid output for every label, it is the
    mean over the labels. After a sigmoid it is computed from the logits, which is the same number
    without overflow.
    """

    title = "Binary cross entropy"
    tasks = ("classification", "multilabel")
    formula = "−1/n · Σ [y·log ŷ + (1 − y)·log(1 − ŷ)]"
    function = "binary_crossentropy"
    stable_after = "sigmoid"
    classes = "two"

    def torch(self, logits: bool) -> Call:
        if logits and not self.label_smoothing:
            return call("F.binary_cross_entropy_with_logits")
        return super().torch(logits)


class CategoricalCrossentropy(_Smoothing):
    """How surprised the network is by the right one of k classes; goes with k softmax outputs.

    After a softmax it is computed from the logits, which is the same number without overflow.
    """

    title = "Cross entropy"
    formula = "−1/n · Σ log ŷ[class]"
    function = "categorical_crossentropy"
    stable_after = "softmax"
    takes = "codes"

    def torch(self, logits: bool) -> Call:
        if not logits:
            return super().torch(logits)
        return Call("F.cross_entropy", (), self.changed())


class SparseCategoricalCrossentropy(_Classification):
    """Cross entropy as Keras calls it for classes given as numbers; here the two are the same."""

    title = "Sparse cross entropy"
    formula = "−1/n · Σ log ŷ[class]"
    function = "categorical_crossentropy"
    stable_after = "softmax"
    takes = "codes"

    def torch(self, logits: bool) -> Call:
        if not logits:
            return super().torch(logits)
        return Call("F.cross_entropy", (), self.changed())


class BinaryFocalCrossentropy(_Smoothing):
    """Binary cross entropy that looks away from what is already right: for rare classes, labels."""

    title = "Binary focal cross entropy"
    tasks = ("classification", "multilabel")
    formula = "−1/n · Σ (1 − p)^γ · log p;  p = probability given to the right class"
    function = "binary_focal_crossentropy"
    stable_after = "sigmoid"
    classes = "two"
    apply_class_balancing: bool = Field(
        False, description="Also weigh the second class by alpha, the first by 1 − alpha"
    )
    alpha: float = Field(0.25, ge=0, le=1, description="Weight of the second class")
    gamma: float = Field(
        2.0, ge=0, le=100, description="How strongly examples that are right already count less"
    )


class CategoricalFocalCrossentropy(_Smoothing):
    """Cross entropy that looks away from what is already right: for rare or hard classes."""

    title = "Focal cross entropy"
    formula = "−α/n · Σ (1 − ŷ[class])^γ · log ŷ[class]"
    function = "categorical_focal_crossentropy"
    stable_after = "softmax"
    takes = "distribution"
    alpha: float = Field(0.25, ge=0, le=1, description="Factor of the whole loss")
    gamma: float = Field(
        2.0, ge=0, le=100, description="How strongly examples that are right already count less"
    )


class KLDivergence(_Classification):
    """How far the predicted probabilities are from the right ones, in nats."""

    title = "KL divergence"
    formula = "1/n · Σ y·log(y / ŷ)"
    function = "kl_divergence"
    stable_after = "softmax"
    takes = "distribution"


class _Margin(_Classification):
    activations: ClassVar[tuple[str, ...] | None] = ("tanh", "linear", "sigmoid", "softmax")


class Hinge(_Margin):
    """Asks for outputs beyond a margin on the right side of 0; classes count as −1 and 1."""

    title = "Hinge"
    formula = "1/n · Σ max(1 − y·ŷ, 0),  y = ±1"
    function = "hinge"


class SquaredHinge(_Margin):
    """The hinge squared: far misses weigh more; classes count as −1 and 1."""

    title = "Squared hinge"
    formula = "1/n · Σ max(1 − y·ŷ, 0)²,  y = ±1"
    function = "squared_hinge"


class CategoricalHinge(_Classification):
    """Asks for the right class's output to be above the best of the others by a margin."""

    title = "Categorical hinge"
    formula = "1/n · Σ max(1 + max ŷ[others] − ŷ[class], 0)"
    function = "categorical_hinge"
    takes = "distribution"
    activations = ("softmax", "linear", "sigmoid", "tanh")


class CosineSimilarity(_Classification):
    """Turns the outputs towards the right class: −1 is straight at it, 1 straight away from it."""

    title = "Cosine similarity"
    formula = "−1/n · Σ y·ŷ / (‖y‖ · ‖ŷ‖)"
    function = "cosine_similarity"
    takes = "distribution"
    axis: Literal[-1, 0] = Field(
        -1, description="-1: the outputs of an example; 0: the examples of a batch"
    )


class Dice(_Classification):
    """How little predicted and right examples of a batch overlap: for rare classes."""

    title = "Dice"
    formula = "1 − 2·Σ y·ŷ / (Σ y + Σ ŷ)"
    function = "dice"


class Tversky(_Classification):
    """Dice with a weight each for what is missed and for what is invented."""

    title = "Tversky"
    formula = "1 − Σ y·ŷ / (Σ y·ŷ + α·Σ y·(1 − ŷ) + β·Σ (1 − y)·ŷ)"
    function = "tversky"
    alpha: float = Field(0.5, ge=0, le=1_000, description="Weight of what is missed")
    beta: float = Field(0.5, ge=0, le=1_000, description="Weight of what is invented")


LOSSES: dict[str, type[Loss]] = table(
    MeanSquaredError,
    MeanAbsoluteError,
    RootMeanSquaredError,
    Huber,
    LogCosh,
    MeanAbsolutePercentageError,
    MeanSquaredLogarithmicError,
    Poisson,
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    BinaryFocalCrossentropy,
    CategoricalFocalCrossentropy,
    KLDivergence,
    Hinge,
    SquaredHinge,
    CategoricalHinge,
    CosineSimilarity,
    Dice,
    Tversky,
)
