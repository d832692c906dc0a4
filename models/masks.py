"""Where masks come about in a network, and which of them some layer uses."""

from collections.abc import Sequence

from models.architecture import Edge
from models.errors import Problem, Where
from models.layers.base import Mask, positions
from models.lifting import lift
from models.survey import Measured

Value = tuple[str, int]
"""What leaves a layer: its id, and which of its outputs."""


class Masks:
    """The masks of a body; those of values that come in are given from outside.

    Every layer must have been measured.

    Attributes:
        made: how the mask comes about that the output of a layer has; Blocks are not among them.
        inside: for each Block the masks of its copies.
        outputs: which of the body's outputs have a mask.
        wanted: which of these are used outside.
        needed: which masks of the body's inputs are used inside.
        used: the values whose masks are used.
    """

    def __init__(self, measured: Measured, given: Sequence[bool] = ()) -> None:
        self._measured = measured
        self._inputs = measured.body.of_role("input")
        self._outputs = measured.body.of_role("output")
        self.made: dict[str, Mask] = {}
        self.inside: dict[str, list[Masks]] = {}
        self._masked: set[Value] = set()
        for node in measured.graph.order:
            self._follow(node, dict(zip(self._inputs, given, strict=False)))
        self.outputs = tuple((node, 0) in self._masked for node in self._outputs)
        self.wanted: tuple[bool, ...] = ()
        self.needed: tuple[bool, ...] = ()
        self.used: set[Value] = set()

    def use(self, wanted: Sequence[bool]) -> tuple[bool, ...]:
        """Find out what is used if these masks of the outputs are; return which inputs' are."""
        self.used = {(node, 0) for node, asked in zip(self._outputs, wanted, strict=False) if asked}
        for node in reversed(self._measured.graph.order):
            self.used.update(value for value in self._uses(node) if value in self._masked)
        self.wanted = tuple((node, 0) in self.used for node in self._outputs)
        self.needed = tuple((node, 0) in self.used for node in self._inputs)
        return self.needed

    def value(self, wire: Edge) -> Value:
        """Return what a wire carries."""
        return wire.source, self._measured.ports.output_of(wire)

    def _follow(self, node: str, given: dict[str, bool]) -> None:
        """Enter what a layer makes of the masks that come in."""
        measured = self._measured
        values = [self.value(wire) for wire in measured.graph.wires_to(node)]
        masked = tuple(value in self._masked for value in values)
        copies = measured.copies.get(node)
        if copies is not None:
            within = self.inside[node] = []
            for copy in copies:
                within.append(Masks(copy, masked))
                masked = within[-1].outputs
            self._masked.update((node, n) for n, found in enumerate(masked) if found)
            return
        inputs, output = measured.inputs[node], measured.measures[node].output
        mask = measured.layers[node].mask(masked, *inputs)
        if mask == Mask() and positions(inputs[0]) != positions(output):
            mask = None
        if given.get(node) and not measured.measures[node].steps:
            mask = Mask()
        if mask is not None:
            self.made[node] = mask
            self._masked.add((node, 0))

    def _uses(self, node: str) -> list[Value]:
        """Return the values that come into a layer and whose masks it uses."""
        values = [self.value(wire) for wire in self._measured.graph.wires_to(node)]
        if node in self.inside:
            count = len(self._measured.measures[node].outputs)
            asked = tuple((node, n) in self.used for n in range(count))
            for copy in reversed(self.inside[node]):
                asked = copy.use(asked)
            return [value for value, used in zip(values, asked, strict=True) if used]
        found = []
        if (node, 0) in self.used and self.made[node].of == "masks":
            found += values
        for step in self._measured.measures[node].steps:
            found += [value for value, _ in zip(values, step.masks, strict=False)]
        return found


def problems(measured: Measured) -> list[Problem]:
    """Return a problem for each Block that shares weights but not the masks that come along.

    Layers that could not be measured have problems of their own, which come first.
    """
    if not measured.copies or any(found.severity == "error" for found in measured.problems):
        return []
    masks = Masks(measured)
    masks.use(())
    return _problems(measured, masks)


def _problems(measured: Measured, masks: Masks) -> list[Problem]:
    found = []
    for node, copies in masks.inside.items():
        origin = measured.origin.get(node, node)
        told = [(copy.needed, copy.wanted) for copy in copies]
        if told != [(copy.needed, copy.wanted) for copy in masks.inside[origin]]:
            found.append(
                Problem(
                    code="shared_masks",
                    message=f'Expected masks where "{origin}" has them, to compute with its '
                    "weights, got others. Mask the inputs of both alike, or let it have weights of "
                    "its own.",
                    where=Where(node=node, path=["shares"]),
                )
            )
        for copy, inner in zip(measured.copies[node], copies, strict=True):
            layer, body = measured.layers[node], measured.body.blocks[node]
            found += [lift(problem, node, layer, body) for problem in _problems(copy, inner)]
    return found
