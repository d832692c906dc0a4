"""What layers that slide a window have in common, over one, two or three axes."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.call import Call, call
from models.layers.base import Misfit, Remedy, Shape, describe, positions
from models.layers.sizes import Size, shortest, told

_INPUTS = {
    1: "a sequence, (time, features),",
    2: "an image, (channels, height, width),",
    3: "a volume, (channels, depth, height, width),",
}
Sides = Sequence[tuple[int, int]]
"""How much is put before and after, or taken away if negative, along each axis."""


def expect_axes(shape: Shape, rank: int, layer: str) -> None:
    """Raise a Misfit unless the shape has this many axes beside that of the features."""
    if len(shape) == rank + 1:
        return
    remedy = _reshaped(shape, rank)
    raise Misfit(
        "rank_mismatch",
        f"Expected {_INPUTS[rank]} for {layer}, got {describe(shape)}. "
        + (
            f"Give its input the shape {remedy.reshape}."
            if remedy
            else f"Use a layer for {len(shape) - 1}D, or reshape its input."
            if 1 < len(shape) < 5
            else "Put it before Flatten and Dense layers, or reshape its input."
        ),
        remedy=remedy,
    )


def _reshaped(shape: Shape, rank: int) -> Remedy | None:
    """Return how numbers that lie in fewer axes than needed could be laid out."""
    wanted: Shape | None = None
    if len(shape) == 1 and rank == 1:
        wanted = (shape[0], 1)
    elif len(shape) == 1 and (side := round(shape[0] ** (1 / rank))) ** rank == shape[0] > 1:
        wanted = (1, *(side,) * rank)
    elif 1 < len(shape) == rank:
        wanted = (1, *shape)
    return Remedy(f"Reshape the input to {wanted}", reshape=wanted) if wanted else None


def expect_window(
    shape: Shape,
    window: tuple[int, ...],
    padding: str,
    param: str,
    *,
    over_the_edge: bool = True,
    reset: Mapping[str, Any] | None = None,
) -> None:
    """Raise a Misfit when a window is too large for its input.

    Args:
        window: along each of the positions' axes, with the gaps of dilation.
        param: that sets the window.
        over_the_edge: whether with padding the window may be larger than its input.
        reset: what else to set where the window is made as large as its input.
    """
    lengths = positions(shape)
    sides = list(zip(window, lengths, strict=True))
    fits = f"{param} {told(window)} on {describe(shape)}"
    padded = padding != "valid" and over_the_edge
    costly = _costly(sides)
    smaller = Remedy(
        f"Set {param} to {shortest(lengths)}", {param: plain(shortest(lengths)), **(reset or {})}
    )
    if not padded and any(extent > length for extent, length in sides):
        helps = over_the_edge and not costly
        raise Misfit(
            "kernel_too_large",
            f"Expected a window no larger than its input, got {fits}. Make {param} smaller"
            + (', or set padding to "same".' if helps else "."),
            param=param,
            remedy=Remedy('Set padding to "same"', {"padding": "same"}) if helps else smaller,
        )
    if costly:
        raise Misfit(
            "kernel_too_large",
            f"Expected a window at most twice as large as its input, got {fits}. "
            f"Make {param} smaller.",
            param=param,
            remedy=smaller,
        )


def _costly(sides: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a window is a mistake: beyond twice its input every further step is padding."""
    return any(extent > max(2 * length + 1, 1024) for extent, length in sides)


def plain(size: Size) -> int | list[int]:
    """Return a size as JSON has it."""
    return list(size) if isinstance(size, tuple) else size


def padding_of(
    padding: str, lengths: Shape, window: tuple[int, ...], strides: tuple[int, ...]
) -> list[tuple[int, int]]:
    """Return what Keras puts (before, after) along each axis; of "same" the odd one goes last."""
    pads = []
    for length, extent, stride in zip(lengths, window, strides, strict=True):
        steps = -(-length // stride)
        same = max((steps - 1) * stride + extent - length, 0)
        amounts = {
            "valid": (0, 0),
            "same": (same // 2, same - same // 2),
            "causal": (extent - 1, 0),
        }
        pads.append(amounts[padding])
    return pads


def zeros_around(sides: Sides) -> Call:
    """Return the module that puts zeros around the positions, or cuts off where negative."""
    # PyTorch counts from the last axis, which is the features' of a sequence.
    amounts = [amount for side in reversed(sides) for amount in side]
    if len(sides) == 1:
        return call("nn.ZeroPad2d", (0, 0, *amounts))
    return call(f"nn.ZeroPad{len(sides)}d", tuple(amounts))


def torch_name(name: str, rank: int) -> str:
    """Return the module of a family, such as "Conv", for this many axes.

    Sequences have their features last, where PyTorch's modules for one axis want them first: our
    own of the same names turn them.
    """
    return f"{'nn.' if rank > 1 else ''}{name}{rank}d"
