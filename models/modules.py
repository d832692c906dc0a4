"""Modules that PyTorch lacks. They are printed word for word into the source that is handed out.

So each stands on its own: it needs nothing but `torch`, `nn` and `F`.
"""

# Our recurrent layers give a tensor where torch's give a pair; that is what they are for.
# pyright: reportIncompatibleMethodOverride=false, reportArgumentType=false

import inspect

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


class Embedding(nn.Embedding):
    """An embedding that also takes whole numbers kept as floats, as tables of data have them."""

    def forward(self, x):
        return super().forward(x.long())


class SimpleRNN(nn.RNN):
    """A recurrent layer with one bias, as in Keras: (batch, time, features) → its last output.

    With return_sequences, all its outputs.
    """

    def __init__(
        self,
        features,
        units,
        nonlinearity="tanh",
        bias=True,
        return_sequences=False,
        go_backwards=False,
    ):
        super().__init__(features, units, nonlinearity=nonlinearity, bias=bias, batch_first=True)
        self.return_sequences, self.go_backwards = return_sequences, go_backwards
        if bias:
            nn.init.zeros_(self.bias_hh_l0).requires_grad_(False)

    def forward(self, x):
        outputs, _ = super().forward(x.flip(1) if self.go_backwards else x)
        return outputs if self.return_sequences else outputs[:, -1]


class LSTM(nn.LSTM):
    """An LSTM with one bias, as in Keras: (batch, time, features) → its last output.

    With return_sequences, all its outputs.
    """

    def __init__(self, features, units, bias=True, return_sequences=False, go_backwards=False):
        super().__init__(features, units, bias=bias, batch_first=True)
        self.return_sequences, self.go_backwards = return_sequences, go_backwards
        if bias:
            nn.init.zeros_(self.bias_hh_l0).requires_grad_(False)

    def forward(self, x):
        outputs, _ = super().forward(x.flip(1) if self.go_backwards else x)
        return outputs if self.return_sequences else outputs[:, -1]


class GRU(nn.GRU):
    """A GRU as in Keras (reset_after): (batch, time, features) → its last output.

    With return_sequences, all its outputs.
    """

    def __init__(self, features, units, bias=True, return_sequences=False, go_backwards=False):
        super().__init__(features, units, bias=bias, batch_first=True)
        self.return_sequences, self.go_backwards = return_sequences, go_backwards

    def forward(self, x):
        outputs, _ = super().forward(x.flip(1) if self.go_backwards else x)
        return outputs if self.return_sequences else outputs[:, -1]


def scaled_normal_(weight, scale=1.0, fan="in"):
    """Fill with Keras's normal distribution cut off at two deviations, of variance scale / fan."""
    fan_in = weight[0].numel()
    fan_out = weight.numel() // weight.shape[1]
    size = {"in": fan_in, "mean": (fan_in + fan_out) / 2}[fan]
    # The cut takes variance away: 0.8796… is the deviation of a normal cut off at ±2.
    std = (scale / size) ** 0.5 / 0.87962566103423978
    return nn.init.trunc_normal_(weight, std=std, a=-2 * std, b=2 * std)


OWN = {
    thing.__name__: thing
    for thing in (BatchNormalization, Embedding, SimpleRNN, LSTM, GRU, scaled_normal_)
}
"""By the name that Calls use."""


def source_of(name: str) -> str:
    """Return the source of one of our own modules or functions."""
    return inspect.getsource(OWN[name])
