"""Weights that a training begins with because an earlier one left them."""

from collections.abc import Iterator, Mapping
from typing import Literal

import torch
from torch import Tensor, nn

from models.training.checkpoint import State

Weights = Literal["last", "best"]


def lasting(network: nn.Module) -> Iterator[tuple[str, Tensor]]:
    """Yield names and tensors in the order in which a checkpoint numbers them.

    First what is trained, then what is frozen, then the buffers.
    """
    own = list(network.named_parameters())
    yield from ((name, p.detach()) for name, p in own if p.requires_grad)
    yield from ((name, p.detach()) for name, p in own if not p.requires_grad)
    yield from ((name, buffer.detach()) for name, buffer in network.named_buffers())


@torch.no_grad()
def inherit(network: nn.Module, saved: Mapping[str, State], which: Weights) -> tuple[int, int]:
    """Fill a network with the weights of a checkpoint that have the same name and shape.

    Args:
        saved: What `checkpoint.read` gives, of any network.
        which: Those of the last step or of the best epoch; the last where none was the best.

    Returns:
        How many of the network's tensors were filled, and how many it has.
    """
    names = saved["run"].get("names", [])
    state = saved["best"] if which == "best" and "0" in saved.get("best", {}) else saved["work"]
    left = {name: state[str(place)] for place, name in enumerate(names)}
    filled = total = 0
    for name, tensor in lasting(network):
        total += 1
        given = left.get(name)
        if given is not None and given.shape == tensor.shape:
            tensor.copy_(given)
            filled += 1
    return filled, total
