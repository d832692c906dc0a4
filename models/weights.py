"""What the parameters of a layer ask of its weights, told tensor by tensor."""

from collections.abc import Iterator
from dataclasses import replace
from math import prod
from typing import Any

from torch import Tensor, nn

from models.call import call
from models.layers import Layer
from models.layers.base import Initial, KerasWeight, Misfit, Rule, Shape, Step
from models.layers.initializers import Fans, Identity, Initializer


def settled(step: Step, module: nn.Module, layer: Layer, inputs: tuple[Shape, ...]) -> Step:
    """Return the step that holds a layer's weights with what the layer's parameters ask of them.

    Args:
        module: what the step makes; it may be on the meta device.

    Raises:
        Misfit: when a parameter does not suit its weight.
    """
    state = module.state_dict()
    initial: list[Initial] = []
    penalties: list[Rule] = []
    constraints: list[Rule] = []
    for weight in layer.keras_weights(*inputs):
        tensors = [state[name] for name in weight.tensors]
        shape = keras_shape(weight, tensors)
        initial += _initial(layer, weight, tensors, shape)
        axes = weight.axes[: len(shape)] or tuple(range(len(shape)))
        if regularizer := _asked(layer, weight, "regularizer", shape):
            each = regularizer.penalties(axes)
            penalties += [Rule(weight.tensors, penalty, weight.split) for penalty in each]
        if constraint := _asked(layer, weight, "constraint", shape):
            constraints.append(Rule(weight.tensors, constraint.keep(axes), weight.split))
    given = (*initial, *step.initial)
    if not layer.learns:
        return replace(step, call=call("frozen", step.call), initial=given)
    return replace(step, initial=given, penalties=tuple(penalties), constraints=tuple(constraints))


def observers(layer: Layer) -> tuple[Step, ...]:
    """Return what takes note of a layer's output for the sake of training."""
    watching = layer.watching()
    return (Step(watching, suffix="activity", observer=""),) if watching else ()


def keras_shape(weight: KerasWeight, tensors: list[Tensor]) -> Shape:
    """Return the shape that a weight has in Keras."""
    shape = tuple(tensors[0].shape)
    if len(tensors) > 1:
        shape = (len(tensors), *shape)
    if weight.split:
        shape = (*weight.split, *shape[1:])
    if weight.axes:
        shape = tuple(shape[axis] for axis in weight.axes)
    return shape[: weight.rank]


def _asked(layer: Layer, weight: KerasWeight, what: str, shape: Shape) -> Any:
    """Return the part that a parameter asks for, if it does and if that suits the weight."""
    asked = layer.asked(weight.name, what)
    if asked.value is not None and (unfit := asked.value.unfit(shape)):
        message = f"Expected {unfit}. Choose another {what}."
        raise Misfit(f"{what}_misfit", message, param=asked.path)
    return asked.value


def _initial(
    layer: Layer, weight: KerasWeight, tensors: list[Tensor], shape: Shape
) -> Iterator[Initial]:
    initializer: Initializer | None = _asked(layer, weight, "initializer", shape)
    if initializer is None:
        return
    if weight.begun and initializer == layer.asked(weight.name, "initializer").default:
        return
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
