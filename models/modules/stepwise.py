"""Recurrent layers step by step: any activation functions, dropout of the memory, filters."""

import torch
from torch import nn
from torch.nn import functional as F

from models.modules.recurrent import Recurrence


class Stepwise(Recurrence):
    """A recurrent layer as a loop, for what torch's own layers do not know; slower than they.

    Its weights bear the names that they have there, with the parts of the gates one upon another.
    `window` is the size of filters.
    """

    gates = 1

    def __init__(
        self,
        features,
        units,
        activation,
        bias=True,
        recurrent_dropout=0.0,
        window=(),
        **reading,
    ):
        super().__init__(**reading)
        self.units, self.activation = units, activation
        self.recurrent_dropout = recurrent_dropout
        self.weight_ih_l0 = nn.Parameter(torch.empty(self.gates * units, features, *window))
        self.weight_hh_l0 = nn.Parameter(torch.empty(self.gates * units, units, *window))
        self.bias_ih_l0 = nn.Parameter(torch.empty(self.gates * units)) if bias else None

    def read(self, x):
        given = self.given(x)
        output = carry = torch.zeros_like(given[:, 0, : self.units])
        noise = self.noise(output, self.recurrent_dropout, self.gates)
        outputs = []
        for step in given.unbind(1):
            output, carry = self.step(step, output, carry, noise)
            outputs.append(output)
        return torch.stack(outputs, 1)

    def given(self, x):
        """Return what the inputs contribute to all gates, at each step."""
        # As in Keras each gate has dropout masks of its own, where the memory is dropped too.
        count = self.gates if self.recurrent_dropout > 0 else 1
        noise = self.noise(x[:, :1], self.input_dropout, count)
        return self.weighted(x, self.weight_ih_l0, self.bias_ih_l0, noise)

    def step(self, given, output, carry, noise):
        """Return the next output and what else is remembered.

        `given` is what the inputs contribute, `noise` the dropout masks of the output, per gate.
        """
        raise NotImplementedError

    def weighted(self, x, weight, bias, noise):
        """Return x · weightᵀ + bias, x under the dropout mask of each gate, if there are any."""
        if noise is None:
            return F.linear(x, weight, bias)
        parts = zip(noise, weight.chunk(len(noise)), strict=True)
        result = torch.cat([F.linear(x * mask, part) for mask, part in parts], -1)
        return result if bias is None else result + bias


class StepwiseRNN(Stepwise):
    """A simple recurrent layer."""

    def step(self, given, output, carry, noise):
        output = self.activation(given + self.weighted(output, self.weight_hh_l0, None, noise))
        return output, carry


class StepwiseLSTM(Stepwise):
    """An LSTM; its gates are in the order input, forget, candidate, output."""

    gates = 4

    def __init__(self, features, units, activation, recurrent_activation, **options):
        super().__init__(features, units, activation, **options)
        self.recurrent_activation = recurrent_activation

    def step(self, given, output, carry, noise):
        sums = given + self.weighted(output, self.weight_hh_l0, None, noise)
        enter, keep, candidate, tell = sums.chunk(4, 1)
        carry = self.recurrent_activation(keep) * carry
        carry = carry + self.recurrent_activation(enter) * self.activation(candidate)
        return self.recurrent_activation(tell) * self.activation(carry), carry


class StepwiseGRU(Stepwise):
    """A GRU; its gates are in the order reset, update, candidate."""

    gates = 3

    def __init__(
        self, features, units, activation, recurrent_activation, reset_after=True, **options
    ):
        super().__init__(features, units, activation, **options)
        self.recurrent_activation, self.reset_after = recurrent_activation, reset_after
        bias = reset_after and self.bias_ih_l0 is not None
        self.bias_hh_l0 = nn.Parameter(torch.empty(3 * units)) if bias else None

    def step(self, given, output, carry, noise):
        reset, update, candidate = given.chunk(3, 1)
        if self.reset_after:
            sums = self.weighted(output, self.weight_hh_l0, self.bias_hh_l0, noise)
            from_reset, from_update, from_candidate = sums.chunk(3, 1)
            reset = self.recurrent_activation(reset + from_reset)
            candidate = candidate + reset * from_candidate
        else:
            gates, rest = self.weight_hh_l0.split((2 * self.units, self.units))
            sums = self.weighted(output, gates, None, None if noise is None else noise[:2])
            from_reset, from_update = sums.chunk(2, 1)
            reset = self.recurrent_activation(reset + from_reset) * output
            candidate = candidate + F.linear(reset if noise is None else reset * noise[2], rest)
        update = self.recurrent_activation(update + from_update)
        return update * output + (1 - update) * self.activation(candidate), carry


class ConvLSTM2d(StepwiseLSTM):
    """An LSTM whose weights are filters, over (batch, channels, time, height, width).

    `padding` is how many zeros are put around inputs: (left, right, top, bottom); memories keep
    their size. A step counts where `mask`, (batch, time, height, width), is True at any pixel.
    """

    def __init__(
        self,
        channels,
        filters,
        kernel_size,
        activation,
        recurrent_activation,
        padding=(0, 0, 0, 0),
        stride=1,
        dilation=1,
        **options,
    ):
        super().__init__(
            channels, filters, activation, recurrent_activation, window=kernel_size, **options
        )
        self.padding, self.stride, self.dilation = padding, stride, dilation
        height, width = (size - 1 for size in kernel_size)
        self.around = (width // 2, width - width // 2, height // 2, height - height // 2)

    def forward(self, x, mask=None):
        x, mask = x.transpose(1, 2), None if mask is None else mask.flatten(2).any(2)
        outputs = super().forward(x, mask)
        return outputs.transpose(1, 2) if self.return_sequences else outputs

    def given(self, x):
        noise, time = self.noise(x[:, 0], self.input_dropout, self.gates), x.shape[1]
        given = self.convolved(
            x.flatten(0, 1),
            self.weight_ih_l0,
            None if noise is None else noise.repeat_interleave(time, 1),
            self.padding,
            stride=self.stride,
            dilation=self.dilation,
        )
        if self.bias_ih_l0 is not None:
            given = given + self.bias_ih_l0[:, None, None]
        return given.unflatten(0, (-1, time))

    def weighted(self, x, weight, bias, noise):
        return self.convolved(x, weight, noise, self.around)

    def convolved(self, x, weight, noise, padding, **options):
        """Return what the filters of all gates say to x, under the dropout mask of each."""
        seen = [x] if noise is None else [x * mask for mask in noise]
        parts = zip(seen, weight.chunk(len(seen)), strict=True)
        return torch.cat([F.conv2d(F.pad(x, padding), part, **options) for x, part in parts], 1)
