"""What an optimizer remembers, as tensors that its rule changes in place."""

from collections.abc import Sequence

from torch import Tensor, nn

from models.objectives.optimizers import Kind, Optimizer, Slot


def kinds(network: nn.Module) -> list[Kind]:
    """Return what there is to know of each weight tensor that is trained, in their order."""
    found = []
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            layer, _, _ = name.rpartition(".")
            embedding = isinstance(network.get_submodule(layer), nn.Embedding)
            found.append(Kind(layer, parameter.dim(), embedding))
    return found


def remembered(
    optimizer: Optimizer, weights: Sequence[Tensor], of: Sequence[Kind]
) -> list[list[Tensor]]:
    """Return one list of tensors per slot, as they are before the first step."""
    return [_tensors(slot, optimizer, weights, of) for slot in optimizer.memory()]


def _tensors(
    slot: Slot, optimizer: Optimizer, weights: Sequence[Tensor], of: Sequence[Kind]
) -> list[Tensor]:
    if slot.shape == "scalar":
        return [weights[0].new_full((), slot.initial)]
    return [
        _tensor(slot, weight) if optimizer.keeps(slot, kind) else weight.new_empty(0)
        for weight, kind in zip(weights, of, strict=True)
    ]


def _tensor(slot: Slot, weight: Tensor) -> Tensor:
    if slot.shape == "weight":
        # Laid out in memory as the weight is, as fused kernels ask.
        return weight.clone().fill_(slot.initial)
    sizes = list(weight.shape)
    sizes[1 if slot.shape == "rows" else 0] = 1
    return weight.new_full(sizes, slot.initial)
