"""The shapes that layers are tried on, and how their cases are written down."""

from typing import Any

from models.layers.base import Shape

ROW: Shape = (6,)
SEQUENCE: Shape = (5, 4)
IMAGE: Shape = (3, 8, 7)
VOLUME: Shape = (2, 4, 5, 6)
Shaped = dict[str, list[tuple[dict[str, Any], list[Shape]]]]
"""By layer type: parameters, and the shapes of the inputs."""
