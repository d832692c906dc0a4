"""A network as a Keras archive: the model and its weights as Keras saves them, without Keras.

It is a zip of `metadata.json`, `config.json` and `model.weights.h5`. The model in it is functional,
and each Block a model of its own inside, so that no source has to lie beside it.
"""

import ast
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import h5py

from models.architecture import Architecture
from models.call import Call, Named
from models.data.interface import Interface
from models.errors import refuse
from models.export.keras_homes import homes
from models.export.keras_order import Node, in_keras_order
from models.export.keras_plan import laid_out
from models.export.keras_weights import Array, to_keras
from models.layers import LAYERS
from models.network import Composite, Network
from models.stages import Part, Plan, Stage
from models.survey import Measured, survey
from models.weights import keras_shape

VERSION = "3.15.1"
"""Keras's own that writes archives of this form; later ones read them too."""
WHEN = "2000-01-01@00:00:00"
Json = dict[str, Any]
_CLASSES: dict[str, str] = {"GroupQueryAttention": "GroupedQueryAttention"}
"""Classes of Keras that are offered under another name."""
_NEEDED: Json = {"Rescaling": {"offset": 0.0}}
"""What Keras misses where it is left out, though it has a default."""
_AROUND = frozenset({"layers.Permute", "layers.Reshape"})
"""Layers that only lay out what another one takes."""
Arrays = dict[str, Array]
"""What a model keeps, by the paths at which Keras looks for it."""


def archive(
    architecture: Architecture, network: Network, interface: Interface | None = None
) -> bytes:
    """Return the `.keras` file of a network, as `keras.saving.load_model` reads it.

    Args:
        network: built of the architecture.

    Raises:
        DocumentError: it has a layer that is none of Keras's own; names the layer.
    """
    measured = survey(architecture, interface)
    model = _Model(laid_out(measured), measured, network, "model")
    metadata = {"keras_version": VERSION, "date_saved": WHEN}
    weights = io.BytesIO()
    with h5py.File(weights, "w") as file:
        for path, array in model.arrays().items():
            file[path] = array
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("metadata.json", json.dumps(metadata))
        packed.writestr("config.json", json.dumps(model.config()))
        packed.writestr("model.weights.h5", weights.getvalue())
    return content.getvalue()


