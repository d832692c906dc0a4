"""Masks made from the data itself."""

from pydantic import Field

from models.call import call
from models.layers.base import Layer, Mask, Shape, Step, features_axis


class Masking(Layer):
    """Marks the time steps at which every feature is mask_value: layers that heed masks skip them.

    Series of different lengths are filled up to one length with that value. Recurrent layers,
    attention and normalisation then leave the filling out; here it becomes 0.

    Shapes: any → the same.
    """

    group = "Core"
    glyph = "Ma"
    headline = ("mask_value",)

    mask_value: float = Field(
        default=0.0,
        ge=-1e38,
        le=1e38,
        description="What all features of a step are where there is no data",
    )

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the masked positions at zero."""
        axis = features_axis(inputs[0])
        options = {"axis": axis} if axis != 1 else {}
        return (Step(call("Masking", self.mask_value, **options)),)

    def mask(self, masked: tuple[bool, ...], *inputs: Shape) -> Mask | None:
        """Return where any feature differs from the value."""
        axis = features_axis(inputs[0])
        differs = Step(call("where_differs", self.mask_value, axis=axis), kind="function")
        return Mask((differs,), "inputs")


LAYERS = (Masking,)
