"""From an architecture to a network that computes: an nn.Module with Keras's initial weights."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import Any

import torch
from torch import Tensor, nn

from models.architecture import Architecture
from models.data.interface import Interface
from models.layers.base import Initial, Rule, Shape
from models.measure import run
from models.modules.weights import stacked_
from models.plan import plan
from models.resolve import make, resolve
from models.stages import Part, Plan, Stage

Answers = Any
"""A tensor, or a tuple of tensors where there are several outputs."""


class Composite(nn.Module):
    """A module as a plan says: a network, or one copy of a block.

    Submodules and weights bear the ids of their nodes.
    """

    def __init__(self, layout: Plan) -> None:
        super().__init__()
        self.plan = layout
        for part in layout.parts:
            self.add_module(part.name, _made(part))
        self._chained = layout.sequential
        self._training_stages = _largest_first(layout)
        self._ends: dict[int | None, list[tuple[int, int]]] = {}
        for place, answer in enumerate(layout.answers):
            if answer.has_logits:
                self._ends.setdefault(answer.stage, []).append((place, answer.output))
        self._used = {value for stage in layout.stages for value in stage.inputs}
        with torch.no_grad():
            for part in layout.parts:
                for initial in part.step.initial if part.step else ():
                    _fill(self.get_submodule(part.name), initial)

    def forward(self, *inputs: Tensor) -> Answers:
        """Return what leaves for what comes in: one tensor (batch, *shape) each, masks last."""
        values = self._compute(inputs)
        return values[0] if len(values) == 1 else values

    def _compute(self, inputs: Sequence[Tensor], raw: Set[int] = frozenset()) -> tuple[Any, ...]:
        """Return what leaves; of the answers in `raw` what their last activation is applied to."""
        layout = self.plan
        stages = self._training_stages if self.training else layout.stages
        if self._chained and not raw:
            value = inputs[0]
            for stage in stages:
                value = self._modules[stage.part](value)  # type: ignore[misc]
            return (value,)
        values = dict(zip(layout.takes, inputs, strict=True))
        kept: dict[int, Tensor] = {}
        for number, stage in enumerate(stages):
            taken = [values[name] for name in stage.inputs]
            ends = self._ends.get(number, [])
            asked = [(place, output) for place, output in ends if place in raw]
            if stage.step is None:
                inner = frozenset(output for _, output in asked)
                given = _call(self._modules[stage.part or ""], stage.copy, taken, inner)
                values.update(zip(stage.outputs, given, strict=True))
                continue
            kept.update((place, taken[0]) for place, _ in asked)
            if asked and len(asked) == len(ends) and stage.outputs[0] not in self._used:
                continue
            module = self._modules[stage.part] if stage.part is not None else None
            masks = {keyword: values[name] for keyword, name in stage.masks}
            values[stage.outputs[0]] = run(stage.step, module, taken, masks)
        answers = (
            kept[place] if place in kept else values[answer.value]
            for place, answer in enumerate(layout.answers)
        )
        return (*answers, *(values[name] for name in layout.mask_answers))


class Network(Composite):
    """A whole network.

    Attributes:
        penalized: whether regularizers add to the loss: `penalty` says how much.
        constrained: whether weights have to be kept as constraints ask: `constrain` does.
        input_shapes: of one example, per Input in the document's order.
        output_activations: the functions that the network ends with, such as "softmax", per Output
            in the document's order; None where it ends with something else.
    """

    def __init__(self, layout: Plan) -> None:
        super().__init__(layout)
        self.input_shapes: tuple[Shape, ...] = tuple(shape for _, shape in layout.inputs)
        self.output_activations = tuple(answer.activation for answer in layout.answers)
        steps = dict(layout.modules())
        self._observing = [
            f"{path}.{step.observer}" if step.observer else path
            for path, step in steps.items()
            if step.observer is not None
        ]
        self._penalties = [(path, rule) for path, step in steps.items() for rule in step.penalties]
        self._constraints = [
            (path, rule) for path, step in steps.items() for rule in step.constraints
        ]
        self.penalized = bool(self._penalties or self._observing)
        self.constrained = bool(self._constraints)

    @property
    def output_activation(self) -> str | None:
        """The function that the only Output ends with; None with several Outputs."""
        return self.output_activations[0] if len(self.output_activations) == 1 else None

    def logits(self, *inputs: Tensor) -> Answers:
        """Return what a final softmax or sigmoid would be applied to, else the answer itself."""
        values = self._compute(inputs, frozenset(range(len(self.plan.answers))))
        return values[0] if len(values) == 1 else values

    def outputs(self, *inputs: Tensor, logits: Set[int] = frozenset()) -> tuple[Tensor, ...]:
        """Return what leaves at each Output; at those in `logits`, by their place, the logits."""
        if logits:
            return self._compute(inputs, logits)
        values = self(*inputs)
        return values if isinstance(values, tuple) else (values,)

    def penalty(self) -> Tensor:
        """Return what regularizers add to the loss: (), Keras's number.

        Those of a layer's output are about the last call, and are told once.
        """
        found = [
            make(rule.call, _whole(self.get_submodule(path), rule))
            for path, rule in self._penalties
        ]
        for path in self._observing:
            found.append(self.get_submodule(path).take())  # pyright: ignore[reportCallIssue]
        return torch.stack(found).sum()

    @torch.no_grad()
    def constrain(self) -> None:
        """Change the weights in place to what their constraints ask; to be done after each step."""
        for path, rule in self._constraints:
            tensors = _tensors(self.get_submodule(path), rule)
            if len(tensors) == 1:
                make(rule.call, *tensors)
            else:
                stacked_(resolve(rule.call.name), *tensors, **rule.call.kwargs)

    def modules_of(self, node: str) -> tuple[nn.Module, ...]:
        """Return the modules that compute a node, in order; none for Input, Output and merges."""
        named = dict.fromkeys(stage.part for stage in self.plan.stages if stage.node == node)
        return tuple(self.get_submodule(name) for name in named if name is not None)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Ids of the nodes that compute something, in the order in which they do."""
        return tuple(dict.fromkeys(stage.node for stage in self.plan.stages))


