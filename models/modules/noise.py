"""Random numbers in training, which a seed of a layer's own can fix."""

import torch
from torch import nn


def scrambled(x):
    """Return whole numbers below 2³² that look random, a different one for each such number.

    Its constants are those of Chris Wellons's "lowbias32".
    """
    x = x & 0xFFFFFFFF
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & 0xFFFFFFFF
    x = ((x ^ (x >> 15)) * 0x846CA68B) & 0xFFFFFFFF
    return x ^ (x >> 16)


class Noise(nn.Module):
    """Draws random numbers from torch's generator; with a seed they depend on it and the step only.

    Along the axes `shared`, which count the batch's, every place gets the same.
    """

    steps: torch.Tensor

    def __init__(self, seed=None, shared=()):
        super().__init__()
        self.seed, self.shared = seed, shared
        if seed is not None:
            steps = torch.zeros((), dtype=torch.int64)
            self.register_buffer("steps", steps, persistent=False)

    def shape_for(self, x):
        return [1 if axis in self.shared else size for axis, size in enumerate(x.shape)]

    def uniform(self, x):
        """Return numbers between 0 and 1."""
        shape = self.shape_for(x)
        if self.seed is None:
            return torch.rand(shape, dtype=x.dtype, device=x.device)
        self.steps.add_(1)
        key = scrambled(scrambled(self.seed) + self.steps)
        place = torch.ones(shape, dtype=torch.int64, device=x.device).flatten().cumsum(0)
        drawn = scrambled(scrambled(place ^ key) + key) >> 9
        return ((drawn.float() + 0.5) / 2**23).reshape(shape)

    def normal(self, x):
        """Return numbers of mean 0 and standard deviation 1."""
        if self.seed is None:
            return torch.randn(self.shape_for(x), dtype=x.dtype, device=x.device)
        return (torch.erfinv(2 * self.uniform(x) - 1) * 2**0.5).to(x.dtype)


class Dropout(Noise):
    """nn.Dropout with a seed, or with the same places dropped along some axes."""

    def __init__(self, rate, seed=None, shared=()):
        super().__init__(seed, shared)
        self.rate = rate

    def forward(self, x):
        if not self.training or self.rate == 0:
            return x
        if self.rate == 1:
            return torch.zeros_like(x)
        return x * (self.uniform(x) >= self.rate) / (1 - self.rate)


class AlphaDropout(Noise):
    """nn.AlphaDropout with a seed, or with the same places dropped along some axes."""

    def __init__(self, rate, seed=None, shared=()):
        super().__init__(seed, shared)
        self.rate = rate

    def forward(self, x):
        if not self.training or self.rate == 0:
            return x
        lowest = -1.7580993408473766
        factor = ((1 - self.rate) * (1 + self.rate * lowest**2)) ** -0.5
        x = torch.where(self.uniform(x) >= self.rate, x, lowest)
        return factor * (x - lowest * self.rate)


class GaussianDropout(Noise):
    """Multiplies by random numbers around 1, which spread as those of dropout with this rate do."""

    def __init__(self, rate, seed=None):
        super().__init__(seed)
        self.spread = (rate / (1 - rate)) ** 0.5

    def forward(self, x):
        return x * (1 + self.spread * self.normal(x)) if self.training and self.spread else x


class GaussianNoise(Noise):
    """Adds random numbers around 0."""

    def __init__(self, stddev, seed=None):
        super().__init__(seed)
        self.stddev = stddev

    def forward(self, x):
        return x + self.stddev * self.normal(x) if self.training and self.stddev else x
