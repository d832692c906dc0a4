"""A Keras model as an architecture: its layers, wires and models inside, as blocks."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import prod
from typing import Any

from pydantic import ValidationError

from models.architecture import FORMAT, MAX_NODES
from models.errors import Document, refuse
from models.importing.config import Called, Described, Made, described
from models.importing.unknown import not_carried_over, precision_of
from models.importing.values import Read, layer_of
from models.layers import Layer
from models.layers.base import Misfit, Shape
from models.measure import measure
from models.wording import show

_LONGEST_RUN = 4
"""Most layers of Keras that one layer here is printed as."""
_ROW, _COLUMN = 92.0, 260.0
"""Distances of layers on the canvas."""

Value = tuple[str, str | None]
"""What a wire carries: the id of a node, and which of its named outputs."""


class Note(Document):
    """What could not be carried over, or came over otherwise, and why.

    Attributes:
        layer: what the file calls it; None for the model itself.
        node: the id of the layer here that it is about, where there is one.
    """

    layer: str | None = None
    node: str | None = None
    message: str


@dataclass
class Imported:
    """An architecture as a document, and what could not be carried over."""

    document: dict[str, Any]
    notes: list[Note] = field(default_factory=list)


def architecture_of(document: Any) -> Imported:
    """Return the architecture that a Keras configuration describes.

    Raises:
        DocumentError: it describes no Sequential or functional model, or one that is too large.
    """
    model = described(document)
    result = Imported({"format": FORMAT, "name": model.name}, [])
    blocks: dict[str, Any] = {}
    body = _Body(model, result.notes, blocks, None)
    body.build([])
    if told := precision_of(model.layers.values()):
        result.notes.append(Note(message=told))
    result.document |= body.part() | ({"blocks": blocks} if blocks else {})
    return result


class _Body:
    """Builds the nodes and wires of a model, or of a model inside one as a block."""

    def __init__(
        self, model: Described, notes: list[Note], blocks: dict[str, Any], path: str | None
    ) -> None:
        self._model, self._notes, self._blocks, self._path = model, notes, blocks, path
        self._nodes: list[dict[str, Any]] = []
        self._edges: list[dict[str, Any]] = []
        self._ids: set[str] = set()
        self._values: dict[tuple[str, int, int], Value] = {}
        self._shapes: dict[Value, Shape | None] = {}
        self._first: dict[str, str] = {}
        self._read: dict[str, Read | None] = {}
        self._users: dict[tuple[str, int, int], int] = {}
        self._depth: dict[str, int] = {}
        for call in model.calls:
            for ref in call.inputs:
                self._users[ref] = self._users.get(ref, 0) + 1
        for ref in model.outputs:
            self._users[ref] = self._users.get(ref, 0) + 1
        self._block_ends: dict[str, list[tuple[str, Shape | None]]] = {}
        self.inputs: list[str] = []
        self.outputs: list[tuple[str, Shape | None]] = []

    def build(self, given: Sequence[Shape | None]) -> None:
        """Enter everything; `given` are the shapes at a block's inputs."""
        shapes = dict(zip(self._model.inputs, given, strict=False))
        # Inputs stand in the model's order: data is handed to them by it.
        order = {ref: place for place, ref in enumerate(self._model.inputs)}
        waiting = sorted(
            self._model.calls, key=lambda call: order.get((call.layer, call.number, 0), len(order))
        )
        known: set[tuple[str, int]] = set()
        while waiting:
            ready = [
                call for call in waiting if all((ref[0], ref[1]) in known for ref in call.inputs)
            ]
            if not ready:
                raise refuse("not_a_model", "Expected a model without a cycle, got one.")
            for call in ready:
                known.add((call.layer, call.number))
                if (call.layer, call.number, 0) not in self._values:
                    self._enter(call, shapes)
            waiting = [call for call in waiting if (call.layer, call.number) not in known]
        for ref in self._model.outputs:
            value = self._value(ref)
            end = self._add("output", "Output", {})
            self._wire([value], end)
            self.outputs.append((end, self._shapes.get(value)))

    def part(self) -> dict[str, Any]:
        """Return nodes, wires and layout."""
        columns: dict[int, int] = {}
        layout: dict[str, list[float]] = {}
        for node in self._nodes:
            row = self._depth[node["id"]]
            column = columns.get(row, 0)
            columns[row] = column + 1
            layout[node["id"]] = [_COLUMN * column, _ROW * row]
        return {"nodes": self._nodes, "edges": self._edges, "layout": layout}

    def _enter(self, call: Called, given: dict[Any, Shape | None]) -> None:
        made = self._model.layers[call.layer]
        if made.kind == "InputLayer":
            self._enter_input(call, made, given)
        elif made.model is not None:
            self._enter_block(call, made, made.model)
        elif run := self._run(call):
            self._enter_run(call, *run)
        else:
            self._enter_layer(call, made)

    def _enter_input(self, call: Called, made: Made, given: dict[Any, Shape | None]) -> None:
        told = made.config.get("batch_shape") or made.config.get("batch_input_shape")
        shape = given.get((call.layer, call.number, 0))
        params: dict[str, Any] = {}
        if self._path is None:
            sizes = told[1:] if isinstance(told, list) else None
            if sizes and all(type(size) is int and size > 0 for size in sizes):
                shape = _channels_first(sizes)
                params = {"shape": list(shape)}
            else:
                self._tell(made, None, f"The shape {show(told)} is not fixed: set it on the Input.")
        node = self._add(made.name, "Input", params)
        self.inputs.append(node)
        self._keep(call, node, shape)

    def _enter_block(self, call: Called, made: Made, model: Described) -> None:
        values = [self._value(ref) for ref in call.inputs]
        if made.name in self._first:
            first = self._first[made.name]
            node = self._add(made.name, "Block", {}, shares=first)
            ends = self._block_ends[first]
        else:
            name = _free(made.name, set(self._blocks), "block")
            self._blocks[name] = {}
            inner = _Body(model, self._notes, self._blocks, name)
            inner.build([self._shapes.get(value) for value in values])
            self._blocks[name] = {"title": model.name, **inner.part()}
            node = self._add(made.name, "Block", {"block": name})
            self._first[made.name] = node
            ends = inner.outputs
            self._block_ends[node] = ends
        self._wire(values, node)
        for place, (end, shape) in enumerate(ends):
            value = (node, end if len(ends) > 1 else None)
            self._values[call.layer, call.number, place] = value
            self._shapes[value] = shape

    def _enter_layer(self, call: Called, made: Made) -> None:
        values = [self._value(ref) for ref in call.inputs]
        read = self._reading(made)
        if read is None:
            self._enter_unknown(call, made, values)
            return
        shapes = self._known(values)
        options = {key: value for key, value in call.options.items() if value not in (None, False)}
        layer, lost = _called_with(read.layer, options)
        lost = [*read.lost, *lost]
        most = layer.arity[1]
        if most is not None and len(values) > most:
            lost.append(f"It takes at most {most} inputs here: the others are left out.")
            values = values[:most]
        if made.name in self._first:
            node = self._add(made.name, type(layer).__name__, {}, shares=self._first[made.name])
            self._wire(values, node)
            self._keep(call, node, _output(layer, shapes))
            return
        steps, told = _as_here(layer, shapes)
        node = ""
        for step in steps:
            own = type(step) is type(layer)
            wish = made.name if own else f"{made.name}_{type(step).__name__.lower()}"
            node = self._add(wish, type(step).__name__, _params(step))
            self._wire(values, node)
            output = _output(step, shapes)
            shapes = None if output is None else (output,)
            values = [(node, None)]
            if own:
                self._first[made.name] = node
        for message in (*lost, *told):
            self._tell(made, self._first[made.name], message)
        self._keep(call, node, shapes[0] if shapes else None)

    def _enter_unknown(self, call: Called, made: Made, values: list[Value]) -> None:
        node = self._add(made.name, "Identity", {})
        self._nodes[-1]["title"] = f"{made.kind} (not carried over)"[:200]
        rest = " Of its inputs only the first is connected." if len(values) > 1 else ""
        self._tell(made, node, not_carried_over(made) + rest)
        self._wire(values[:1], node)
        self._keep(call, node, self._shapes.get(values[0]) if values else None)

    def _run(self, call: Called) -> tuple[list[Called], Layer] | None:
        """Return calls in a row, from this one, that are printed of one layer here."""
        shapes = self._known([self._value(ref) for ref in call.inputs])
        chain = self._chain(call)
        if shapes is None or len(chain) < 2:
            return None
        readings = [self._reading(self._model.layers[entry.layer]) for entry in chain]
        for count in range(len(chain), 1, -1):
            run = readings[:count]
            if any(read is None for read in run):
                continue
            printed = [str(read.layer.keras_call()) for read in run if read is not None]
            for read in run:
                if read is not None and _printed(read.layer, shapes) == printed:
                    return chain[:count], read.layer
        return None

    def _chain(self, call: Called) -> list[Called]:
        """Return a call and those that follow it, each the only one that takes what it gets."""
        found = [call]
        by_input = {entry.inputs: entry for entry in self._model.calls if len(entry.inputs) == 1}
        uses = [entry.layer for entry in self._model.calls]
        while len(found) < _LONGEST_RUN:
            last = found[-1]
            ref = (last.layer, last.number, 0)
            following = by_input.get((ref,))
            if following is None or self._users.get(ref) != 1 or ref in self._model.outputs:
                break
            found.append(following)
        known = [self._model.layers[entry.layer] for entry in found]
        single = [
            uses.count(made.name) == 1 and made.model is None and made.kind != "InputLayer"
            for made in known
        ]
        return found[: single.index(False)] if False in single else found

    def _enter_run(self, call: Called, run: list[Called], layer: Layer) -> None:
        values = [self._value(ref) for ref in call.inputs]
        shapes = self._known(values)
        main = next(
            entry for entry in run if self._model.layers[entry.layer].kind == type(layer).__name__
        )
        node = self._add(main.layer, type(layer).__name__, _params(layer))
        self._wire(values, node)
        for entry in run:
            self._keep(entry, node, _output(layer, shapes))

    def _reading(self, made: Made) -> Read | None:
        if made.name not in self._read:
            self._read[made.name] = layer_of(made.kind, made.config)
        return self._read[made.name]

    def _value(self, ref: tuple[str, int, int]) -> Value:
        found = self._values.get(ref)
        if found is None:
            raise refuse(
                "not_a_model",
                f"Expected layers with one output, got a wire from output {ref[2] + 1} of "
                f"{show(ref[0])}. Leave it out before saving the model.",
            )
        return found

    def _known(self, values: Sequence[Value]) -> tuple[Shape, ...] | None:
        shapes = [self._shapes.get(value) for value in values]
        return None if None in shapes else tuple(shape for shape in shapes if shape is not None)

    def _keep(self, call: Called, node: str, shape: Shape | None) -> None:
        self._values[call.layer, call.number, 0] = (node, None)
        self._shapes[node, None] = shape

    def _add(self, wish: str, kind: str, params: dict[str, Any], shares: str | None = None) -> str:
        if len(self._nodes) >= MAX_NODES:
            raise refuse("too_many_layers", f"Expected at most {MAX_NODES:,} layers, got more.")
        node = _free(wish, self._ids, kind.lower())
        self._ids.add(node)
        self._depth[node] = 0
        entry: dict[str, Any] = {"id": node, "type": kind, "params": params}
        self._nodes.append(entry | ({"shares": shares} if shares else {}))
        return node

    def _wire(self, values: Sequence[Value], target: str) -> None:
        for source, output in values:
            edge = {"source": source, "target": target}
            self._edges.append(edge | ({"output": output} if output else {}))
            self._depth[target] = max(self._depth[target], self._depth[source] + 1)

    def _tell(self, made: Made, node: str | None, message: str) -> None:
        told = None if self._path is not None else node
        self._notes.append(Note(layer=made.name[:200], node=told, message=message))


