"""Metrics of predicted numbers, in the target's own unit."""

import math
from collections.abc import Sequence
from typing import ClassVar

from models.call import call
from models.objectives.metrics.base import Regression, Scored, Tally, ratio


class _OfErrors(Regression):
    """Base of what is worked out from sums over the examples of errors and deviations.

    They are: 1, |e|, e, e², d, d², where e = ŷ − y, and d = y − o with o a number near the mean.
    """

    def tally(self) -> Tally:
        return Tally("errors")


class MeanAbsoluteError(_OfErrors):
    """The mean distance between prediction and target, in the target's unit."""

    name = "mae"
    aliases = ("MAE", "MeanAbsoluteError", "mean_absolute_error")
    title = "Mean absolute error"
    formula = "1/n · Σ |y − ŷ|"
    unit = 1
    usual = True

    def value(self, told: Sequence[float]) -> float | None:
        count, absolute, *_ = told
        return absolute / count if count else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.mean_absolute_error"), "numbers")


class MeanSquaredError(_OfErrors):
    """The mean squared distance between prediction and target: large errors weigh most."""

    name = "mse"
    aliases = ("MSE", "MeanSquaredError", "mean_squared_error")
    title = "Mean squared error"
    formula = "1/n · Σ (y − ŷ)²"
    unit = 2

    def value(self, told: Sequence[float]) -> float | None:
        count, _, _, squared, *_ = told
        return squared / count if count else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.mean_squared_error"), "numbers")


class RootMeanSquaredError(_OfErrors):
    """The root of the mean squared distance, in the target's unit: large errors weigh more."""

    name = "rmse"
    aliases = ("RMSE", "RootMeanSquaredError", "root_mean_squared_error")
    title = "Root mean squared error"
    formula = "√(1/n · Σ (y − ŷ)²)"
    unit = 1
    usual = True

    def value(self, told: Sequence[float]) -> float | None:
        count, _, _, squared, *_ = told
        return math.sqrt(squared / count) if count else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.root_mean_squared_error"), "numbers")


class _Explained(_OfErrors):
    """Base of the shares of the target's variance. A constant target has none to explain."""

    better = "higher"
    centred: ClassVar[bool]
    """Whether an error that all predictions have in common is forgiven."""

    def value(self, told: Sequence[float]) -> float | None:
        count, _, error, squared, deviation, squared_deviation = told
        if count < 2:
            return None
        left = squared - error**2 / count if self.centred else squared
        spread = squared_deviation - deviation**2 / count
        if spread > 0:
            return 1 - left / spread
        return 1.0 if left == 0 else 0.0


class R2Score(_Explained):
    """The share of the target's variance that is predicted: 1 is perfect, 0 as good as the mean.

    A constant target has no variance to predict: 1 when every prediction is right, otherwise 0.
    """

    name = "r2"
    aliases = ("R2", "R2Score", "r2_score")
    title = "R²"
    formula = "1 − Σ (y − ŷ)² / Σ (y − ȳ)²"
    usual = True
    centred = False

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.r2_score"), "numbers")


class ExplainedVariance(_Explained):
    """R² that forgives an error which all predictions have in common."""

    name = "explained_variance"
    aliases = ("ExplainedVariance", "explained_variance_score")
    title = "Explained variance"
    formula = "1 − Var(y − ŷ) / Var(y)"
    centred = True

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.explained_variance_score"), "numbers")


class _Mean(Regression):
    """Base of the means over the examples of what a loss of the catalogue gives each."""

    function: ClassVar[str]
    """Its name in `models.objectives.scores`."""

    def tally(self) -> Tally:
        return Tally("mean_loss", (type(self).__name__,))

    def scored(self, classes: int) -> Scored:
        return Scored(call(self.function), "numbers")

    def value(self, told: Sequence[float]) -> float | None:
        count, total = told
        return total / count if count else None