def _largest_first(layout: Plan) -> tuple[Stage, ...]:
    """Return the stages in an order that trains the fastest.

    A ReLU before a maximum has several times the numbers to compute, and to read again on the way
    back, that it has after it. The answer and the gradients are the same, to the last bit.
    """
    stages = list(layout.stages)
    left = Counter(value for stage in stages for value in stage.inputs)
    left.update(answer.value for answer in layout.answers)
    for place, (first, second) in enumerate(pairwise(layout.stages)):
        left.subtract(first.inputs)
        if first.step is None or second.step is None or first.masks or second.masks:
            continue
        alone = second.inputs == first.outputs and left[first.outputs[0]] == 1
        if alone and first.step.keeps_largest and second.step.takes_largest:
            stages[place : place + 2] = (
                replace(second, inputs=first.inputs, outputs=first.outputs),
                replace(first, inputs=second.inputs, outputs=second.outputs),
            )
    return tuple(stages)


def _made(part: Part) -> nn.Module:
    if part.step is not None:
        return make(part.step.call)
    copies = [Composite(copy) for copy in part.copies]
    if len(copies) == 1:
        return copies[0]
    return nn.ModuleList(copies) if part.apart else nn.Sequential(*copies)


def _call(
    module: Any, copy: int | None, inputs: Sequence[Tensor], raw: Set[int]
) -> tuple[Any, ...]:
    """Return what leaves a Block, or the given copy of one; see `Composite._compute`."""
    if copy is not None:
        module = module[copy]
    if raw and isinstance(module, nn.Sequential):
        *rest, module = module
        for earlier in rest:
            inputs = (earlier(*inputs),)
    if raw:
        return module._compute(inputs, raw)
    # Called as modules are, so that hooks see it.
    given = module(*inputs)
    return given if isinstance(given, tuple) else (given,)


def _tensors(module: nn.Module, rule: Rule) -> list[Tensor]:
    tensors = [attrgetter(name)(module) for name in rule.tensors]
    return [tensor.unflatten(0, rule.split) for tensor in tensors] if rule.split else tensors


def _whole(module: nn.Module, rule: Rule) -> Tensor:
    tensors = _tensors(module, rule)
    return tensors[0] if len(tensors) == 1 else torch.stack(tensors)


def _fill(module: nn.Module, initial: Initial) -> None:
    tensor: Tensor = attrgetter(initial.tensor)(module)
    if initial.transposed:
        tensor = tensor.T
    if initial.part is not None:
        tensor = tensor[slice(*initial.part)]
    make(initial.call, tensor)


def build(
    architecture: Architecture, interface: Interface | None = None, seed: int | None = None
) -> Network:
    """Build a network with fresh weights.

    Args:
        architecture: without an interface, its Inputs need shapes.
        interface: what the data asks; supplies the shape of an Input that has none.
        seed: fixes the weights and leaves the global generator untouched; None draws from that.

    Raises:
        DocumentError: when the architecture has problems.
    """
    layout = plan(architecture, interface)
    if seed is None:
        return Network(layout)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Network(layout)
