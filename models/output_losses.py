"""The losses that Outputs name for themselves."""

from collections.abc import Mapping

from models.errors import DocumentError, Problem, at_node
from models.layers import Layer
from models.layers.io import Output
from models.objectives.base import declare
from models.objectives.losses import LOSSES
from models.recipe import Objective


def problems(layers: Mapping[str, Layer]) -> list[Problem]:
    """Return what is wrong with the losses of a network's Outputs."""
    found = []
    for node, layer in layers.items():
        if not isinstance(layer, Output) or layer.loss is None:
            continue
        objective = Objective.model_validate(layer.loss.model_dump())
        try:
            declare(LOSSES, objective, "loss", ["params", "loss"])
        except DocumentError as error:
            found += [at_node(problem, node) for problem in error.problems]
    return found
