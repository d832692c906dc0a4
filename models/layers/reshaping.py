"""Layers that arrange the same numbers in another way."""

from models.call import Call, call
from models.layers.base import Layer, Shape, Step


class Flatten(Layer):
    """Lays all numbers of an example out in one row, as Dense layers want them.

    Shapes: (channels, height, width) → (channels · height · width).
    """

    group = "Reshaping"
    glyph = "Fl"

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the flattening, in the order channels, rows, columns."""
        return (Step(call("nn.Flatten")),)

    def keras(self, *inputs: Shape) -> tuple[Call, ...]:
        """Return the flattening; an image is turned to channels first before, as it is here."""
        if inputs and len(inputs[0]) > 2:
            last = len(inputs[0])
            order = (last, *range(1, last))
            return (call("layers.Permute", order), call("layers.Flatten"))
        return (call("layers.Flatten"),)

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return 0: nothing is computed."""
        return 0


LAYERS = (Flatten,)
