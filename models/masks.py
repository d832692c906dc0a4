"""Which masks of an architecture are used, and how each comes about."""

from models.check import Measured
from models.layers.base import Mask


def used_masks(measured: Measured) -> dict[str, Mask]:
    """Return how the masks come about that some layer uses, by the node whose output they mask.

    Every layer must have been measured.
    """
    made: dict[str, Mask] = {}
    for node in measured.graph.order:
        masked = tuple(source in made for source in measured.graph.inputs_of(node))
        mask = measured.layers[node].mask(masked, *measured.inputs[node])
        if mask is not None:
            made[node] = mask
    used: set[str] = set()
    for node in reversed(measured.graph.order):
        sources = measured.graph.inputs_of(node)
        if node in used and made[node].of == "masks":
            used.update(sources)
        for step in measured.measures[node].steps:
            used.update(source for source, _ in zip(sources, step.masks, strict=False))
        used &= made.keys()
    return {node: made[node] for node in measured.graph.order if node in used}
