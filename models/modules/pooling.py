"""Pooling as Keras does it."""

import torch
from torch import nn


class GlobalAveragePooling1D(nn.Module):
    """The mean over time of (batch, time, features), of the steps where `mask` is True.

    Of none, as of a text without a word, it is 0, where Keras divides by 0.
    """

    def __init__(self, keepdims=False):
        super().__init__()
        self.keepdims = keepdims

    def forward(self, x, mask=None):
        if mask is None:
            return x.mean(1, keepdim=self.keepdims)
        counts = mask.unsqueeze(2)
        total = torch.where(counts, x, 0.0).sum(1, keepdim=self.keepdims)
        return total / counts.sum(1, keepdim=self.keepdims).clamp(min=1)
