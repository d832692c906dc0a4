"""What all kinds of convolution have in common: their parameters, and what these must not be."""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field

from models.layers.activations import ActivationName
from models.layers.base import (
    MAX_SIZE,
    KerasWeight,
    Layer,
    Misfit,
    Remedy,
    Shape,
    Step,
    Window,
    positions,
    usual,
)
from models.layers.sizes import Size, Size1D, Size2D, Size3D, per_axis, shortest, told
from models.layers.window import (
    expect_axes,
    expect_window,
    padding_of,
    zeros_around,
)

Filters = Annotated[
    int,
    Field(
        ge=1,
        le=MAX_SIZE,
        description="Number of learned filters",
        json_schema_extra=usual(1, 256),
    ),
]
DepthMultiplier = Annotated[
    int,
    Field(
        ge=1,
        le=MAX_SIZE,
        description="Number of filters for each channel or feature",
        json_schema_extra=usual(1, 8),
    ),
]
Padding = Annotated[
    Literal["valid", "same"],
    Field(
        description="valid: only where the filter fits; same: zeros around the input, so that its "
        "size is kept at strides of 1"
    ),
]
Activation = Annotated[ActivationName, Field(description="Function applied to the result")]

KernelSize1D = Annotated[Size1D, Field(description="Length of a filter in time steps")]
KernelSize2D = Annotated[Size2D, Field(description="Height and width of a filter")]
KernelSize3D = Annotated[Size3D, Field(description="Depth, height and width of a filter")]
_HOW_FAR = "How far a filter moves at each step"
Strides1D = Annotated[Size1D, Field(description=_HOW_FAR)]
Strides2D = Annotated[Size2D, Field(description=_HOW_FAR)]
Strides3D = Annotated[Size3D, Field(description=_HOW_FAR)]
_GAP = "Distance between the {} that a filter sees"
Dilation1D = Annotated[Size1D, Field(description=_GAP.format("time steps"))]
Dilation2D = Annotated[Size2D, Field(description=_GAP.format("pixels"))]
Dilation3D = Annotated[Size3D, Field(description=_GAP.format("places"))]


class Convolving(Layer):
    """Base of all convolutions, over `rank` axes; each family declares them in Keras's order."""

    group = "Convolution"
    rank: ClassVar[int]

    if TYPE_CHECKING:
        kernel_size: Size
        strides: Size
        padding: Any
        dilation_rate: Size

    def _filter(self) -> Window:
        """Return how the filter slides."""
        return Window(self._per_axis("kernel_size"), self._per_axis("strides"))

    def _per_axis(self, name: str) -> tuple[int, ...]:
        return per_axis(getattr(self, name), self.rank)

    def _spans(self) -> tuple[int, ...]:
        """Return how far a filter reaches along each axis, its gaps included."""
        strides, dilation = self._per_axis("strides"), self._per_axis("dilation_rate")
        if max(strides) > 1 and max(dilation) > 1:
            raise Misfit(
                "strides_and_dilation",
                f"Expected strides or dilation_rate of 1, got strides {told(strides)} and "
                f"dilation_rate {told(dilation)}. Set one of them to 1.",
                param="dilation_rate",
                remedy=Remedy("Set dilation_rate to 1", {"dilation_rate": 1}),
            )
        return tuple(
            (size - 1) * gap + 1
            for size, gap in zip(self._per_axis("kernel_size"), dilation, strict=True)
        )

    def _window(self, shape: Shape) -> tuple[list[tuple[int, int]], dict[str, Any]]:
        """Return the zeros (before, after) along each axis, and how the filters move.

        Raises:
            Misfit: when they do not fit the input.
        """
        expect_axes(shape, self.rank, type(self).__name__)
        spans, strides = self._spans(), self._per_axis("strides")
        dilation = self._per_axis("dilation_rate")
        reset = {"dilation_rate": 1} if max(dilation) > 1 else {}
        expect_window(shape, spans, self.padding, "kernel_size", reset=reset)
        options: dict[str, Any] = {}
        if max(strides) > 1:
            options["stride"] = shortest(strides)
        if max(dilation) > 1:
            options["dilation"] = shortest(dilation)
        return padding_of(self.padding, positions(shape), spans, strides), options

    def _slide(self, shape: Shape) -> tuple[tuple[Step, ...], dict[str, Any]]:
        """Return what pads the input where the module cannot, and the module's options."""
        pads, options = self._window(shape)
        uneven = any(before != after for before, after in pads)
        if any(map(any, pads)) and not uneven:
            options = {"padding": shortest(tuple(before for before, _ in pads)), **options}
        return (Step(zeros_around(pads), suffix="padding"),) if uneven else (), options

    def _filters(self, name: str = "kernel", tensor: str = "weight") -> KerasWeight:
        """Return where Keras has filters: its axes are (*window, inputs, outputs)."""
        return KerasWeight(name, (tensor,), axes=(*range(2, self.rank + 2), 1, 0))
