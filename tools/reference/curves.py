"""Plots of what objectives do: losses, learning rates, and the paths that optimizers take."""

import torch
from torch import Tensor

from models.objectives.functions import LOSS_FUNCTIONS
from models.objectives.losses import Loss
from models.objectives.optimizers import Kind, Optimizer, Slot
from models.objectives.schedules import Schedule
from models.training.updates import RULES
from tools.reference import plots
from tools.reference.svg import Point

Drawn = tuple[str, str]
"""What is seen, in words, and the SVG."""

INITIAL_RATE = 0.01
STEPS, STEPS_PER_EPOCH = 4000, 50
POINTS = 121


def loss(kind: type[Loss]) -> Drawn:
    """Draw a loss of one example as its prediction changes."""
    made = kind()
    if kind.tasks == ("regression",):
        low = -2.0 if kind.lowest_target is None and kind.activations is None else 0.05
        curve = [_loss(made, [x], [1.0]) for x in _places(low, 4.0)]
        says = f"{kind.title} as the prediction changes; the target is 1"
        return says, plots.plot(says, "prediction ŷ", "loss", [curve])
    if kind.takes == "numbers":
        scores = kind.activations is not None
        places = _places(-2.0, 2.0) if scores else _places(0.01, 0.99)
        classes = [[_loss(made, [x], [target]) for x in places] for target in (1.0, 0.0)]
        what = "output" if scores else "probability of the second class"
        says = f"{kind.title} of an example of the second class, and dashed of the first"
        return says, plots.plot(says, f"{what} ŷ", "loss", classes)
    curve = [_loss(made, [1 - x, x], [0.0, 1.0]) for x in _places(0.01, 0.99)]
    says = f"{kind.title} as the probability that is given to the right one of two classes changes"
    return says, plots.plot(says, "ŷ[class]", "loss", [curve])


def _loss(made: Loss, outputs: list[float], targets: list[float]) -> Point:
    """Return the last output, and the loss."""
    expected = torch.tensor([targets], dtype=torch.float64)
    if made.takes == "codes":
        expected = expected.argmax(dim=-1)
    given = torch.tensor([outputs], dtype=torch.float64)
    value = LOSS_FUNCTIONS[made.function](given, expected, mean=True, **made.settings())
    value = value.sqrt() if made.combine == "root_mean_square" else value
    return outputs[-1], float(value)


def rate(kind: type[Schedule]) -> Drawn:
    """Draw the learning rate of a run; of what watches a value, one that stops falling."""
    schedule = kind()
    run = schedule.begin(INITIAL_RATE, STEPS)
    watched = schedule.watches()
    curve: list[Point] = []
    for step in range(STEPS):
        if step % 20 == 0 or step == STEPS - 1:
            curve.append((step, run.of(step)))
        if watched and (step + 1) % STEPS_PER_EPOCH == 0:
            run.after_epoch({watched: max(1.0 - step / 1000, 0.0)})
    says = f"The learning rate over a run of {STEPS:,} steps that begins with {INITIAL_RATE}"
    if watched:
        says += f", whose {watched} falls for 1,000 of them"
    highest = max(y for _, y in curve)
    return says, plots.plot(says, "step", "learning rate", [curve], ends=(0.0, highest))


def path(kind: type[Optimizer]) -> Drawn:
    """Draw the course's descent: forty steps on ½x² + y² from (10, 10)."""
    optimizer = kind.model_validate({"learning_rate": 0.5, "weight_decay": 0.0})
    rule = optimizer.rule()
    weights = torch.tensor([10.0, 10.0], dtype=torch.float64)
    memory = [[_begun(optimizer, slot, weights)] for slot in optimizer.memory()]
    steep = torch.tensor([1.0, 2.0], dtype=torch.float64)
    walked = [(10.0, 10.0)]
    for number in range(1, 41):
        RULES[rule.name]([weights], [steep * weights], memory, 0.5, number, **rule.kwargs)
        walked.append((float(weights[0]), float(weights[1])))
    says = (
        "Forty steps down ½x² + y² from (10, 10) with a learning rate of 0.5; places on one line "
        "are equally high"
    )
    return says, plots.contours(says, walked, (1.0, 2.0))


def _begun(optimizer: Optimizer, slot: Slot, weights: Tensor) -> Tensor:
    if not optimizer.keeps(slot, Kind("layer", weights.dim())):
        return weights.new_empty(0)
    return (
        weights.new_full((), slot.initial)
        if slot.shape == "scalar"
        else torch.full_like(weights, slot.initial)
    )


def _places(low: float, high: float) -> list[float]:
    return [low + (high - low) * place / (POINTS - 1) for place in range(POINTS)]
