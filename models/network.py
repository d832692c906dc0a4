"""From an architecture to a network that computes: an nn.Module with Keras's initial weights."""

from operator import attrgetter
from typing import Any

import torch
from torch import Tensor, nn

from models.architecture import Architecture
from models.data.interface import Interface
from models.layers.base import Initial, Rule, Shape
from models.measure import run
from models.modules.weights import stacked_
from models.plan import Plan, plan
from models.resolve import make, resolve

Answers = Any
"""A tensor, or a tuple of tensors where a network has several Outputs."""


class Network(nn.Module):
    """A network as its plan says; submodules and weights bear the ids of their nodes.

    Attributes:
        penalized: whether regularizers add to the loss: `penalty` says how much.
        constrained: whether weights have to be kept as constraints ask: `constrain` does.
        input_shapes: of one example, per Input in the document's order.
        output_activations: the functions that the network ends with, such as "softmax", per Output
            in the document's order; None where it ends with something else.
    """

    def __init__(self, layout: Plan) -> None:
        super().__init__()
        self.plan = layout
        self.input_shapes: tuple[Shape, ...] = tuple(shape for _, shape in layout.inputs)
        self.output_activations = tuple(answer.activation for answer in layout.answers)
        self._own = [s for s in layout.stages if s.step.kind == "module" and not s.again]
        for stage in self._own:
            self.add_module(stage.name, make(stage.step.call))
        self.penalized = any(s.step.penalties or s.step.observes for s in layout.stages)
        self.constrained = any(s.step.constraints for s in layout.stages)
        self._chained = layout.sequential
        self._ends = {answer.stage for answer in layout.answers if answer.has_logits}
        used = {name for stage in layout.stages for name in stage.inputs}
        self._idle = {end for end in self._ends if layout.stages[end or 0].output not in used}
        with torch.no_grad():
            self._initialize()

    @property
    def output_activation(self) -> str | None:
        """The function that the only Output ends with; None with several Outputs."""
        return self.output_activations[0] if len(self.output_activations) == 1 else None

    def forward(self, *inputs: Tensor) -> Answers:
        """Return the answer for a batch: one tensor (batch, *shape) per Input.

        With several Outputs it is a tuple of tensors, in the document's order.
        """
        return self._compute(inputs, logits=False)

    def logits(self, *inputs: Tensor) -> Answers:
        """Return what a final softmax or sigmoid would be applied to, else the answer itself."""
        return self._compute(inputs, logits=True)

    def penalty(self) -> Tensor:
        """Return what regularizers add to the loss: (), Keras's number.

        Those of a layer's output are about the last call, and are told once.
        """
        found: list[Tensor] = []
        for stage in self._own:
            module = self.get_submodule(stage.name)
            found += (make(rule.call, _whole(module, rule)) for rule in stage.step.penalties)
            if stage.step.observes:
                found.append(module.take())  # pyright: ignore[reportCallIssue]
        return torch.stack(found).sum()

    @torch.no_grad()
    def constrain(self) -> None:
        """Change the weights in place to what their constraints ask; to be done after each step."""
        for stage in self._own:
            for rule in stage.step.constraints:
                tensors = _tensors(self.get_submodule(stage.name), rule)
                if len(tensors) == 1:
                    make(rule.call, *tensors)
                else:
                    stacked_(resolve(rule.call.name), *tensors, **rule.call.kwargs)

    def modules_of(self, node: str) -> tuple[nn.Module, ...]:
        """Return the modules that compute a node, in order; none for Input, Output and merges."""
        return tuple(
            self.get_submodule(stage.name)
            for stage in self.plan.stages
            if stage.node == node and stage.step.kind == "module"
        )

    @property
    def nodes(self) -> tuple[str, ...]:
        """Ids of the nodes that compute something, in the order in which they do."""
        return tuple(dict.fromkeys(stage.node for stage in self.plan.stages))

    def _compute(self, inputs: tuple[Tensor, ...], *, logits: bool) -> Answers:
        stages = self.plan.stages
        if self._chained:
            (value,) = inputs
            for stage in stages[: len(stages) - (logits and len(self._ends))]:
                value = self._modules[stage.name](value)  # type: ignore[misc]
            return value
        values = {name: value for (name, _), value in zip(self.plan.inputs, inputs, strict=True)}
        raw: dict[int | None, Tensor] = {}
        for number, stage in enumerate(stages):
            taken = [values[name] for name in stage.inputs]
            if logits and number in self._ends:
                (raw[number],) = taken
                if number in self._idle:
                    continue
            module = self._modules[stage.name] if stage.step.kind == "module" else None
            masks = {keyword: values[name] for keyword, name in stage.masks}
            values[stage.output] = run(stage.step, module, taken, masks)
        answers = tuple(
            raw[answer.stage] if answer.stage in raw else values[answer.value]
            for answer in self.plan.answers
        )
        return answers[0] if len(answers) == 1 else answers

    def _initialize(self) -> None:
        for stage in self._own:
            for initial in stage.step.initial:
                _fill(self.get_submodule(stage.name), initial)


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
