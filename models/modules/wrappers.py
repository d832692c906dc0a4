"""Modules around another: both ways through a sequence."""

import torch
from torch import nn


class Bidirectional(nn.Module):
    """Two recurrent layers, one of which reads from the end, and their outputs merged.

    In a sequence of outputs, steps that `mask`, (batch, time), leaves out give zeros.
    """

    def __init__(self, forward_layer, backward_layer, merge_mode="concat"):
        super().__init__()
        self.forward_layer, self.backward_layer = forward_layer, backward_layer
        self.merge_mode = merge_mode

    def forward(self, x, mask=None):
        there, back = self.forward_layer(x, mask), self.backward_layer(x, mask)
        if not self.forward_layer.return_sequences:
            return self.merged(there, back)
        outputs = self.merged(there, back.flip(1))
        return outputs if mask is None else torch.where(mask.unsqueeze(2), outputs, 0.0)

    def merged(self, there, back):
        if self.merge_mode == "concat":
            return torch.cat([there, back], -1)
        if self.merge_mode == "mul":
            return there * back
        return there + back if self.merge_mode == "sum" else (there + back) / 2
