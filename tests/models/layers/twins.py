"""For a layer of ours, the Keras layer of the same description with the same weights."""

from collections.abc import Iterator
from typing import Any

import keras
import pytest
import torch
from torch import Tensor

from models.architecture import Architecture
from models.call import Call, Named
from models.data.interface import Interface
from models.export.keras import source
from models.export.keras_weights import in_order, to_keras
from models.layers.base import KerasWeight, Layer, Shape
from models.layers.inner import Wrapper
from models.network import Network, build
from models.parse import parse
from models.survey import survey
from tests.models import documents


def alone(layer: Layer, *shapes: Shape) -> Architecture:
    """Return an architecture of one layer between as many Inputs as it gets and an Output."""
    return parse(documents.alone(type(layer).__name__, layer.model_dump(mode="json"), *shapes))


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
    inside = layer
    while isinstance(inside, Wrapper):
        inside = inside.layer
    codes = getattr(inside, "input_dim", None)
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
    if isinstance(value, Named):
        room, name = value.name.split(".")
        return getattr(getattr(keras, room), name)
    if not isinstance(value, Call):
        return value
    room, name = value.name.split(".")
    args = [_made(entry) for entry in value.args]
    kwargs = {key: _made(entry) for key, entry in value.kwargs.items()}
    return getattr(getattr(keras, room), name)(*args, **kwargs)


def keras_twin(layer: Layer, network: Network, *shapes: Shape) -> Any:
    """Return the Keras model that the printed source builds, with the weights of our network."""
    return keras_model(alone(layer, *shapes), network)


def keras_model(
    architecture: Architecture,
    network: Network,
    interface: Interface | None = None,
    printed: str | None = None,
) -> Any:
    """Run the Keras source of an architecture and fill its layers with the network's weights.

    `printed` is other source that builds it, such as a script.
    """
    namespace: dict[str, Any] = {"__name__": "printed"}
    exec(compile(printed or source(architecture, interface), "keras.py", "exec"), namespace)
    made: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        create = keras.Layer.__new__

        def created(kind: Any, *args: Any, **kwargs: Any) -> Any:
            made.append(create(kind, *args, **kwargs))
            return made[-1]

        patch.setattr(keras.Layer, "__new__", created)
        model = namespace["build"]()
    own = {id(entry) for entry in _leaves(model, namespace)}
    theirs = iter([entry for entry in made if id(entry) in own and entry.weights])
    for module, weights in in_order(network, survey(architecture, interface)):
        _fill(next(theirs), weights, to_keras(module, weights))
    assert next(theirs, None) is None
    return model


def _leaves(entry: Any, namespace: dict[str, Any]) -> Iterator[Any]:
    """Yield Keras's own layers, those inside the classes of the source too."""
    if isinstance(entry, keras.Model) or type(entry) in namespace.values():
        for inner in entry._layers:
            yield from _leaves(inner, namespace)
    else:
        yield entry


def _fill(theirs: Any, weights: tuple[KerasWeight, ...], values: list[Any]) -> None:
    names = [variable.path.rpartition("/")[2] for variable in theirs.weights]
    assert names == [weight.name.rpartition("/")[2] for weight in weights]
    theirs.set_weights(
        [value.reshape(v.shape) for value, v in zip(values, theirs.weights, strict=True)]
    )


def answer(theirs: Any, inputs: list[Tensor], training: bool) -> Any:
    """Return what the Keras model gives, channels first: a tensor, or a tuple of several."""
    given = [channels_last(entry) for entry in inputs]
    result = theirs(given[0] if len(given) == 1 else given, training=training)
    if isinstance(result, list | tuple):
        return tuple(channels_first(entry.detach()) for entry in result)
    return channels_first(result.detach())


def channels_last(value: Tensor) -> Tensor:
    return value.movedim(1, -1).contiguous() if value.dim() > 3 else value


def channels_first(value: Tensor) -> Tensor:
    return value.movedim(-1, 1).contiguous() if value.dim() > 3 else value
