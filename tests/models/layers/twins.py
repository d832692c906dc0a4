"""For a layer of ours, the Keras layer of the same description with the same weights."""

import os

os.environ["KERAS_BACKEND"] = "torch"

from typing import Any

import keras
import torch
from torch import Tensor, nn

from models.architecture import Architecture
from models.call import Call
from models.layers.base import Layer, Shape
from models.network import Network, build
from models.parse import parse


def alone(layer: Layer, *shapes: Shape) -> Architecture:
    """Return an architecture of one layer between as many Inputs as it gets and an Output."""
    inputs = [f"input_{number}" for number, _ in enumerate(shapes)]
    nodes = [
        {"id": name, "type": "Input", "params": {"shape": list(shape)}}
        for name, shape in zip(inputs, shapes, strict=True)
    ]
    params = layer.model_dump(mode="json")
    nodes += [
        {"id": "layer", "type": type(layer).__name__, "params": params},
        {"id": "output", "type": "Output", "params": {}},
    ]
    wires = [(name, "layer") for name in inputs] + [("layer", "output")]
    edges = [{"source": source, "target": target} for source, target in wires]
    return parse({"format": "neuroloom/1", "nodes": nodes, "edges": edges})


def network_of(layer: Layer, *shapes: Shape, seed: int = 0) -> Network:
    """Return a network of one layer with weights that are all different and none of them zero."""
    network = build(alone(layer, *shapes), seed=seed)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in network.state_dict().items():
            if not name.endswith("bias_hh_l0") or network.get_parameter(name).requires_grad:
                tensor.copy_(torch.rand(tensor.shape, generator=generator) + 0.1).mul_(0.5)
    return network


def batch_for(layer: Layer, rows: int, *shapes: Shape, seed: int = 1) -> list[Tensor]:
    """Return inputs of these shapes: codes for a layer that looks them up, else normal numbers."""
    generator = torch.Generator().manual_seed(seed)
    codes = getattr(layer, "input_dim", None)
    if codes is not None:
        draw = [torch.randint(codes, (rows, *shape), generator=generator) for shape in shapes]
        return [entry.float() for entry in draw]
    return [torch.randn(rows, *shape, generator=generator) for shape in shapes]


def keras_layer(layer: Layer) -> Any:
    """Carry out the line of Keras that the inspector shows."""
    return _made(layer.keras())


def _made(call: Call) -> Any:
    room, name = call.name.split(".")
    assert room == "layers"
    return getattr(keras.layers, name)(*call.args, **call.kwargs)


def keras_twin(layer: Layer, network: Network, inputs: list[Tensor]) -> Any:
    """Return the Keras layer, built on these inputs, with the weights of our network."""
    theirs = keras_layer(layer)
    theirs.build(_shapes(inputs))
    for module in network.modules_of("layer"):
        weights = to_keras(module)
        if weights:
            # Dense on an image is a convolution of one pixel here: the same weights, two axes more.
            theirs.set_weights([weights[v.name].reshape(v.shape) for v in theirs.weights])
    return theirs


def _shapes(inputs: list[Tensor]) -> Any:
    shapes = [tuple(channels_last(entry).shape) for entry in inputs]
    return shapes[0] if len(shapes) == 1 else shapes


def answer(theirs: Any, inputs: list[Tensor], training: bool) -> Tensor:
    """Return what the Keras layer gives, channels first."""
    given = [channels_last(entry) for entry in inputs]
    result = theirs(given[0] if len(given) == 1 else given, training=training)
    return channels_first(result.detach())


def channels_last(value: Tensor) -> Tensor:
    return value.movedim(1, -1).contiguous() if value.dim() == 4 else value


def channels_first(value: Tensor) -> Tensor:
    return value.movedim(-1, 1).contiguous() if value.dim() == 4 else value


def to_keras(module: nn.Module) -> dict[str, Any]:
    """Return a module's weights by the names and in the arrangement of Keras."""
    state = {name: tensor.detach() for name, tensor in module.state_dict().items()}
    if isinstance(module, nn.RNNBase):
        return {name: value.numpy() for name, value in _recurrent(module, state).items()}
    weight = state.get("weight")
    found: dict[str, Tensor] = {}
    if isinstance(module, nn.Embedding) and weight is not None:
        found = {"embeddings": weight}
    elif isinstance(module, nn.Linear) and weight is not None:
        found = {"kernel": weight.T}
    elif isinstance(module, nn.Conv2d) and weight is not None:
        found = {"kernel": weight.permute(2, 3, 1, 0)}
    elif "running_mean" in state:
        found = {"moving_mean": state["running_mean"], "moving_variance": state["running_var"]}
        found |= {"gamma": weight} if weight is not None else {}
        found |= {"beta": state["bias"]} if "bias" in state else {}
        return {name: value.numpy() for name, value in found.items()}
    if "bias" in state:
        found["bias"] = state["bias"]
    return {name: value.numpy() for name, value in found.items()}


def _recurrent(module: nn.RNNBase, state: dict[str, Tensor]) -> dict[str, Tensor]:
    gated = isinstance(module, nn.GRU)

    def arranged(value: Tensor) -> Tensor:
        if not gated:
            return value
        reset, update, new = value.chunk(3)
        return torch.cat([update, reset, new])

    found = {
        "kernel": arranged(state["weight_ih_l0"]).T,
        "recurrent_kernel": arranged(state["weight_hh_l0"]).T,
    }
    if "bias_ih_l0" in state:
        bias = arranged(state["bias_ih_l0"])
        found["bias"] = torch.stack([bias, arranged(state["bias_hh_l0"])]) if gated else bias
    return found
