"""How a network computes: its modules, and the stages that call them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.layers.base import Shape, Step


@dataclass(frozen=True)
class Part:
    """A module of a network or of a block.

    Attributes:
        name: attribute of the module that it is part of, and prefix of its weights.
        node: id of the node that it belongs to.
        step: that it carries out; None for a Block.
        copies: the plans of a Block, one for each time that it is repeated. Their weights lie under
            the name, with several copies under `<name>.0`, `<name>.1` …
        apart: each copy is called by a stage of its own, because masks go along; else one stage
            calls them in a row.
    """

    name: str
    node: str
    step: Step | None = None
    copies: tuple["Plan", ...] = ()
    apart: bool = False


@dataclass(frozen=True)
class Stage:
    """One step of one node, or a Block.

    Attributes:
        node: id of the node that it belongs to.
        part: name of the module that it calls; None for a function.
        step: None for a Block.
        inputs: the values that it takes; a value bears the safe name of its node, its mask that
            of the node with `_mask`. The masks that a Block takes come last.
        outputs: the values that it gives: one, or those of a Block and then their masks.
        masks: the values that the module of a layer takes as masks, each with its keyword.
        copy: which copy of a Block it calls, where they are called apart.
    """

    node: str
    part: str | None
    step: Step | None
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    masks: tuple[tuple[str, str], ...] = ()
    copy: int | None = None


@dataclass(frozen=True)
class Answer:
    """What leaves at one Output.

    Attributes:
        node: the id of the Output.
        value: that it hands out.
        shape: of one example.
        stage: number of the stage that gives the value; None when an Input does.
        output: which of that stage's outputs it is.
        activation: the activation function that this stage ends with, if it is one whose input can
            be had too.
    """

    node: str
    value: str
    shape: Shape
    stage: int | None = None
    output: int = 0
    activation: str | None = None

    @property
    def has_logits(self) -> bool:
        """Whether it is a softmax or sigmoid of something that losses prefer to see."""
        return self.activation in ("softmax", "sigmoid")


@dataclass(frozen=True)
class Plan:
    """How a network, or one copy of a block, computes.

    Attributes:
        name: of the network, or the title of the block.
        inputs: values that come in, with their shapes; in the document's order of the Inputs.
        mask_inputs: masks of these that come in after them.
        parts: its modules, in the order in which they are first called.
        answers: in the document's order of the Outputs.
        mask_answers: masks of these that leave after them.
        titles: what people call nodes, by id.
        block: the block's name in the document; None for the network itself.
        summary: what people say of the block.
        arguments: the values of the block's parameters.
        given: parameters of layers inside, (layer, parameter), that these set.
    """

    name: str
    inputs: tuple[tuple[str, Shape], ...]
    mask_inputs: tuple[str, ...]
    parts: tuple[Part, ...]
    stages: tuple[Stage, ...]
    answers: tuple[Answer, ...]
    mask_answers: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    block: str | None = None
    summary: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    given: frozenset[tuple[str, ...]] = frozenset()

    @property
    def takes(self) -> tuple[str, ...]:
        """The values that come in, masks last."""
        return (*(name for name, _ in self.inputs), *self.mask_inputs)

    @property
    def gives(self) -> tuple[str, ...]:
        """The values that leave, masks last."""
        return (*(answer.value for answer in self.answers), *self.mask_answers)

    def walk(self) -> Iterator["Plan"]:
        """Yield the plans of all copies inside, each after those inside it, and then this one."""
        for part in self.parts:
            for copy in part.copies:
                yield from copy.walk()
        yield self

    def modules(self, before: str = "") -> Iterator[tuple[str, Step]]:
        """Yield the modules of layers, those inside Blocks too, each with its path from here."""
        for part in self.parts:
            if part.step is not None:
                yield before + part.name, part.step
            for number, copy in enumerate(part.copies):
                within = f"{number}." if len(part.copies) > 1 else ""
                yield from copy.modules(f"{before}{part.name}.{within}")

    @property
    def sequential(self) -> bool:
        """Whether each stage is a module that takes what the one before gave, and nothing else."""
        if len(self.takes) != 1 or len(self.gives) != 1 or len(self.parts) != len(self.stages):
            return False
        (last,) = self.takes
        for stage in self.stages:
            alone = stage.inputs == (last,) and len(stage.outputs) == 1 and not stage.masks
            if stage.part is None or not alone or stage.copy is not None:
                return False
            (last,) = stage.outputs
        return last == self.gives[0]
