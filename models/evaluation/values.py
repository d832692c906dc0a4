"""Losses and metrics of outputs for one part of the data."""

from collections.abc import Sequence

from torch import Tensor

from models.aims import Aim
from models.data.preparation import Preparation
from models.data.prepare import Part
from models.objectives.criterion import Criterion
from models.objectives.joint import Joint
from models.objectives.metrics import METRICS
from models.objectives.tallies import Scale, Tallies
from models.training.meters import AllTallies, Meters


def values(
    criterion: Joint,
    aims: Sequence[Aim],
    known: Preparation,
    raw: Tensor,
    part: Part,
    penalty: float = 0.0,
) -> dict[str, float | None]:
    """Return losses, metrics of the recipe and usual metrics of each task, in the targets' units.

    As in Keras's `evaluate`, the weights of rows count in the losses and those of classes do not.

    Args:
        raw: outputs as the criterion takes them, (N, width).
        penalty: what regularizers add to the loss.
    """
    tallies = AllTallies(
        criterion,
        tuple(
            _tallies(of_one, aim, Scale(output.std, output.mean))
            for of_one, aim, output in zip(criterion.criteria, aims, known.outputs, strict=True)
        ),
        tuple(aim.prefix for aim in aims),
    )
    pairs = list(zip(criterion.criteria, part.targets, strict=True))
    weights = [part.weights] * len(pairs)
    losses = criterion.losses(raw, [of_one.targets(y) for of_one, y in pairs], weights)
    total = float(criterion.total(losses)) + penalty
    meters = Meters(tallies)
    told = tallies.of(raw, part.targets, [of_one.origin(y) for of_one, y in pairs])
    meters.add([[total, *map(float, losses)]], [len(raw)], told)
    return meters.values()


def _tallies(criterion: Criterion, aim: Aim, scale: Scale) -> Tallies:
    task = aim.asked.task
    usual = [kind() for kind in METRICS.values() if kind.usual and task in (kind.tasks or ())]
    metrics = {metric.label: metric for metric in [*aim.metrics, *usual]}
    return Tallies(criterion, list(metrics.values()), scale)
