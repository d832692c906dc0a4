"""Plots of functions: axes with round numbers, and one or two lines."""

import math
from collections.abc import Callable, Sequence

from tools.reference.svg import Drawing, Point

WIDTH, HEIGHT = 480, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 30, 40
"""Margins, which hold the numbers and the names of the axes."""

Curve = Sequence[Point]


def plot(
    says: str,
    across: str,
    up: str,
    curves: Sequence[Curve],
    ends: tuple[float, float] | None = None,
    sides: tuple[float, float] | None = None,
    filled: bool = False,
    apart: Sequence[tuple[Point, Point]] = (),
) -> str:
    """Return a plot of one or two curves as SVG.

    Args:
        says: what it shows, for those who do not see it.
        across: what x is; `up`: what y is.
        ends: of y; what lies beyond is cut off.
        sides: of x, where they are not those of the curves.
        filled: colours what lies between the first curve and 0.
        apart: points that are marked, each joined to where it ought to be.
    """
    points = [point for curve in curves for point in curve]
    low, high = ends or (min(y for _, y in points), max(y for _, y in points))
    if low == high:
        low, high = low - 1, high + 1
    left, right = sides or (min(x for x, _ in points), max(x for x, _ in points))
    drawing = Drawing(WIDTH, HEIGHT, says)

    def place(x: float, y: float) -> Point:
        return (
            LEFT + (x - left) / (right - left) * (WIDTH - LEFT - RIGHT),
            TOP + (high - y) / (high - low) * (HEIGHT - TOP - BOTTOM),
        )

    drawing.line([place(left, high), place(left, low), place(right, low)], "axis")
    if low < 0 < high:
        drawing.line([place(left, 0), place(right, 0)], "axis")
    for value in ticks(low, high):
        x, y = place(left, value)
        drawing.line([(x - 4, y), (x, y)], "axis")
        drawing.text((x - 8, y + 4), number(value), "end")
    for value in ticks(left, right):
        x, y = place(value, low)
        drawing.line([(x, y), (x, y + 4)], "axis")
        drawing.text((x, y + 17), number(value))
    drawing.text((WIDTH - RIGHT, HEIGHT - 6), across, "end")
    drawing.text((LEFT - 8, TOP - 14), up, "start")
    if filled:
        curve = curves[0]
        around = [(curve[0][0], 0.0), *curve, (curve[-1][0], 0.0)]
        drawing.shape([place(x, y) for x, y in around], "box")
    for curve, kind in reversed(list(zip(curves, ("first", "second"), strict=False))):
        for within in _runs(curve, lambda point: low <= point[1] <= high):
            drawing.line([place(x, y) for x, y in within], kind)
    for point, wanted in apart:
        x, y = place(*point)
        drawing.line([(x, y), place(*wanted)], "second")
        drawing.box((x - 3, y - 3), 6, 6, "mark")
    return str(drawing)


def ticks(low: float, high: float) -> list[float]:
    """Return three to six round numbers between two ends."""
    step = 10 ** math.floor(math.log10((high - low) / 2))
    step *= next(
        factor for factor in (5, 2, 1) if (high - low) / (factor * step) >= 2.5 or factor == 1
    )
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [place * step for place in range(first, last + 1)]


def number(value: float) -> str:
    """Return a number as an axis shows it."""
    return f"{value:,.6g}".replace("-", "−") if value else "0"


def bars(says: str, rows: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Return rows of bars side by side, each named, with their numbers above them."""
    drawing = Drawing(WIDTH, 190, says)
    room = (WIDTH - 40) / len(rows)
    for place, (name, values) in enumerate(rows):
        left, base = 20 + place * room, 120
        scale = 76 / max(max(map(abs, values)), 1e-9)
        wide = (room - 40) / len(values)
        for index, value in enumerate(values):
            x, tall = left + 20 + index * wide, abs(value) * scale
            below = value < 0
            squeezed = min(tall, 36) if below else tall
            drawing.box((x + 4, base if below else base - tall), wide - 8, squeezed)
            drawing.text(
                (x + wide / 2, base + squeezed + 14 if below else base - tall - 5),
                number(round(value, 3)),
            )
        drawing.line([(left + 12, base), (left + room - 12, base)], "axis")
        drawing.text((left + room / 2, 184), name)
    return str(drawing)


def contours(says: str, walked: Sequence[Point], curvature: tuple[float, float]) -> str:
    """Return a path over a bowl, ½·a·x² + ½·b·y², with lines of equal height."""
    side, reach = 300, 12.0
    drawing = Drawing(side, side, says)

    def place(x: float, y: float) -> Point:
        return (reach + x) / (2 * reach) * side, (reach - y) / (2 * reach) * side

    for height in (2.0, 12.0, 35.0, 75.0, 150.0):
        wide, tall = (math.sqrt(2 * height / bend) for bend in curvature)
        turns = [2 * math.pi * part / 72 for part in range(73)]
        around = [(wide * math.cos(turn), tall * math.sin(turn)) for turn in turns]
        for within in _runs(around, lambda point: max(map(abs, point)) <= reach):
            drawing.line([place(x, y) for x, y in within], "axis")
    drawing.line([place(x, y) for x, y in walked], "first")
    for x, y in walked:
        across, up = place(x, y)
        drawing.box((across - 2, up - 2), 4, 4, "mark")
    return str(drawing)


def _runs(points: Curve, seen: Callable[[Point], bool]) -> list[list[Point]]:
    """Return the parts of a line that can be seen."""
    found: list[list[Point]] = [[]]
    for point in points:
        if seen(point):
            found[-1].append(point)
        elif found[-1]:
            found.append([])
    return [part for part in found if len(part) > 1]