def _called_with(layer: Layer, options: dict[str, Any]) -> tuple[Layer, list[str]]:
    """Return a layer with what it is told when it is called, and what has no place here."""
    fields = type(layer).model_fields
    params = {key: value for key, value in options.items() if key in fields}
    lost = [
        f"{show(key)}, told when it is called, has no place here."
        for key in options
        if key not in fields and key not in ("training", "mask")
    ]
    if params:
        layer = type(layer).model_validate({**layer.model_dump(mode="json"), **params})
    return layer, lost


def _as_here(layer: Layer, shapes: tuple[Shape, ...] | None) -> tuple[tuple[Layer, ...], list[str]]:
    """Return the layers that do here what this one does in Keras, and what is to be told of it."""
    printed = _printed(layer, shapes) if shapes is not None else None
    if shapes is None or printed is None:
        return (layer,), []
    steps = layer.as_in_keras(*shapes)
    if steps != (layer,) or len(printed) == 1:
        return steps, []
    told = "Its numbers stand in another order here, channels first: equal weights of the layers "
    return steps, [told + "after it would have to be arranged anew."]


def _printed(layer: Layer, shapes: tuple[Shape, ...]) -> list[str] | None:
    """Return the Keras layers that a layer is printed as; None where it cannot take the shapes."""
    try:
        layer.torch(*shapes)
        return [str(call) for call in layer.keras(*shapes)]
    except (Misfit, IndexError, ValueError):
        return None


