"""Layers that keep a network from learning its examples by heart."""

from pydantic import Field

from models.call import call
from models.layers.base import Layer, Shape, Step, usual


class Dropout(Layer):
    """Sets a random share of its inputs to zero in training, so that no unit is relied on alone.

    The others are scaled by 1 / (1 − rate), which keeps the sum; in use it does nothing.

    Shapes: any → the same.
    """

    group = "Regularization"
    glyph = "Do"
    headline = ("rate",)
    required = ("rate",)
    passes_mask = True

    rate: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="Share of inputs set to zero",
        json_schema_extra=usual(0, 0.9),
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the dropout."""
        return (Step(call("nn.Dropout", self.rate)),)


LAYERS = (Dropout,)
