"""Keras's configuration of a model, of version 3 or 2, as layers and what they are called with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from models.architecture import MAX_BLOCK_DEPTH, MAX_EDGES, MAX_NODES
from models.errors import DocumentError, refuse
from models.wording import show

MODELS = frozenset({"Functional", "Model", "Sequential"})

Ref = tuple[str, int, int]
"""A tensor: its layer, which call of that, which of what the call gave."""


@dataclass(frozen=True)
class Made:
    """A layer as the file describes it.

    Attributes:
        registered: by what name code of its own is registered with Keras; None for Keras's own.
    """

    name: str
    kind: str
    config: Mapping[str, Any]
    model: "Described | None" = None
    registered: str | None = None


@dataclass(frozen=True)
class Called:
    """One call of a layer.

    Attributes:
        inputs: in the order in which it takes them.
        options: further arguments, which are no tensors.
    """

    layer: str
    number: int
    inputs: tuple[Ref, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Described:
    """A model: its layers by name, their calls in order, the tensors that enter and leave."""

    name: str
    layers: Mapping[str, Made]
    calls: tuple[Called, ...]
    inputs: tuple[Ref, ...]
    outputs: tuple[Ref, ...]


def described(document: Any, depth: int = 0) -> Described:
    """Return a model from its configuration.

    Raises:
        DocumentError: it is no configuration of a Sequential or functional model, or too large.
    """
    if depth > MAX_BLOCK_DEPTH:
        raise refuse(
            "too_deep",
            f"Expected models in models at most {MAX_BLOCK_DEPTH} deep, got more. Nest them less.",
        )
    if not isinstance(document, Mapping) or not isinstance(document.get("class_name"), str):
        raise _not_a_model("a document without class_name and config")
    kind, config = document["class_name"], document.get("config")
    if kind not in MODELS:
        raise _not_a_model(f"the class {show(kind)}, which only its own code can build")
    # Keras 2.0 kept the layers of a Sequential alone.
    told = {"layers": config} if isinstance(config, list) else config
    if not isinstance(told, Mapping) or not isinstance(told.get("layers"), list):
        raise _not_a_model("a model without a list of layers")
    entries = told["layers"]
    if len(entries) > MAX_NODES:
        raise refuse(
            "too_many_layers",
            f"Expected at most {MAX_NODES:,} layers, got {len(entries):,}. Send a smaller model.",
        )
    name = str(told.get("name") or kind)[:200]
    layers = [_made(entry, number, depth) for number, entry in enumerate(entries)]
    known = {layer.name: layer for layer in layers}
    if len(known) < len(layers):
        raise _not_a_model("two layers of one name")
    if kind == "Sequential":
        return _chain(name, layers, told)
    calls = tuple(
        call for layer, entry in zip(layers, entries, strict=True) for call in _calls(layer, entry)
    )
    if sum(len(call.inputs) for call in calls) > MAX_EDGES:
        raise refuse("too_many_wires", f"Expected at most {MAX_EDGES:,} wires, got more.")
    inputs, outputs = (_ends(told.get(key)) for key in ("input_layers", "output_layers"))
    places = {(call.layer, call.number) for call in calls}
    for layer, number, _ in (*inputs, *outputs, *(ref for call in calls for ref in call.inputs)):
        if (layer, number) not in places:
            raise _not_a_model(f"a wire from {show(layer)}, call {number}, which is not there")
    return Described(name, known, _needed(calls, inputs, outputs), inputs, outputs)


def _needed(
    calls: tuple[Called, ...], inputs: tuple[Ref, ...], outputs: tuple[Ref, ...]
) -> tuple[Called, ...]:
    """Return the calls that lead to the outputs, and the inputs.

    Others compute masks: Keras writes down how it makes them, and masks come about here by
    themselves.
    """
    by_place = {(call.layer, call.number): call for call in calls}
    found: set[tuple[str, int]] = {(layer, number) for layer, number, _ in inputs}
    waiting = [(layer, number) for layer, number, _ in outputs]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting += [ref[:2] for ref in by_place[place].inputs if ref[:2] not in found]
    return tuple(call for call in calls if (call.layer, call.number) in found)


def _made(entry: Any, number: int, depth: int) -> Made:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("class_name"), str):
        raise _not_a_model(f"layer {number + 1} without class_name")
    config = entry.get("config")
    config = config if isinstance(config, Mapping) else {}
    kind = entry["class_name"]
    name = entry.get("name") or config.get("name") or f"layer_{number + 1}"
    inner = described(entry, depth + 1) if kind in MODELS else None
    registered = entry.get("registered_name")
    return Made(str(name), kind, config, inner, str(registered) if registered else None)


def _chain(name: str, layers: list[Made], config: Mapping[str, Any]) -> Described:
    """Return a Sequential, with an Input before it where the file only tells its shape."""
    if not layers:
        raise _not_a_model("a Sequential without layers")
    if layers[0].kind != "InputLayer":
        shape = layers[0].config.get("batch_input_shape") or config.get("build_input_shape")
        layers = [Made("input_layer", "InputLayer", {"batch_shape": shape}), *layers]
    calls, before = [], ()
    for layer in layers:
        calls.append(Called(layer.name, 0, before))
        before = ((layer.name, 0, 0),)
    first = ((layers[0].name, 0, 0),)
    return Described(name, {layer.name: layer for layer in layers}, tuple(calls), first, before)


def _calls(layer: Made, entry: Mapping[str, Any]) -> list[Called]:
    """Return the calls of a layer of a functional model."""
    nodes = entry.get("inbound_nodes")
    nodes = nodes if isinstance(nodes, list) else []
    if layer.kind == "InputLayer" or not nodes:
        return [Called(layer.name, 0, ())]
    found = []
    for number, node in enumerate(nodes):
        if isinstance(node, Mapping):
            args, options = node.get("args"), node.get("kwargs")
            inputs = _tensors(args)
            told = dict(options) if isinstance(options, Mapping) else {}
            for key in ("query", "value", "key"):
                inputs += _tensors(told.pop(key, None))
        else:
            inputs, told = _tensors_of_keras_2(node)
        found.append(Called(layer.name, number, tuple(inputs), told))
    return found


def _tensors(value: Any) -> list[Ref]:
    """Return the tensors among arguments, in order."""
    if isinstance(value, list):
        return [ref for entry in value for ref in _tensors(entry)]
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            config = value.get("config")
            return [_ref(config.get("keras_history") if isinstance(config, Mapping) else None)]
        return _tensors(value.get("items") or (value.get("config") or {}).get("value"))
    return []


def _tensors_of_keras_2(node: Any) -> tuple[list[Ref], dict[str, Any]]:
    """Return the tensors of `[[layer, call, tensor, options], …]`, and the options."""
    if not isinstance(node, list):
        raise _not_a_model("a call without inputs")
    entries = node if not node or isinstance(node[0], list) else [node]
    told: dict[str, Any] = {}
    for entry in entries:
        if isinstance(entry, list) and len(entry) > 3 and isinstance(entry[3], Mapping):
            told |= entry[3]
    inputs = [_ref(entry) for entry in entries]
    for key in ("value", "key"):
        if isinstance(told.get(key), list):
            inputs.append(_ref(told.pop(key)))
    return inputs, told


def _ends(value: Any) -> tuple[Ref, ...]:
    if not isinstance(value, list) or not value:
        raise _not_a_model("a model without inputs or outputs")
    if isinstance(value[0], str):
        return (_ref(value),)
    return tuple(_ref(entry) for entry in value)


def _ref(value: Any) -> Ref:
    if (
        not isinstance(value, list)
        or len(value) < 3
        or not isinstance(value[0], str)
        or type(value[1]) is not int
        or type(value[2]) is not int
    ):
        raise _not_a_model("a wire that is not [layer, call, tensor]")
    return value[0], value[1], value[2]


def _not_a_model(got: str) -> DocumentError:
    return refuse(
        "not_a_model",
        "Expected a Neuroloom document, or the configuration of a Keras model that is Sequential "
        f"or functional, got {got}. Send what model.to_json() gives, or a .keras file.",
    )
