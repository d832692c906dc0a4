"""The losses of all of a network's outputs as one: their sum, each times its weight."""

from collections.abc import Sequence, Set
from typing import Protocol

import torch
from torch import Tensor

from models.objectives.criterion import Criterion

Weights = Sequence[Tensor | None]
"""How much each row's loss counts, (N,), for each output; None for all alike."""


class Answering(Protocol):
    """A network as its criteria see it."""

    def outputs(self, *inputs: Tensor, logits: Set[int]) -> tuple[Tensor, ...]: ...


class Joint:
    """The criteria of a network's outputs.

    The raw outputs of all stand side by side: (N, sum of the widths).

    Args:
        criteria: one for each output.
        weights: how much each one's loss counts in the sum.
    """

    def __init__(self, criteria: Sequence[Criterion], weights: Sequence[float]) -> None:
        self.criteria = tuple(criteria)
        self._weights = tuple(weights)
        self._logits = frozenset(
            place for place, criterion in enumerate(criteria) if criterion.from_logits
        )
        self._widths = [criterion.width for criterion in criteria]
        self.width = sum(self._widths)

    def raw(self, network: Answering, *inputs: Tensor) -> Tensor:
        """Return the network's raw outputs side by side."""
        outputs = network.outputs(*inputs, logits=self._logits)
        rows = [
            output.reshape(output.shape[0], width)
            for output, width in zip(outputs, self._widths, strict=True)
        ]
        return rows[0] if len(rows) == 1 else torch.cat(rows, dim=1)

    def apart(self, raw: Tensor) -> tuple[Tensor, ...]:
        """Return the raw outputs of each output: (N, width) each."""
        return (raw,) if len(self.criteria) == 1 else raw.split(self._widths, dim=1)

    def losses(self, raw: Tensor, targets: Sequence[Tensor], weights: Weights) -> list[Tensor]:
        """Return the loss of a batch for each output, (), before it is weighed in the sum."""
        pairs = zip(self.criteria, self.apart(raw), targets, weights, strict=True)
        return [criterion.value(own, y, of_rows) for criterion, own, y, of_rows in pairs]

    def total(self, losses: Sequence[Tensor]) -> Tensor:
        """Return the sum that training makes small: ()."""
        terms = [
            loss if weight == 1.0 else loss * weight
            for loss, weight in zip(losses, self._weights, strict=True)
        ]
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total
