"""Scaling by constants; they go along with the module to its device, but are no weights."""

import torch
from torch import nn


class Rescaling(nn.Module):
    """x · scale + offset; lists are along the axis that `after` others follow."""

    def __init__(self, scale, offset=0.0, after=0):
        super().__init__()
        for name, numbers in (("scale", scale), ("offset", offset)):
            value = torch.tensor(numbers).reshape(-1, *[1] * after)
            self.register_buffer(name, value, persistent=False)

    def forward(self, x):
        return x * self.scale + self.offset


class Normalization(nn.Module):
    """(x − mean) / √variance, or the inverse; lists are along the axis that `after` others follow.

    The divisor is never below 10⁻⁷.
    """

    def __init__(self, mean, variance, invert=False, after=0):
        super().__init__()
        self.invert = invert
        deviation = torch.tensor(variance).sqrt().clamp(min=1e-7)
        for name, value in (("mean", torch.tensor(mean)), ("deviation", deviation)):
            self.register_buffer(name, value.reshape(-1, *[1] * after), persistent=False)

    def forward(self, x):
        if self.invert:
            return self.mean + x * self.deviation
        return (x - self.mean) / self.deviation
