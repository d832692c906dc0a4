"""Small drawings as SVG: the same bytes on every machine, readable on light and on dark paper."""

from collections.abc import Sequence
from html import escape

Point = tuple[float, float]

STYLE = """\
text{font:12px system-ui,sans-serif;fill:#54565f}
.axis{stroke:#8b8d95;fill:none}
.faint{stroke:#8b8d95;stroke-opacity:.4;fill:none}
.first{stroke:#3b5bdb;fill:none;stroke-width:2.2}
.second{stroke:#b8540a;fill:none;stroke-width:1.8;stroke-dasharray:5 4}
.box{stroke:#3b5bdb;fill:#3b5bdb;fill-opacity:.12}
.side{stroke:#3b5bdb;fill:#3b5bdb;fill-opacity:.25}
.mark{stroke:#b8540a;fill:#b8540a;fill-opacity:.3}
.more{fill:#3b5bdb}.less{fill:#b8540a}
@media (prefers-color-scheme:dark){text{fill:#b0b3bd}
.first{stroke:#8ea3ff}.second{stroke:#f59a4c}
.box,.side{stroke:#8ea3ff;fill:#8ea3ff}.mark{stroke:#f59a4c;fill:#f59a4c}
.more{fill:#8ea3ff}.less{fill:#f59a4c}}"""
"""The app draws the same classes in its own colours instead."""
STRONGEST = 0.35
"""The opacity of the strongest tint, on which numbers can still be read."""


class Drawing:
    """A drawing of so many pixels, put together part by part."""

    def __init__(self, width: int, height: int, says: str) -> None:
        self.width, self.height, self._says = width, height, says
        self._parts: list[str] = []

    def line(self, points: Sequence[Point], kind: str) -> None:
        """Draw a line through the points."""
        self._parts.append(f'<polyline class="{kind}" points="{_places(points)}"/>')

    def shape(self, points: Sequence[Point], kind: str) -> None:
        """Fill the area between the points."""
        self._parts.append(f'<polygon class="{kind}" points="{_places(points)}"/>')

    def box(self, corner: Point, width: float, height: float, kind: str = "box") -> None:
        """Draw a rectangle from its upper left corner."""
        (x, y), place = corner, shown
        self._parts.append(
            f'<rect class="{kind}" x="{place(x)}" y="{place(y)}" '
            f'width="{place(width)}" height="{place(height)}"/>'
        )

    def tint(self, corner: Point, width: float, height: float, share: float) -> None:
        """Colour a rectangle the more strongly the nearer a number is to 1, or, below 0, to -1."""
        (x, y), kind = corner, "less" if share < 0 else "more"
        self._parts.append(
            f'<rect class="{kind}" x="{shown(x)}" y="{shown(y)}" width="{shown(width)}" '
            f'height="{shown(height)}" fill-opacity="{abs(share) * STRONGEST:.2f}"/>'
        )

    def image(self, corner: Point, rows: Sequence[Sequence[tuple[float, int]]], pixel: int) -> None:
        """Draw pixels from rows of a brightness from 0 to 1 and how many pixels it goes on.

        Their greys are those of the image, whatever the paper is.
        """
        across = sum(count for _, count in rows[0])
        paths: dict[float, list[str]] = {}
        for y, row in enumerate(rows):
            x = 0
            for grey, count in row:
                paths.setdefault(grey, []).append(f"M{x} {y}h{count}")
                x += count
        base = max(paths, key=lambda grey: (len(paths[grey]), -grey))
        place = f"translate({shown(corner[0])} {shown(corner[1])}) scale({pixel})"
        self._parts.append(f'<g transform="{place}" shape-rendering="crispEdges">')
        size = f'width="{across}" height="{len(rows)}"'
        self._parts.append(f'<rect fill="{_grey(base)}" {size}/>')
        # Lines of one pixel, through the middles of the rows, take half as many letters as areas.
        for grey in sorted(paths.keys() - {base}):
            self._parts.append(
                f'<path transform="translate(0 .5)" stroke="{_grey(grey)}" '
                f'd="{"".join(paths[grey])}"/>'
            )
        self._parts.append("</g>")

    def text(self, place: Point, words: str, anchor: str = "middle") -> None:
        """Write words; `anchor` says which of their ends is at the place."""
        x, y = map(shown, place)
        self._parts.append(
            f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(words, quote=False)}</text>'
        )

    def __str__(self) -> str:
        says, size = escape(self._says), f"{self.width} {self.height}"
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" '
                f'width="{self.width}" height="{self.height}" role="img" aria-label="{says}">',
                f"<style>{STYLE}</style>",
                *self._parts,
                "</svg>\n",
            ]
        )


def shown(value: float) -> str:
    """Return a place in tenths of a pixel, as short as it can be written."""
    # A zero that comes from below would have a sign.
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def _grey(share: float) -> str:
    return "#" + f"{round(share * 255):02x}" * 3


def _places(points: Sequence[Point]) -> str:
    return " ".join(f"{shown(x)},{shown(y)}" for x, y in points)
