"""Layers that compute with the weights of another one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.architecture import Node
from models.errors import Change, Fix, Problem, SetParams, SetShares, Where
from models.layers import Layer
from models.layers.base import Shape
from models.measure import Measure
from models.wording import around, near, show

if TYPE_CHECKING:
    from models.survey import Measured

Layers = Mapping[str, Layer]


@dataclass
class Sharing:
    """Whose weights each layer has.

    Attributes:
        origin: for each layer that shares, the one that has weights of its own.
        layers: every layer; one that shares is declared as its origin is.
    """

    layers: dict[str, Layer]
    origin: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def compare(self, measured: "Measured") -> None:
        """Add a problem for every layer whose inputs do not fit the weights of its origin."""
        inputs, measures, copies = measured.inputs, measured.measures, measured.copies
        for node, origin in self.origin.items():
            ours, theirs = measures.get(node), measures.get(origin)
            if ours is None or theirs is None:
                continue
            blocks = zip(copies.get(node, []), copies.get(origin, []), strict=False)
            if not _same_weights(ours, theirs) or not all(_same(a, b) for a, b in blocks):
                self.problems.append(_other_weights(node, inputs[node], origin, inputs[origin]))


def at_origin(problem: Problem, origin: Mapping[str, str]) -> Problem:
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


def resolve(nodes: Sequence[Node], layers: Layers) -> Sharing:
    """Find out whose weights each layer has; a layer that cannot share keeps its own."""
    known = {node.id: node for node in nodes}
    ends: dict[str, Node] = {}
    result = Sharing(dict(layers))
    for node in nodes:
        if node.shares is None:
            continue
        result.problems += _circle(_follow(node, known, ends))
        end = ends.get(node.id, node)
        # Each mistake is told once, at the layer that makes it.
        if node.shares not in known:
            result.problems.append(_unknown(node, layers))
        elif end.shares is None:
            problem = _other_layer(node, end, layers)
            if problem is None:
                result.origin[node.id] = end.id
                result.layers[node.id] = layers[end.id]
            else:
                result.problems.append(problem)
    return result


def _follow(node: Node, known: Mapping[str, Node], ends: dict[str, Node]) -> list[str]:
    """Note where the way of a layer ends, and that of every layer on it; return a new circle.

    It ends at a layer with weights of its own, at one that shares those of none, or on a circle.
    No layer is passed twice in all, so that the longest ways take no time.
    """
    path: dict[str, Node] = {}
    while node.id not in path and node.id not in ends:
        following = known.get(node.shares or "")
        if following is None:
            break
        path[node.id] = node
        node = following
    ends.update(dict.fromkeys(path, ends.get(node.id, node)))
    way = list(path)
    return way[way.index(node.id) :] if node.id in path else []


def _unknown(node: Node, layers: Layers) -> Problem:
    wished = node.shares or ""
    alike = [
        other
        for other in near(wished, (name for name in layers if name != node.id))
        if type(layers[other]) is type(layers[node.id])
    ]
    asked = f"Did you mean {alike[0]}?" if alike else "Let it have weights of its own."
    return _problem(
        "unknown_shared",
        f'Expected a layer whose weights "{node.id}" shares, got {show(wished)}, which is not '
        f"there. {asked}",
        node.id,
        alike[0] if alike else None,
    )


def _circle(circle: list[str]) -> list[Problem]:
    """Return the problem of every layer on a circle."""
    problems = []
    for index, node in enumerate(circle):
        found = f"a circle: {around([*circle[index:], *circle[:index]])}"
        told = (
            f'Expected "{node}" to share the weights of another layer, which has its own, got '
            f"{found if len(circle) > 1 else 'itself'}. Let it have weights of its own."
        )
        problems.append(_problem("sharing_circle", told, node))
    return problems


def _other_layer(node: Node, origin: Node, layers: Layers) -> Problem | None:
    """Return the problem of sharing with a layer of another type or with other parameters."""
    ours, theirs = layers[node.id], layers[origin.id]
    if type(ours) is not type(theirs):
        told = f'Expected the type {origin.type} to share the weights of "{origin.id}", got '
        told += f"{node.type}. Let it have weights of its own."
        return _problem("shared_type", told, node.id)
    if ours.role in ("input", "output"):
        told = f"Expected a layer that computes something to share its weights, got {node.type}. "
        return _problem("shared_type", told + "Let it stand for itself.", node.id)
    if not node.params or ours == theirs:
        return None
    differing = [
        name for name in type(ours).model_fields if getattr(ours, name) != getattr(theirs, name)
    ]
    asked = theirs.model_dump(mode="json", include=set(differing))
    named = ", ".join(f"{name}={show(value)}" for name, value in asked.items())
    given = ", ".join(f"{name}={show(getattr(ours, name))}" for name in differing)
    return Problem(
        code="shared_parameters",
        message=f'Expected the parameters of "{origin.id}", whose weights "{node.id}" shares, '
        f"{named}, got {given}. Set them alike, or let it have weights of its own.",
        fix=Fix(
            title=f"Set {', '.join(differing)} as {origin.id} has it",
            changes=[SetParams(node=node.id, params=asked)],
        ),
        where=Where(node=node.id, path=["params", differing[0]]),
    )


def _same_weights(ours: Measure, theirs: Measure) -> bool:
    """Return whether modules with weights are the same; those without may differ."""
    return len(ours.steps) == len(theirs.steps) and all(
        a.call == b.call or not (weighs or weigh)
        for a, b, weighs, weigh in zip(
            ours.steps, theirs.steps, ours.weighted, theirs.weighted, strict=True
        )
    )


def _same(ours: "Measured", theirs: "Measured") -> bool:
    """Return whether two copies of a block are the same in everything that they call."""
    return all(
        [step.call for step in ours.measures[node].steps]
        == [step.call for step in theirs.measures[node].steps]
        and all(
            _same(a, b)
            for a, b in zip(ours.copies.get(node, []), theirs.copies.get(node, []), strict=True)
        )
        for node in ours.measures
        if node in theirs.measures
    )


def _other_weights(
    node: str, shapes: tuple[Shape, ...], origin: str, others: tuple[Shape, ...]
) -> Problem:
    told, got = (" and ".join(map(str, entry)) for entry in (others, shapes))
    return _problem(
        "shared_shape",
        f'Expected an input like that of "{origin}", {told}, to compute with its weights, got '
        f"{got}. Make the shapes alike, or let it have weights of its own.",
        node,
    )


def _problem(code: str, message: str, node: str, shares: str | None = None) -> Problem:
    changes: list[Change] = [SetShares(node=node, shares=shares)]
    title = f"Share the weights of {shares}" if shares else f"Give {node} weights of its own"
    return Problem(
        code=code,
        message=message,
        fix=Fix(title=title, changes=changes),
        where=Where(node=node, path=["shares"]),
    )