class MeanAbsolutePercentageError(_Mean):
    """The mean error in percent of the target; targets near 0 make it huge."""

    name = "mape"
    aliases = ("MAPE", "MeanAbsolutePercentageError", "mean_absolute_percentage_error")
    title = "Mean absolute percentage error"
    formula = "100/n · Σ |(y − ŷ) / y|"
    function = "percentage_error"


class MeanSquaredLogarithmicError(_Mean):
    """The mean squared difference of logarithms: it is the ratio to the target that counts."""

    name = "msle"
    aliases = ("MSLE", "MeanSquaredLogarithmicError", "mean_squared_logarithmic_error")
    title = "Mean squared logarithmic error"
    formula = "1/n · Σ (log(1 + y) − log(1 + ŷ))²"
    function = "logarithmic_error"


class LogCosh(_Mean):
    """Like half the squared error where it is small, like the absolute one where it is large."""

    name = "log_cosh"
    aliases = ("LogCosh", "LogCoshError", "logcosh")
    title = "Log-cosh"
    formula = "1/n · Σ log cosh(ŷ − y)"
    function = "log_cosh"


class Poisson(_Mean):
    """How badly predictions serve as the rates of counts; it may be negative."""

    name = "poisson"
    aliases = ("Poisson",)
    title = "Poisson"
    formula = "1/n · Σ (ŷ − y·log ŷ)"
    function = "poisson"


class PearsonCorrelation(Regression):
    """How well predictions and targets lie on a line: 1 is rising, −1 falling, 0 none."""

    name = "pearson_correlation"
    aliases = ("PearsonCorrelation", "pearson")
    title = "Pearson correlation"
    formula = "Cov(y, ŷ) / √(Var(y) · Var(ŷ))"
    better = "higher"

    def tally(self) -> Tally:
        return Tally("moments")

    def value(self, told: Sequence[float]) -> float | None:
        if not told[0]:
            return None
        xx, yy, xy = _centred(told)
        return ratio(xy, math.sqrt(xx * yy)) if xx * yy > 0 else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("correlation"), "numbers")


class ConcordanceCorrelation(Regression):
    """How well predictions agree with targets: as correlation, but 1 only where both are equal.

    After Lin, A concordance correlation coefficient to evaluate reproducibility (1989).
    """

    name = "concordance_correlation"
    aliases = ("ConcordanceCorrelation",)
    title = "Concordance correlation"
    formula = "2 · Cov(y, ŷ) / (Var(y) + Var(ŷ) + (mean y − mean ŷ)²)"
    better = "higher"

    def tally(self) -> Tally:
        return Tally("moments")

    def value(self, told: Sequence[float]) -> float | None:
        count, x, y, *_ = told
        if not count:
            return None
        xx, yy, xy = _centred(told)
        apart = xx + yy + (x - y) ** 2 / count
        return ratio(2 * xy, apart) if apart > 0 else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("concordance"), "numbers")


class MedianAbsoluteError(Regression):
    """The error that half of the predictions stay below: a few wild ones do not count."""

    name = "median_absolute_error"
    aliases = ("MedianAbsoluteError",)
    title = "Median absolute error"
    formula = "median |y − ŷ|"
    unit = 1

    def tally(self) -> Tally:
        return Tally("median_error")

    def value(self, told: Sequence[float]) -> float | None:
        return told[0] if told else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.median_absolute_error"), "numbers")


class MaxError(Regression):
    """The largest error of all."""

    name = "max_error"
    aliases = ("MaxError",)
    title = "Largest error"
    formula = "max |y − ŷ|"
    unit = 1

    def tally(self) -> Tally:
        return Tally("largest_error")

    def value(self, told: Sequence[float]) -> float | None:
        return told[0] if told else None

    def scored(self, classes: int) -> Scored:
        return Scored(call("metrics.max_error"), "numbers")


def _centred(told: Sequence[float]) -> tuple[float, float, float]:
    """Return the sums of squares about the means of x and of y, and of their products."""
    count, x, y, xx, yy, xy = told
    return xx - x * x / count, yy - y * y / count, xy - x * y / count
