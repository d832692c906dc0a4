"""What every layer of a network costs and gives, and what does not fit; nothing is allocated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from models import output_losses, wiring
from models.architecture import Architecture
from models.budget import ALLOWED, PER_WEIGHT, in_words
from models.data.interface import Interface
from models.errors import Fix, Problem, SetParams, Severity, Where
from models.graph import Graph
from models.layers import Layer
from models.layers.base import Misfit, Shape
from models.layers.block import Block
from models.lifting import lift
from models.measure import Measure, measure
from models.ports import Ports, assign
from models.remedies import fix_of
from models.sharing import at_origin, resolve
from models.unfold import Body, unfold

PER_FROZEN = 4
PER_ACTIVATION = 8
"""Bytes of a number of an example on its way through: its value and its gradient."""


@dataclass
class Measured:
    """A network, or one copy of a block, measured layer by layer, with the problems on the way.

    Attributes:
        layers: as the body declares them; one that shares weights as the layer that has them.
        given: the shapes that are handed to the Inputs, where they are known.
        origin: for each layer that computes with another's weights, that one.
        inputs: the shapes that come into each layer, where they are known.
        measures: of the layers that could be measured, Blocks in total.
        copies: for each Block its copies in order, up to the first that could not be measured.
    """

    body: Body
    layers: Mapping[str, Layer]
    graph: Graph
    ports: Ports
    given: Mapping[str, Shape]
    origin: Mapping[str, str]
    inputs: dict[str, tuple[Shape, ...]] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    copies: dict[str, list["Measured"]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def own(self) -> list[Measure]:
        """The measures of the layers that have weights of their own."""
        return [found for node, found in self.measures.items() if node not in self.origin]

    @property
    def outputs(self) -> tuple[Shape, ...] | None:
        """The shapes that leave at the Outputs; None where one is not known."""
        found = [self.measures.get(node) for node in self.body.of_role("output")]
        shapes = tuple(measure.output for measure in found if measure is not None)
        return shapes if len(shapes) == len(found) else None


def survey(
    architecture: Architecture, interface: Interface | None = None, *, allowed: int = ALLOWED
) -> Measured:
    """Measure every layer whose inputs are known, in order; problems are kept, not raised.

    Raises:
        DocumentError: for a document that `parse` would refuse.
    """
    body = unfold(architecture)
    inputs = body.of_role("input")
    given: dict[str, Shape] = {}
    missing: list[Problem] = []
    for node in inputs:
        shape: Shape | None = getattr(body.layers[node], "shape", None)
        fed = interface.entry(node, alone=len(inputs) == 1) if interface is not None else None
        if fed is not None:
            given[node] = fed.shape
        elif shape is not None:
            given[node] = shape
        else:
            missing.append(_no_shape(node))
    result = _Survey(allowed).measure(body, given)
    result.problems += missing
    result.problems += output_losses.problems(body.layers)
    return result


class _Survey:
    """Measures one network; `memory` is the bytes that its layers take so far."""

    def __init__(self, allowed: int) -> None:
        self._allowed = allowed
        self._memory = 0

    def measure(self, body: Body, given: Mapping[str, Shape], counted: bool = True) -> Measured:
        """Return the body measured on Inputs of these shapes.

        Args:
            counted: whether its weights take memory: not where they are another's.
        """
        sharing = resolve(body.nodes, body.layers)
        ports = assign(body)
        graph = Graph(body.layers, ports.edges)
        result = Measured(body, sharing.layers, graph, ports, given, sharing.origin)
        result.problems += wiring.problems(body.layers, graph, ports)
        for node in graph.order:
            layer = result.layers[node]
            shapes = _inputs_of(node, result, given)
            if shapes is None:
                continue
            result.inputs[node] = () if layer.role == "input" else shapes
            own = counted and node not in sharing.origin
            if isinstance(layer, Block):
                self._block(node, layer, result, own)
            else:
                self._layer(node, layer, shapes, result, own)
        sharing.compare(result)
        problems = [*result.problems, *sharing.problems]
        result.problems = [at_origin(problem, sharing.origin) for problem in problems]
        return result

    def _layer(
        self, node: str, layer: Layer, shapes: tuple[Shape, ...], result: Measured, own: bool
    ) -> None:
        try:
            # What comes in has passed the budget, except the shape that an Input itself names.
            if layer.role == "input":
                self._afford(layer, PER_ACTIVATION * prod(shapes[0]), 0)
            found = measure(layer, shapes)  # pyright: ignore[reportArgumentType] # frozen: hashable
            needed = (memory(found) if own else 0) + PER_ACTIVATION * prod(found.output)
            self._afford(layer, needed, self._memory)
        except Misfit as misfit:
            result.problems.append(_problem(node, misfit, "error", result))
            return
        self._memory += needed
        result.measures[node] = found
        if layer.role == "layer" and (advice := layer.advice(*shapes)):
            result.problems.append(_problem(node, advice, "suggestion", result))

    def _block(self, node: str, layer: Block, result: Measured, own: bool) -> None:
        if node in result.body.circles:
            result.problems.append(_circle(node, result.body.circles[node]))
            return
        body = result.body.blocks[node]
        inputs = body.of_role("input")
        if layer.repeat > 1 and (len(inputs), len(body.of_role("output"))) != (1, 1):
            result.problems.append(_not_a_chain(node, body))
            return
        copies = result.copies[node] = []
        shapes: tuple[Shape, ...] | None = result.inputs[node]
        for _ in range(layer.repeat):
            if shapes is not None:
                copies.append(self.measure(body, dict(zip(inputs, shapes, strict=True)), own))
                shapes = copies[-1].outputs
        for copy in copies:
            for problem in copy.problems:
                told = lift(problem, node, layer, body)
                if told not in result.problems:
                    result.problems.append(told)
        if shapes:
            result.measures[node] = _total(copies, shapes)

    def _afford(self, layer: Layer, needed: int, taken: int) -> None:
        """Raise a Misfit when a layer needs more bytes than are left."""
        allowed = self._allowed
        if needed + taken <= allowed:
            return
        before = f", {in_words(taken)} of them before this layer" if taken > allowed / 100 else ""
        raise Misfit(
            "out_of_memory",
            f"Expected a network that trains within {in_words(allowed)} of memory, got one that "
            f"would take an estimated {in_words(needed + taken)}{before}. Make this layer or the "
            "one before it smaller.",
            param=layer.width or ("shape" if layer.role == "input" else None),
        )


def memory(found: Measure) -> int:
    """Return the bytes that weights, their gradients and the optimizer's state take."""
    return PER_WEIGHT * found.trainable + PER_FROZEN * (found.parameters - found.trainable)


