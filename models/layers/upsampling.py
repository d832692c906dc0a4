"""Layers that make sequences, images and volumes larger."""

from math import prod
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from models.call import call
from models.layers.base import Shape, Step
from models.layers.reshaping import Arranging
from models.layers.sizes import Size, Size1D, Size2D, Size3D, per_axis, shortest
from models.layers.window import expect_axes


class _UpSampling(Arranging):
    headline = ("size",)
    rank: ClassVar[int]

    size: Size = 2

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the enlargement."""
        (shape,) = inputs
        expect_axes(shape, self.rank, type(self).__name__)
        module = "nn.Upsample" if self.rank > 1 else "Upsample1d"
        factor = shortest(per_axis(self.size, self.rank))
        return (Step(call(module, scale_factor=factor, mode=self._mode())),)

    def _mode(self) -> str:
        # What PyTorch calls "nearest" is off by one place at some factors, such as 41.
        return "nearest-exact"


class UpSampling1D(_UpSampling):
    """Repeats every time step of a sequence.

    y[t, c] = x[⌊t / size⌋, c].

    Shapes: (time, features) → (time · size, features).
    """

    glyph = "U1"
    rank = 1

    size: Annotated[Size1D, Field(description="How often each time step is repeated")] = 2


class UpSampling2D(_UpSampling):
    """Enlarges an image, by repeating its pixels or by interpolating between them.

    y[c, r, s] = x[c, ⌊r / height factor⌋, ⌊s / width factor⌋] with interpolation "nearest".
    "bicubic" is that of PyTorch, and so of Keras on PyTorch; on TensorFlow and JAX its curve is
    another. Keras's "lanczos3" and "lanczos5" are left out: it has none on PyTorch.

    Shapes: (channels, height, width) → (channels, height · size, width · size).
    """

    glyph = "U2"
    headline = ("size", "interpolation")
    rank = 2

    size: Annotated[Size2D, Field(description="Factors for height and width")] = 2
    interpolation: Literal["nearest", "bilinear", "bicubic"] = Field(
        default="nearest",
        description="nearest: pixels are repeated; bilinear: a straight line between two; bicubic: "
        "a smooth curve through four",
    )

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return two for each pixel that enters each number of the output."""
        around = {"nearest": 0, "bilinear": 2 * 2, "bicubic": 4 * 4}
        return 2 * around[self.interpolation] * prod(output)

    def _mode(self) -> str:
        return super()._mode() if self.interpolation == "nearest" else self.interpolation


class UpSampling3D(_UpSampling):
    """Repeats every place of a volume along its three axes.

    y[c, d, r, s] = x[c, ⌊d / depth factor⌋, ⌊r / height factor⌋, ⌊s / width factor⌋].

    Shapes: (channels, depth, height, width) → (channels, depth · size, height · size,
    width · size).
    """

    glyph = "U3"
    rank = 3

    size: Annotated[Size3D, Field(description="Factors for depth, height and width")] = 2


LAYERS = (UpSampling1D, UpSampling2D, UpSampling3D)
