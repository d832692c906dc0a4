"""Steps of optimizers that follow the gradient itself, each weight at a pace of its own or not.

See `models.training.updates` for what a rule takes and what it must keep to.
"""

from typing import List  # noqa: UP035 TorchScript reads the annotations

import torch
from torch import Tensor

from models.training.moments import decay, follow_squares


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
    decay(weights, rate, weight_decay)
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
    decay(weights, rate, weight_decay)
    squares = memory[0]
    follow_squares(squares, gradients, rho)
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


def adagrad(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    epsilon: float,
) -> None:
    """v ← v + ∇²; w ← w − η·∇/√(v + ε)."""
    decay(weights, rate, weight_decay)
    squares = memory[0]
    torch._foreach_addcmul_(squares, gradients, gradients, 1.0)
    divisors = torch._foreach_add(squares, epsilon)
    torch._foreach_sqrt_(divisors)
    torch._foreach_addcdiv_(weights, gradients, divisors, -rate)


def adadelta(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    rho: float,
    epsilon: float,
) -> None:
    """v ← ρv + (1 − ρ)∇²; δ = √(s + ε)/√(v + ε)·∇; s ← ρs + (1 − ρ)δ²; w ← w − η·δ."""
    decay(weights, rate, weight_decay)
    squares, moved = memory[0], memory[1]
    follow_squares(squares, gradients, rho)
    steps = torch._foreach_add(moved, epsilon)
    torch._foreach_sqrt_(steps)
    torch._foreach_mul_(steps, gradients)
    divisors = torch._foreach_add(squares, epsilon)
    torch._foreach_sqrt_(divisors)
    torch._foreach_div_(steps, divisors)
    follow_squares(moved, list(steps), rho)
    torch._foreach_add_(weights, steps, alpha=-rate)


def lion(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    beta_1: float,
    beta_2: float,
) -> None:
    """w ← w − η·sign(β₁m + (1 − β₁)∇); m ← β₂m + (1 − β₂)∇."""
    decay(weights, rate, weight_decay)
    means = memory[0]
    steps = torch._foreach_mul(means, beta_1)
    torch._foreach_add_(steps, gradients, alpha=1.0 - beta_1)
    torch._foreach_sign_(steps)
    torch._foreach_add_(weights, steps, alpha=-rate)
    torch._foreach_mul_(means, beta_2)
    torch._foreach_add_(means, gradients, alpha=1.0 - beta_2)


def ftrl(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    learning_rate_power: float,
    l1_regularization_strength: float,
    l2_regularization_strength: float,
    l2_shrinkage_regularization_strength: float,
    beta: float,
) -> None:
    """w ← (clip(z, −λ₁, λ₁) − z)/q, the weight that all gradients so far ask for.

    n ← n + ∇²; z ← z + ∇ + 2·λₛ·w − (nₜ^p − nₜ₋₁^p)/η·w; q = nₜ^p/η + 2·λ₂ + β/η.
    """
    decay(weights, rate, weight_decay)
    l1, l2 = l1_regularization_strength, l2_regularization_strength
    shrinkage = 2.0 * l2_shrinkage_regularization_strength
    for index, weight in enumerate(weights):
        gradient, squares, linear = gradients[index], memory[0][index], memory[1][index]
        before = squares.pow(-learning_rate_power)
        squares.addcmul_(gradient, gradient)
        after = squares.pow(-learning_rate_power)
        linear.add_(gradient + shrinkage * weight - (after - before) / rate * weight)
        quadratic = after / rate + 2.0 * l2 + beta / rate
        weight.copy_((linear.clamp(-l1, l1) - linear) / quadratic)
