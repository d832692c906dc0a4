"""What one layer costs and gives, worked out on PyTorch's meta device: nothing is allocated."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, reduce
from types import MappingProxyType

import torch
from torch import Tensor, nn

from models.export.lines import expression, flat
from models.layers import Layer
from models.layers.base import Misfit, Shape, Step
from models.resolve import make, resolve
from models.weights import settled


@dataclass(frozen=True)
class Measure:
    """A layer on inputs of known shapes.

    Attributes:
        steps: the operations that compute it.
        output: shape of its output, without the batch axis.
        parameters: numbers that it keeps, learned or, as running averages, gathered.
        trainable: numbers that training changes by gradients.
        flops: operations on one example: a multiplication and an addition count as two.
        torch: the layer in one line of PyTorch; None where there is nothing to do.
    """

    steps: tuple[Step, ...]
    output: Shape
    parameters: int
    trainable: int
    flops: int
    torch: str | None


@lru_cache(maxsize=16_384)
def measure(layer: Layer, inputs: tuple[Shape, ...]) -> Measure:
    """Return the measure of a layer; remembered, so that an edit measures only what it changed.

    Raises:
        Misfit: when the layer cannot take these inputs.
    """
    steps = layer.torch(*inputs)
    if not steps:
        return Measure((), inputs[0], 0, 0, 0, None)
    # An activation function keeps the shape and has no parameters: nothing to find out.
    shaping = [step for step in steps if step.activation is None]
    with torch.no_grad(), _told_when_too_large():
        modules = [_build(step) for step in shaping if step.kind == "module"]
        parameters, trainable, matrices = _count(modules)
        output = _output(shaping, modules, inputs)
        steps = tuple(_settled(list(steps), modules, layer, inputs))
    flops = 2 * matrices * layer.applications(inputs, output) + layer.operations(inputs, output)
    return Measure(steps, output, parameters, trainable, flops, in_one_line(steps, len(inputs)))


@contextmanager
def _told_when_too_large() -> Iterator[None]:
    """Turn PyTorch's complaint that a size cannot even be computed with into a Misfit."""
    try:
        yield
    except RuntimeError as error:
        if "overflow" not in str(error):
            raise
        raise Misfit(
            "out_of_memory",
            "Expected a layer that fits into memory, got one of an estimated more than 9 EB. "
            "Make it smaller.",
        ) from error


def _build(step: Step) -> nn.Module:
    with torch.device("meta"):
        return make(step.call).eval()


def _count(modules: list[nn.Module]) -> tuple[int, int, int]:
    """Return how many numbers there are, how many learn, and how many of these are in matrices.

    Biases that are frozen at zero, because Keras has none there, do not count.
    """
    kept = learned = matrices = 0
    for module in modules:
        for parameter in module.parameters():
            if parameter.requires_grad:
                learned += parameter.numel()
                matrices += parameter.numel() if parameter.dim() > 1 else 0
        kept += sum(buffer.numel() for buffer in module.buffers())
    return learned + kept, learned, matrices


def _settled(
    steps: list[Step], modules: list[nn.Module], layer: Layer, inputs: tuple[Shape, ...]
) -> Iterator[Step]:
    """Give the step that has weights what the layer's parameters ask of them."""
    remaining = iter(modules)
    for step in steps:
        shaping = step.kind == "module" and step.activation is None
        module = next(remaining) if shaping else None
        weighed = module is not None and module.state_dict()
        yield settled(step, module, layer, inputs) if weighed and module else step


def _output(steps: list[Step], modules: list[nn.Module], inputs: tuple[Shape, ...]) -> Shape:
    if not steps:
        return inputs[0]
    # A batch of two: some operations treat a batch of one as none.
    values = [torch.empty((2, *shape), device="meta") for shape in inputs]
    remaining = iter(modules)
    for step in steps:
        values = [run(step, next(remaining) if step.kind == "module" else None, values)]
    return tuple(values[0].shape[1:])


def run(
    step: Step,
    module: nn.Module | None,
    values: list[Tensor],
    masks: Mapping[str, Tensor] = MappingProxyType({}),
) -> Tensor:
    """Carry one step out; `masks` are those that the module takes, by keyword."""
    if module is not None:
        return module(*values, **masks)
    function, arguments, options = resolve(step.call.name), step.call.args, step.call.kwargs
    if step.kind == "list":
        return function(values, *arguments, **options)
    if step.kind == "function":
        return function(*values, *arguments, **options)
    return reduce(function, (*values, *arguments))


def in_one_line(steps: tuple[Step, ...], inputs: int) -> str:
    """Return steps as Python: modules in their order, or the expression of the inputs."""
    names = tuple(f"x{number}" for number in range(1, inputs + 1))
    return ", ".join(
        str(step.call) if step.kind == "module" else flat(expression(step, names)) for step in steps
    )
