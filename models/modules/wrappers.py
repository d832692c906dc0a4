"""Modules around another: both ways through a sequence, and a layer for each step."""

import torch
from torch import nn


class Bidirectional(nn.Module):
    """Two recurrent layers, one of which reads from the end, and their outputs merged.

    In a sequence of outputs, steps that `mask`, (batch, time, ...), leaves out give zeros.
    `activity` takes note of the outputs of both. `time` and `features` are axes of the outputs.
    """

    def __init__(
        self, forward_layer, backward_layer, merge_mode="concat", activity=None, time=1, features=-1
    ):
        super().__init__()
        self.forward_layer, self.backward_layer = forward_layer, backward_layer
        self.merge_mode, self.activity = merge_mode, activity
        self.time, self.features = time, features

    def forward(self, x, mask=None):
        there, back = self.forward_layer(x, mask), self.backward_layer(x, mask)
        if self.forward_layer.return_sequences:
            back = back.flip(self.time)
            if mask is not None:
                counted = mask.flatten(2).any(2) if mask.dim() > 2 else mask
                ends = [1] * there.dim()
                ends[0], ends[self.time] = counted.shape
                counted = counted.reshape(ends)
                there, back = torch.where(counted, there, 0.0), torch.where(counted, back, 0.0)
        if self.activity is not None:
            self.activity(torch.cat([there, back], self.features))
        return self.merged(there, back)

    def merged(self, there, back):
        if self.merge_mode == "concat":
            return torch.cat([there, back], self.features)
        if self.merge_mode == "mul":
            return there * back
        return there + back if self.merge_mode == "sum" else (there + back) / 2


def steps_first(x):
    """Return x with the time after the batch, and each step with its axes in their own order.

    (batch, time, features) stays; (batch, features, time, length) → (batch, time, length,
    features); (batch, channels, time, height, width) → (batch, time, channels, height, width).
    """
    if x.dim() == 4:
        return x.movedim(1, -1)
    return x.transpose(1, 2) if x.dim() > 4 else x


def steps_back(x):
    """Return what `steps_first` gave as it was before."""
    if x.dim() == 4:
        return x.movedim(-1, 1)
    return x.transpose(1, 2) if x.dim() > 4 else x


class TimeDistributed(nn.Module):
    """A layer for each step of a sequence.

    `mask`, (batch, time, ...), goes to the layer step by step too. In training a layer that looks
    at a whole batch gets the steps `one_by_one`; else each of them is an example.
    """

    def __init__(self, layer, one_by_one=False):
        super().__init__()
        self.layer, self.one_by_one = layer, one_by_one

    def forward(self, x, mask=None):
        x = steps_first(x)
        if self.one_by_one and self.training:
            masks = [{}] * x.shape[1] if mask is None else [{"mask": m} for m in mask.unbind(1)]
            steps = zip(x.unbind(1), masks, strict=True)
            return steps_back(torch.stack([self.layer(step, **m) for step, m in steps], 1))
        masks = {} if mask is None else {"mask": mask.flatten(0, 1)}
        outputs = self.layer(x.flatten(0, 1), **masks)
        return steps_back(outputs.unflatten(0, (-1, x.shape[1])))
