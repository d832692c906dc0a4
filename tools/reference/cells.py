"""Matrices as cells, coloured by their numbers."""

from collections.abc import Sequence

from tools.reference.plots import number
from tools.reference.svg import Drawing, Point

WIDE, TALL = 56, 30


def matrix(says: str, values: Sequence[Sequence[float]]) -> str:
    """Return a matrix, what is above 0 in one colour, what is below in another."""
    margin = 10
    drawing = Drawing(2 * margin + len(values[0]) * WIDE, 2 * margin + len(values) * TALL, says)
    cells(drawing, (margin, margin), values)
    return str(drawing)


def cells(
    drawing: Drawing, corner: Point, values: Sequence[Sequence[float]], decimals: int = 2
) -> None:
    """Draw numbers as cells, the strongest colour for the one that is furthest from 0."""
    reach = max(abs(value) for row in values for value in row) or 1.0
    for row, numbers in enumerate(values):
        for column, value in enumerate(numbers):
            x, y = corner[0] + column * WIDE, corner[1] + row * TALL
            drawing.tint((x, y), WIDE, TALL, value / reach)
            drawing.text((x + WIDE / 2, y + TALL / 2 + 4), number(round(value, decimals)))
    grid(drawing, corner, len(values), len(values[0]))


def grid(drawing: Drawing, corner: Point, rows: int, columns: int) -> None:
    """Draw the lines around cells."""
    (left, top), (right, bottom) = corner, (corner[0] + columns * WIDE, corner[1] + rows * TALL)
    for row in range(rows + 1):
        drawing.line([(left, top + row * TALL), (right, top + row * TALL)], "axis")
    for column in range(columns + 1):
        drawing.line([(left + column * WIDE, top), (left + column * WIDE, bottom)], "axis")
