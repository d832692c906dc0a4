"""Operations that ONNX lacks, as others that it has."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor


def adaptive_max(x: Tensor, sizes: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Return the largest number of each window, and no places: nothing of ours asks for them."""
    largest = _over_windows(x, sizes, lambda window, axis: window.amax(axis, keepdim=True))
    return largest, torch.zeros_like(largest, dtype=torch.int64)


def adaptive_average(x: Tensor, sizes: Sequence[int]) -> Tensor:
    """Return the mean of each window."""
    return _over_windows(x, sizes, lambda window, axis: window.mean(axis, keepdim=True))


def _over_windows(x: Tensor, sizes: Sequence[int], told: Callable[[Tensor, int], Tensor]) -> Tensor:
    """Return what is told of each window, axis by axis.

    Window i of k over n numbers goes from ⌊i·n/k⌋ to ⌈(i + 1)·n/k⌉, as PyTorch has it.
    """
    for axis, size in enumerate(sizes, x.dim() - len(sizes)):
        length = x.shape[axis]
        windows = [(i * length // size, -(-(i + 1) * length // size)) for i in range(size)]
        x = torch.cat([told(x.narrow(axis, a, b - a), axis) for a, b in windows], dim=axis)
    return x


FORMS: dict[Any, Callable[..., Any]] = {
    torch.ops.aten.adaptive_max_pool1d.default: adaptive_max,
    torch.ops.aten.adaptive_max_pool2d.default: adaptive_max,
    torch.ops.aten.adaptive_max_pool3d.default: adaptive_max,
    torch.ops.aten.adaptive_avg_pool3d.default: adaptive_average,
    torch.ops.aten._adaptive_avg_pool3d.default: adaptive_average,
}
"""What stands for an operation in a program that becomes ONNX."""
