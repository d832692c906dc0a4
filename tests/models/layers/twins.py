"""For a layer of ours, the Keras layer of the same description with the same weights."""

import os

os.environ["KERAS_BACKEND"] = "torch"

from typing import Any

import keras
import torch
from torch import Tensor

from models.architecture import Architecture
from models.call import Call
from models.check import survey
from models.export.keras_weights import to_keras
from models.layers.base import Layer, Shape
from models.layers.base import channels_last as channels_last_shape
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
    """Carry out the line of Keras that the inspector shows before the shapes are known."""
    (only,) = layer.keras()
    return _made(only)


def _made(value: Any) -> Any:
    """Carry out a call of Keras's, and those in its arguments."""
    if not isinstance(value, Call):
        return value
    room, name = value.name.split(".")
    args = [_made(entry) for entry in value.args]
    kwargs = {key: _made(entry) for key, entry in value.kwargs.items()}
    return getattr(getattr(keras, room), name)(*args, **kwargs)


def keras_twin(layer: Layer, network: Network, *shapes: Shape) -> Any:
    """Return a Keras model of the layer alone, channels last, with the weights of our network."""
    codes = "int32" if layer.reads_codes else None
    entries = [keras.Input(channels_last_shape(shape), dtype=codes) for shape in shapes]
    return keras.Model(entries, carried_out(layer, network, "layer", shapes, entries))


def keras_graph(architecture: Architecture, network: Network) -> Any:
    """Return a Keras model of a whole architecture, with the weights of our network."""
    found = survey(architecture)
    layers, graph = found.layers, found.graph
    values: dict[str, Any] = {}
    made: dict[str, list[Any]] = {}
    for node in graph.order:
        sources = graph.inputs_of(node)
        shapes = found.inputs[node]
        if layers[node].role == "input":
            codes = any(layers[target].reads_codes for target in graph.outputs_of(node))
            shape = channels_last_shape(found.measures[node].output)
            values[node] = keras.Input(shape, dtype="int32" if codes else None)
        elif layers[node].role == "output":
            values[node] = values[sources[0]]
        else:
            taken = [values[source] for source in sources]
            origin = found.origin.get(node, node)
            again = made.setdefault(origin, [])
            values[node] = carried_out(layers[node], network, origin, shapes, taken, again)
    ends = {
        role: [values[node] for node, layer in layers.items() if layer.role == role]
        for role in ("input", "output")
    }
    return keras.Model(ends["input"], ends["output"])


def carried_out(
    layer: Layer,
    network: Network,
    node: str,
    shapes: tuple[Shape, ...],
    values: list[Any],
    made: list[Any] | None = None,
) -> Any:
    """Return what the Keras layer gives for these values, with the weights of our node.

    `made` are the Keras layers from an earlier call, if they are to be used again; else an empty
    list to keep them in.
    """
    value = values[0] if len(values) == 1 else values
    made = made if made is not None else []
    if not made:
        made += [_made(entry) for entry in layer.keras(*shapes)]
    for theirs in made:
        value = theirs(value)
    weights = layer.keras_weights(*shapes)
    if weights:
        (module,) = (m for m in network.modules_of(node) if m.state_dict())
        (theirs,) = (entry for entry in made if entry.weights)
        assert [v.path.rpartition("/")[2] for v in theirs.weights] == [
            weight.name.rpartition("/")[2] for weight in weights
        ]
        arrays = to_keras(module, weights)
        theirs.set_weights(
            [array.reshape(v.shape) for array, v in zip(arrays, theirs.weights, strict=True)]
        )
    return value


def answer(theirs: Any, inputs: list[Tensor], training: bool) -> Tensor:
    """Return what the Keras layer gives, channels first."""
    given = [channels_last(entry) for entry in inputs]
    result = theirs(given[0] if len(given) == 1 else given, training=training)
    return channels_first(result.detach())


def channels_last(value: Tensor) -> Tensor:
    return value.movedim(1, -1).contiguous() if value.dim() > 3 else value


def channels_first(value: Tensor) -> Tensor:
    return value.movedim(-1, 1).contiguous() if value.dim() > 3 else value
