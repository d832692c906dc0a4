"""The first part of every model: raw rows in, features out, by what the training part taught."""

import math

import torch
from torch import Tensor, nn

from models.data.preparation import InputColumn, Preparation

WHITE = 255.0
"""The number that a stored pixel has where it is white; networks see 1."""
NEVER = -2.0
"""A code that no raw value has: the feature of a category that training has not seen stays zero."""
NUMBER, LOG, MISSING, LOOKUP, YEAR, MONTH, DAY, WEEKDAY, HOUR = (-3.0 - place for place in range(9))
"""Codes of features that are no categories."""
PERIODS = {"month": 12.0, "day": 31.0, "weekday": 7.0, "hour": 86_400.0}
"""Steps of the cycles of a date; of the hour in seconds, so that minutes count."""


class Preprocess(nn.Module):
    """Turns raw rows into features, inside the model, so that a model takes raw rows.

    Tables: float64 (N, slots), NaN missing, dates in seconds since 1970 → float32 (N, features):
    filled, scaled, encoded. A column has one slot, a text one for each id of its tokens, and these
    pass as they are. Worked out in float64, because large numbers that differ little, such
    as times, need it.
    Sequences: float64 (N, steps, columns) → float32 (N, steps, features), each step as a row; of
    whole groups, a step without any value is what they are filled up with, and becomes zeros.
    Images: uint8 (N, channels, height, width) → float32 from 0 to 1.

    What comes out is a tensor for each Input of the network, in their order. All that was fitted
    lives in buffers, and so in the `state_dict`.
    """

    fill: Tensor
    source: Tensor
    code: Tensor
    mean: Tensor
    scale: Tensor
    values: Tensor
    order: Tensor

    def __init__(self, preparation: Preparation) -> None:
        super().__init__()
        self.images = preparation.kind == "images"
        sequence = preparation.sequence
        self.filled_up = sequence is not None and sequence.kind == "groups"
        if self.images:
            self.register_buffer("scale", torch.tensor(WHITE))
            return
        columns = {column.name: column for column in preparation.columns}
        starts, fill = {}, []
        for column in preparation.columns:
            starts[column.name] = len(fill)
            fill += [column.fill] * slots(column)
        features = []
        self.widths = []
        tables = []
        for entering in preparation.inputs:
            before = len(features)
            for name in entering.columns:
                column, start = columns[name], starts[name]
                for place, feature in enumerate(column_features(column)):
                    features.append((start + place * (column.kind == "text"), *feature))
                tables += [column_values(column)] if column.encoding != "one_hot" else []
            self.widths.append(len(features) - before)
        source, code, mean, scale = zip(*features, strict=True)
        self.register_buffer("fill", torch.tensor(fill, dtype=torch.float64))
        self.register_buffer("source", torch.tensor(source, dtype=torch.int64))
        self.register_buffer("code", torch.tensor(code, dtype=torch.float64))
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float64))
        self.register_buffer("scale", torch.tensor(scale, dtype=torch.float64))
        if tables:
            longest = max(map(len, tables))
            tables = [row + [0.0] * (longest - len(row)) for row in tables]
            self.register_buffer("values", torch.tensor(tables, dtype=torch.float64))
        # Features of one kind are worked out together; what follows from the codes is not saved.
        kinds = [one if one < NEVER else 0.0 for one in code]
        self.kinds = sorted(set(kinds))
        together = []
        for number, kind in enumerate(self.kinds):
            members = [place for place, other in enumerate(kinds) if other == kind]
            self.register_buffer(f"members_{number}", torch.tensor(members), persistent=False)
            together += members
        order = sorted(range(len(together)), key=together.__getitem__)
        self.register_buffer("order", torch.tensor(order), persistent=False)

    def forward(self, raw: Tensor) -> tuple[Tensor, ...]:
        if self.images:
            return (raw.to(torch.float32) / self.scale,)
        return self.sequences(raw) if raw.dim() == 3 else self.rows(raw)

    def rows(self, raw: Tensor) -> tuple[Tensor, ...]:
        """Return the features of rows."""
        filled = torch.where(raw.isnan(), self.fill, raw)
        pieces = []
        for number, kind in enumerate(self.kinds):
            members = getattr(self, f"members_{number}")
            given = raw if kind == MISSING else filled
            made = self.features(kind, given[:, self.source[members]], members)
            pieces.append(made.to(torch.float32))
        features = pieces[0] if len(pieces) == 1 else torch.cat(pieces, dim=1)[:, self.order]
        return features.split(self.widths, dim=1)

    def sequences(self, raw: Tensor) -> tuple[Tensor, ...]:
        """Return the features of sequences, each step as a row by itself."""
        steps = raw.shape[1]
        made = self.rows(raw.reshape(-1, raw.shape[2]))
        made = tuple(one.reshape(-1, steps, one.shape[1]) for one in made)
        if not self.filled_up:
            return made
        behind = raw.isnan().all(dim=2, keepdim=True)
        return tuple(one.masked_fill(behind, 0.0) for one in made)

    def features(self, kind: float, x: Tensor, members: Tensor) -> Tensor:
        """Return the features of one kind, made of the values of their columns, (N, members)."""
        mean, scale = self.mean[members], self.scale[members]
        if kind == 0.0:
            return x == self.code[members]
        if kind == MISSING:
            return x.isnan()
        if kind == LOG:
            x = x.sign() * x.abs().log1p()
        elif kind == LOOKUP:
            # The first value is for what is no known category, whose code is −1.
            codes = x.to(torch.int64).clamp(-1, self.values.shape[1] - 2) + 1
            x = self.values.gather(1, codes.T).T
        elif kind != NUMBER:
            x = date_part(kind, x)
            if kind != YEAR:
                return (2 * math.pi * x / scale + mean).sin()
        return (x - mean) / scale


