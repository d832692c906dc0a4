"""Pooling: a small picture of a large one."""

from typing import Any

from pydantic import Field

from models.call import call
from models.layers.base import Layer, Padding, Shape, Size2D, Step, pair
from models.layers.window import expect_image, expect_window, same_padding


class _Pooling2D(Layer):
    group = "Pooling"
    headline = ("pool_size",)

    pool_size: Size2D = Field(default=2, description="Height and width of the window")
    strides: Size2D | None = Field(
        default=None, description="How far the window moves at each step; empty: by its own size"
    )
    padding: Padding = Field(
        default="valid",
        description="valid: only where the window fits; same: windows may reach over the edge, "
        "where there is nothing to take into account",
    )

    def _steps(self, shape: Shape, module: str, **options: Any) -> tuple[Step, ...]:
        expect_image(shape, type(self).__name__)
        window = pair(self.pool_size)
        strides = window if self.strides is None else pair(self.strides)
        expect_window(shape, window, self.padding, "pool_size")
        arguments: dict[str, Any] = {} if strides == window else {"stride": strides}
        if self.padding == "valid":
            return (Step(call(module, window, **arguments)),)
        return self._same(shape, window, strides, call_options=arguments | options, module=module)

    @staticmethod
    def _same(
        shape: Shape,
        window: tuple[int, int],
        strides: tuple[int, int],
        call_options: dict[str, Any],
        module: str,
    ) -> tuple[Step, ...]:
        """Return pooling with padding "same".

        PyTorch pads both sides alike. Where Keras needs one more at the end, windows may hang over
        it (`ceil_mode`); with strides of 1 one more is padded at both ends and the first result
        is cut off again.
        """
        pads = same_padding(shape[1:], window, strides)
        uneven = [before != after for before, after in pads]
        cut = [odd and stride == 1 for odd, stride in zip(uneven, strides, strict=True)]
        padding = tuple(before + extra for (before, _), extra in zip(pads, cut, strict=True))
        if any(padding):
            call_options["padding"] = padding
        if any(odd and not off for odd, off in zip(uneven, cut, strict=True)):
            call_options["ceil_mode"] = True
        pooling = Step(call(module, window, **call_options))
        if not any(cut):
            return (pooling,)
        crop = call("nn.ZeroPad2d", (-int(cut[1]), 0, -int(cut[0]), 0))
        return (pooling, Step(crop, suffix="crop"))


class MaxPooling2D(_Pooling2D):
    """Keeps the largest number of each window: whether something was seen, not exactly where.

    Shapes: (channels, height, width) → (channels, height', width').
    """

    glyph = "Mx"

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the pooling."""
        return self._steps(inputs[0], "nn.MaxPool2d")


class AveragePooling2D(_Pooling2D):
    """Keeps the mean of each window; what lies over the edge does not count.

    Shapes: (channels, height, width) → (channels, height', width').
    """

    glyph = "Av"
    required = ("pool_size",)

    def torch(self, *inputs: Shape) -> tuple[Step, ...]:
        """Return the pooling."""
        return self._steps(inputs[0], "nn.AvgPool2d", count_include_pad=False)


LAYERS = (MaxPooling2D, AveragePooling2D)
