"""Look-ups of whole-number codes."""

# pyright: reportIncompatibleMethodOverride=false

from torch import nn


class Embedding(nn.Embedding):
    """An embedding that also takes whole numbers kept as floats, as tables of data have them."""

    def forward(self, x):
        return super().forward(x.long())
