"""Pictures of windows that slide: which places of the input meet in a place of the output."""

from models.layers.base import Window
from tools.reference.svg import Drawing, Point

CELL, ROOM, TOP = 18, 60, 14
PLACES = 4
"""How many places of the window are drawn along each axis."""


def window(name: str, slides: Window) -> tuple[str, str]:
    """Return in words what is seen, and the picture; of more than two axes, the last two."""
    size, strides = _rows_columns(slides.size), _rows_columns(slides.strides)
    whole = tuple(
        (PLACES - 1) * stride + wide if wide > 1 or stride > 1 else 1
        for wide, stride in zip(size, strides, strict=True)
    )
    few = tuple(1 if side == 1 else PLACES for side in whole)
    over_input = slides.over == "input"
    left, right = (whole, few) if over_input else (few, whole)
    start, end = (14, TOP), (14 + left[1] * CELL + ROOM, TOP)
    large, small = (start, end) if over_input else (end, start)
    says = (
        f"A window of {_told(slides.size)} moves by {_told(slides.strides)} over the {slides.over}"
    )
    drawing = Drawing(
        int(end[0] + right[1] * CELL + 14),
        2 * TOP + max(left[0], right[0]) * CELL + 20,
        f"{name}: {says}",
    )
    _grid(drawing, start, left)
    _grid(drawing, end, right)
    ahead = min(1, few[1] - 1)
    next_place = (large[0] + ahead * strides[1] * CELL, large[1])
    tall, wide = size[0] * CELL, size[1] * CELL
    drawing.box(next_place, wide, tall, "second")
    drawing.box((small[0] + ahead * CELL, small[1]), CELL, CELL, "second")
    drawing.box(large, wide, tall, "mark")
    drawing.box(small, CELL, CELL, "mark")
    for words, corner, grid in (("input", start, left), ("output", end, right)):
        middle = corner[0] + grid[1] * CELL / 2
        drawing.text((middle, drawing.height - 8), words)
    return says, str(drawing)


def _rows_columns(sizes: tuple[int, ...]) -> tuple[int, int]:
    return (1, sizes[0]) if len(sizes) == 1 else (sizes[-2], sizes[-1])


def _told(sizes: tuple[int, ...]) -> str:
    return " × ".join(map(str, sizes))


def _grid(drawing: Drawing, corner: Point, size: tuple[int, ...]) -> None:
    (x, y), (rows, columns) = corner, size
    for row in range(rows + 1):
        drawing.line([(x, y + row * CELL), (x + columns * CELL, y + row * CELL)], "axis")
    for column in range(columns + 1):
        drawing.line([(x + column * CELL, y), (x + column * CELL, y + rows * CELL)], "axis")
