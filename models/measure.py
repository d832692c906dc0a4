"""What one layer costs and gives, worked out on PyTorch's meta device: nothing is allocated."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, reduce
from types import MappingProxyType

import torch
from torch import Tensor, nn

from models.budget import ALLOWED, in_words
from models.export.lines import expression, flat
from models.layers import Layer
from models.layers.base import Misfit, Shape, Step
from models.resolve import make, resolve
from models.weights import observers, settled

Modules = list[nn.Module | None]
"""One for each step; None for functions and activations."""


@dataclass(frozen=True)
class Measure:
    """A layer on inputs of known shapes.

    Attributes:
        steps: the operations that compute it.
        outputs: shapes of its outputs, without the batch axis; a layer has one, a Block several.
        parameters: numbers that it keeps, learned or, as running averages, gathered.
        trainable: numbers that training changes by gradients.
        flops: operations on one example: a multiplication and an addition count as two.
        activation: the activation function that it ends with, if it is one.
        torch: the layer in one line of PyTorch; None where there is nothing to do.
        weighted: for each step, whether it keeps numbers.
    """

    steps: tuple[Step, ...]
    outputs: tuple[Shape, ...]
    parameters: int
    trainable: int
    flops: int
    activation: str | None
    torch: str | None = None
    weighted: tuple[bool, ...] = ()

    @property
    def output(self) -> Shape:
        """The shape of the first output."""
        return self.outputs[0]


@lru_cache(maxsize=16_384)
def measure(layer: Layer, inputs: tuple[Shape, ...]) -> Measure:
    """Return the measure of a layer; remembered, so that an edit measures only what it changed.

    Raises:
        Misfit: when the layer cannot take these inputs.
    """
    steps = layer.torch(*inputs)
    if not steps:
        return Measure((), inputs[:1], 0, 0, 0, None)
    with torch.no_grad(), _told_when_too_large():
        modules = [_build(step) for step in steps]
        parameters, learned, matrices = _count(modules)
        output = _output(steps, modules, inputs)
    weighted = tuple(module is not None and bool(module.state_dict()) for module in modules)
    given = tuple(
        settled(step, module, layer, inputs) if module is not None and keeps else step
        for step, module, keeps in zip(steps, modules, weighted, strict=True)
    )
    watching = observers(layer)
    steps = (*given, *watching)
    return Measure(
        steps,
        (output,),
        parameters,
        learned if layer.learns else 0,
        2 * matrices * layer.applications(inputs, output) + layer.operations(inputs, output),
        given[-1].activation,
        in_one_line(steps, len(inputs)),
        (*weighted, *(False for _ in watching)),
    )


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
            f"Expected a layer that fits into {in_words(ALLOWED)} of memory, got one of an "
            "estimated more than 9 EB. Make it smaller.",
        ) from error


def _build(step: Step) -> nn.Module | None:
    # An activation function keeps the shape and has no parameters: nothing to find out.
    if step.kind != "module" or step.activation is not None:
        return None
    with torch.device("meta"):
        return make(step.call).eval()


def _count(modules: Modules) -> tuple[int, int, int]:
    """Return how many numbers there are, how many learn, and how many of these are in matrices.

    Biases that are frozen at zero, because Keras has none there, do not count, nor constants.
    """
    kept = learned = matrices = 0
    for module in modules:
        if module is None:
            continue
        for parameter in module.parameters():
            if parameter.requires_grad:
                learned += parameter.numel()
                matrices += parameter.numel() if parameter.dim() > 1 else 0
        own = dict(module.named_parameters())
        kept += sum(value.numel() for name, value in module.state_dict().items() if name not in own)
    return learned + kept, learned, matrices


def _output(steps: tuple[Step, ...], modules: Modules, inputs: tuple[Shape, ...]) -> Shape:
    if all(step.activation is not None for step in steps):
        return inputs[0]
    # A batch of two: some operations treat a batch of one as none.
    values = [torch.empty((2, *shape), device="meta") for shape in inputs]
    for step, module in zip(steps, modules, strict=True):
        if step.output is not None:
            values = [torch.empty((2, *step.output), device="meta")]
        elif step.activation is None:
            values = [run(step, module, values)]
    return tuple(values[0].shape[1:])


def run(
    step: Step,
    module: nn.Module | None,
    values: list[Tensor],
    masks: Mapping[str, Tensor] = MappingProxyType({}),
) -> Tensor:
    """Carry one step out; `masks` are those that the step takes, by keyword."""
    if module is not None:
        return module(*values, **masks)
    if step.kind == "list":
        return make(step.call, values, **masks)
    if step.kind == "function":
        return make(step.call, *values, **masks)
    return reduce(resolve(step.call.name), (*values, *step.call.args))


def in_one_line(steps: tuple[Step, ...], inputs: int) -> str:
    """Return steps as Python: modules in their order, or the expression of the inputs."""
    names = tuple(f"x{number}" for number in range(1, inputs + 1))
    return ", ".join(
        str(step.call) if step.kind == "module" else flat(expression(step, names)) for step in steps
    )
