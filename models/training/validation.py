"""Loss and metrics of examples that are not learnt."""

import torch

from models.training.meters import Meters
from models.training.plan import Examples, Plan
from models.training.work import as_network_sees


def validate(plan: Plan, part: Examples, meter: Meters) -> dict[str, float | None]:
    """Return loss and metrics of a part of the data; leaves the network in evaluation mode."""
    meter.reset()
    plan.network.eval()
    with torch.inference_mode():
        for rows in part.batches():
            with plan.work.autocast():
                inputs = (as_network_sees(x[rows]) for x in part.inputs)
                raw = plan.criterion.raw(plan.network, *inputs).float()
            targets = [y[rows] for y in part.targets]
            losses = plan.criterion.losses(raw, targets, part.weights_of(rows))
            loss = plan.criterion.total(losses)
            if plan.network.penalized:
                loss = loss + plan.network.penalty()
            told = plan.tallies.of(raw, [y[rows] for y in part.y], part.origins)
            meter.add([[float(loss), *map(float, losses)]], [raw.shape[0]], told)
    return meter.values()
