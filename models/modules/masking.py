"""Masks: which positions of a value count."""

import torch
from torch import nn


def where_differs(x, value, axis):
    """Return the mask of the positions where any feature, along `axis`, is not `value`."""
    return (x != value).any(axis)


def nothing_masked(x, axis):
    """Return the mask of a value with features along `axis` of which every position counts."""
    return torch.ones_like(x.select(axis, 0), dtype=torch.bool)


class Masking(nn.Module):
    """Zeros where all features, along `axis`, are `mask_value`; the rest as it is."""

    def __init__(self, mask_value=0.0, axis=1):
        super().__init__()
        self.mask_value, self.axis = mask_value, axis

    def forward(self, x):
        return x.masked_fill((x == self.mask_value).all(self.axis, keepdim=True), 0.0)
