"""A network as Keras source: Sequential where it is sequential, functional where it branches."""

import keyword
from collections.abc import Iterable, Iterator
from itertools import pairwise
from textwrap import fill

from models.architecture import Architecture
from models.call import Call
from models.data.interface import Interface
from models.errors import DocumentError, refuse
from models.export.formatted import LINE, formatted
from models.export.lines import cut, plain
from models.layers.base import Shape, channels_last
from models.recipe import Recipe
from models.survey import Measured, survey

_TAKEN = frozenset({"build", "keras", "layers", "model", "seed"})


def source(
    architecture: Architecture, interface: Interface | None = None, recipe: Recipe | None = None
) -> str:
    """Return Python source that defines `build() -> keras.Model`.

    Its layers stand in the order of the network's; with the weights put where `keras_weights` says
    they lie, it gives the same answers. Images are channels last, as Keras has them.

    Args:
        recipe: its seed, when it has one, is the default of `build`.

    Raises:
        DocumentError: when the architecture cannot be built.
    """
    network = survey(architecture, interface)
    if errors := [problem for problem in network.problems if problem.severity == "error"]:
        raise DocumentError(errors)
    if network.copies:
        raise refuse(
            "keras_blocks",
            "Expected a network without blocks to print it as Keras source, got "
            f'"{next(iter(network.copies))}". Print it as PyTorch source.',
            node=next(iter(network.copies)),
        )
    body = _Body(architecture, network, interface)
    seed = recipe.seed if recipe and recipe.seed else 0
    hub = "import keras_hub\n" if "keras_hub" in body.rooms else ""
    text = f'''{_docstring(architecture.name, body)}

import keras
{hub}from keras import {", ".join(sorted(body.rooms - {"keras_hub"}))}


def build(seed={seed}):
    """Return the network with fresh weights."""
    keras.utils.set_random_seed(seed)
{body.sequential() if body.is_chain else body.functional()}


if __name__ == "__main__":
    build().summary()
'''
    return formatted(text)


class _Body:
    """The lines that make the model."""

    def __init__(
        self, architecture: Architecture, network: Measured, interface: Interface | None
    ) -> None:
        self._network = network
        self._titles = {node.id: node.title for node in architecture.nodes if node.title}
        self._names = _names([node.id for node in architecture.nodes])
        if self._names.get("input") == "input" and "inputs" not in self._names:
            # What Keras's own examples call it; `input` is a function of Python's.
            self._names["input"] = "inputs"
        wishes = {node: f"{node}_layer" for node in network.origin.values()}
        free = _names(wishes.values(), self._names.values())
        self._shared = {node: free[wish] for node, wish in wishes.items()}
        roles = {node: layer.role for node, layer in network.layers.items()}
        self._inputs = [node for node, role in roles.items() if role == "input"]
        self._outputs = [node for node, role in roles.items() if role == "output"]
        self._given = interface
        self.input_shapes = [channels_last(self._entering(node)) for node in self._inputs]
        self.output_shapes = [
            channels_last(network.measures[node].output) for node in self._outputs
        ]

    @property
    def rooms(self) -> set[str]:
        """The parts of Keras whose names are used, such as "layers"."""
        called = (call for node in self._network.graph.order for call in self._calls(node))
        names = (name for call in called for name in call.names())
        return {"layers", *(name.partition(".")[0] for name in names)} - {"keras"}

    @property
    def is_chain(self) -> bool:
        """Whether every layer takes what the one before it gave, and nothing else."""
        order, graph = self._network.graph.order, self._network.graph
        if self._network.origin or len(self._inputs) != 1 or len(self._outputs) != 1:
            return False
        if any(self._network.layers[node].keras_given(["x"]) != "x" for node in order):
            return False
        return all(graph.inputs_of(node) == (before,) for before, node in pairwise(order))

    def sequential(self) -> str:
        """Return the lines of a Sequential."""
        lines = []
        for node in self._network.graph.order:
            lines += self._title(node)
            lines += [f"{call}," for call in self._calls(node)]
        return "\n".join(["    return keras.Sequential([", *lines, "    ])"])

    def functional(self) -> str:
        """Return the lines of a model whose layers are called one by one."""
        values: dict[str, str] = {}
        lines = []
        shared = set(self._network.origin.values())
        for node in self._network.graph.order:
            layer, name = self._network.layers[node], self._names[node]
            sources = [values[source] for source in self._network.graph.inputs_of(node)]
            taken = layer.keras_given(sources) if sources else ""
            lines += self._title(node)
            origin = self._network.origin.get(node, node)
            for call in self._calls(node):
                made = str(call)
                if origin in shared and call == layer.keras_call():
                    made = self._shared[origin]
                    if origin == node:
                        lines.append(f"{made} = {call}")
                lines.append(f"{name} = {made}{f'({taken})' if taken else ''}")
                taken = name
            values[node] = taken
        entries, answers = (
            values[nodes[0]] if len(nodes) == 1 else f"[{', '.join(values[n] for n in nodes)}]"
            for nodes in (self._inputs, self._outputs)
        )
        lines.append(f"return keras.Model({entries}, {answers})")
        return "\n".join(f"    {line}" for line in lines)

    def _calls(self, node: str) -> tuple[Call, ...]:
        layer = self._network.layers[node]
        if layer.role == "input":
            return layer.keras(self._entering(node))
        return layer.keras(*self._network.inputs[node])

    def _entering(self, node: str) -> Shape:
        """Return the shape of what comes into an Input."""
        if self._given is not None:
            return self._given.input_shape
        return self._network.measures[node].output

    def _title(self, node: str) -> Iterator[str]:
        """Give the title that a person gave the node, as a comment above it."""
        if title := cut(plain(self._titles.get(node, "")), LINE - 16):
            yield f"# {title}"


def _docstring(name: str, body: _Body) -> str:
    entering, leaving = (
        ", ".join(map(str, shapes)) for shapes in (body.input_shapes, body.output_shapes)
    )
    told = f"Shapes: {entering} → {leaving}. They are of one example; a batch comes first."
    return f'"""{cut(plain(name), LINE - 8) or "A network"}.\n\n{fill(told, LINE)}\n"""'


def _names(wishes: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return a Python name for each wish, itself where it is free, all different."""
    wishes, used = list(wishes), {*keyword.kwlist, *_TAKEN, *taken}
    names = {}
    for wish in wishes:
        name = wish
        while name in used or (name != wish and name in wishes):
            name += "_"
        used.add(name)
        names[wish] = name
    return names
