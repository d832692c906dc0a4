"""What keeps weights in hand: freezing, penalties and constraints, with Keras's numbers."""

import torch
from torch import nn
from torch.nn import functional as F


def frozen(module):
    """Return the module, whose weights training leaves as they are."""
    return module.requires_grad_(False)


def l1_penalty(x, factor):
    """Return factor · Σ |x|."""
    return factor * x.abs().sum()


def l2_penalty(x, factor):
    """Return factor · Σ x²."""
    return factor * x.square().sum()


def orthogonal_penalty(x, factor, dim):
    """Return factor · the mean of |cosine| between different vectors of a matrix along `dim`."""
    vectors = F.normalize(x.flatten(1), dim=dim, eps=1e-7)
    cosines = vectors @ vectors.T if dim == 1 else vectors.T @ vectors
    size = len(cosines)
    return factor * cosines.fill_diagonal_(0).abs().sum() / (size * (size - 1))


class ActivityPenalty(nn.Module):
    """Passes its input on, and keeps l1 · Σ |x| + l2 · Σ x² per example of the batch."""

    def __init__(self, l1=0.0, l2=0.0):
        super().__init__()
        self.l1, self.l2, self.penalty = l1, l2, None

    def forward(self, x):
        if not torch.compiler.is_exporting():
            penalties = [f(x, c) for f, c in ((l1_penalty, self.l1), (l2_penalty, self.l2)) if c]
            self.penalty = sum(penalties) / len(x)
        return x

    def take(self):
        """Return the penalty on the last input, once."""
        penalty, self.penalty = self.penalty, None
        return penalty


def non_neg_(weight):
    """Set numbers below zero to zero."""
    weight.clamp_(min=0)


def max_norm_(weight, max_value, dim):
    """Shorten vectors, which lie along `dim`, to this length at most."""
    norm = weight.square().sum(dim, keepdim=True).sqrt()
    weight.mul_(norm.clamp(max=max_value) / (norm + 1e-7))


def unit_norm_(weight, dim):
    """Scale vectors, which lie along `dim`, to length 1."""
    norm = weight.square().sum(dim, keepdim=True).sqrt()
    weight.div_(norm + 1e-7)


def min_max_norm_(weight, min_value, max_value, rate, dim):
    """Bring the length of vectors, which lie along `dim`, this share of the way between limits."""
    norm = weight.square().sum(dim, keepdim=True).sqrt()
    wanted = rate * norm.clamp(min_value, max_value) + (1 - rate) * norm
    weight.mul_(wanted / (norm + 1e-7))


def stacked_(change, *tensors, **options):
    """Change tensors in place that belong together, stacked on a new first axis."""
    whole = torch.stack(tensors)
    change(whole, **options)
    for tensor, changed in zip(tensors, whole, strict=True):
        tensor.copy_(changed)
