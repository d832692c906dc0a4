"""Modules over sequences as Keras has them: (batch, time, features)."""

# The mixin's forward calls that of the module that it is mixed into.
# pyright: reportAttributeAccessIssue=false, reportIncompatibleMethodOverride=false

from torch import nn


class TimeFirst:
    """Lets a module of (batch, channels, length) work on (batch, time, features)."""

    def forward(self, x):
        return super().forward(x.mT).mT


class Conv1d(TimeFirst, nn.Conv1d):
    """A convolution over (batch, time, features)."""


class ConvTranspose1d(TimeFirst, nn.ConvTranspose1d):
    """A transposed convolution over (batch, time, features)."""


class MaxPool1d(TimeFirst, nn.MaxPool1d):
    """Max pooling over (batch, time, features)."""


class AvgPool1d(TimeFirst, nn.AvgPool1d):
    """Average pooling over (batch, time, features)."""


class AdaptiveMaxPool1d(TimeFirst, nn.AdaptiveMaxPool1d):
    """Max pooling of (batch, time, features) to a given number of time steps."""


class AdaptiveAvgPool1d(TimeFirst, nn.AdaptiveAvgPool1d):
    """Average pooling of (batch, time, features) to a given number of time steps."""


class Upsample1d(TimeFirst, nn.Upsample):
    """Repeats the time steps of (batch, time, features)."""
