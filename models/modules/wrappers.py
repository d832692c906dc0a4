"""Modules around another: both ways through a sequence."""

import torch
from torch import nn


class Bidirectional(nn.Module):
    """Two recurrent layers, one of which reads from the end, and their outputs merged.

    In a sequence of outputs, steps that `mask`, (batch, time), leaves out give zeros. `activity`
    takes note of the outputs of both.
    """

    def __init__(self, forward_layer, backward_layer, merge_mode="concat", activity=None):
        super().__init__()
        self.forward_layer, self.backward_layer = forward_layer, backward_layer
        self.merge_mode, self.activity = merge_mode, activity

    def forward(self, x, mask=None):
        there, back = self.forward_layer(x, mask), self.backward_layer(x, mask)
        if self.forward_layer.return_sequences:
            back = back.flip(1)
            if mask is not None:
                counted = mask.unsqueeze(2)
                there, back = torch.where(counted, there, 0.0), torch.where(counted, back, 0.0)
        if self.activity is not None:
            self.activity(torch.cat([there, back], -1))
        return self.merged(there, back)

    def merged(self, there, back):
        if self.merge_mode == "concat":
            return torch.cat([there, back], -1)
        if self.merge_mode == "mul":
            return there * back
        return there + back if self.merge_mode == "sum" else (there + back) / 2
