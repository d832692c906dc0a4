"""Where in a sequence a step stands, as numbers that attention can see."""

import torch
from torch import nn


class PositionEmbedding(nn.Module):
    """A learned vector for each position: (batch, time, features) → the same, without the input."""

    def __init__(self, length, features):
        super().__init__()
        self.position_embeddings = nn.Parameter(torch.empty(length, features))

    def forward(self, x):
        return self.position_embeddings[: x.shape[1]].expand_as(x)


class SinePositionEncoding(nn.Module):
    """Waves of growing length over the positions: (batch, time, features) → the same shape.

    Even features are sines and odd ones cosines, from "Attention is all you need" (2017).
    """

    def __init__(self, max_wavelength=10_000):
        super().__init__()
        self.max_wavelength = max_wavelength

    def forward(self, x):
        feature = torch.arange(x.shape[2], device=x.device)
        speed = self.max_wavelength ** (-2 * (feature // 2) / x.shape[2])
        angle = torch.arange(x.shape[1], device=x.device)[:, None] * speed
        waves = torch.where(feature % 2 == 0, angle.sin(), angle.cos())
        return waves.to(x.dtype).expand_as(x)