def date_part(kind: float, seconds: Tensor) -> Tensor:
    """Return a part of moments in seconds since 1970, each in its own steps, cycles from 0.

    The calendar is Howard Hinnant's `civil_from_days`, whose years begin in March.
    """
    if kind == HOUR:
        return seconds - (seconds / 86_400).floor() * 86_400
    days = (seconds / 86_400).floor()
    if kind == WEEKDAY:
        # 1970 began on a Thursday; a week on a Monday.
        return days + 3 - ((days + 3) / 7).floor() * 7
    days = days + 719_468
    era = (days / 146_097).floor()
    day = days - era * 146_097
    leaps = (day / 1_460).floor() - (day / 36_524).floor() + (day / 146_096).floor()
    year = ((day - leaps) / 365).floor()
    day = day - (365 * year + (year / 4).floor() - (year / 100).floor())
    month = ((5 * day + 2) / 153).floor()
    if kind == DAY:
        return day - ((153 * month + 2) / 5).floor()
    january = month >= 10
    if kind == MONTH:
        return torch.where(january, month - 10, month + 2)
    return year + era * 400 + january.to(seconds.dtype)


def entering(stored: Tensor) -> Tensor:
    """Return prepared features as a network takes them: pixels, uint8, as float32 from 0 to 1."""
    return stored.to(torch.float32) / WHITE if stored.dtype == torch.uint8 else stored


def slots(column: InputColumn) -> int:
    """Return how many numbers of a raw row a column takes."""
    return 1 if column.kind != "text" or column.text is None else column.text.length


def column_features(column: InputColumn) -> list[tuple[float, float, float]]:
    """Return (code, mean, scale) of each feature that the column becomes.

    Of a cycle `mean` is its phase, and `scale` its period.
    """
    indicator = [(MISSING, 0.0, 1.0)] if column.indicator else []
    if column.kind == "date":
        kinds = {"year": YEAR, "month": MONTH, "day": DAY, "weekday": WEEKDAY, "hour": HOUR}
        features = []
        for part in column.parts:
            if part.part in PERIODS:
                phases = (0.0, math.pi / 2)
                features += [(kinds[part.part], at, PERIODS[part.part]) for at in phases]
            else:
                features.append((kinds.get(part.part, NUMBER), part.mean, part.scale))
        return features + indicator
    if column.kind == "text":
        return [(NUMBER, 0.0, 1.0)] * slots(column)
    if column.kind != "category":
        return [(LOG if column.log else NUMBER, column.mean, column.scale), *indicator]
    if column.encoding != "one_hot":
        return [(LOOKUP, column.mean, column.scale)]
    seen = column.seen or [True] * len(column.categories or ())
    return [(float(code) if known else NEVER, 0.0, 1.0) for code, known in enumerate(seen)]


def column_values(column: InputColumn) -> list[float]:
    """Return what the codes of an ordinal or an indexed column become, from the code −1 on.

    Those that the training part has count on from 0, or from 1 for an index; all others are one
    below.
    """
    lowest = 0.0 if column.encoding == "index" else -1.0
    values, place = [lowest], lowest
    for known in column.seen or [True] * len(column.categories or ()):
        place += known
        values.append(place if known else lowest)
    return values
