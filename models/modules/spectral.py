"""Spectral normalisation as Keras does it: by changing the weights themselves in training."""

import torch
from torch import nn
from torch.nn import functional as F


class SpectralNormalization(nn.Module):
    """A layer whose weight is divided by its largest singular value before each step of training.

    `axis` is that of the weight along which the columns of its matrix lie. Weights of zeros stay.
    """

    vector_u: torch.Tensor

    def __init__(self, layer, axis=0, power_iterations=1):
        super().__init__()
        self.layer, self.axis, self.power_iterations = layer, axis, power_iterations
        self.register_buffer("vector_u", torch.empty(layer.weight.shape[axis]))

    def forward(self, x):
        if not self.training:
            return self.layer(x)
        self.divide()
        # A copy, so that another step may change the weight before gradients are taken.
        return torch.func.functional_call(self.layer, {"weight": self.layer.weight.clone()}, x)

    @torch.no_grad()
    def divide(self):
        weight = self.layer.weight
        columns = weight.movedim(self.axis, 0).flatten(1)
        u, v = self.improved(columns, self.vector_u)
        for _ in range(self.power_iterations - 1):
            u, v = self.improved(columns, u)
        some = weight.any()
        self.vector_u.copy_(torch.where(some, u, self.vector_u))
        weight.copy_(torch.where(some, weight / (u @ columns @ v), weight))

    def improved(self, columns, u):
        v = F.normalize(u @ columns, dim=0, eps=1e-7)
        return F.normalize(columns @ v, dim=0, eps=1e-7), v
