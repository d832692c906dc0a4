"""A checked architecture as a list of steps: what `network` runs and what `export` prints."""

import keyword
from dataclasses import dataclass

from torch import nn

from models.architecture import Architecture
from models.check import survey
from models.data.interface import Interface
from models.errors import DocumentError
from models.layers.base import Mask, Shape, Step
from models.masks import used_masks
from models.modules import OWN
from models.wiring import of_role

_RESERVED = frozenset(
    {
        *keyword.kwlist,
        *(name for name in dir(nn.Sequential()) if not name.startswith("_")),
        *("self", "torch", "nn", "build", "initialize", "network", "train"),
        *(name for name in OWN if name.islower()),
        *(
            "logits",
            "plan",
            "input_shapes",
            "output_activation",
            "output_activations",
            "modules_of",
            "nodes",
            "penalty",
            "penalized",
            "constrain",
            "constrained",
        ),
    }
)


@dataclass(frozen=True)
class Stage:
    """One step of one node.

    Attributes:
        node: id of the node that it belongs to.
        name: of its module: attribute of the network, prefix of its weights.
        inputs: the values that it takes; a value bears the safe name of its node, its mask that
            of the node with `_mask`.
        output: the value that it gives.
        masks: the values that the module takes as masks, each with its keyword.
        again: the module is that of an earlier stage, whose weights this one shares.
    """

    node: str
    name: str
    step: Step
    inputs: tuple[str, ...]
    output: str
    masks: tuple[tuple[str, str], ...] = ()
    again: bool = False


@dataclass(frozen=True)
class Answer:
    """What leaves at one Output.

    Attributes:
        node: the id of the Output.
        value: that it hands out.
        shape: of one example.
        stage: number of the stage that gives the value; None when an Input does.
        activation: the activation function that this stage is, if it is one.
    """

    node: str
    value: str
    shape: Shape
    stage: int | None
    activation: str | None

    @property
    def has_logits(self) -> bool:
        """Whether it is a softmax or sigmoid of something that losses prefer to see."""
        return self.activation in ("softmax", "sigmoid")


@dataclass(frozen=True)
class Plan:
    """How a network computes.

    Attributes:
        inputs: values that come in, with the shapes that are handed to the network; in the
            document's order of the Inputs.
        answers: in the document's order of the Outputs.
        sequential: each stage takes what the one before it gave, and nothing else.
    """

    name: str
    titles: dict[str, str]
    inputs: tuple[tuple[str, Shape], ...]
    stages: tuple[Stage, ...]
    answers: tuple[Answer, ...]

    @property
    def sequential(self) -> bool:
        """Whether the stages form one chain of modules."""
        if len(self.inputs) != 1 or len(self.answers) != 1:
            return False
        last = self.inputs[0][0]
        for stage in self.stages:
            if stage.step.kind != "module" or stage.inputs != (last,):
                return False
            if stage.masks or stage.again:
                return False
            last = stage.output
        return last == self.answers[0].value


def plan(architecture: Architecture, interface: Interface | None = None) -> Plan:
    """Lay an architecture out in steps.

    Raises:
        DocumentError: when it cannot be built, with every problem.
    """
    measured = survey(architecture, interface)
    errors = [problem for problem in measured.problems if problem.severity == "error"]
    if errors:
        raise DocumentError(errors)
    names = _Names(architecture)
    masks = used_masks(measured)
    mask_of: dict[str, str] = {}
    values: dict[str, str] = {}
    inputs: dict[str, tuple[str, Shape]] = {}
    stages: list[Stage] = []
    for node in measured.graph.order:
        layer, measure = measured.layers[node], measured.measures[node]
        sources = measured.graph.inputs_of(node)
        own = names.of(node)
        if layer.role == "input":
            # A reshaping input is two values: what comes in, and what it has become.
            shape = interface.input_shape if interface is not None else measure.output
            inputs[node] = (own, shape)
            taken: tuple[str, ...] = (own,)
        else:
            taken = tuple(values[source] for source in sources)
        if node in masks:
            stages += _mask(node, masks[node], sources, taken, mask_of, names)
        origin = measured.origin.get(node, node)
        for step, theirs in zip(measure.steps, measured.measures[origin].steps, strict=True):
            # Of what shares weights, only steps that have none may differ.
            name, again = names.module(origin if step.call == theirs.call else node, step)
            given = zip(step.masks, map(mask_of.get, sources), strict=False)
            known = tuple((keyword, value) for keyword, value in given if value is not None)
            stages.append(Stage(node, name, step, taken, own, known, again))
            taken = (own,)
        # A layer that does nothing (Output, a linear Activation) is another name of its input.
        values[node] = own if measure.steps or layer.role == "input" else taken[0]
    titles = {node.id: node.title for node in architecture.nodes if node.title}
    given_by = {stage.output: number for number, stage in enumerate(stages)}
    answers = []
    for node in of_role(measured.layers, "output"):
        value, shape = values[node], measured.measures[node].output
        last = given_by.get(value)
        activation = stages[last].step.activation if last is not None else None
        answers.append(Answer(node, value, shape, last, activation))
    return Plan(
        architecture.name,
        titles,
        tuple(inputs[node] for node in of_role(measured.layers, "input")),
        tuple(stages),
        tuple(answers),
    )


def _mask(
    node: str,
    mask: Mask,
    sources: tuple[str, ...],
    values: tuple[str, ...],
    masks: dict[str, str],
    names: "_Names",
) -> list[Stage]:
    """Return the stages that make the mask of a node, and enter its value into `masks`."""
    stages: list[Stage] = []

    def add(of: str, step: Step, taken: tuple[str, ...]) -> str:
        name = names.further(of, "mask")
        stages.append(Stage(node, name, step, taken, name))
        return name

    taken = values
    if mask.of == "masks":
        if mask.missing is not None:
            for source, value in zip(sources, values, strict=True):
                if source not in masks:
                    masks[source] = add(source, mask.missing, (value,))
        taken = tuple(masks[source] for source in sources if source in masks)
    for step in mask.steps:
        taken = (add(node, step, taken),)
    masks[node] = taken[0]
    return stages


class _Names:
    """Python names for nodes and for what else belongs to them, all different."""

    def __init__(self, architecture: Architecture) -> None:
        self._modules: dict[tuple[str, str], str] = {}
        self._taken = set(_RESERVED) | {node.id for node in architecture.nodes}
        self._of = {
            node.id: self._free(node.id) if node.id in _RESERVED else node.id
            for node in architecture.nodes
        }

    def of(self, node: str) -> str:
        """Return the name of a node."""
        return self._of[node]

    def further(self, node: str, suffix: str) -> str:
        """Return a new name for a further step of a node, or for its mask."""
        return self._free(f"{node}_{suffix}")

    def module(self, node: str, step: Step) -> tuple[str, bool]:
        """Return the name of the module of a node's step, and whether an earlier step made it."""
        key = (node, step.suffix)
        again = key in self._modules
        if not again:
            self._modules[key] = self.further(*key) if step.suffix else self.of(node)
        return self._modules[key], again

    def _free(self, wish: str) -> str:
        while wish in self._taken:
            wish += "_"
        self._taken.add(wish)
        return wish
