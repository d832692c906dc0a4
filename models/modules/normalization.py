"""Normalisation as Keras does it."""

import torch
from torch import nn
from torch.nn import functional as F


class BatchNormalization(nn.Module):
    """Batch normalisation as Keras does it, over any number of positions.

    Unlike nn.BatchNorm it takes a batch of one row, and its running variance is the mean of
    squares, not Bessel's. `axis` is where the features are: 1, or 2 for (batch, time, features).
    Where `mask`, (batch, *positions), is False, a position does not count for mean and variance.
    """

    running_mean: torch.Tensor
    running_var: torch.Tensor

    def __init__(
        self,
        features,
        momentum=0.99,
        epsilon=0.001,
        center=True,
        scale=True,
        axis=1,
        trainable=True,
    ):
        super().__init__()
        self.trainable = trainable
        self.share, self.eps, self.axis = 1 - momentum, epsilon, axis
        self.weight = nn.Parameter(torch.ones(features)) if scale else None
        self.bias = nn.Parameter(torch.zeros(features)) if center else None
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))

    def forward(self, x, mask=None):
        x = x.movedim(self.axis, 1)
        learning = self.training and self.trainable
        if learning and mask is not None:
            x = self.over_mask(x, mask.unsqueeze(1))
        elif learning:
            x, mean, inverse = torch.native_batch_norm(
                x, self.weight, self.bias, None, None, True, 0.0, self.eps
            )
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.share)
                self.running_var.lerp_(inverse**-2 - self.eps, self.share)
        else:
            x = F.batch_norm(
                x,
                self.running_mean,
                self.running_var,
                self.weight,
                self.bias,
                eps=self.eps,
            )
        return x.movedim(1, self.axis)

    def over_mask(self, x, mask):
        """Normalise by mean and mean square deviation of the positions where `mask` is True."""
        rest = [axis for axis in range(x.dim()) if axis != 1]
        count = mask.expand_as(x).sum(rest, keepdim=True, dtype=x.dtype) + 1e-7
        mean = torch.where(mask, x, 0.0).sum(rest, keepdim=True) / count
        variance = torch.where(mask, x - mean, 0.0).square().sum(rest, keepdim=True) / count
        with torch.no_grad():
            self.running_mean.lerp_(mean.flatten(), self.share)
            self.running_var.lerp_(variance.flatten(), self.share)
        x = (x - mean) * torch.rsqrt(variance + self.eps)
        if self.weight is not None:
            x = x * self.weight.reshape(mean.shape)
        return x if self.bias is None else x + self.bias.reshape(mean.shape)


class LayerNormalization(nn.Module):
    """nn.LayerNorm over any axes of these sizes, counted with the batch, or with a shift alone."""

    def __init__(self, sizes, axis, eps=0.001, center=True, scale=True):
        super().__init__()
        self.sizes, self.axis, self.eps = sizes, axis, eps
        self.weight = nn.Parameter(torch.ones(sizes)) if scale else None
        self.bias = nn.Parameter(torch.zeros(sizes)) if center else None

    def forward(self, x):
        last = tuple(range(-len(self.axis), 0))
        x = x.movedim(self.axis, last)
        x = F.layer_norm(x, self.sizes, self.weight, self.bias, self.eps)
        return x.movedim(last, self.axis)


class RMSNormalization(nn.Module):
    """nn.RMSNorm over any axes of these sizes, counted with the batch."""

    def __init__(self, sizes, axis, eps=1e-6):
        super().__init__()
        self.sizes, self.axis, self.eps = sizes, axis, eps
        self.weight = nn.Parameter(torch.ones(sizes))

    def forward(self, x):
        last = tuple(range(-len(self.axis), 0))
        x = F.rms_norm(x.movedim(self.axis, last), self.sizes, self.weight, self.eps)
        return x.movedim(last, self.axis)


class GroupNormalization(nn.Module):
    """nn.GroupNorm along any axis, with scale or shift alone, and of single numbers."""

    def __init__(self, groups, size, eps=0.001, center=True, scale=True, axis=1):
        super().__init__()
        self.groups, self.eps, self.axis = groups, eps, axis
        self.weight = nn.Parameter(torch.ones(size)) if scale else None
        self.bias = nn.Parameter(torch.zeros(size)) if center else None

    def forward(self, x):
        weight, bias = self.weight, self.bias
        if weight is None and bias is not None:
            # torch has no gradients for a shift alone.
            weight = torch.ones_like(bias)
        x = torch.group_norm(x.movedim(self.axis, 1), self.groups, weight, bias, self.eps)
        return x.movedim(1, self.axis)


class UnitNormalization(nn.Module):
    """Vectors along `axis`, or several axes, scaled to length 1."""

    def __init__(self, axis):
        super().__init__()
        self.axis = axis

    def forward(self, x):
        return F.normalize(x, dim=self.axis)
