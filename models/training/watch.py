"""What may end a training early, and the best weights that are kept meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor

from models.training.checkpoint import State
from models.training.endings import End
from models.training.plan import Plan
from models.training.position import Position
from models.training.stopping import Snapshot, Stopping


class Watch:
    """Early stopping as the recipe has it now.

    Args:
        lasting: The tensors of which the best are kept.
    """

    def __init__(self, plan: Plan, at: Position, lasting: Sequence[Tensor]) -> None:
        self._plan, self._at, self._lasting = plan, at, lasting
        self._stopping: Stopping | None = None
        self._best: Snapshot | None = None
        self.begin()

    def begin(self) -> None:
        """Watch by the rule that the recipe has now."""
        rule, before = self._plan.recipe.stopping_rule, self._stopping
        self._stopping = Stopping(rule, self._plan.reported(), before) if rule else None
        keeps = rule is not None and rule.restore_best
        self._best = (self._best or Snapshot(self._lasting)) if keeps else None

    def take(self, values: Mapping[str, float | None], within: bool = False) -> bool:
        """Take in values of an epoch, or of a validation within it.

        Returns:
            Whether the weights are kept, as the best so far.
        """
        improved = self._stopping is not None and self._stopping.improved(values)
        if not improved or self._best is None:
            return False
        self._best.take(self._at.epoch, self._at.step if within else 0)
        return True

    def exhausted(self, epoch: int) -> End | None:
        """Return how the training ends where nothing has got better for too long."""
        if self._stopping is None or not self._stopping.exhausted:
            return None
        reason = self._stopping.reason(self._plan.recipe.validate_every is not None)
        return "completed", f"Stopped early in epoch {epoch}: {reason}"

    def forgive(self) -> None:
        """Wait anew, if patience has run out: more epochs are wanted."""
        if self._stopping is not None:
            self._stopping.forgive()

    def conclude(self) -> str:
        """Put the best weights back, if there are some; return what there is to say of it."""
        if self._best is None or not self._best.epoch:
            return ""
        self._best.restore()
        if self._best.step:
            return f". The weights are those of step {self._best.step:,}, the best validation"
        return f". The weights are those of the best epoch, {self._best.epoch}"

    def state(self) -> dict[str, State]:
        """Return what `restore` takes, as parts of a checkpoint."""
        parts = {"stopping": self._stopping, "best": self._best}
        return {name: part.state() for name, part in parts.items() if part is not None}

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from where another training stood."""
        if self._best is not None and "best" in saved:
            self._best.load(saved["best"])
        if self._stopping is not None and "stopping" in saved:
            self._stopping.restore(saved["stopping"])
            if saved["run"]["epochs"] != self._plan.epochs:
                self._stopping.forgive()
