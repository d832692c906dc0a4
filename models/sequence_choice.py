"""Whether rows are steps where the recipe leaves it open: where data and network both say so."""

from math import prod

from models.architecture import Architecture
from models.data.description import Description
from models.data.interface import interface
from models.data.lookup import find
from models.data.target import INPUT_KINDS, natural_task
from models.declared import layer
from models.ends import ends
from models.errors import DocumentError
from models.layers import Layer
from models.layers.base import Misfit
from models.layers.io import Input
from models.recipe import Recipe, Sequence

FEWEST_ROWS = 40
"""Fewer rows of a series make too few windows to learn from."""
_FEATURES, _STEPS = 4, 64
"""Of shapes by which layers are asked whether they take rows or sequences."""
_RESHAPING = ("Reshaping", "Pooling")


def with_sequence(
    recipe: Recipe, description: Description, architecture: Architecture | None
) -> Recipe:
    """Return the recipe with windows where it leaves the sequence open and they are meant.

    They are where a column has the role time, the target is a number, the rows are not split in
    another way, and the network reads sequences, or is proposed too. An Input with a shape of its
    own, (steps, features), that one row does not fill says how long they are.
    """
    series = description.series
    if recipe.sequence is not None or series is None or not _is_series(description, recipe):
        return recipe
    asked = Sequence()
    if architecture is not None and architecture.nodes and not reads_sequences(architecture):
        steps = _own_steps(description, recipe, architecture)
        if steps is None:
            return recipe
        asked = Sequence(window=steps) if steps < series.longest else asked
    return recipe.model_copy(update={"sequence": asked})


def _own_steps(description: Description, recipe: Recipe, architecture: Architecture) -> int | None:
    """Return the steps of the only Input's own shape; None where a row fills it, or has none."""
    inputs = [one for node in architecture.nodes if isinstance(one := layer(node), Input)]
    shape = inputs[0].shape if len(inputs) == 1 else None
    if shape is None or len(shape) != 2:
        return None
    try:
        row = interface(description, recipe, ends(architecture)).input_shape
    except DocumentError:
        # Such as of rows that hold nothing but their time and their target.
        return shape[0]
    return None if prod(shape) == prod(row) else shape[0]


def _is_series(description: Description, recipe: Recipe) -> bool:
    series, problem = description.series, description.problem
    if series is None or problem is None or series.longest < FEWEST_ROWS:
        return False
    if recipe.split is not None and recipe.split.by not in (None, "time"):
        return False
    if recipe.task is not None:
        return recipe.task == "regression"
    if recipe.target in (None, problem.target):
        return problem.task == "regression"
    try:
        target = find(description, recipe.target, {})
    except DocumentError:
        return False
    return target.kind in INPUT_KINDS and natural_task(target)[0] == "regression"


def reads_sequences(architecture: Architecture) -> bool:
    """Return whether what enters has to be a sequence, (time, features), for the first layers.

    Layers that take rows and sequences alike, such as Dense, leave it to those behind them; an
    Input with a shape of its own, and layers that reshape, decide it.

    Raises:
        DocumentError: for a document that `parse` would refuse.
    """
    nodes = {node.id: layer(node) for node in architecture.nodes}
    readers: dict[str, list[str]] = {name: [] for name in nodes}
    for edge in architecture.edges:
        if edge.source in readers and edge.target in nodes:
            readers[edge.source].append(edge.target)
    waiting = [name for name, one in nodes.items() if isinstance(one, Input) and one.shape is None]
    seen = set(waiting)
    while waiting:
        for name in readers[waiting.pop()]:
            one = nodes[name]
            if name in seen or one.role != "layer" or one.reads_codes:
                continue
            seen.add(name)
            if not _takes(one, (_FEATURES,)):
                if _takes(one, (_STEPS, _FEATURES)):
                    return True
            elif one.group not in _RESHAPING:
                waiting.append(name)
    return False


def _takes(one: Layer, shape: tuple[int, ...]) -> bool:
    """Return whether a layer takes inputs of a shape, as many as it needs."""
    try:
        one.torch(*[shape] * max(1, one.arity[0]))
    except Misfit:
        return False
    return True
