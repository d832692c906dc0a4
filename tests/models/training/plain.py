"""Training written out in plain PyTorch: what `train` must equal."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import torch
from torch import Tensor, nn

from models.data.prepare import Part
from models.recipe import Recipe
from tests.models.training.cases import Case

Step = Callable[[list[Tensor]], None]
"""Takes the gradients of all parameters and changes the parameters."""


def keras_step(parameters: Sequence[nn.Parameter], optimizer: Any) -> Step:
    """Return steps of one of Keras's optimizers on PyTorch's parameters."""
    variables = [keras.Variable(parameter.detach().clone()) for parameter in parameters]

    def step(gradients: list[Tensor]) -> None:
        optimizer.apply(gradients, variables)
        with torch.no_grad():
            for parameter, variable in zip(parameters, variables, strict=True):
                parameter.copy_(keras.ops.convert_to_tensor(variable))

    return step


def torch_step(parameters: Sequence[nn.Parameter], optimizer: torch.optim.Optimizer) -> Step:
    """Return steps of one of PyTorch's optimizers."""

    def step(gradients: list[Tensor]) -> None:
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient
        optimizer.step()

    return step


def trainable(module: nn.Module) -> list[nn.Parameter]:
    """Return the parameters that are trained."""
    return [parameter for parameter in module.parameters() if parameter.requires_grad]


def orders(rows: int, recipe: Recipe) -> Iterator[Tensor]:
    """Yield the permutation of each epoch."""
    generator = torch.Generator().manual_seed(recipe.seed or 0)
    for _ in range(recipe.epochs or 1):
        yield torch.randperm(rows, generator=generator)


def plain_loop(
    case: Case,
    module: nn.Module,
    part: Part,
    recipe: Recipe,
    step: Step,
    weights: Tensor | None = None,
) -> list[float]:
    """Train in place and return the mean loss of each epoch.

    Args:
        step: Changes the parameters.
        weights: What each row's loss is multiplied with.
    """
    torch.manual_seed(recipe.seed or 0)
    parameters = trainable(module)
    batch_size = len(part.y) if recipe.batch_size == "all" else int(recipe.batch_size or 0)
    module.train()
    curve = []
    for order in orders(len(part.y), recipe):
        total = 0.0
        for rows in order.split(batch_size):
            losses = case.criterion(module(case.shaped(part.x[rows])), part.y[rows])
            if weights is not None:
                losses = losses * weights[rows]
            step(list(torch.autograd.grad(losses.mean(), parameters)))
            total += float(losses.detach().sum())
        curve.append(total / len(part.y))
    return curve


def apart(ours: nn.Module, plain: nn.Module) -> float:
    """Return the largest difference of any weight of two networks."""
    pairs = zip(ours.state_dict().values(), plain.state_dict().values(), strict=True)
    return max(float((mine - theirs).abs().max()) for mine, theirs in pairs)


def curve(events: Sequence[Any], name: str = "loss", split: str = "train") -> list[Any]:
    """Return a value of every epoch from the events of a training."""
    return [
        event.values[name]
        for event in events
        if event.kind == "metrics" and event.scope == "epoch" and event.split == split
    ]
