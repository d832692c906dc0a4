"""Python names for what a document calls by its ids."""

import keyword
from collections.abc import Iterable, Set

from torch import nn

from models.modules import OWN

IN_TORCH = frozenset(
    {
        *keyword.kwlist,
        *(name for name in dir(nn.Sequential()) if not name.startswith("_")),
        *("self", "torch", "nn", "build", "initialize", "network", "train"),
        *(name for name in OWN if name.islower()),
        *(
            "logits",
            "outputs",
            "plan",
            "input_shapes",
            "output_activation",
            "output_activations",
            "modules_of",
            "nodes",
            "penalty",
            "penalized",
            "constrain",
            "constrained",
        ),
    }
)
"""What may not be the name of a module or a value in PyTorch source."""


class Names:
    """Names for the nodes of a body and for what else belongs to them, all different.

    Args:
        reserved: names that mean something else where these are used.
    """

    def __init__(self, nodes: Iterable[str], reserved: Set[str] = IN_TORCH) -> None:
        ids = list(nodes)
        self._modules: dict[tuple[str, str], str] = {}
        self._taken = {*reserved, *ids}
        self._of = {node: self._free(node) if node in reserved else node for node in ids}

    def of(self, node: str) -> str:
        """Return the name of a node."""
        return self._of[node]

    def further(self, node: str, suffix: str) -> str:
        """Return a new name for a further step of a node, or for its mask."""
        return self._free(f"{node}_{suffix}")

    def module(self, node: str, suffix: str) -> str:
        """Return the name of the module of one step of a node."""
        if (node, suffix) not in self._modules:
            self._modules[node, suffix] = self.further(node, suffix) if suffix else self.of(node)
        return self._modules[node, suffix]

    def _free(self, wish: str) -> str:
        while wish in self._taken:
            wish += "_"
        self._taken.add(wish)
        return wish
