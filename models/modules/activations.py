"""Activation functions that PyTorch has no module for."""

# pyright: reportIncompatibleMethodOverride=false

import torch
from torch import nn


class Squareplus(nn.Module):
    """(x + √(x² + 4)) / 2."""

    def forward(self, x):
        return (x + torch.sqrt(x.square() + 4)) / 2


class SparsePlus(nn.Module):
    """0 up to −1, then the parabola (x + 1)² / 4, from 1 on x itself."""

    def forward(self, x):
        return torch.where(x < 1, (x.clamp(min=-1) + 1).square() / 4, x)


class SparseSigmoid(nn.Module):
    """(x + 1) / 2 between 0 and 1."""

    def forward(self, x):
        return ((x + 1) / 2).clamp(0, 1)


class Exponential(nn.Module):
    """eˣ."""

    def forward(self, x):
        return x.exp()


class Sparsemax(nn.Module):
    """The nearest probabilities along `dim` (Martins and Astudillo, 2016): max(0, x − τ)."""

    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        x = x.movedim(self.dim, -1)
        largest = x.sort(-1, descending=True).values
        over = largest.cumsum(-1) - 1
        count = torch.arange(1, x.shape[-1] + 1, device=x.device, dtype=x.dtype)
        # As many as stay above the threshold that they would have by themselves.
        kept = (largest * count > over).sum(-1, keepdim=True)
        threshold = over.gather(-1, kept - 1) / kept
        return (x - threshold).clamp(min=0).movedim(-1, self.dim)


class ReLU(nn.Module):
    """x above a threshold, up to `max_value`; below it a slope from the threshold down."""

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0):
        super().__init__()
        self.max_value, self.slope, self.threshold = max_value, negative_slope, threshold

    def forward(self, x):
        above = x if self.max_value is None else x.clamp(max=self.max_value)
        return torch.where(x > self.threshold, above, self.slope * (x - self.threshold))


class Softmax(nn.Module):
    """A softmax over several axes together."""

    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        return (x - x.logsumexp(self.dim, keepdim=True)).exp()


class PReLU(nn.Module):
    """x above zero, and below it x times a learned slope; axes of size 1 share theirs."""

    def __init__(self, *shape):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(shape))

    def forward(self, x):
        return torch.where(x > 0, x, self.weight * x)


class Maxout(nn.Linear):
    """The largest of several weighted sums for each unit, over the axis `dim`."""

    def __init__(self, features, units, pieces, bias=True, dim=-1):
        super().__init__(features, units * pieces, bias=bias)
        self.pieces, self.dim = pieces, dim

    def forward(self, x):
        sums = super().forward(x.movedim(self.dim, -1))
        return sums.unflatten(-1, (-1, self.pieces)).max(-1).values.movedim(-1, self.dim)
