"""What an optimizer remembers, as tensors that its rule changes in place."""

from collections.abc import Sequence

from torch import Tensor

from models.objectives.optimizers import Slot


def remembered(slots: Sequence[Slot], weights: Sequence[Tensor]) -> list[list[Tensor]]:
    """Return one list of tensors per slot, as they are before the first step."""
    return [_tensors(slot, weights) for slot in slots]


def _tensors(slot: Slot, weights: Sequence[Tensor]) -> list[Tensor]:
    if slot.shape == "scalar":
        return [weights[0].new_full((), slot.initial)]
    if slot.shape == "weight":
        # Laid out in memory as the weight is, as fused kernels ask.
        return [weight.clone().fill_(slot.initial) for weight in weights]
    axis = 1 if slot.shape == "rows" else 0
    return [weight.new_full(_without(axis, weight), slot.initial) for weight in weights]


def _without(axis: int, weight: Tensor) -> list[int]:
    sizes = list(weight.shape)
    if len(sizes) < 2:
        return [0]
    sizes[axis] = 1
    return sizes
