"""The optimizers' steps on lists of tensors, in place, with Keras's numbers.

Every rule of `gradient_rules` and `adam_rules` takes the weights, their gradients, what the
optimizer remembers (one list of tensors per slot of `Optimizer.memory`), the learning rate and the
number of the step, from 1; its settings come from `Optimizer.rule`. Before it the gradients of the
step's batches are gathered and clipped, by the function that `Optimizer.clip` names; after it the
weights' moving average follows.
The eager step calls the functions as they are, the captured one compiles their source. So they keep
to what both understand: hence `List`, and no defaults.
"""

import inspect
from collections.abc import Callable
from typing import List  # noqa: UP035 TorchScript reads the annotations

import torch
from torch import Tensor

from models.training import adam_rules, gradient_rules, moments
from models.training.batches import share_of_step


def clipped(gradients: List[Tensor], limit: float) -> List[Tensor]:  # noqa: UP006
    """Return the gradients, scaled so that their common norm is at most `limit`."""
    norm = torch.stack(torch._foreach_norm(gradients)).norm()
    return list(torch._foreach_mul(gradients, limit / norm.clamp_min(limit)))


def clipped_each(gradients: List[Tensor], limit: float) -> List[Tensor]:  # noqa: UP006
    """Return the gradients, each scaled so that its own norm is at most `limit`."""
    norms = torch._foreach_norm(gradients)
    return list(torch._foreach_mul(gradients, [limit / norm.clamp_min(limit) for norm in norms]))


def clamped(gradients: List[Tensor], limit: float) -> List[Tensor]:  # noqa: UP006
    """Return the gradients with no number larger than `limit` or smaller than `-limit`."""
    return [gradient.clamp(-limit, limit) for gradient in gradients]


def gathered(
    sums: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    share: float,
    begins: bool,
) -> None:
    """Add the gradients of a batch to those of its step, by its share of the step's rows."""
    if begins:
        torch._foreach_zero_(sums)
    torch._foreach_add_(sums, gradients, alpha=share)


def averaged(
    weights: List[Tensor],  # noqa: UP006
    averages: List[Tensor],  # noqa: UP006
    number: int,
    momentum: float,
    frequency: int,
) -> None:
    """Let the moving averages follow the weights; every `frequency` steps, if it is not 0, back.

    The first step begins the average at the weights it leaves.
    """
    share = 1.0 - momentum if number > 1 else 1.0
    torch._foreach_lerp_(averages, weights, share)
    if frequency > 0 and number % frequency == 0:
        torch._foreach_copy_(weights, averages)


def largest_change(weights: List[Tensor], before: List[Tensor]) -> Tensor:  # noqa: UP006
    """Return the largest absolute change of any one weight: ()."""
    changes = torch._foreach_sub(weights, before)
    return torch.stack([change.abs().max() for change in changes]).max()


RULES: dict[str, Callable[..., None]] = {
    rule.__name__: rule
    for rule in (
        gradient_rules.sgd,
        gradient_rules.rmsprop,
        gradient_rules.adagrad,
        gradient_rules.adadelta,
        gradient_rules.lion,
        gradient_rules.ftrl,
        adam_rules.adam,
        adam_rules.adamax,
        adam_rules.nadam,
        adam_rules.lamb,
        adam_rules.adafactor,
        adam_rules.muon,
    )
}
CLIPS: dict[str, Callable[..., List[Tensor]]] = {  # noqa: UP006
    clip.__name__: clip for clip in (clipped, clipped_each, clamped)
}


def source() -> str:
    """Return the source of all that a step calls, for the captured one to be compiled with."""
    shared = (moments.decay, moments.follow_squares, moments.root)
    steps = (share_of_step, gathered, averaged, largest_change)
    functions = (*shared, *RULES.values(), *CLIPS.values(), *steps)
    return "\n\n".join(inspect.getsource(function) for function in functions)
