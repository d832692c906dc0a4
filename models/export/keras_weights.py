"""Weights between a network and the Keras model of the same description, both ways."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from models.layers.base import KerasWeight
from models.network import Composite
from models.survey import Measured

Array = np.ndarray


def in_order(
    network: Composite, measured: Measured
) -> Iterator[tuple[nn.Module, tuple[KerasWeight, ...]]]:
    """Yield the modules that have weights in Keras too, in the order in which the source makes the
    Keras layers, those inside blocks where the block stands.
    """
    met: set[str] = set()
    for node in measured.graph.order:
        own = measured.origin.get(node, node)
        if own in met:
            continue
        met.add(own)
        parts = [part for part in network.plan.parts if part.node == own]
        if own in measured.copies:
            (part,) = parts
            for number, copy in enumerate(measured.copies[own]):
                within = f"{part.name}.{number}" if len(part.copies) > 1 else part.name
                inner = network.get_submodule(within)
                assert isinstance(inner, Composite)
                yield from in_order(inner, copy)
        elif weights := measured.layers[own].keras_weights(*measured.inputs[own]):
            modules = [network.get_submodule(part.name) for part in parts]
            (module,) = (module for module in modules if module.state_dict())
            yield module, weights


def to_keras(module: nn.Module, weights: Sequence[KerasWeight]) -> list[Array]:
    """Return a layer's weights as Keras has them, in its order.

    Shapes may lack or have axes of size 1 that Keras has not or has: the caller reshapes.
    """
    state = module.state_dict()
    return [_arranged(state, weight).detach().cpu().numpy() for weight in weights]


def from_keras(module: nn.Module, weights: Sequence[KerasWeight], values: Sequence[Array]) -> None:
    """Fill a layer with the weights of a Keras layer, in the order of its `weights`.

    Raises:
        ValueError: when one has another number of values than its place here.
    """
    state = module.state_dict()
    with torch.no_grad():
        for weight, value in zip(weights, values, strict=True):
            numbered = {
                name: torch.arange(
                    start * state[name].numel(), (start + 1) * state[name].numel()
                ).reshape(state[name].shape)
                for start, name in enumerate(weight.tensors)
            }
            places = _arranged(numbered, weight).reshape(-1)
            given = torch.from_numpy(np.array(value)).reshape(-1)
            if given.numel() != places.numel():
                raise ValueError(
                    f"Expected {places.numel():,} values for {weight.name}, got {given.numel():,}."
                )
            flat = torch.empty_like(given)
            flat[places] = given
            for start, name in enumerate(weight.tensors):
                size = state[name].numel()
                own = flat[start * size : (start + 1) * size]
                state[name].copy_(own.reshape(state[name].shape))


def _arranged(state: Mapping[str, Tensor], weight: KerasWeight) -> Tensor:
    found = []
    for name in weight.tensors:
        value = state[name]
        if weight.parts:
            pieces = value.chunk(len(weight.parts))
            value = torch.cat([pieces[part] for part in weight.parts])
        found.append(value)
    whole = torch.stack(found) if len(found) > 1 else found[0]
    if weight.split:
        whole = whole.unflatten(0, weight.split)
    return whole.permute(weight.axes) if weight.axes else whole
