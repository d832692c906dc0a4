"""Arrangements that PyTorch has as functions only."""

from torch import nn


class Permute(nn.Module):
    """Puts axes in another order; they are counted from 1, after the batch."""

    def __init__(self, *dims):
        super().__init__()
        self.dims = dims

    def forward(self, x):
        return x.permute(0, *self.dims)


class RepeatVector(nn.Module):
    """Repeats (batch, features) as `n` time steps: (batch, n, features)."""

    def __init__(self, n):
        super().__init__()
        self.n = n

    def forward(self, x):
        return x.unsqueeze(1).expand(-1, self.n, -1)
