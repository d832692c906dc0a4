"""Initial values that torch's own functions do not draw."""

from torch import nn


def scaled_normal_(weight, scale=1.0, fan="in"):
    """Fill with Keras's normal distribution cut off at two deviations, of variance scale / fan."""
    fan_in = weight[0].numel()
    fan_out = weight.numel() // weight.shape[1]
    size = {"in": fan_in, "mean": (fan_in + fan_out) / 2}[fan]
    # The cut takes variance away: 0.8796… is the deviation of a normal cut off at ±2.
    std = (scale / size) ** 0.5 / 0.87962566103423978
    return nn.init.trunc_normal_(weight, std=std, a=-2 * std, b=2 * std)
