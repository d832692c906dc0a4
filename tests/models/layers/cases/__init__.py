"""The layers that the contract is tested on: several sets of parameters and inputs per type."""

from typing import Any

from models.layers import LAYERS
from models.layers.base import Layer, Shape
from tests.models.layers.cases import (
    activations,
    attention,
    convolution,
    core,
    merging,
    normalization,
    pooling,
    recurrent,
    regularization,
    reshaping,
)

Case = tuple[Layer, tuple[Shape, ...]]

_FAMILIES = (
    core,
    activations,
    regularization,
    normalization,
    reshaping,
    convolution,
    pooling,
    recurrent,
    attention,
    merging,
)
CASES: list[Case] = [
    (LAYERS[name].model_validate(params), tuple(shapes))
    for family in _FAMILIES
    for name, entries in family.SHAPED.items()
    for params, shapes in entries
]


def label(case: Any) -> str:
    """Return a case in one word, for the names of tests."""
    layer, shapes = case
    changed = layer.model_dump(exclude_defaults=True)
    told = ",".join(f"{key}={value}" for key, value in changed.items())
    return f"{type(layer).__name__}({told})-{'+'.join('x'.join(map(str, s)) for s in shapes)}"
