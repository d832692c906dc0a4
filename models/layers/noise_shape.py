"""The parameter that says along which axes dropout is the same everywhere."""

from typing import Annotated

from pydantic import Field

from models.layers.base import MAX_SIZE, Misfit, Remedy, Shape, channels_last, keras_axis

Size = Annotated[int, Field(ge=1, le=MAX_SIZE)]
NoiseShape = Annotated[
    tuple[Size | None, ...] | None,
    Field(
        strict=False,
        min_length=2,
        max_length=6,
        description="Shape of what is dropped, in Keras's order, the batch first and channels "
        "last: 1 where all places along an axis share the same, any for a choice at each place",
    ),
]


def shared_axes(noise_shape: tuple[int | None, ...] | None, shape: Shape) -> tuple[int, ...]:
    """Return our axes, the batch's included, along which noise is the same.

    Raises:
        Misfit: when the noise does not fit the input.
    """
    if noise_shape is None:
        return ()
    expected = (None, *channels_last(shape))
    fits = len(noise_shape) == len(expected) and all(
        size in (1, None, known) for size, known in zip(noise_shape, expected, strict=True)
    )
    if not fits:
        shown = _shown(noise_shape)
        raise Misfit(
            "noise_shape_mismatch",
            f"Expected a noise_shape of {len(expected)} entries, for the batch and {shape} with "
            f"channels last, each 1, any or the size itself, got {shown}. Set it to none to drop "
            "at each place by itself.",
            param="noise_shape",
            remedy=Remedy("Set noise_shape to none", {"noise_shape": None}),
        )
    rank = len(shape)
    ones = [place for place, size in enumerate(noise_shape) if size == 1]
    return tuple(sorted(keras_axis(place, rank) if place else 0 for place in ones))


def _shown(noise_shape: tuple[int | None, ...]) -> str:
    return f"({', '.join('any' if size is None else str(size) for size in noise_shape)})"
