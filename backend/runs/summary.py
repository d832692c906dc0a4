"""What a run's row says of its events, so that lists and the queue need not read the log."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.training.events import TERMINAL, Change, Checkpoint, Event, Metrics, Status

SPARK_POINTS = 60

Numbers = dict[str, float | None]


@dataclass
class Summary:
    """The columns of `RunRow` that follow from its events; `read` in order keeps them true."""

    state: str
    message: str
    epoch: int
    values: Numbers
    best: Numbers
    spark: list[float | None]
    started_at: datetime | None
    ended_at: datetime | None
    pid: int | None
    pid_started: float | None
    threads: int | None
    changes: list[Any] | None = None

    @property
    def ended(self) -> bool:
        """True when the state is final."""
        return self.state in TERMINAL

    def read(self, event: Event, now: Callable[[], datetime]) -> None:
        """Bring the columns up to date with one more event."""
        if isinstance(event, Status):
            self._status(event, now)
        elif isinstance(event, Metrics) and event.scope == "epoch":
            self._epoch(event)
        elif isinstance(event, Checkpoint) and event.best and event.epoch == self.epoch:
            self.best = dict(self.values)
        elif isinstance(event, Change):
            self._change(event)

    def _status(self, status: Status, now: Callable[[], datetime]) -> None:
        self.state, self.message = status.state, status.message
        if status.state in ("preparing", "running") and self.started_at is None:
            self.started_at = now()
        # A run that is taken up again has not ended.
        self.ended_at = now() if self.ended else None
        if self.ended or self.state in ("paused", "queued"):
            self.pid = self.pid_started = self.threads = None

    def _change(self, event: Change) -> None:
        """Note when the first change that waited was taken up."""
        changes = list(self.changes or [])
        place = next((at for at, each in enumerate(changes) if each["step"] is None), None)
        if place is not None:
            changes[place] = {**changes[place], "epoch": event.epoch, "step": event.step}
            self.changes = changes

    def _epoch(self, metrics: Metrics) -> None:
        prefix = "val_" if metrics.split == "validation" else ""
        if metrics.epoch > self.epoch:
            self.values = {}
        self.epoch = max(self.epoch, metrics.epoch)
        self.values = {**self.values, **{prefix + k: v for k, v in metrics.values.items()}}
        if "loss" in metrics.values:
            self.spark = _thin(self.spark, metrics.epoch, metrics.values["loss"])


def _thin(spark: list[float | None], epoch: int, loss: float | None) -> list[float | None]:
    """Add an epoch's loss: point i is that of epoch (i + 1) × stride; a full list halves itself.

    A second loss of the same epoch (the validation's, after the training's) takes its place.
    """
    stride = 1
    while epoch > stride * SPARK_POINTS:
        stride *= 2
    while len(spark) > epoch // stride:
        spark = spark[1::2]
    if epoch % stride:
        return spark
    return [*spark[: epoch // stride - 1], loss]
