"""Shapes, parameter counts, costs, and problems with their fixes; nothing is ever allocated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import prod

from pydantic import BaseModel

from models import fitting, output_losses, wiring
from models.architecture import Architecture
from models.budget import ALLOWED, PER_WEIGHT, in_words
from models.data.interface import Interface
from models.errors import Change, Fix, InsertNode, Problem, SetParams, Severity, Where
from models.graph import Graph
from models.layers import Layer
from models.layers.base import Misfit, Shape
from models.layers.reshaping import Reshape
from models.measure import Measure, measure
from models.parse import layers as read_layers
from models.ports import Ports, assign
from models.sharing import resolve

PER_FROZEN = 4
PER_ACTIVATION = 8
"""Bytes of a number of an example on its way through: its value and its gradient."""


class NodeReport(BaseModel):
    """What is known of one layer: None where a problem before it leaves it open.

    Shapes are without the batch axis; `flops` are of one example. A layer that computes with the
    weights of another has no parameters of its own.
    """

    input_shapes: list[list[int]] = []
    output_shape: list[int] | None = None
    parameters: int | None = None
    flops: int | None = None
    torch: str | None = None
    keras: str | None = None


class Report(BaseModel):
    """What `check` found. `ok` means that nothing of severity "error" did.

    `memory` is bytes of weights, gradients and optimizer state; `flops` those of one forward pass
    of one example.
    """

    ok: bool
    parameters: int
    trainable_parameters: int
    flops: int
    memory: int
    nodes: dict[str, NodeReport]
    problems: list[Problem]


@dataclass
class Measured:
    """An architecture measured layer by layer, with the problems found on the way.

    Attributes:
        origin: for each layer that computes with another's weights, that one.
    """

    layers: Mapping[str, Layer]
    graph: Graph
    ports: Ports
    origin: Mapping[str, str]
    inputs: dict[str, tuple[Shape, ...]] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def check(
    architecture: Architecture,
    interface: Interface | None = None,
    loss: str | None = None,
    *,
    allowed: int = ALLOWED,
) -> Report:
    """Tell everything about an architecture: as it is, or with what a dataset asks of it.

    Args:
        interface: what the data asks; without it, Inputs need shapes of their own.
        loss: type of the recipe's loss, to see whether it suits the output.
        allowed: bytes that training may take.

    Raises:
        DocumentError: for a document that `parse` would refuse.
    """
    measured = survey(architecture, interface, allowed=allowed)
    problems = measured.problems
    if interface is not None:
        problems += fitting.problems(
            measured.layers, measured.graph, measured.measures, interface, loss
        )
        problems += _nothing_to_learn(measured)
    problems[:] = [_at_origin(problem, measured.origin) for problem in problems]
    order = {"error": 0, "warning": 1, "suggestion": 2}
    problems.sort(key=lambda problem: order[problem.severity])
    return _report(measured)


def survey(
    architecture: Architecture, interface: Interface | None = None, *, allowed: int = ALLOWED
) -> Measured:
    """Measure every layer whose inputs are known, in order; problems are kept, not raised."""
    sharing = resolve(architecture.nodes, read_layers(architecture))
    layers = sharing.layers
    ports = assign(architecture, layers)
    graph = Graph(layers, ports.edges)
    inputs = wiring.of_role(layers, "input")
    result = Measured(layers, graph, ports, sharing.origin)
    result.problems += wiring.problems(layers, graph, ports)
    result.problems += wiring.several_ends(layers, "warning" if interface is None else "error")
    result.problems += output_losses.problems(layers)
    memory = 0
    for node in graph.order:
        layer = layers[node]
        shapes = _inputs_of(node, result, interface if len(inputs) == 1 else None)
        if shapes is None:
            continue
        result.inputs[node] = () if layer.role == "input" else shapes
        try:
            # What comes in has passed the budget, except the shape that an Input itself names.
            if layer.role == "input":
                _afford(layer, PER_ACTIVATION * prod(shapes[0]), 0, allowed)
            found = measure(layer, shapes)  # pyright: ignore[reportArgumentType] # frozen: hashable
            weights = 0 if node in sharing.origin else _memory(found)
            needed = weights + PER_ACTIVATION * prod(found.output)
            _afford(layer, needed, memory, allowed)
        except Misfit as misfit:
            result.problems.append(_problem(node, misfit, "error", graph, layers))
            continue
        memory += needed
        result.measures[node] = found
        if layer.role == "layer" and (advice := layer.advice(*shapes)):
            result.problems.append(_problem(node, advice, "suggestion", graph, layers))
    sharing.compare(result.inputs, result.measures)
    result.problems += sharing.problems
    return result


def _inputs_of(
    node: str, measured: Measured, interface: Interface | None
) -> tuple[Shape, ...] | None:
    """Return the shapes that come into a node, or None while they are not known."""
    layer, sources = measured.layers[node], measured.graph.inputs_of(node)
    fewest, most = layer.arity
    if len(sources) < fewest or (most is not None and len(sources) > most):
        return None
    if not measured.ports.fit(node, layer):
        return None
    if layer.role != "input":
        known = [measured.measures.get(source) for source in sources]
        shapes = tuple(found.output for found in known if found is not None)
        return shapes if len(shapes) == len(sources) else None
    if interface is not None:
        return (interface.input_shape,)
    shape: Shape | None = getattr(layer, "shape", None)
    if shape is None:
        measured.problems.append(
            Problem(
                code="no_shape",
                message="Expected a shape, got none. Choose a dataset, which supplies it, or set "
                "the shape of one example.",
                where=Where(node=node, path=["params", "shape"]),
            )
        )
        return None
    return (shape,)


def _memory(found: Measure) -> int:
    return PER_WEIGHT * found.trainable + PER_FROZEN * (found.parameters - found.trainable)


def _afford(layer: Layer, needed: int, taken: int, allowed: int) -> None:
    """Raise a Misfit when a layer needs more bytes than are left."""
    if needed + taken <= allowed:
        return
    before = f", {in_words(taken)} of them before this layer" if taken > allowed / 100 else ""
    raise Misfit(
        "out_of_memory",
        f"Expected a network that trains within {in_words(allowed)} of memory, got one that would "
        f"take an estimated {in_words(needed + taken)}{before}. Make this layer or the one before "
        "it smaller.",
        param=layer.width or ("shape" if layer.role == "input" else None),
    )


def _problem(
    node: str, misfit: Misfit, severity: Severity, graph: Graph, layers: Mapping[str, Layer]
) -> Problem:
    return Problem(
        severity=severity,
        code=misfit.code,
        message=str(misfit),
        fix=_fix(node, misfit, graph, layers),
        where=Where(node=node, path=misfit.path),
    )


def _fix(node: str, misfit: Misfit, graph: Graph, layers: Mapping[str, Layer]) -> Fix | None:
    remedy = misfit.remedy
    if remedy is None:
        return None
    changes: list[Change] = []
    if remedy.params:
        changes.append(SetParams(node=node, params=dict(remedy.params)))
    source = next(iter(graph.inputs_of(node)), None)
    if remedy.insert and source:
        kind, params = remedy.insert
        changes.append(InsertNode(type=kind, params=dict(params), source=source, target=node))
    if remedy.reshape and source:
        shape = list(remedy.reshape)
        if layers[source].role == "input":
            changes.append(SetParams(node=source, params={"shape": shape}))
        else:
            reshape, params = Reshape.__name__, {"target_shape": shape}
            changes.append(InsertNode(type=reshape, params=params, source=source, target=node))
    return Fix(title=remedy.title, changes=changes) if changes else None


def _at_origin(problem: Problem, origin: Mapping[str, str]) -> Problem:
    """Return the problem with a fix that sets parameters where they are: at the first to share."""
    if problem.fix is None:
        return problem
    changes: list[Change] = [
        change.model_copy(update={"node": origin[change.node]})
        if isinstance(change, SetParams) and change.node in origin
        else change
        for change in problem.fix.changes
    ]
    return problem.model_copy(update={"fix": problem.fix.model_copy(update={"changes": changes})})


def _nothing_to_learn(measured: Measured) -> list[Problem]:
    if len(measured.measures) < len(measured.layers) or not measured.layers:
        return []
    if any(found.trainable for found in measured.measures.values()):
        return []
    output = wiring.of_role(measured.layers, "output")
    return [
        Problem(
            code="nothing_to_learn",
            message="Expected at least one layer with weights to train, got none. Add a Dense.",
            where=Where(node=output[0] if output else None),
        )
    ]


def _report(measured: Measured) -> Report:
    found = {n: m for n, m in measured.measures.items() if n not in measured.origin}
    return Report(
        ok=not any(problem.severity == "error" for problem in measured.problems),
        parameters=sum(entry.parameters for entry in found.values()),
        trainable_parameters=sum(entry.trainable for entry in found.values()),
        flops=sum(entry.flops for entry in measured.measures.values()),
        memory=sum(_memory(entry) for entry in found.values()),
        nodes={node: _node(node, measured) for node in measured.layers},
        problems=measured.problems,
    )


def _node(node: str, measured: Measured) -> NodeReport:
    shapes = measured.inputs.get(node, ())
    inputs = [list(shape) for shape in shapes]
    keras = _keras(measured.layers[node], shapes)  # pyright: ignore[reportArgumentType] # frozen: hashable
    found = measured.measures.get(node)
    if found is None:
        return NodeReport(input_shapes=inputs, keras=keras)
    return NodeReport(
        input_shapes=inputs,
        output_shape=list(found.output),
        parameters=0 if node in measured.origin else found.parameters,
        flops=found.flops,
        torch=found.torch,
        keras=keras,
    )


@lru_cache(maxsize=16_384)
def _keras(layer: Layer, inputs: tuple[Shape, ...]) -> str | None:
    return ", ".join(map(str, layer.keras(*inputs))) or None
