"""The first part of every model: raw rows in, features out, by what the training part taught."""

import torch
from torch import Tensor, nn

from models.data.ends import OutputEnd
from models.data.interface import Entry, Goal, Interface, of_ends
from models.data.preparation import InputColumn, Preparation

NEVER = -2.0
"""A code that no raw value has: the feature of a category that training has not seen stays zero."""
NUMBER = -3.0


class Preprocess(nn.Module):
    """Turns raw rows into features, inside the model, so that a model takes raw rows.

    Tables: float64 (N, columns), NaN missing → float32 (N, features): filled, standardised and
    one-hot. Worked out in float64, because large numbers that differ little, such as times, need
    it.
    Images: uint8 (N, channels, height, width) → float32 from 0 to 1.

    What comes out is a tensor for each Input of the network, in their order. All that was fitted
    lives in buffers, and so in the `state_dict`.
    """

    fill: Tensor
    source: Tensor
    code: Tensor
    mean: Tensor
    scale: Tensor

    def __init__(self, preparation: Preparation) -> None:
        super().__init__()
        self.images = preparation.kind == "images"
        if self.images:
            self.register_buffer("scale", torch.tensor(255.0))
            return
        places = {column.name: place for place, column in enumerate(preparation.columns)}
        features = []
        self.widths = []
        for entering in preparation.inputs:
            before = len(features)
            for place in map(places.__getitem__, entering.columns):
                told = column_features(preparation.columns[place])
                features += [(place, *feature) for feature in told]
            self.widths.append(len(features) - before)
        source, code, mean, scale = zip(*features, strict=True)
        fill = [column.fill for column in preparation.columns]
        self.register_buffer("fill", torch.tensor(fill, dtype=torch.float64))
        self.register_buffer("source", torch.tensor(source, dtype=torch.int64))
        self.register_buffer("code", torch.tensor(code, dtype=torch.float64))
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float64))
        self.register_buffer("scale", torch.tensor(scale, dtype=torch.float64))

    def forward(self, raw: Tensor) -> tuple[Tensor, ...]:
        if self.images:
            return (raw.to(torch.float32) / self.scale,)
        filled = torch.where(torch.isnan(raw), self.fill, raw)[:, self.source]
        numbers = (filled - self.mean) / self.scale
        features = torch.where(self.code == NUMBER, numbers, filled == self.code)
        return features.to(torch.float32).split(self.widths, dim=1)


def column_features(column: InputColumn) -> list[tuple[float, float, float]]:
    """Return (code, mean, scale) of each feature that the column becomes."""
    if column.kind != "category":
        return [(NUMBER, column.mean, column.scale)]
    seen = column.seen or [True] * len(column.categories or ())
    return [(float(code) if known else NEVER, 0.0, 1.0) for code, known in enumerate(seen)]


def interface_of(preparation: Preparation) -> Interface:
    """Return what prepared rows ask of a network, as `interface` tells of the dataset."""
    widths = {column.name: len(column_features(column)) for column in preparation.columns}
    entries = tuple(
        Entry(
            preparation.image_shape or (sum(widths[name] for name in entering.columns),),
            tuple(entering.columns),
            entering.node,
        )
        for entering in preparation.inputs
    )
    goals = tuple(
        Goal(
            output.task,
            tuple(output.classes) if output.classes is not None else None,
            output.target,
            OutputEnd(output.node, output.target),
        )
        for output in preparation.outputs
    )
    return of_ends(entries, goals, tuple(column.name for column in preparation.columns))
