"""Pictures of shapes: what goes into a layer, and what comes out."""

from collections.abc import Sequence

from tools.reference.svg import Drawing, Point

Shape = Sequence[int]

ROOM, HEIGHT = 190, 190
ARROW = 90
LONGEST = 88.0
"""Pixels of the longest side of a tensor."""
NAMES = {
    1: ("features",),
    2: ("time", "features"),
    3: ("channels", "height", "width"),
    4: ("channels", "depth", "height", "width"),
}


def shapes(name: str, inputs: Sequence[Shape], output: Shape) -> str:
    """Return a picture of tensors that go into a layer, and of the one that comes out."""
    count = max(len(inputs), 1)
    says = f"{name}: {' and '.join(map(str, inputs)) or 'data'} becomes {output}"
    drawing = Drawing(count * ROOM + ARROW + ROOM, HEIGHT, says)
    longest = max(max(shape) for shape in (*inputs, output))
    for place, shape in enumerate(inputs):
        tensor(drawing, (place * ROOM + ROOM / 2, HEIGHT / 2 - 12), shape, longest)
    start = count * ROOM + 8
    drawing.line([(start, 80), (start + ARROW - 16, 80)], "axis")
    drawing.line(
        [(start + ARROW - 24, 75), (start + ARROW - 16, 80), (start + ARROW - 24, 85)], "axis"
    )
    drawing.text((start + ARROW / 2 - 8, 70), name if len(name) < 14 else "")
    tensor(drawing, (count * ROOM + ARROW + ROOM / 2, HEIGHT / 2 - 12), output, longest)
    return str(drawing)


def tensor(drawing: Drawing, centre: Point, shape: Shape, longest: int) -> None:
    """Draw a tensor as a row, a sheet, a block or several blocks, its sides by their sizes."""
    sizes = [max(8.0, LONGEST * (size / longest) ** 0.4) for size in shape]
    if len(sizes) == 1:
        _block(drawing, centre, 14, sizes[0], 0)
    elif len(sizes) == 2:
        _block(drawing, centre, sizes[0], sizes[1], 0)
    else:
        *_, tall, wide = sizes
        deep = sizes[0] * 0.6
        copies = 3 if len(sizes) == 4 else 1
        for copy in range(copies):
            away = (copy - (copies - 1) / 2) * 10
            _block(drawing, (centre[0] - away, centre[1] + away), wide, tall, deep)
    x, _ = centre
    drawing.text((x, HEIGHT - 22), f"({', '.join(f'{size:,}' for size in shape)})")
    names = NAMES.get(len(shape))
    if names:
        drawing.text((x, HEIGHT - 6), ", ".join(names))


def _block(drawing: Drawing, centre: Point, wide: float, tall: float, deep: float) -> None:
    shift = deep * 0.6
    x, y = centre[0] - (wide + shift) / 2, centre[1] - (tall - shift) / 2
    drawing.box((x, y), wide, tall)
    if deep:
        drawing.shape(
            [(x, y), (x + shift, y - shift), (x + wide + shift, y - shift), (x + wide, y)], "side"
        )
        drawing.shape(
            [
                (x + wide, y),
                (x + wide + shift, y - shift),
                (x + wide + shift, y + tall - shift),
                (x + wide, y + tall),
            ],
            "side",
        )
