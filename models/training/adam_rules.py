"""Steps of optimizers that follow a mean of the gradients and one of their squares.

See `models.training.updates` for what a rule takes and what it must keep to.
"""

from typing import List  # noqa: UP035 TorchScript reads the annotations

import torch
from torch import Tensor

from models.training.moments import decay, follow_squares, root


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
    decay(weights, rate, weight_decay)
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


def adamax(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> None:
    """m ← β₁m + (1 − β₁)∇; u ← max(β₂u, |∇|); w ← w − η/(1 − β₁ᵗ)·m/(u + ε)."""
    decay(weights, rate, weight_decay)
    means, largest = memory[0], memory[1]
    torch._foreach_lerp_(means, gradients, 1.0 - beta_1)
    torch._foreach_mul_(largest, beta_2)
    torch._foreach_maximum_(largest, torch._foreach_abs(gradients))
    divisors = torch._foreach_add(largest, epsilon)
    torch._foreach_addcdiv_(weights, means, divisors, -rate / (1.0 - beta_1 ** float(number)))


def nadam(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> None:
    """Adam whose mean looks ahead by μₜ = β₁(1 − ½·0.96ᵗ); their product is remembered."""
    decay(weights, rate, weight_decay)
    means, squares, product = memory[0], memory[1], memory[2][0]
    now = beta_1 * (1.0 - 0.5 * 0.96 ** float(number))
    ahead = beta_1 * (1.0 - 0.5 * 0.96 ** float(number + 1))
    product.mul_(now)
    torch._foreach_lerp_(means, gradients, 1.0 - beta_1)
    follow_squares(squares, gradients, beta_2)
    steps = torch._foreach_mul(means, ahead / (1.0 - product * ahead))
    torch._foreach_add_(steps, torch._foreach_mul(gradients, (1.0 - now) / (1.0 - product)))
    divisors = root(squares, 1.0 - beta_2 ** float(number), epsilon)
    torch._foreach_addcdiv_(weights, steps, divisors, -rate)


def lamb(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    beta_1: float,
    beta_2: float,
    epsilon: float,
) -> None:
    """Adam's step, made as long as the weight tensor is large: times ‖w‖/‖step‖."""
    decay(weights, rate, weight_decay)
    means, squares = memory[0], memory[1]
    torch._foreach_lerp_(means, gradients, 1.0 - beta_1)
    follow_squares(squares, gradients, beta_2)
    divisors = root(squares, 1.0 - beta_2 ** float(number), epsilon)
    steps = torch._foreach_div(means, divisors)
    torch._foreach_div_(steps, 1.0 - beta_1 ** float(number))
    for index, weight in enumerate(weights):
        step = steps[index]
        large, long = weight.norm(), step.norm()
        both = torch.logical_and(large > 0.0, long > 0.0)
        weight.sub_(step * (rate * torch.where(both, large / long, torch.ones_like(large))))


def adafactor(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    beta_2_decay: float,
    epsilon_1: float,
    epsilon_2: float,
    clip_threshold: float,
) -> None:
    """Remembers the squares of a matrix by its rows and columns only; see Keras's Adafactor.

    The rows and columns are those of the first two axes: units and inputs of a layer.
    """
    decay(weights, rate, weight_decay)
    scale = min(rate, float(number) ** -0.5)
    fresh = float(number) ** beta_2_decay
    for index, weight in enumerate(weights):
        gradient = gradients[index]
        squares = gradient.square() + epsilon_1
        size = weight.square().mean().sqrt().clamp_min(epsilon_2) * scale
        if weight.dim() < 2:
            kept = memory[2][index]
            kept.lerp_(squares, fresh)
            step = gradient / kept.sqrt()
        else:
            rows, columns = memory[0][index], memory[1][index]
            rows.lerp_(squares.mean(1, True), fresh)
            columns.lerp_(squares.mean(0, True), fresh)
            step = gradient / (columns / columns.mean(1, True) * rows).sqrt()
        length = step.square().mean().sqrt()
        weight.sub_(step / (length / clip_threshold).clamp_min(1.0) * size)


def muon(
    weights: List[Tensor],  # noqa: UP006
    gradients: List[Tensor],  # noqa: UP006
    memory: List[List[Tensor]],  # noqa: UP006
    rate: float,
    number: int,
    weight_decay: float,
    adam_weight_decay: float,
    adam_beta_1: float,
    adam_beta_2: float,
    epsilon: float,
    adam_lr_ratio: float,
    muon_a: float,
    muon_b: float,
    muon_c: float,
    momentum: float,
    ns_steps: int,
    nesterov: bool,
    rms_rate: float,
) -> None:
    """Steps along the nearest orthogonal matrix; where squares are remembered, along Adam's step.

    The matrix is found by Newton and Schulz's iteration, x ← a·x + (b·xxᵀ + c·(xxᵀ)²)·x.
    """
    correction = (1.0 - adam_beta_2 ** float(number)) ** 0.5 / (1.0 - adam_beta_1 ** float(number))
    for index, weight in enumerate(weights):
        gradient, mean, squares = gradients[index], memory[0][index], memory[1][index]
        if squares.numel() > 0:
            weight.mul_(1.0 - rate * adam_weight_decay)
            mean.lerp_(gradient, 1.0 - adam_beta_1)
            squares.lerp_(gradient.square(), 1.0 - adam_beta_2)
            step = mean / (squares.sqrt() + epsilon)
            weight.sub_(step, alpha=rate * adam_lr_ratio * correction)
        else:
            weight.mul_(1.0 - rate * weight_decay)
            mean.mul_(momentum).add_(gradient)
            x = gradient + momentum * mean if nesterov else mean.clone()
            tall = x.shape[0] > x.shape[1]
            if tall:
                x = x.t()
            x = x / (x.norm() + 1e-7)
            for _ in range(ns_steps):
                a = x @ x.t()
                x = muon_a * x + (muon_b * a + muon_c * (a @ a)) @ x
            if tall:
                x = x.t()
            length = float(max(x.shape[0], x.shape[1])) ** 0.5 * rms_rate if rms_rate > 0.0 else 1.0
            weight.sub_(x, alpha=rate * length)
