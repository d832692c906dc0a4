"""A measured network as stages of Keras layers, laid out as `models.plan` does those of PyTorch.

What a stage takes stands as Keras is given it, such as "x", "[a, b]" or "query, value".
"""

import keyword
from dataclasses import dataclass, field

from models.call import Call
from models.layers.base import Shape, Step, channels_last
from models.names import IN_TORCH, Names
from models.stages import Answer, Part, Plan, Stage
from models.survey import Measured

ROOMS = frozenset({"activations", "constraints", "initializers", "keras_hub", "layers", "ops"})
ROOMS |= {"optimizers", "regularizers", "losses", "metrics", "callbacks"}
"""Parts of Keras that the source may import by these names."""
IN_BUILD = frozenset({*keyword.kwlist, *ROOMS, "build", "keras", "model", "range", "seed"})
"""What may not be the name of a value in `build`."""
IN_LAYER = frozenset(
    {
        "activity_regularizer",
        "add_loss",
        "add_metric",
        "add_variable",
        "add_weight",
        "autocast",
        "build",
        "build_from_config",
        "built",
        "call",
        "call_signature_parameters",
        "compute_dtype",
        "compute_mask",
        "compute_output_shape",
        "compute_output_spec",
        "count_params",
        "dtype",
        "dtype_policy",
        "from_config",
        "get_build_config",
        "get_config",
        "get_weights",
        "input",
        "input_dtype",
        "input_spec",
        "load_own_variables",
        "losses",
        "metrics",
        "metrics_variables",
        "name",
        "name_scope",
        "non_trainable_variables",
        "non_trainable_weights",
        "output",
        "path",
        "quantization_mode",
        "quantize",
        "quantized_build",
        "quantized_call",
        "rematerialized_call",
        "save_own_variables",
        "set_weights",
        "stateless_call",
        "submodules",
        "supports_jit",
        "supports_masking",
        "symbolic_call",
        "torch_params",
        "trainable",
        "trainable_variables",
        "trainable_weights",
        "variable_dtype",
        "variables",
        "weights",
        "with_name_scope",
    }
)
"""What layers of Keras have by these names, with any backend."""
IN_CLASS = IN_LAYER | IN_BUILD | IN_TORCH | {"kwargs", "self", "super"}
"""What may not be the name of a layer or a parameter in the class of a block."""


def laid_out(measured: Measured) -> Plan:
    """Return a network, or one copy of a block, as stages of Keras layers; it has no problems."""
    return _Planner(measured).plan()


@dataclass
class _Planner:
    measured: Measured
    parts: dict[str, Part] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    inputs: dict[str, tuple[str, Shape]] = field(default_factory=dict)
    values: dict[tuple[str, int], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ids = [*self.measured.layers]
        # What Keras's own examples call it; `input` is a function of Python's.
        self._wishes = {"input": "inputs"} if "inputs" not in ids else {}
        reserved = IN_CLASS if self.measured.body.name else IN_BUILD
        self._names = Names([self._wish(node) for node in ids], reserved)

    def plan(self) -> Plan:
        """Return the plan."""
        body = self.measured.body
        for node in self.measured.graph.order:
            if node in self.measured.copies:
                self._block(node)
            else:
                self._layer(node)
        return Plan(
            name=body.title or body.name or "",
            inputs=tuple(self.inputs[node] for node in body.of_role("input")),
            mask_inputs=(),
            parts=tuple(self.parts.values()),
            stages=tuple(self.stages),
            answers=tuple(self._answer(node) for node in body.of_role("output")),
            mask_answers=(),
            titles={node.id: node.title for node in body.nodes if node.title},
            block=body.name,
            summary=body.summary,
            arguments=body.arguments,
        )

    def _wish(self, node: str) -> str:
        return self._wishes.get(node, node)

    def _taken(self, node: str) -> list[str]:
        wires = self.measured.graph.wires_to(node)
        return [self.values[wire.source, self.measured.ports.output_of(wire)] for wire in wires]

    def _layer(self, node: str) -> None:
        measured, layer = self.measured, self.measured.layers[node]
        own = self._names.of(self._wish(node))
        if layer.role == "input":
            entering = measured.given[node]
            self.inputs[node] = (own, channels_last(entering))
            calls = layer.keras(entering)[1:]
            # What comes in keeps its name: it is what the model is made of.
            taken, own = own, self._names.further(own, "reshaped") if calls else own
        else:
            calls = layer.keras(*measured.inputs[node])
            taken = layer.keras_given(self._taken(node))
        owner = measured.origin.get(node, node)
        for call, suffix in zip(calls, _suffixes(calls, layer.keras_call()), strict=True):
            # Of what shares weights, the layers around that turn the axes are its own.
            whose = node if suffix else owner
            name = self._names.module(self._wish(whose), suffix)
            self.parts.setdefault(name, Part(name, whose, Step(call)))
            self.stages.append(Stage(node, name, Step(call), (taken,), (own,)))
            taken = own
        self.values[node, 0] = taken

    def _block(self, node: str) -> None:
        origin = self.measured.origin.get(node, node)
        name = self._names.module(self._wish(origin), "")
        if name not in self.parts:
            copies = tuple(laid_out(copy) for copy in self.measured.copies[origin])
            self.parts[name] = Part(name, origin, None, copies)
        ends = self.measured.body.blocks[node].of_role("output")
        own = self._names.of(self._wish(node))
        made = (own,)
        if len(ends) > 1:
            made = tuple(self._names.further(own, end) for end in ends)
        self.stages.append(Stage(node, name, None, tuple(self._taken(node)), made))
        for place, value in enumerate(made):
            self.values[node, place] = value

    def _answer(self, node: str) -> Answer:
        shape = self.measured.measures[node].output
        return Answer(node, self.values[node, 0], channels_last(shape))


def _suffixes(calls: tuple[Call, ...], main: Call) -> list[str]:
    """Return "" for the layer itself, and for those around it what kind they are."""
    center = calls.index(main) if main in calls else len(calls) - 1
    found: list[str] = []
    for place, call in enumerate(calls):
        wish = "" if place == center else call.name.rpartition(".")[2].lower()
        count = sum(suffix.startswith(wish) for suffix in found) if wish else 0
        found.append(f"{wish}_{count + 1}" if count else wish)
    return found
