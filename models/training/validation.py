"""Loss and metrics of examples that are not learnt."""

import torch

from models.training.meter import Meter
from models.training.plan import Examples, Plan
from models.training.work import as_network_sees


def validate(plan: Plan, part: Examples, meter: Meter) -> dict[str, float | None]:
    """Return loss and metrics of a part of the data; leaves the network in evaluation mode."""
    criterion = plan.criterion
    meter.reset()
    plan.network.eval()
    with torch.inference_mode():
        for rows in part.batches():
            with plan.work.autocast():
                inputs = (as_network_sees(x[rows]) for x in part.inputs)
                raw = criterion.raw(plan.network, *inputs).float()
            loss = criterion.value(raw, part.targets[rows])
            if plan.network.penalized:
                loss = loss + plan.network.penalty()
            told = plan.tallies.of(raw, part.y[rows], part.origin)
            meter.add([float(loss)], [raw.shape[0]], told)
    return meter.values()
