"""The optimizers' steps on lists of tensors, in place, with Keras's numbers.

Every rule takes the weights, their gradients, what the optimizer remembers (one list of tensors per
slot of `Optimizer.memory`), the learning rate and the number of the step, from 1; its settings come
from `Optimizer.rule`. Before it the gradients are clipped, by the function that `Optimizer.clip`
names; after it the weights' moving average follows. The eager step calls the functions as they are,
the captured one compiles their source. So they keep to what both understand: hence `List`, and no
defaults.
"""

import inspect
from collections.abc import Callable
from typing import List  # noqa: UP035 TorchScript reads the annotations

import torch
from torch import Tensor


def sgd(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    momentum: float,
    nesterov: bool,
) -> None:
    """v ← μ·v − η·∇; w ← w + v, or with Nesterov's look ahead w + μ·v − η·∇."""
    if weight_decay != 0.0:
        torch._foreach_mul_(weights, 1.0 - rate * weight_decay)
    if momentum == 0.0:
        torch._foreach_add_(weights, gradients, alpha=-rate)
    else:
        velocities = memory[0]
        torch._foreach_mul_(velocities, momentum)
        torch._foreach_add_(velocities, gradients, alpha=-rate)
        if nesterov:
            torch._foreach_add_(weights, velocities, alpha=momentum)
            torch._foreach_add_(weights, gradients, alpha=-rate)
        else:
            torch._foreach_add_(weights, velocities)


def adam(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
    amsgrad: bool,
) -> None:
    """Adam as Keras has it: ε is added to √v before the bias correction, not after it."""
    if weight_decay != 0.0:
        torch._foreach_mul_(weights, 1.0 - rate * weight_decay)
    # The fused kernel divides by √v/c + ε with c = √(1 − β₂ᵗ); Keras by (√v + ε)/c.
    correction = (1.0 - beta_2 ** float(number)) ** 0.5
    count = torch.full([], float(number), dtype=torch.float32, device=weights[0].device)
    torch._fused_adam_(
        weights,
        gradients,
        memory[0],
        memory[1],
        memory[2] if amsgrad else [],
        [count for _ in weights],
        lr=rate,
        beta1=beta_1,
        beta2=beta_2,
        weight_decay=0.0,
        eps=epsilon / correction,
        amsgrad=amsgrad,
        maximize=False,
    )


def rmsprop(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    rho: float,
    momentum: float,
    epsilon: float,
    centered: bool,
) -> None:
    """RMSprop as Keras has it: ε is inside the root."""
    if weight_decay != 0.0:
        torch._foreach_mul_(weights, 1.0 - rate * weight_decay)
    squares = memory[0]
    torch._foreach_mul_(squares, rho)
    torch._foreach_addcmul_(squares, gradients, gradients, 1.0 - rho)
    divisors = torch._foreach_add(squares, epsilon)
    if centered:
        means = memory[len(memory) - 1]
        torch._foreach_mul_(means, rho)
        torch._foreach_add_(means, gradients, alpha=1.0 - rho)
        torch._foreach_addcmul_(divisors, means, means, -1.0)
    torch._foreach_sqrt_(divisors)
    if momentum == 0.0:
        torch._foreach_addcdiv_(weights, gradients, divisors, -rate)
    else:
        velocities = memory[1]
        torch._foreach_mul_(velocities, momentum)
        torch._foreach_addcdiv_(velocities, gradients, divisors, rate)
        torch._foreach_sub_(weights, velocities)


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


RULES: dict[str, Callable[..., None]] = {rule.__name__: rule for rule in (sgd, adam, rmsprop)}
CLIPS: dict[str, Callable[..., List[Tensor]]] = {  # noqa: UP006
    clip.__name__: clip for clip in (clipped, clipped_each, clamped)
}


def source() -> str:
    """Return the source of all of the above, for the captured step to be compiled with."""
    functions = (*RULES.values(), *CLIPS.values(), averaged, largest_change)
    return "\n\n".join(inspect.getsource(function) for function in functions)