def _output(layer: Layer, shapes: tuple[Shape, ...] | None) -> Shape | None:
    fewest, most = layer.arity
    if shapes is None or len(shapes) < fewest or (most is not None and len(shapes) > most):
        return None
    if any(prod(shape) > 2**40 for shape in shapes):
        return None
    try:
        return measure(layer, shapes).output  # pyright: ignore[reportArgumentType] # frozen
    except (Misfit, RuntimeError):
        return None


def _params(layer: Layer) -> dict[str, Any]:
    """Return the parameters that are not the defaults, sizes that are all alike as one number."""
    kind, given = type(layer), layer.model_dump(mode="json", exclude_defaults=True)
    for name, value in given.items():
        if isinstance(value, list) and len(value) > 1 and type(value[0]) is int:
            alike = {**given, name: value[0]}
            with suppress(ValidationError):
                if len(set(value)) == 1:
                    kind.model_validate(alike)
                    given = alike
    return kind.model_validate(given).model_dump(mode="json", exclude_defaults=True)


def _channels_first(sizes: Sequence[int]) -> Shape:
    return (sizes[-1], *sizes[:-1]) if len(sizes) > 2 else tuple(sizes)


def _free(wish: str, taken: set[str], other: str) -> str:
    """Return an id that is like a name of the file."""
    small = re.sub(r"[^a-z0-9_]+", "_", wish.lower()).strip("_")
    if not re.match("[a-z]", small):
        small = f"{other}_{small}".strip("_")
    small = small[:50]
    name, number = small, 1
    while name in taken:
        number += 1
        name = f"{small}_{number}"
    return name
