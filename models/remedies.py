"""What mends a layer that cannot take its input, as changes of the document."""

import re
from collections.abc import Mapping, Sequence, Set
from typing import Any

from pydantic import ValidationError

from models.errors import Change, Fix, InsertNode, RemoveNode, SetParams
from models.layers import LAYERS, Layer
from models.layers.base import Misfit, Shape
from models.layers.reshaping import Reshape

_AXES = re.compile(r"[123]D(?=Transpose$|$)")


def fix_of(
    node: str,
    misfit: Misfit,
    source: str | None,
    layers: Mapping[str, Layer],
    inputs: Sequence[Shape],
    shared: Set[str],
) -> Fix | None:
    """Return what mends a misfit: what the layer itself says, unless its neighbours know better.

    Args:
        source: the first layer before it.
        layers: these two, by node.
        inputs: the shapes that come into it.
        shared: which of the two have weights in common with others.
    """
    if misfit.code == "rank_mismatch" and source is not None and inputs and not shared:
        found = _whole_sequence(source, layers[source]) or _sibling(node, source, layers, inputs)
        if found is not None:
            return found
    return _own(node, misfit, source, layers)


def _own(node: str, misfit: Misfit, source: str | None, layers: Mapping[str, Layer]) -> Fix | None:
    remedy = misfit.remedy
    if remedy is None:
        return None
    changes: list[Change] = []
    if remedy.params:
        changes.append(SetParams(node=node, params=dict(remedy.params)))
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


def _whole_sequence(source: str, layer: Layer) -> Fix | None:
    """Return what makes a layer that reads a sequence hand all of its steps on."""
    if getattr(layer, "return_sequences", None) is not False:
        return None
    return Fix(
        title=f"Set return_sequences of {source}",
        changes=[SetParams(node=source, params={"return_sequences": True})],
    )


def _sibling(
    node: str, source: str, layers: Mapping[str, Layer], inputs: Sequence[Shape]
) -> Fix | None:
    """Return what puts the layer of the same kind for as many axes as there are in its place."""
    layer = layers[node]
    name = _AXES.sub(f"{len(inputs[0]) - 1}D", type(layer).__name__)
    kind = LAYERS.get(name)
    if kind is None or kind is type(layer) or len(inputs) != 1:
        return None
    params = _params(layer, kind)
    try:
        kind.model_validate(params).torch(*inputs)
    except (ValidationError, Misfit):
        return None
    changes: list[Change] = [
        InsertNode(type=name, params=params, source=source, target=node),
        RemoveNode(node=node),
    ]
    return Fix(title=f"Use {name} instead", changes=changes)


def _params(layer: Layer, kind: type[Layer]) -> dict[str, Any]:
    """Return the parameters of a layer that one of another type can have as well."""
    found: dict[str, Any] = {}
    for field, value in layer.model_dump(mode="json", exclude_defaults=True).items():
        try:
            kind.model_validate({**found, field: value})
        except ValidationError:
            continue
        found[field] = value
    return found
