"""Metrics: what is reported beside the loss. Each is worked out from sums over the examples.

The sums are made in one pass on the device by `models.objectives.functions` (`SUMS` names them), so
that a metric costs the training loop nothing and a part of any size needs no second reading.
"""

import math
from collections.abc import Mapping
from typing import ClassVar, Literal

from models.objectives.base import Declaration, table
from models.recipe import Task

CLASSIFICATION_SUMS = ("count", "correct")
REGRESSION_SUMS = ("count", "absolute", "squared", "deviation", "squared_deviation")
"""Over the examples: 1, |ŷ − y|, (ŷ − y)², y − o, (y − o)², o a number near the mean of y."""


class Metric(Declaration):
    """Base of the metrics."""

    better: ClassVar[Literal["lower", "higher"]]
    unit: ClassVar[int] = 0
    """Power of the target's unit that the value bears."""

    def value(self, sums: Mapping[str, float]) -> float | None:
        """Return the metric, or None where it is not defined."""
        raise NotImplementedError(type(self).__name__)


class Accuracy(Metric):
    """The share of examples whose class was predicted right."""

    name = "accuracy"
    title = "Accuracy"
    formula = "right answers / examples"
    tasks: ClassVar[tuple[Task, ...] | None] = ("classification",)
    better = "higher"

    def value(self, sums: Mapping[str, float]) -> float | None:
        return sums["correct"] / sums["count"] if sums["count"] else None


class _Regression(Metric):
    tasks: ClassVar[tuple[Task, ...] | None] = ("regression",)
    better = "lower"


class MeanAbsoluteError(_Regression):
    """The mean distance between prediction and target, in the target's unit."""

    name = "mae"
    title = "Mean absolute error"
    formula = "1/n · Σ |y − ŷ|"
    unit = 1

    def value(self, sums: Mapping[str, float]) -> float | None:
        return sums["absolute"] / sums["count"] if sums["count"] else None


class RootMeanSquaredError(_Regression):
    """The root of the mean squared distance, in the target's unit: large errors weigh more."""

    name = "rmse"
    title = "Root mean squared error"
    formula = "√(1/n · Σ (y − ŷ)²)"
    unit = 1

    def value(self, sums: Mapping[str, float]) -> float | None:
        return math.sqrt(sums["squared"] / sums["count"]) if sums["count"] else None


class R2(_Regression):
    """The share of the target's variance that is predicted: 1 is perfect, 0 as good as the mean.

    A constant target has no variance to predict: 1 when every prediction is right, otherwise 0.
    """

    name = "r2"
    title = "R²"
    formula = "1 − Σ (y − ŷ)² / Σ (y − ȳ)²"
    better = "higher"

    def value(self, sums: Mapping[str, float]) -> float | None:
        count = sums["count"]
        if count < 2:
            return None
        spread = sums["squared_deviation"] - sums["deviation"] ** 2 / count
        if spread > 0:
            return 1 - sums["squared"] / spread
        return 1.0 if sums["squared"] == 0 else 0.0


METRICS: dict[str, type[Metric]] = table(Accuracy, MeanAbsoluteError, RootMeanSquaredError, R2)


def sign(monitor: str) -> float:
    """Return 1 where a lower value of an epoch is better, -1 where a higher one is."""
    metric = METRICS.get(monitor.removeprefix("val_"))
    return -1.0 if metric is not None and metric.better == "higher" else 1.0
