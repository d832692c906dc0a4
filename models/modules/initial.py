"""Initial values that torch's own functions do not draw."""

import torch
from torch import nn


def seeded(seed):
    """Return a generator that gives the same numbers every time."""
    return torch.Generator().manual_seed(seed)


def scaled_(
    weight,
    scale=1.0,
    mode="fan_in",
    distribution="truncated_normal",
    fans=None,
    generator=None,
):
    """Fill as Keras's VarianceScaling: with numbers of variance scale / fan.

    `fans` are how many inputs a unit has, and how many outputs an input; without them they are
    those of a weight (outputs, inputs, ...).
    """
    fan_in, fan_out = fans or (weight[0].numel(), weight.numel() // weight.shape[1])
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[mode]
    std = (scale / max(fan, 1)) ** 0.5
    if distribution == "uniform":
        end = 3**0.5 * std
        return nn.init.uniform_(weight, -end, end, generator=generator)
    if distribution == "untruncated_normal":
        return nn.init.normal_(weight, std=std, generator=generator)
    # The cut takes variance away: 0.8796… is the deviation of a normal cut off at ±2.
    std = std / 0.87962566103423978
    return nn.init.trunc_normal_(weight, std=std, a=-2 * std, b=2 * std, generator=generator)


def identity_(weight, gain=1.0, parts=()):
    """Fill with the identity matrix times `gain`.

    `parts` are the places of the identity's equal parts among those of the first axis, where a
    weight has the gates of a recurrent layer in another order.
    """
    nn.init.eye_(weight).mul_(gain)
    if parts:
        pieces = weight.clone().chunk(len(parts))
        for place, piece in zip(parts, pieces, strict=True):
            weight.chunk(len(parts))[place].copy_(piece)
    return weight


def orthogonal_filters_(weight, multiplier, gain=1.0, generator=None):
    """Fill the filters of a depthwise convolution, (channels · multiplier, 1, ...).

    Keras sees them as `multiplier` units, each with the windows of all channels as its inputs.
    """
    filters = weight.new_empty(multiplier, weight.shape[0] // multiplier, *weight.shape[2:])
    nn.init.orthogonal_(filters, gain, generator)
    return weight.copy_(filters.transpose(0, 1).reshape(weight.shape))
