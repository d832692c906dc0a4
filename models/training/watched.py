"""The layers of a network as training watches them: what each is made of, inside blocks too."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import nn

from models.layers.base import Step
from models.network import Composite
from models.stages import Part


@dataclass(frozen=True)
class Watched:
    """A layer, or a layer Block as a whole.

    Attributes:
        path: its node; inside a Block after that of the Block, and after the number of the copy
            where the Block is repeated: "dense", "encoder.dense", "encoder.0.dense".
        node: the node of the network that it is or lies in.
        modules: that compute it, in order; the last one gives its output.
        steps: that these carry out; none of a Block.
        own: its id where it lies: in the network, or in the block that is called `within`.
        given: its parameters that a use of this block sets.
    """

    path: str
    node: str
    modules: tuple[nn.Module, ...]
    steps: tuple[Step, ...]
    own: str = ""
    within: str | None = None
    given: frozenset[str] = frozenset()

    @property
    def activation(self) -> str | None:
        """The activation function that it ends with, if it does."""
        return next((step.activation for step in reversed(self.steps) if step.activation), None)

    @property
    def inside(self) -> bool:
        """Whether it lies in a Block."""
        return self.path != self.node

    @property
    def block(self) -> bool:
        """Whether it is a Block."""
        return not self.steps


def watched(network: Composite) -> list[Watched]:
    """Return the layers that have modules, in the order in which they are first called.

    What lies in a Block comes after it.
    """
    return list(_walk(network, "", None))


def _walk(body: Composite, before: str, node: str | None) -> Iterator[Watched]:
    parts: dict[str, list[Part]] = {}
    for part in body.plan.parts:
        parts.setdefault(part.node, []).append(part)
    for own, made in parts.items():
        modules = tuple(body.get_submodule(part.name) for part in made)
        steps = tuple(part.step for part in made if part.step is not None)
        # Copies that are called apart are not called as one.
        called = tuple(m[-1] if isinstance(m, nn.ModuleList) else m for m in modules)
        path, whole = before + own, node or own
        given = frozenset(rest[0] for layer, *rest in body.plan.given if layer == own)
        place = (own, body.plan.block, given)
        yield Watched(path, whole, modules if steps else called, steps, *place)
        for part, module in zip(made, modules, strict=True):
            copies = list(module.children()) if len(part.copies) > 1 else [module]
            for number, copy in enumerate(copies[: len(part.copies)]):
                within = f"{number}." if len(part.copies) > 1 else ""
                if isinstance(copy, Composite):
                    yield from _walk(copy, f"{path}.{within}", whole)
