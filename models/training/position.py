"""Where in the data a training stands."""

from typing import Any

import torch
from torch import Tensor

from models.training import device as devices
from models.training.work import Work


class Position:
    """The epoch, the steps done in it and in all, and the random numbers that are still to come.

    Attributes:
        epoch: The one in progress, from 1; one more than the last one's when all are done.
        first: Steps of this epoch that are done.
        step: Steps of the whole run that are done.
    """

    def __init__(self, work: Work, seed: int) -> None:
        self._work = work
        self._generator = torch.Generator().manual_seed(seed)
        self._before = self._generator.get_state()
        torch.manual_seed(seed)
        self.epoch, self.first, self.step = 1, 0, 0

    @property
    def reached(self) -> int:
        """The epoch in progress, or the one that has just ended."""
        return self.epoch if self.first else max(1, self.epoch - 1)

    def order(self) -> Tensor:
        """Return the rows of the epoch in the order in which they are learnt: (N,) int64."""
        self._generator.set_state(self._before)
        return self._work.order(self._generator)

    def turn(self) -> None:
        """Go over to the next epoch, whose order is drawn after this one's."""
        self._before = self._generator.get_state()
        self.epoch, self.first = self.epoch + 1, 0

    def state(self) -> dict[str, Any]:
        """Return what `restore` takes."""
        augmenter = self._work.augmenter
        return {
            "epoch": self.epoch,
            "first": self.first,
            "step": self.step,
            "order": self._before,
            **({"augmenter": augmenter.state()} if augmenter else {}),
            **devices.random_state(self._work.device),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Stand where another training stood."""
        self.epoch, self.first, self.step = state["epoch"], state["first"], state["step"]
        self._before = state["order"]
        if self._work.augmenter is not None:
            self._work.augmenter.restore(state["augmenter"])
        devices.set_random_state(self._work.device, state)
