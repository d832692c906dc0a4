"""The log of a run of a million steps stays small, is read in one piece, and hides nothing."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.database.engine import Database
from backend.database.tables import Base
from models.training.events import (
    Event,
    Layers,
    LayerStatistics,
    Metrics,
    Progress,
    TensorStatistics,
)
from models.training.pace import FIRST_REPORTS, REPORT_SECONDS, REPORT_SHARE, Every
from models.training.points import Epochs, Point, Steps
from models.training.rounds import Rounds
from tests.backend.runs.rows import add_run, append, read

STEPS = 1_000_000
MEGABYTE = 10**6
SPIKE = 777_777
NODES = 8


class Simulated:
    """What a training would tell that takes a million steps, each as long as is said."""

    def __init__(self, seconds: float, steps_per_epoch: int) -> None:
        self.seconds, self.steps_per_epoch = seconds, steps_per_epoch
        self.now, self.draw = 0.0, random.Random(0)
        self.look = Every(REPORT_SECONDS, FIRST_REPORTS, clock=self.clock)
        self.report = Every(0.0, share=REPORT_SHARE, clock=self.clock)
        self.layers = Rounds(NODES, clock=self.clock)

    def clock(self) -> float:
        return self.now

    def events(self) -> Iterator[Event]:
        steps, epochs = Steps(), Epochs()
        values, seen, best = {"loss": 0.0, "accuracy": 0.0}, (9.0, 0.0), 9.0
        for step in range(1, STEPS + 1):
            self.now += self.seconds
            loss = 1_000.0 if step == SPIKE else 1 / step**0.1 + self.draw.random() / 100
            seen = min(seen[0], loss), max(seen[1], loss)
            epoch = (step - 1) // self.steps_per_epoch + 1
            values = {"loss": loss, "accuracy": 1 - loss / 1_000}
            if self.look.due():
                steps.take(values, ({"loss": seen[0]}, {"loss": seen[1]}), 32)
                seen = 9.0, 0.0
                if self.report.due():
                    yield self.progress(epoch, step)
                    yield steps.read(epoch, step)
            if step % self.steps_per_epoch == 0:
                improved, best = loss < best, min(best, loss)
                told = [Point(split, epoch, step, values) for split in ("train", "validation")]
                yield from epochs.take(told, improved)
                if self.layers.due(step):
                    yield self.statistics(epoch, step)
                    self.layers.looked(step + 1, 0.001)
        if steps.waiting:
            yield steps.read(epoch, STEPS)
        yield from epochs.rest()

    def progress(self, epoch: int, step: int) -> Progress:
        return Progress(
            epoch=epoch,
            step=step,
            steps_per_epoch=self.steps_per_epoch,
            samples_per_second=32 / self.seconds,
            seconds_left=(STEPS - step) * self.seconds,
        )

    def statistics(self, epoch: int, step: int) -> Layers:
        tensor = TensorStatistics(
            mean=1 / step, std=1 / 3, zeros=0.0, low=-1 / 7, high=1 / 7, histogram=[1_000] * 20
        )
        one = LayerStatistics(weights=tensor, gradients=tensor, activations=tensor)
        return Layers(epoch=epoch, step=step, nodes={f"dense_{at}": one for at in range(NODES)})


def highest(event: Event) -> float:
    """Return the largest loss that an event tells."""
    if not isinstance(event, Metrics):
        return 0.0
    return max(event.high.get("loss") or 0.0, event.values["loss"] or 0.0)


@pytest.mark.parametrize(
    ("seconds", "steps_per_epoch"),
    [(0.005, 1), (0.1, 1_000)],
    ids=["epochs of one step", "a day"],
)
def test_a_million_steps_take_less_than_twenty_megabytes_and_one_reading(
    tmp_path: Path, seconds: float, steps_per_epoch: int
):
    file = tmp_path / "log.sqlite3"
    database = Database(f"sqlite:///{file}")
    Base.metadata.create_all(database.engine)
    run = add_run(database)
    events = list(Simulated(seconds, steps_per_epoch).events())
    for start in range(0, len(events), 5_000):
        append(database, run, *events[start : start + 5_000])
    entries = read(database, run)
    database.close()
    assert [entry.seq for entry in entries] == list(range(1, len(events) + 2))
    assert max(highest(event) for event in events) == 1_000.0
    assert file.stat().st_size < 20 * MEGABYTE
    # What a reader is sent: one page of the log, smaller than the file.
    assert sum(len(entry.text) for entry in entries) < 20 * MEGABYTE
    assert 2_000 < len(events) < 60_000
