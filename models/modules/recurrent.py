"""Recurrent layers as Keras has them, by the kernels of torch."""

# Ours give a tensor where torch's give a pair; that is what they are for.
# pyright: reportIncompatibleMethodOverride=false, reportArgumentType=false

import torch
from torch import nn
from torch.nn import functional as F


class Recurrence(nn.Module):
    """How recurrent layers read: (batch, time, features) → the last output, or all in sequence.

    A subclass computes all outputs in `read`. Steps at which `mask`, (batch, time), is False do not
    count: they leave the memory as it is and repeat the output before them, zeros at the beginning.
    """

    def __init__(
        self, *args, return_sequences=False, go_backwards=False, input_dropout=0.0, **options
    ):
        super().__init__(*args, **options)
        self.return_sequences, self.go_backwards = return_sequences, go_backwards
        self.input_dropout = input_dropout

    def forward(self, x, mask=None):
        if self.go_backwards:
            x, mask = x.flip(1), None if mask is None else mask.flip(1)
        if mask is None:
            outputs = self.read(x)
        else:
            # As if the steps that do not count were not there.
            counted = mask.cumsum(1)
            outputs = self.repeated(self.read(self.gathered(x, mask, counted)), counted)
        return outputs if self.return_sequences else outputs[:, -1]

    def read(self, x):
        raise NotImplementedError

    def gathered(self, x, mask, counted):
        """Move the steps that count to the beginning, in their order, and put zeros behind them."""
        place = self.like(x, torch.where(mask, counted - 1, x.shape[1]))
        room = x.new_zeros(x.shape[0], x.shape[1] + 1, *x.shape[2:])
        return room.scatter(1, place.expand_as(x), x)[:, :-1]

    def repeated(self, outputs, counted):
        """Give every step the output of the last one that counts."""
        counted = self.like(outputs, counted)
        last = (counted - 1).clamp(min=0).expand_as(outputs)
        return torch.where(counted > 0, outputs.gather(1, last), 0.0)

    def like(self, x, steps):
        """Return what is told of each step, (batch, time), with as many axes as x has."""
        return steps.reshape(*steps.shape, *(1 for _ in x.shape[2:]))

    def noise(self, like, rate, count=1):
        """Return that many dropout masks for a tensor; None where nothing is dropped."""
        if not self.training or rate == 0:
            return None
        return F.dropout(like.new_ones(count, *like.shape), rate)

    def dropped(self, x):
        """Drop the same features at every step of a sequence."""
        noise = self.noise(x[:, :1], self.input_dropout)
        return x if noise is None else x * noise[0]


class SimpleRNN(Recurrence, nn.RNN):
    """A recurrent layer with one bias, as in Keras."""

    def __init__(self, features, units, nonlinearity="tanh", bias=True, **reading):
        options = {"nonlinearity": nonlinearity, "bias": bias, "batch_first": True}
        super().__init__(features, units, **options, **reading)
        if bias:
            nn.init.zeros_(self.bias_hh_l0).requires_grad_(False)

    def read(self, x):
        return nn.RNN.forward(self, self.dropped(x))[0]


class LSTM(Recurrence, nn.LSTM):
    """An LSTM with one bias, as in Keras."""

    def __init__(self, features, units, bias=True, **reading):
        super().__init__(features, units, bias=bias, batch_first=True, **reading)
        if bias:
            nn.init.zeros_(self.bias_hh_l0).requires_grad_(False)

    def read(self, x):
        return nn.LSTM.forward(self, self.dropped(x))[0]


class GRU(Recurrence, nn.GRU):
    """A GRU as in Keras, with its reset gate after the multiplication."""

    def __init__(self, features, units, bias=True, **reading):
        super().__init__(features, units, bias=bias, batch_first=True, **reading)

    def read(self, x):
        return nn.GRU.forward(self, self.dropped(x))[0]