class _Model:
    """One network, or one copy of a block, as a functional model of Keras's."""

    def __init__(self, plan: Plan, measured: Measured, network: Composite, name: str) -> None:
        self._plan, self._measured, self._network, self.name = plan, measured, network, name
        self._layers: dict[str, Json] = {}
        self._inner: dict[str, _Model] = {}
        self._values: dict[str, tuple[Node, int]] = {}
        self._parts = {part.name: part for part in plan.parts}
        for value, shape in plan.inputs:
            given = {"batch_shape": [None, *shape], "dtype": "float32", "name": value}
            self._layers[value] = _entry("keras.layers", "InputLayer", given)
            self._values[value] = Node(value, 0), 0
        for stage in plan.stages:
            self._call(stage)

    def config(self) -> Json:
        """Return the model as `config.json` has it."""
        ends = [self._values[value] for value in self._plan.gives]
        inputs = [[value, 0, 0] for value in self._plan.takes]
        # Of a model inside, Keras counts one call more here.
        outputs = [[n.layer, n.index + (n.layer in self._inner), place] for n, place in ends]
        told = {
            "name": self.name,
            "trainable": True,
            "layers": [*self._layers.values()],
            "input_layers": inputs[0] if len(inputs) == 1 else inputs,
            "output_layers": outputs[0] if len(outputs) == 1 else outputs,
        }
        return {
            "module": "keras.src.models.functional",
            "class_name": "Functional",
            "config": told,
            "registered_name": "Functional",
        }

    def arrays(self, before: str = "") -> Arrays:
        """Return its weights by their paths, which begin with `before`."""
        own = self._own()
        found: Arrays = {}
        used: dict[str, int] = {}
        for layer in in_keras_order([self._values[value][0] for value in self._plan.gives]):
            name: str = self._layers[layer]["class_name"]
            kind = _snake_case(_CLASSES.get(name, name))
            used[kind] = used.get(kind, -1) + 1
            path = f"{before}layers/{kind}_{used[kind]}" if used[kind] else f"{before}layers/{kind}"
            if layer in self._inner:
                found |= self._inner[layer].arrays(f"{path}/")
            found |= {f"{path}/{home}": array for home, array in own.get(layer, {}).items()}
        return found

    def _call(self, stage: Stage) -> None:
        part = self._parts[stage.part or ""]
        if part.step is None:
            self._block(stage, part)
            return
        given = ast.parse(f"call({stage.inputs[0]})", mode="eval").body
        assert isinstance(given, ast.Call)
        args = [self._taken(argument) for argument in given.args]
        options = {keyword.arg or "": ast.literal_eval(keyword.value) for keyword in given.keywords}
        if part.name not in self._layers:
            self._layers[part.name] = self._layer(part, part.step.call)
        names = [name for argument in given.args for name in _names(argument)]
        (made,) = stage.outputs
        self._values[made] = self._node(part.name, args, options, names), 0

    def _block(self, stage: Stage, part: Part) -> None:
        taken = list(stage.inputs)
        numbered = len(part.copies) > 1
        for number, copy in enumerate(part.copies):
            name = f"{part.name}_{number + 1}" if numbered else part.name
            if name not in self._layers:
                inner = self._copy(part, number, copy, name)
                self._inner[name] = inner
                self._layers[name] = {**inner.config(), "name": name, "inbound_nodes": []}
            tensors = [self._tensor(value) for value in taken]
            node = self._node(name, tensors if len(tensors) == 1 else [tensors], {}, taken)
            made = list(stage.outputs)
            for place, value in enumerate(made):
                self._values[value] = node, place
            taken = made

    def _copy(self, part: Part, number: int, copy: Plan, name: str) -> "_Model":
        (own,) = (other for other in self._network.plan.parts if other.node == part.node)
        within = f"{own.name}.{number}" if len(part.copies) > 1 else own.name
        inner = self._network.get_submodule(within)
        assert isinstance(inner, Composite)
        return _Model(copy, self._measured.copies[part.node][number], inner, name)

    def _node(self, layer: str, args: list[Any], options: Json, names: list[str]) -> Node:
        nodes = self._layers[layer]["inbound_nodes"]
        nodes.append({"args": args, "kwargs": options})
        return Node(layer, len(nodes) - 1, tuple(self._values[name][0] for name in names))

    def _taken(self, argument: ast.expr) -> Any:
        if isinstance(argument, ast.List):
            return [self._taken(entry) for entry in argument.elts]
        (name,) = _names(argument)
        return self._tensor(name)

    def _tensor(self, value: str) -> Json:
        node, place = self._values[value]
        # Keras looks where it comes from, and works its shape out again.
        where = [node.layer, node.index, place]
        told = {"shape": [None], "dtype": "float32", "keras_history": where}
        return {"class_name": "__keras_tensor__", "config": told}

    def _layer(self, part: Part, made: Call) -> Json:
        try:
            told = _object(made)
        except NotImplementedError as error:
            raise refuse(
                "not_in_keras",
                f"Expected layers that Keras has itself, got {error} in {part.node!r}. Take "
                "keras.py instead, or another layer.",
                node=part.node,
            ) from error
        told["config"]["name"] = part.name
        return {**told, "name": part.name, "inbound_nodes": []}

    def _own(self) -> dict[str, Arrays]:
        """Return the weights of its own layers, by their places in these."""
        found: dict[str, Arrays] = {}
        met: set[str] = set()
        for part in self._plan.parts:
            # Of the Keras layers that make up one of ours, the first that computes has the weights.
            if part.step is None or part.step.call.name in _AROUND or part.node in met:
                continue
            met.add(part.node)
            layer = self._measured.layers[part.node]
            weights = layer.keras_weights(*self._measured.inputs[part.node])
            parts = [own for own in self._network.plan.parts if own.node == part.node]
            modules = [self._network.get_submodule(own.name) for own in parts]
            for module in (module for module in modules if weights and module.state_dict()):
                state = module.state_dict()
                arrays = [
                    array.reshape(keras_shape(weight, [state[name] for name in weight.tensors]))
                    for weight, array in zip(weights, to_keras(module, weights), strict=True)
                ]
                names = [weight.name for weight in weights]
                found[part.name] = dict(homes(part.step.call, names, arrays))
        return found


def _names(argument: ast.expr) -> Iterator[str]:
    """Yield the values that an argument is made of, in order."""
    if isinstance(argument, ast.List):
        for entry in argument.elts:
            yield from _names(entry)
    elif isinstance(argument, ast.Name):
        yield argument.id


def _object(made: Call) -> Json:
    """Return what a call makes as Keras writes it down."""
    room, _, name = made.name.rpartition(".")
    if room not in ("layers", "initializers", "regularizers", "constraints"):
        raise NotImplementedError(made.name)
    kind = LAYERS.get(name) if room == "layers" else None
    fields = (
        ["function" if name == "Lambda" else "value"]
        if kind is None
        else kind.required or [*kind.__annotations__]
    )
    given = {**_NEEDED.get(name, {}), **dict(zip(fields, made.args, strict=False)), **made.kwargs}
    return _entry(f"keras.{room}", name, {key: _written(value) for key, value in given.items()})


def _entry(module: str, name: str, config: Mapping[str, Any]) -> Json:
    told = {"module": module, "class_name": name, "config": {**config}, "registered_name": None}
    return {**told, "name": config["name"], "inbound_nodes": []} if "name" in config else told


def _written(value: Any) -> Any:
    if isinstance(value, Call):
        return _object(value)
    if isinstance(value, Named):
        room, _, name = value.name.rpartition(".")
        told = {"module": f"keras.{room}", "class_name": "function", "config": name}
        return {**told, "registered_name": name}
    if isinstance(value, tuple | list):
        return [_written(entry) for entry in value]
    return value


def _snake_case(name: str) -> str:
    """Return the name of a class as Keras uses it in paths."""
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
