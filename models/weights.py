"""What the parameters of a layer ask of its weights, told tensor by tensor."""

from collections.abc import Iterator
from dataclasses import replace
from math import prod

from torch import Tensor, nn

from models.call import call
from models.layers import Layer
from models.layers.base import Initial, KerasWeight, Misfit, Shape, Step
from models.layers.initializers import Fans, Identity


def settled(step: Step, module: nn.Module, layer: Layer, inputs: tuple[Shape, ...]) -> Step:
    """Return the step that holds a layer's weights with what the layer's parameters ask of them.

    Args:
        module: what the step makes; it may be on the meta device.

    Raises:
        Misfit: when a parameter does not suit its weight.
    """
    state = module.state_dict()
    initial: list[Initial] = []
    for weight in layer.keras_weights(*inputs):
        initial += _initial(layer, weight, [state[name] for name in weight.tensors])
    return replace(step, initial=(*initial, *step.initial))


def keras_shape(weight: KerasWeight, tensors: list[Tensor]) -> Shape:
    """Return the shape that a weight has in Keras."""
    shape = tuple(tensors[0].shape)
    if len(tensors) > 1:
        shape = (len(tensors), *shape)
    if weight.axes:
        shape = tuple(shape[axis] for axis in weight.axes)
    return shape[: weight.rank]


def _initial(layer: Layer, weight: KerasWeight, tensors: list[Tensor]) -> Iterator[Initial]:
    param, initializer = layer.asked(weight.name, "initializer")
    if initializer is None:
        return
    if weight.begun and initializer == type(layer).model_fields[param].default:
        return
    shape = keras_shape(weight, tensors)
    fewest, most = initializer.ranks
    if not fewest <= len(shape) <= (most or len(shape)):
        raise Misfit(
            "initializer_rank",
            f"Expected weights with {fewest} axes for the initializer {initializer.name}, got "
            f"weights with {len(shape)}, {shape} in Keras. Choose another initializer.",
            param=param,
        )
    own = tuple(tensors[0].shape)
    fans = weight.fans or _keras_fans(shape)
    as_torch = len(own) > 1 and fans == _torch_fans(own)
    swapped = len(own) == 2 and fans == _torch_fans(own[::-1])
    told = None if as_torch or swapped or not initializer.scaled else fans
    for number, name in enumerate(weight.tensors):
        filling = initializer.fill(told, number)
        if weight.parts and isinstance(initializer, Identity):
            filling = call("identity_", gain=initializer.gain, parts=weight.parts)
        yield Initial(name, filling, transposed=initializer.scaled and swapped and not as_torch)


def _keras_fans(shape: Shape) -> Fans:
    if len(shape) == 1:
        return shape[0], shape[0]
    field = prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


def _torch_fans(shape: Shape) -> Fans:
    field = prod(shape[2:])
    return shape[1] * field, shape[0] * field
