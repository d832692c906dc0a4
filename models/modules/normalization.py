"""Normalisation as Keras does it."""

import torch
from torch import nn
from torch.nn import functional as F


class BatchNormalization(nn.Module):
    """Batch normalisation as Keras does it, over any number of positions.

    Unlike nn.BatchNorm it takes a batch of one row, and its running variance is the mean of
    squares, not Bessel's. `axis` is where the features are: 1, or 2 for (batch, time, features).
    """

    running_mean: torch.Tensor
    running_var: torch.Tensor

    def __init__(self, features, momentum=0.99, epsilon=0.001, center=True, scale=True, axis=1):
        super().__init__()
        self.share, self.eps, self.axis = 1 - momentum, epsilon, axis
        self.weight = nn.Parameter(torch.ones(features)) if scale else None
        self.bias = nn.Parameter(torch.zeros(features)) if center else None
        self.register_buffer("running_mean", torch.zeros(features))
        self.register_buffer("running_var", torch.ones(features))

    def forward(self, x):
        x = x.movedim(self.axis, 1)
        if self.training:
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
