"""A checked architecture as a list of stages: what `network` runs and what `export` prints.

A layer is one stage for each of its steps, a Block one stage, or one for each copy where masks go
along. What a Block consists of has a plan of its own for each copy: the `copies` of the part that
its stage calls, which know the block's name, title and arguments. So to walk a network with
everything inside its blocks, go through the stages in order, and for those without a step into the
copies. Values are named within one plan: what a stage hands to a copy are its `takes`, what it gets
its `gives`, in the same order.
"""

from models.architecture import Architecture
from models.data.interface import Interface
from models.errors import DocumentError
from models.layers.base import Shape, Step
from models.masks import Masks, Value
from models.masks import problems as problems_of_masks
from models.names import Names
from models.stages import Answer, Part, Plan, Stage
from models.survey import Measured, survey


def plan(architecture: Architecture, interface: Interface | None = None) -> Plan:
    """Lay an architecture out in stages.

    Raises:
        DocumentError: when it cannot be built, with every problem.
    """
    measured = survey(architecture, interface)
    problems = [*measured.problems, *problems_of_masks(measured)]
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise DocumentError(errors)
    masks = Masks(measured)
    masks.use(())
    return _Planner(measured, masks).plan()


class _Planner:
    """Lays one body out."""

    def __init__(self, measured: Measured, masks: Masks) -> None:
        self._measured = measured
        self._masks = masks
        self._names = Names(measured.layers)
        self._values: dict[Value, str] = {}
        self._mask_of: dict[Value, str] = {}
        self._inputs: dict[str, tuple[str, Shape]] = {}
        self._parts: dict[str, Part] = {}
        self._stages: list[Stage] = []

    def plan(self) -> Plan:
        """Return the plan."""
        measured, body = self._measured, self._measured.body
        for node in measured.graph.order:
            if node in measured.copies:
                self._block(node)
            else:
                self._layer(node)
        return Plan(
            name=body.title or body.name or "",
            inputs=tuple(self._inputs[node] for node in body.of_role("input")),
            mask_inputs=self._masks_at("input"),
            parts=tuple(self._parts.values()),
            stages=tuple(self._stages),
            answers=tuple(self._answer(node) for node in body.of_role("output")),
            mask_answers=self._masks_at("output"),
            titles={node.id: node.title for node in body.nodes if node.title},
            block=body.name,
            summary=body.summary,
            arguments=body.arguments,
            given=frozenset(body.set_by),
        )

    def _masks_at(self, role: str) -> tuple[str, ...]:
        ends = ((node, 0) for node in self._measured.body.of_role(role))
        return tuple(self._mask_of[end] for end in ends if end in self._masks.used)

    def _layer(self, node: str) -> None:
        measured, own = self._measured, self._names.of(node)
        sources = [self._masks.value(wire) for wire in measured.graph.wires_to(node)]
        taken = tuple(self._values[source] for source in sources)
        steps = measured.measures[node].steps
        if measured.layers[node].role == "input":
            # A reshaping input is two values: what comes in, and what it has become.
            self._inputs[node] = (own, measured.given[node])
            taken = (own,)
        if (node, 0) in self._masks.used:
            self._mask(node, sources, taken)
        origin = measured.origin.get(node, node)
        for step, theirs in zip(steps, measured.measures[origin].steps, strict=True):
            name = None
            if step.kind == "module":
                # Of what shares weights, only steps that have none may differ.
                owner = origin if step.call == theirs.call else node
                name = self._names.module(owner, step.suffix)
                self._parts.setdefault(name, Part(name, owner, step))
            given = zip(step.masks, map(self._mask_of.get, sources), strict=False)
            known = tuple((keyword, value) for keyword, value in given if value is not None)
            if known and step.masked is not None:
                step = step.masked
            self._stages.append(Stage(node, name, step, taken, (own,), known))
            taken = (own,)
        # A layer that does nothing (Output, a linear Activation) is another name of its input.
        self._values[node, 0] = own if steps else taken[0]

    def _mask(self, node: str, sources: list[Value], taken: tuple[str, ...]) -> None:
        """Add the stages that make the mask of a layer's output."""
        mask = self._masks.made[node]
        if self._measured.layers[node].role == "input":
            self._mask_of[node, 0] = self._names.further(node, "mask")
            return
        if mask.of == "masks":
            if mask.missing is not None:
                for source, value in zip(sources, taken, strict=True):
                    if source not in self._mask_of:
                        self._mask_of[source] = self._step(node, source[0], mask.missing, (value,))
            taken = tuple(self._mask_of[source] for source in sources if source in self._mask_of)
        for step in mask.steps:
            taken = (self._step(node, node, step, taken),)
        self._mask_of[node, 0] = taken[0]

    def _step(self, node: str, of: str, step: Step, taken: tuple[str, ...]) -> str:
        """Add a stage of a node that makes a mask of another or of itself."""
        name = self._names.further(of, "mask")
        self._stages.append(Stage(node, None, step, taken, (name,)))
        return name

    def _block(self, node: str) -> None:
        measured, masks = self._measured, self._masks.inside[node]
        origin = measured.origin.get(node, node)
        name = self._names.module(origin, "")
        apart = len(masks) > 1 and any(any((*copy.needed, *copy.wanted)) for copy in masks)
        if name not in self._parts:
            pairs = zip(measured.copies[origin], self._masks.inside[origin], strict=True)
            copies = tuple(_Planner(copy, inner).plan() for copy, inner in pairs)
            self._parts[name] = Part(name, origin, None, copies, apart)
        sources = [self._masks.value(wire) for wire in measured.graph.wires_to(node)]
        taken = [self._values[source] for source in sources]
        masked: list[str | None] = [self._mask_of.get(source) for source in sources]
        outputs = measured.ports.sockets[node].outputs
        own = self._names.of(node)
        values = [own if len(outputs) == 1 else self._names.further(node, end) for end in outputs]
        numbers = range(len(masks)) if apart else (None,)
        for number in numbers:
            first, last = (masks[0], masks[-1]) if number is None else (masks[number],) * 2
            given = [mask for mask, used in zip(masked, first.needed, strict=True) if used and mask]
            wanted = [
                (place, self._names.further(value, "mask"))
                for place, (value, asked) in enumerate(zip(values, last.wanted, strict=True))
                if asked
            ]
            made = (*values, *(mask for _, mask in wanted))
            self._stages.append(Stage(node, name, None, (*taken, *given), made, copy=number))
            taken = values
            masked = [None] * len(values)
            for place, mask in wanted:
                masked[place] = mask
        for place, (value, mask) in enumerate(zip(values, masked, strict=True)):
            self._values[node, place] = value
            if mask is not None:
                self._mask_of[node, place] = mask

    def _answer(self, node: str) -> Answer:
        """Return what leaves at an Output."""
        value, shape = self._values[node, 0], self._measured.measures[node].output
        for number, stage in reversed([*enumerate(self._stages)]):
            if value not in stage.outputs:
                continue
            place = stage.outputs.index(value)
            activation = stage.step.activation if stage.step else None
            if stage.step is None and self._only_answer(value):
                inner = self._parts[stage.part or ""].copies[-1].answers[place]
                activation = inner.activation
            return Answer(node, value, shape, number, place, activation)
        return Answer(node, value, shape)

    def _only_answer(self, value: str) -> bool:
        """Return whether a value leaves at one Output and is used for nothing else."""
        ends = self._measured.body.of_role("output")
        once = sum(self._values[end, 0] == value for end in ends) == 1
        return once and not any(value in stage.inputs for stage in self._stages)
