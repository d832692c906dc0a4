"""Pictures of weights: how initializers make them, and what constraints make of them."""

import math

import torch
from torch import Tensor

from models.layers.constraints import Constraint
from models.layers.initializers import Initializer
from models.resolve import make
from tools.reference import cells, plots
from tools.reference.curves import Drawn
from tools.reference.svg import Drawing, Point

INPUTS, UNITS = 256, 128
"""Of the layer whose random weights are drawn."""
REACH, BINS = 0.25, 50
FEW = 6
"""Rows and columns of a matrix that is shown number by number."""

UNITS_BEFORE = ((2.6, 1.2), (-0.9, 2.1), (-1.4, -0.6), (0.4, -0.5))
"""The two weights of each of four units, to be constrained."""
SIDE, GAP, FURTHEST = 220, 70, 3.0


def begun(part: Initializer) -> Drawn:
    """Draw where the weights of a layer lie, or, of what is no sample, the matrix itself."""
    part = seeded(part)
    weight = made(part)
    if not sampled(part):
        seed = ", with the seed 0" if _has_seed(part) else ""
        says = f"The weights of {FEW} units with {FEW} inputs{seed}"
        return says, cells.matrix(says, weight.tolist())
    says = (
        f"Where the {weight.numel():,} weights of a layer of {UNITS} units with {INPUTS} inputs "
        f"begin, with the seed 0; their standard deviation is {float(weight.std()):.3f}"
    )
    return says, plots.plot(says, "weight", "weights", [steps(weight)], filled=True)


def seeded(part: Initializer) -> Initializer:
    """Return the initializer with the seed 0, if it draws at random."""
    return part.model_copy(update={"seed": 0}) if _has_seed(part) else part


def sampled(part: Initializer) -> bool:
    """Return whether the weights are drawn each by itself, so that many of them say most."""
    return _has_seed(part) and part.ranks[0] == 1


def made(part: Initializer) -> Tensor:
    """Return weights, (units, inputs)."""
    shape = (UNITS, INPUTS) if sampled(part) else (FEW, FEW)
    # Double precision is computed in one way on all processors.
    weight = torch.empty(shape, dtype=torch.float64)
    make(part.fill(), weight)
    return weight


def steps(weight: Tensor) -> list[Point]:
    """Return the outline of a histogram: both ends of each bin, with the number in it."""
    counts = torch.histc(weight, BINS, -REACH, REACH).tolist()
    ends = [REACH * (2 * place / BINS - 1) for place in range(BINS + 1)]
    return [
        (end, count) for place, count in enumerate(counts) for end in (ends[place], ends[place + 1])
    ]


def _has_seed(part: Initializer) -> bool:
    return "seed" in type(part).model_fields


def kept(part: Constraint) -> Drawn:
    """Draw units of two weights as arrows, before and after."""
    # Torch has (outputs, inputs), Keras's axes the other way round.
    weight = torch.tensor(UNITS_BEFORE, dtype=torch.float64)
    make(part.keep((1, 0)), weight)
    says = "Four units of two weights each, before and after; the circles have the radii 1, 2 and 3"
    drawing = Drawing(2 * SIDE + GAP, SIDE + 24, says)
    for place, (name, units) in enumerate((("before", UNITS_BEFORE), ("after", weight.tolist()))):
        centre = (place * (SIDE + GAP) + SIDE / 2, SIDE / 2)
        _plane(drawing, centre)
        for x, y in units:
            _arrow(drawing, centre, _at(centre, x, y))
        drawing.text((centre[0], SIDE + 18), name)
    middle = SIDE / 2
    drawing.line([(SIDE + 14, middle), (SIDE + GAP - 14, middle)], "axis")
    end = SIDE + GAP - 14
    drawing.line([(end - 8, middle - 5), (end, middle), (end - 8, middle + 5)], "axis")
    return says, str(drawing)


def _at(centre: Point, x: float, y: float) -> Point:
    scale = (SIDE / 2 - 4) / FURTHEST
    return centre[0] + x * scale, centre[1] - y * scale


def _plane(drawing: Drawing, centre: Point) -> None:
    turns = [2 * math.pi * part / 48 for part in range(49)]
    for radius in (1, 2, 3):
        around = [_at(centre, radius * math.cos(turn), radius * math.sin(turn)) for turn in turns]
        drawing.line(around, "faint")
    drawing.line([_at(centre, -FURTHEST, 0), _at(centre, FURTHEST, 0)], "axis")
    drawing.line([_at(centre, 0, -FURTHEST), _at(centre, 0, FURTHEST)], "axis")


def _arrow(drawing: Drawing, start: Point, end: Point) -> None:
    drawing.line([start, end], "first")
    length = math.dist(start, end)
    if length < 1:
        return
    along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
    head = [
        (end[0] - 9 * along[0] + side * along[1], end[1] - 9 * along[1] - side * along[0])
        for side in (-4, 4)
    ]
    drawing.line([head[0], end, head[1]], "first")
