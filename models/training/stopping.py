"""Early stopping, with the best epoch's weights kept."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from models.errors import refuse
from models.objectives.metrics import sign
from models.recipe import EarlyStopping
from models.training.checkpoint import numbered, put_back
from models.training.endings import counted


def check_reported(monitor: str, reported: Sequence[str], field: str) -> None:
    """Check that a run reports the value that a field of the recipe watches.

    Raises:
        DocumentError: when it does not.
    """
    if monitor not in reported:
        raise refuse(
            "monitor",
            f"Expected {field}.monitor to name a value of this run, got {monitor!r}. "
            f"Choose one of {', '.join(reported)}.",
            path=[field, "monitor"],
        )


class Stopping:
    """Watches one value from epoch to epoch, as Keras's EarlyStopping does.

    A value of the validation is watched at every validation, also within an epoch.

    Args:
        before: By which rule it was watched until now; where that was of the same value, what it
            saw counts on.

    Raises:
        DocumentError: when the value that is to be watched is not reported.
    """

    def __init__(
        self, rule: EarlyStopping, reported: Sequence[str], before: "Stopping | None" = None
    ) -> None:
        check_reported(rule.monitor, reported, "early_stopping")
        self._rule, self._sign = rule, sign(rule.monitor)
        self._best, self._waited = math.inf, 0
        if before is not None and before._rule.monitor == rule.monitor:
            self.restore(before.state())

    def improved(self, values: Mapping[str, float | None]) -> bool:
        """Take in new values; return whether they are the best so far."""
        if self._rule.monitor not in values:
            return False
        value = values[self._rule.monitor]
        current = math.inf if value is None else self._sign * value
        if current < self._best - self._rule.min_delta:
            self._best, self._waited = current, 0
            return True
        self._waited += 1
        return False

    def state(self) -> dict[str, Any]:
        """Return what `restore` takes."""
        return {"best": self._best, "waited": self._waited}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from where another training stood."""
        self._best, self._waited = state["best"], state["waited"]

    def forgive(self) -> None:
        """Wait anew, if patience has run out: more epochs are wanted."""
        if self.exhausted:
            self._waited = 0

    @property
    def exhausted(self) -> bool:
        """Whether patience has run out."""
        return self._waited >= self._rule.patience

    def reason(self, within: bool) -> str:
        """Return why the run was stopped; `within` says that it is validated within epochs too."""
        noun = "validation" if within and self._rule.monitor.startswith("val_") else "epoch"
        return f"{self._rule.monitor} has not improved for {counted(self._rule.patience, noun)}"


class Snapshot:
    """A copy of tensors that can be put back; taking it again needs no new memory."""

    def __init__(self, tensors: Sequence[Tensor]) -> None:
        self._tensors = list(tensors)
        self._copies: list[Tensor] = []
        self.epoch, self.step = 0, 0

    def take(self, epoch: int, step: int = 0) -> None:
        """Copy the tensors as they are after an epoch, or within it after a step of the run."""
        if not self._copies:
            self._copies = [tensor.clone() for tensor in self._tensors]
        elif self._tensors:
            torch._foreach_copy_(self._copies, self._tensors)
        self.epoch, self.step = epoch, step

    def state(self) -> dict[str, Any]:
        """Return what `load` takes; nothing was taken where there are no tensors in it."""
        return {"epoch": self.epoch, "step": self.step, **numbered(self._copies)}

    def load(self, state: dict[str, Any]) -> None:
        """Hold the copies that another training held."""
        self.epoch, self.step = state["epoch"], state.get("step", 0)
        if "0" in state:
            self._copies = [torch.empty_like(tensor) for tensor in self._tensors]
            put_back(self._copies, state)

    def restore(self) -> None:
        """Put the copies back."""
        for tensor, copy in zip(self._tensors, self._copies, strict=True):
            tensor.copy_(copy)