def _total(copies: list[Measured], outputs: tuple[Shape, ...]) -> Measure:
    """Return the measure of a Block."""
    own = [found for copy in copies for found in copy.own]
    every = [found for copy in copies for found in copy.measures.values()]
    end = copies[-1]
    source = end.graph.inputs_of(end.body.of_role("output")[0])[0]
    return Measure(
        (),
        outputs,
        sum(found.parameters for found in own),
        sum(found.trainable for found in own),
        sum(found.flops for found in every),
        end.measures[source].activation,
    )


def _inputs_of(
    node: str, measured: Measured, given: Mapping[str, Shape]
) -> tuple[Shape, ...] | None:
    """Return the shapes that come into a node, or None while they are not known."""
    wires, sockets = measured.graph.wires_to(node), measured.ports.sockets[node]
    if len(wires) < sockets.fewest or (sockets.most is not None and len(wires) > sockets.most):
        return None
    if not measured.ports.fit(node):
        return None
    if measured.layers[node].role == "input":
        return (given[node],) if node in given else None
    shapes = []
    for wire in wires:
        if (found := measured.measures.get(wire.source)) is None:
            return None
        shapes.append(found.outputs[measured.ports.output_of(wire)])
    return tuple(shapes)


def _no_shape(node: str) -> Problem:
    return Problem(
        code="no_shape",
        message="Expected a shape, got none. Choose a dataset, which supplies it, or set the shape "
        "of one example.",
        where=Where(node=node, path=["params", "shape"]),
    )


def _circle(node: str, way: tuple[str, ...]) -> Problem:
    return Problem(
        code="block_circle",
        message=f"Expected blocks that do not hold themselves, got a circle: {' → '.join(way)}. "
        f'Take a Block out of one of them, such as this one out of "{way[0]}".',
        where=Where(node=node, path=["params", "block"]),
    )


def _not_a_chain(node: str, body: Body) -> Problem:
    counts = ", ".join(
        f"{len(ends)} {word}{'s' if len(ends) != 1 else ''}"
        for ends, word in ((body.of_role("input"), "Input"), (body.of_role("output"), "Output"))
    )
    return Problem(
        code="repeat_ends",
        message=f"Expected a block with one Input and one Output to repeat it, got {counts} in "
        f'"{body.name}". Set repeat to 1.',
        fix=Fix(title="Set repeat to 1", changes=[SetParams(node=node, params={"repeat": 1})]),
        where=Where(node=node, path=["params", "repeat"]),
    )


def _problem(node: str, misfit: Misfit, severity: Severity, measured: Measured) -> Problem:
    shared = {*measured.origin, *measured.origin.values()}
    source = next(iter(measured.graph.inputs_of(node)), None)
    near = {node: measured.layers[node]} | ({source: measured.layers[source]} if source else {})
    return Problem(
        severity=severity,
        code=misfit.code,
        message=str(misfit),
        fix=fix_of(node, misfit, source, near, measured.inputs.get(node, ()), shared & near.keys()),
        where=Where(node=node, path=misfit.path),
    )
