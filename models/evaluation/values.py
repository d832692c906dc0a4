"""Loss and metrics of outputs for one part of the data."""

from torch import Tensor

from models.data.preparation import Preparation
from models.objectives.criterion import Criterion
from models.objectives.metrics import METRICS, metric_of
from models.objectives.tallies import Scale, Tallies
from models.recipe import Recipe
from models.training.meter import Meter


def values(
    criterion: Criterion, raw: Tensor, y: Tensor, known: Preparation, recipe: Recipe
) -> dict[str, float | None]:
    """Return loss, metrics of the recipe and usual metrics of the task, in the target's own unit.

    Args:
        raw: outputs as the criterion takes them, (N, width).
        y: targets as `Part` has them.
    """
    usual = [kind() for kind in METRICS.values() if kind.usual and known.task in (kind.tasks or ())]
    asked = [
        metric_of(entry, ["metrics", index]) for index, entry in enumerate(recipe.metrics or [])
    ]
    tallies = Tallies(
        criterion,
        list({metric.label: metric for metric in [*asked, *usual]}.values()),
        Scale(known.target_std, known.target_mean),
    )
    meter = Meter(tallies)
    loss = float(criterion.value(raw, criterion.targets(y)))
    meter.add([loss], [len(y)], tallies.of(raw, y, criterion.origin(y)))
    return meter.values()
