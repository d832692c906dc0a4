"""Loss and metrics of examples that are not learnt."""

from collections.abc import Mapping

import torch

from models.training import determinism
from models.training.meters import Meters
from models.training.plan import Examples, Plan
from models.training.work import as_network_sees


def validate(plan: Plan, part: Examples, meter: Meters) -> dict[str, float | None]:
    """Return loss and metrics of a part of the data; leaves the network in evaluation mode."""
    meter.reset()
    plan.network.eval()
    with torch.inference_mode():
        for rows in part.batches():
            inputs = (as_network_sees(x[rows]) for x in part.inputs)
            with determinism.only(plan.recipe.deterministic), plan.work.autocast():
                raw = plan.criterion.raw(plan.network, *inputs).float()
            targets = [y[rows] for y in part.targets]
            losses = plan.criterion.losses(raw, targets, part.weights_of(rows))
            loss = plan.criterion.total(losses)
            if plan.network.penalized:
                loss = loss + plan.network.penalty()
            told = plan.tallies.of(raw, [y[rows] for y in part.y], part.origins)
            meter.add([[float(loss), *map(float, losses)]], [raw.shape[0]], told)
    return meter.values()


def as_validation(values: Mapping[str, float | None]) -> dict[str, float | None]:
    """Return the values by the names that a run reports them with."""
    return {f"val_{name}": value for name, value in values.items()}
