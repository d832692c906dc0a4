"""Points on a plane in two classes, as many and as noisy as one likes.

The shapes are those that the playground of TensorFlow made known, and scikit-learn's two moons.
"""

import math
import random
from collections.abc import Callable

from models.errors import refuse

Point = tuple[float, float]
FEWEST, MOST = 20, 20_000
"""Points that may be asked for."""


def circle(draw: random.Random, second: bool) -> Point:
    """A disc, and a ring around it."""
    radius = draw.uniform(3.5, 5) if second else draw.uniform(0, 2.5)
    angle = draw.uniform(0, 2 * math.pi)
    return radius * math.sin(angle), radius * math.cos(angle)


def xor(draw: random.Random, second: bool) -> Point:
    """Opposite quarters of a square; a gap lies between the classes."""
    x, y = draw.uniform(0.3, 5), draw.uniform(0.3, 5)
    across = draw.random() < 0.5
    return (-x if across else x), (-y if across != second else y)


def gauss(draw: random.Random, second: bool) -> Point:
    """Two clouds."""
    centre = -2.0 if second else 2.0
    return draw.gauss(centre, 1), draw.gauss(centre, 1)


def spiral(draw: random.Random, second: bool) -> Point:
    """Two arms, one turned by half a circle."""
    along = draw.random()
    angle = 1.75 * along * 2 * math.pi + (math.pi if second else 0)
    return 5 * along * math.sin(angle), 5 * along * math.cos(angle)


def moons(draw: random.Random, second: bool) -> Point:
    """Two half circles that reach into each other."""
    angle = draw.uniform(0, math.pi)
    x, y = math.cos(angle), math.sin(angle)
    return (4 * (0.5 - x), 4 * (0.25 - y)) if second else (4 * (x - 0.5), 4 * (y - 0.25))


SHAPES: dict[str, Callable[[random.Random, bool], Point]] = {
    shape.__name__: shape for shape in (circle, xor, gauss, spiral, moons)
}


def points(shape: str, rows: int = 500, noise: float = 0.1, seed: int = 0) -> str:
    """Return a table as CSV: x, y and which of two classes, half of the rows each.

    Args:
        noise: standard deviation of what is added to x and y, as a part of 5, which is as far as
            the shapes reach.

    Raises:
        DocumentError: too few or too many rows, or more noise than 1; `where` is a path of the
            request.
    """
    if not FEWEST <= rows <= MOST:
        raise refuse(
            "out_of_range",
            f"Expected from {FEWEST} to {MOST:,} points, got {rows:,}.",
            path=["rows"],
        )
    if not 0 <= noise <= 1:
        raise refuse("out_of_range", f"Expected noise from 0 to 1, got {noise:g}.", path=["noise"])
    draw = random.Random(seed)
    lines = []
    for row in range(rows):
        second = row % 2 == 1
        x, y = SHAPES[shape](draw, second)
        x, y = x + draw.gauss(0, 5 * noise), y + draw.gauss(0, 5 * noise)
        lines.append(f"{x:.4f},{y:.4f},{'orange' if second else 'blue'}\n")
    draw.shuffle(lines)
    return "x,y,colour\n" + "".join(lines)
