"""Shapes, parameter counts, costs, and problems with their fixes; nothing is ever allocated."""

from functools import lru_cache

from pydantic import BaseModel

from models import fitting, masks
from models.architecture import Architecture
from models.budget import ALLOWED
from models.data.interface import Interface
from models.errors import Problem, Where
from models.layers import Layer
from models.layers.base import Shape
from models.measure import Measure, measure
from models.sharing import at_origin
from models.survey import Measured, memory, survey


class NodeReport(BaseModel, frozen=True):
    """What is known of one layer: None where a problem before it leaves it open.

    Shapes are without the batch axis; `flops` are of one example. A layer that computes with the
    weights of another has no parameters of its own. `output_shapes` are those of a Block, by the
    names of its Outputs; `output_shape` is the first.
    """

    input_shapes: list[list[int]] = []
    output_shape: list[int] | None = None
    output_shapes: dict[str, list[int]] = {}
    parameters: int | None = None
    flops: int | None = None
    torch: str | None = None
    keras: str | None = None


class Report(BaseModel):
    """What `check` found. `ok` means that nothing of severity "error" did.

    `memory` is bytes of weights, gradients and optimizer state; `flops` those of one forward pass
    of one example. `nodes` has every layer by its id, and those inside a Block as "block/layer",
    with several copies as "block/0/layer"; the Block itself is told in total.
    """

    ok: bool
    parameters: int
    trainable_parameters: int
    flops: int
    memory: int
    nodes: dict[str, NodeReport]
    problems: list[Problem]


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
    problems += masks.problems(measured)
    if interface is not None:
        problems += fitting.problems(
            measured.layers, measured.graph, measured.measures, interface, loss
        )
        problems += _nothing_to_learn(measured)
    problems[:] = [at_origin(problem, measured.origin) for problem in problems]
    order = {"error": 0, "warning": 1, "suggestion": 2}
    problems.sort(key=lambda problem: order[problem.severity])
    return _report(measured)


def _nothing_to_learn(measured: Measured) -> list[Problem]:
    if len(measured.measures) < len(measured.layers) or not measured.layers:
        return []
    if any(found.trainable for found in measured.measures.values()):
        return []
    output = measured.body.of_role("output")
    return [
        Problem(
            code="nothing_to_learn",
            message="Expected at least one layer with weights to train, got none. Add a Dense.",
            where=Where(node=output[0] if output else None),
        )
    ]


def _report(measured: Measured) -> Report:
    return Report(
        ok=not any(problem.severity == "error" for problem in measured.problems),
        parameters=sum(found.parameters for found in measured.own),
        trainable_parameters=sum(found.trainable for found in measured.own),
        flops=sum(found.flops for found in measured.measures.values()),
        memory=sum(memory(found) for found in measured.own),
        nodes=_nodes(measured, ""),
        problems=measured.problems,
    )


def _nodes(measured: Measured, before: str) -> dict[str, NodeReport]:
    """Return a report for every layer and, after a Block, for those inside it."""
    found: dict[str, NodeReport] = {}
    for node in measured.layers:
        found[before + node] = _node(node, measured)
        copies = measured.copies.get(node, [])
        for number, copy in enumerate(copies):
            within = f"{before}{node}/{number}/" if len(copies) > 1 else f"{before}{node}/"
            found |= _nodes(copy, within)
    return found


def _node(node: str, measured: Measured) -> NodeReport:
    layer, inputs = measured.layers[node], measured.inputs.get(node, ())
    found, own = measured.measures.get(node), node not in measured.origin
    if layer.role == "block":
        return _block(inputs, found, measured.ports.sockets[node].outputs, own)
    if found is None:
        return NodeReport(input_shapes=_lists(inputs), keras=_keras(layer, inputs))
    shapes = (measured.given[node],) if layer.role == "input" else inputs
    return _layer(layer, shapes, own)  # pyright: ignore[reportArgumentType] # frozen: hashable


def _block(
    inputs: tuple[Shape, ...], found: Measure | None, outputs: tuple[str, ...], own: bool
) -> NodeReport:
    if found is None:
        return NodeReport(input_shapes=_lists(inputs))
    shapes = _lists(found.outputs)
    return NodeReport(
        input_shapes=_lists(inputs),
        output_shape=shapes[0],
        output_shapes=dict(zip(outputs, shapes, strict=False)),
        parameters=found.parameters if own else 0,
        flops=found.flops,
    )


@lru_cache(maxsize=16_384)
def _layer(layer: Layer, shapes: tuple[Shape, ...], own: bool) -> NodeReport:
    """Return the report on a layer that `measure` takes with these shapes.

    Args:
        own: whether it has weights of its own.
    """
    found = measure(layer, shapes)  # pyright: ignore[reportArgumentType] # frozen: hashable
    inputs = () if layer.role == "input" else shapes
    return NodeReport(
        input_shapes=_lists(inputs),
        output_shape=list(found.output),
        parameters=found.parameters if own else 0,
        flops=found.flops,
        torch=found.torch,
        keras=_keras(layer, inputs),
    )


def _lists(shapes: tuple[Shape, ...]) -> list[list[int]]:
    return [list(shape) for shape in shapes]


def _keras(layer: Layer, inputs: tuple[Shape, ...]) -> str | None:
    return ", ".join(map(str, layer.keras(*inputs))) or None
