"""A checked architecture as a list of steps: what `network` runs and what `export` prints."""

import keyword
from dataclasses import dataclass

from torch import nn

from models.architecture import Architecture
from models.check import survey
from models.data.interface import Interface
from models.errors import DocumentError
from models.layers.base import Shape, Step

_RESERVED = frozenset(
    {
        *keyword.kwlist,
        *(name for name in dir(nn.Sequential()) if not name.startswith("_")),
        *("self", "torch", "nn", "build", "initialize", "network", "scaled_normal_", "train"),
        *("logits", "plan", "input_shapes", "output_activation", "modules_of", "nodes"),
    }
)


@dataclass(frozen=True)
class Stage:
    """One step of one node.

    Attributes:
        node: id of the node that it belongs to.
        name: of its module: attribute of the network, prefix of its weights.
        inputs: the values that it takes; a value bears the safe name of its node.
        output: the value that it gives.
    """

    node: str
    name: str
    step: Step
    inputs: tuple[str, ...]
    output: str


@dataclass(frozen=True)
class Plan:
    """How a network computes.

    Attributes:
        inputs: values that come in, with the shapes that are handed to the network.
        output: the value that is the answer, with its shape.
        sequential: each stage takes what the one before it gave, and nothing else.
    """

    name: str
    titles: dict[str, str]
    inputs: tuple[tuple[str, Shape], ...]
    stages: tuple[Stage, ...]
    output: str
    output_shape: Shape

    @property
    def sequential(self) -> bool:
        """Whether the stages form one chain of modules."""
        if len(self.inputs) != 1:
            return False
        last = self.inputs[0][0]
        for stage in self.stages:
            if stage.step.kind != "module" or stage.inputs != (last,):
                return False
            last = stage.output
        return last == self.output

    @property
    def activation(self) -> str | None:
        """The function that the last stage is, if it is an activation.

        The last stage gives the answer: every layer leads to the Output, or there is no plan.
        """
        return self.stages[-1].step.activation if self.stages else None

    @property
    def has_logits(self) -> bool:
        """Whether the answer is a softmax or sigmoid of something that losses prefer to see."""
        return self.activation in ("softmax", "sigmoid")


def plan(architecture: Architecture, interface: Interface | None = None) -> Plan:
    """Lay an architecture out in steps.

    Raises:
        DocumentError: when it cannot be built, with every problem.
    """
    measured = survey(architecture, interface)
    errors = [problem for problem in measured.problems if problem.severity == "error"]
    if errors:
        raise DocumentError(errors)
    names = _names(architecture, {node: m.steps for node, m in measured.measures.items()})
    values: dict[str, str] = {}
    inputs: list[tuple[str, Shape]] = []
    stages: list[Stage] = []
    for node in measured.graph.order:
        layer, measure = measured.layers[node], measured.measures[node]
        own = names[node, ""]
        if layer.role == "input":
            # A reshaping input is two values: what comes in, and what it has become.
            shape = interface.input_shape if interface is not None else measure.output
            inputs.append((own, shape))
            taken: tuple[str, ...] = (own,)
        else:
            taken = tuple(values[source] for source in measured.graph.inputs_of(node))
        for step in measure.steps:
            stages.append(Stage(node, names[node, step.suffix], step, taken, own))
            taken = (own,)
        # A layer that does nothing (Output, a linear Activation) is another name of its input.
        values[node] = own if measure.steps or layer.role == "input" else taken[0]
    output = next(node for node, layer in measured.layers.items() if layer.role == "output")
    titles = {node.id: node.title for node in architecture.nodes if node.title}
    return Plan(
        architecture.name,
        titles,
        tuple(inputs),
        tuple(stages),
        values[output],
        measured.measures[output].output,
    )


def _names(
    architecture: Architecture, steps: dict[str, tuple[Step, ...]]
) -> dict[tuple[str, str], str]:
    """Return a Python name for every node and for every further step of it, all different."""
    names: dict[tuple[str, str], str] = {}
    taken = set(_RESERVED) | {node.id for node in architecture.nodes}
    for node in architecture.nodes:
        names[node.id, ""] = node.id if node.id not in _RESERVED else _free(node.id, taken)
    for node, own in steps.items():
        for step in own:
            if step.suffix:
                names[node, step.suffix] = _free(f"{node}_{step.suffix}", taken)
    return names


def _free(wish: str, taken: set[str]) -> str:
    while wish in taken:
        wish += "_"
    taken.add(wish)
    return wish
