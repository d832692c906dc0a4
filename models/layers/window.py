"""What layers that slide a window over an image have in common."""

from models.layers.base import Misfit, Remedy, Shape, describe


def expect_image(shape: Shape, layer: str) -> None:
    """Raise a Misfit unless the shape is (channels, height, width)."""
    if len(shape) == 3:
        return
    remedy = None
    if len(shape) == 2:
        remedy = Remedy(f"Reshape the input to (1, {shape[0]}, {shape[1]})", reshape=(1, *shape))
    elif len(shape) == 1 and (side := round(shape[0] ** 0.5)) ** 2 == shape[0] and side > 1:
        remedy = Remedy(f"Reshape the input to (1, {side}, {side})", reshape=(1, side, side))
    raise Misfit(
        "rank_mismatch",
        f"Expected an image, (channels, height, width), for {layer}, got {describe(shape)}. "
        "Put it before Flatten and Dense layers, or give the input the shape of an image.",
        remedy=remedy,
    )


def expect_window(shape: Shape, window: tuple[int, ...], padding: str, param: str) -> None:
    """Raise a Misfit when a window of this (height, width) is too large for the image."""
    sides = list(zip(window, shape[1:], strict=True))
    fits = f"{param} {tuple(window)} on {describe(shape)}"
    if padding == "valid" and any(extent > length for extent, length in sides):
        raise Misfit(
            "kernel_too_large",
            f"Expected a window no larger than its input, got {fits}. "
            f'Make {param} smaller, or set padding to "same".',
            param=param,
            remedy=Remedy('Set padding to "same"', {"padding": "same"}),
        )
    # Beyond twice the image every further pixel is padding: a mistake, and costly.
    if any(extent > max(2 * length + 1, 1024) for extent, length in sides):
        raise Misfit(
            "kernel_too_large",
            f"Expected a window at most twice as large as its input, got {fits}. "
            f"Make {param} smaller.",
            param=param,
        )


def same_padding(
    size: tuple[int, ...], window: tuple[int, ...], strides: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return Keras's "same" padding as ((top, bottom), (left, right)): the odd one goes last."""
    pads = []
    for length, extent, stride in zip(size, window, strides, strict=True):
        steps = -(-length // stride)
        total = max((steps - 1) * stride + extent - length, 0)
        pads.append((total // 2, total - total // 2))
    return pads[0], pads[1]
