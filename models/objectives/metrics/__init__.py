"""Metrics: what is reported beside the loss.

A metric asks for one tally of the examples, which `models.objectives.tallies` makes on the device:
sums in one pass, which cost the training loop next to nothing, or, for medians and areas under
curves, something worked out at the end of an epoch from its outputs.
"""

from collections.abc import Sequence

from models.objectives.base import declare, find, table
from models.objectives.metrics import classes, labels, numbers, probabilities
from models.objectives.metrics.base import Metric
from models.recipe import Objective

METRICS: dict[str, type[Metric]] = table(
    classes.Accuracy,
    classes.BalancedAccuracy,
    classes.TopKCategoricalAccuracy,
    classes.F1Score,
    classes.FBetaScore,
    classes.Precision,
    classes.Recall,
    classes.Specificity,
    probabilities.AUC,
    probabilities.LogLoss,
    probabilities.BrierScore,
    classes.MatthewsCorrelation,
    classes.CohenKappa,
    classes.MeanIoU,
    classes.BinaryIoU,
    classes.TruePositives,
    classes.TrueNegatives,
    classes.FalsePositives,
    classes.FalseNegatives,
    probabilities.SensitivityAtSpecificity,
    probabilities.SpecificityAtSensitivity,
    probabilities.PrecisionAtRecall,
    probabilities.RecallAtPrecision,
    probabilities.KLDivergence,
    probabilities.Hinge,
    probabilities.SquaredHinge,
    probabilities.CategoricalHinge,
    probabilities.CosineSimilarity,
    labels.MacroF1,
    labels.MicroF1,
    labels.SubsetAccuracy,
    numbers.MeanAbsoluteError,
    numbers.RootMeanSquaredError,
    numbers.MeanSquaredError,
    numbers.R2Score,
    numbers.ExplainedVariance,
    numbers.MedianAbsoluteError,
    numbers.MaxError,
    numbers.MeanAbsolutePercentageError,
    numbers.MeanSquaredLogarithmicError,
    numbers.LogCosh,
    numbers.Poisson,
    numbers.PearsonCorrelation,
    numbers.ConcordanceCorrelation,
)


def metric_of(entry: str | Objective, path: Sequence[str | int]) -> Metric:
    """Return the metric that a recipe names, by name or with parameters.

    Raises:
        DocumentError: for an unknown name or parameter; `where.path` starts with `path`.
    """
    if isinstance(entry, str):
        return find(METRICS, entry, "metric", path)()
    return declare(METRICS, entry, "metric", path)


def named(metric: Metric) -> str | Objective:
    """Return a metric as a recipe in full names it: with its parameters only if any is unusual."""
    params = metric.model_dump()
    return metric.name if metric == type(metric)() else Objective(type=metric.name, **params)


def sign(monitor: str) -> float:
    """Return 1 where a lower value of an epoch is better, -1 where a higher one is.

    Where a network has several outputs, the value's name begins with that of its output.
    """
    name, _, _ = monitor.removeprefix("val_").partition("(")
    words = name.split("_")
    endings = ("_".join(words[start:]) for start in range(len(words)))
    metric = next((METRICS[ending] for ending in endings if ending in METRICS), None)
    return -1.0 if metric is not None and metric.better == "higher" else 1.0
