"""Pooling: a small picture of a large one."""

from math import prod
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from models.call import Call
from models.layers.base import Layer, Shape, Step, Window, positions
from models.layers.sizes import Size, Size1D, Size2D, Size3D, per_axis, shortest
from models.layers.window import (
    expect_axes,
    expect_window,
    padding_of,
    torch_name,
    zeros_around,
)

PoolSize1D = Annotated[Size1D, Field(description="Length of the window in time steps")]
PoolSize2D = Annotated[Size2D, Field(description="Height and width of the window")]
PoolSize3D = Annotated[Size3D, Field(description="Depth, height and width of the window")]
_Strides = Field(description="How far the window moves at each step; empty: by its own size")
Strides1D = Annotated[Size1D | None, _Strides]
Strides2D = Annotated[Size2D | None, _Strides]
Strides3D = Annotated[Size3D | None, _Strides]


class _Pooling(Layer):
    group = "Pooling"
    headline = ("pool_size",)
    rank: ClassVar[int]
    module: ClassVar[str]
    """PyTorch's name, without the number of axes."""
    over_the_edge: ClassVar[dict[str, Any]] = {}
    """What the module needs to know so that it leaves out what lies over the edge."""
    takes_largest: ClassVar[bool] = False
    """Whether each number that leaves is the largest of some that came in."""
    takes_larger_windows: ClassVar[bool] = True
    """Whether the module takes a window that is larger than its input, where that is padded."""

    pool_size: Size = 2
    strides: Size | None = None
    padding: Annotated[
        Literal["valid", "same"],
        Field(
            description="valid: only where the window fits; same: windows may reach over the edge, "
            "where there is nothing to take into account"
        ),
    ] = "valid"

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the pooling, and a cut where PyTorch cannot pad as Keras does."""
        (shape,) = inputs
        expect_axes(shape, self.rank, type(self).__name__)
        window = per_axis(self.pool_size, self.rank)
        strides = window if self.strides is None else per_axis(self.strides, self.rank)
        expect_window(
            shape, window, self.padding, "pool_size", over_the_edge=self.takes_larger_windows
        )
        options: dict[str, Any] = {} if strides == window else {"stride": shortest(strides)}
        cut: list[tuple[int, int]] = []
        if self.padding == "same":
            pads = padding_of("same", positions(shape), window, strides)
            options |= self._same(pads, strides)
            cut = [
                (-1, 0) if _is_cut(*pad, stride) else (0, 0)
                for pad, stride in zip(pads, strides, strict=True)
            ]
        name = torch_name(self.module, self.rank)
        call = Call(name, (shortest(window),), options)
        pooling = Step(call, takes_largest=self.takes_largest)
        return (
            (pooling, Step(zeros_around(cut), suffix="crop")) if any(map(any, cut)) else (pooling,)
        )

    def window(self) -> Window:
        """Return what is looked at together, and how far it moves."""
        size = per_axis(self.pool_size, self.rank)
        return Window(size, size if self.strides is None else per_axis(self.strides, self.rank))

    def operations(self, inputs: tuple[Shape, ...], output: Shape) -> int:
        """Return the size of the window for each number of the output."""
        return prod(per_axis(self.pool_size, self.rank)) * prod(output)

    def _same(self, pads: list[tuple[int, int]], strides: tuple[int, ...]) -> dict[str, Any]:
        """Return the options for padding "same".

        PyTorch pads both sides alike. Where Keras needs one more at the end, windows may hang over
        it (`ceil_mode`); with strides of 1 one more is padded at both ends and the first result
        is cut off again.
        """
        options = dict(self.over_the_edge)
        sides = list(zip(pads, strides, strict=True))
        padding = tuple(pad[0] + _is_cut(*pad, stride) for pad, stride in sides)
        if any(padding):
            options["padding"] = shortest(padding)
        if any(pad[0] != pad[1] and not _is_cut(*pad, stride) for pad, stride in sides):
            options["ceil_mode"] = True
        return options


def _is_cut(before: int, after: int, stride: int) -> bool:
    return before != after and stride == 1


class _MaxPooling(_Pooling):
    module = "MaxPool"
    takes_largest = True


class _AveragePooling(_Pooling):
    module = "AvgPool"
    required = ("pool_size",)
    over_the_edge = {"count_include_pad": False}


class MaxPooling1D(_MaxPooling):
    """Keeps the largest number of a few time steps: whether something was seen, not exactly when.

    y[t, c] = max x[t · strides + i, c] over i < pool_size.

    Shapes: (time, features) → (time', features).
    """

    glyph = "M1"
    rank = 1
    pool_size: PoolSize1D = 2
    strides: Strides1D = None


class MaxPooling2D(_MaxPooling):
    """Keeps the largest number of each window: whether something was seen, not exactly where.

    y[c, r, s] = max x[c, r · strides + i, s · strides + j] over the window (i, j).

    Shapes: (channels, height, width) → (channels, height', width').
    """

    glyph = "M2"
    rank = 2
    pool_size: PoolSize2D = 2
    strides: Strides2D = None


class MaxPooling3D(_MaxPooling):
    """Keeps the largest number of each window of a volume, or of a film.

    The maximum of MaxPooling2D, over a window of three axes.

    Shapes: (channels, depth, height, width) → (channels, depth', height', width').
    """

    glyph = "M3"
    rank = 3
    pool_size: PoolSize3D = 2
    strides: Strides3D = None


class AveragePooling1D(_AveragePooling):
    """Keeps the mean of a few time steps; what lies over the edge does not count.

    y[t, c] = mean of x[t · strides + i, c] over i < pool_size. Where padding "same" adds more at
    the end than at the beginning, Keras on PyTorch counts the last step again; on TensorFlow and
    JAX it does not.

    Shapes: (time, features) → (time', features).
    """

    glyph = "A1"
    rank = 1
    pool_size: PoolSize1D = 2
    strides: Strides1D = None


class AveragePooling2D(_AveragePooling):
    """Keeps the mean of each window; what lies over the edge does not count.

    y[c, r, s] = mean of x[c, r · strides + i, s · strides + j] over the window (i, j);
    about padding "same" see AveragePooling1D.

    Shapes: (channels, height, width) → (channels, height', width').
    """

    glyph = "A2"
    rank = 2
    pool_size: PoolSize2D = 2
    strides: Strides2D = None


class AveragePooling3D(_AveragePooling):
    """Keeps the mean of each window of a volume; what lies over the edge does not count.

    The mean of AveragePooling2D, over a window of three axes.

    Shapes: (channels, depth, height, width) → (channels, depth', height', width').
    """

    glyph = "A3"
    rank = 3
    takes_larger_windows = False
    pool_size: PoolSize3D = 2
    strides: Strides3D = None


LAYERS = (
    *(MaxPooling1D, MaxPooling2D, MaxPooling3D),
    *(AveragePooling1D, AveragePooling2D, AveragePooling3D),
)
