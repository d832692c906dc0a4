"""Recurrent layers as Keras has them."""

# Ours give a tensor where torch's give a pair; that is what they are for.
# pyright: reportIncompatibleMethodOverride=false, reportArgumentType=false

from torch import nn


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
