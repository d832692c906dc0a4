"""Real runs for tests: asked for over HTTP, trained by real workers, awaited by what they tell."""

import random
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx2
import psutil
from sqlalchemy import select

from backend.database.engine import Database
from backend.database.tables import EventRow, RunRow, VersionRow
from backend.runs.queue import LOOK_SECONDS
from backend.storage import Storage
from models.training.events import TERMINAL

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds within which everything happens, on a busy machine too."""
ARCHITECTURE = {
    "format": "neuroloom/1",
    "name": "One neuron",
    "nodes": [
        {"id": "input", "type": "Input"},
        {"id": "dense", "type": "Dense", "params": {"units": 1}},
        {"id": "output", "type": "Output"},
    ],
    "edges": [
        {"source": "input", "target": "dense"},
        {"source": "dense", "target": "output"},
    ],
}
QUICK = {"epochs": 3}
ENDLESS = {
    "batch_size": 1,
    "epochs": 1_000_000,
    "early_stopping": {"monitor": "loss", "patience": 100_000},
}
"""Hours of training, with a few epochs a second to watch."""


def table(rows: int, columns: int = 2) -> str:
    """Return a CSV in which `y` is the sum of the other columns."""
    numbers = random.Random(0)
    lines = [",".join([*(f"x{index}" for index in range(columns)), "y"])]
    for _ in range(rows):
        row = [numbers.random() for _ in range(columns)]
        lines.append(",".join(f"{value:.4f}" for value in [*row, sum(row)]))
    return "\n".join(lines) + "\n"


def until(condition: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """Wait for something that another process does, and return what the condition found."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"after {seconds:g} s still not {what}"
        time.sleep(0.03)
    return found


@dataclass
class Lab:
    """An app, by its client, with a dataset to train on; and what lies behind it, to look at."""

    client: httpx2.Client
    database: Database
    storage: Storage
    rows: int = 2_000

    @cached_property
    def dataset(self) -> str:
        """The id of a dataset, made when it is first asked for."""
        return self.upload(table(self.rows))

    def upload(self, csv: str) -> str:
        answer = self.client.post("/api/datasets", files={"file": ("table.csv", csv.encode())})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def body(self, recipe: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """Return the body of a request for a run."""
        return {
            "architecture": ARCHITECTURE,
            "dataset_id": self.dataset,
            "recipe": {"target": "y", **recipe},
            **changes,
        }

    def start(self, recipe: dict[str, Any] = QUICK, **changes: Any) -> str:
        """Queue a run, and return its id."""
        answer = self.client.post("/api/runs", json=self.body(recipe, **changes))
        assert answer.status_code == 201, answer.text
        assert answer.json()["state"] == "queued"
        return answer.json()["id"]

    def read(self, run: str) -> dict[str, Any]:
        answer = self.client.get(f"/api/runs/{run}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def until(self, run: str, *states: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """Wait until the run is in one of the states, and return it."""

        def there() -> dict[str, Any] | None:
            found = self.read(run)
            if found["state"] in states:
                return found
            assert found["state"] not in TERMINAL, (found["state"], found["message"])
            return None

        return until(there, f"the run is {' or '.join(states)}", seconds)

    def until_epoch(self, run: str, epoch: int) -> dict[str, Any]:
        """Wait until the run has finished an epoch."""

        def there() -> dict[str, Any] | None:
            found = self.read(run)
            assert found["state"] not in TERMINAL, (found["state"], found["message"])
            return found if found["epoch"] >= epoch else None

        return until(there, f"epoch {epoch} is over")

    def until_watched(self, run: str) -> None:
        """Wait while the run goes on, for longer than the queue lets pass between two looks."""

        def last() -> datetime:
            (event,) = self.events(run, after=self.row(run).last_seq - 1)[:1]
            return datetime.fromisoformat(event["time"])

        end = last() + timedelta(seconds=3 * LOOK_SECONDS)
        until(lambda: last() > end, "the queue has looked at the worker")

    def stop(self, run: str) -> dict[str, Any]:
        """Ask the run to stop, and wait until it has."""
        answer = self.client.post(f"/api/runs/{run}/stop")
        assert answer.status_code == 200, answer.text
        return self.until(run, *TERMINAL)

    def pause(self, run: str) -> dict[str, Any]:
        """Ask the run to pause, and wait until it has."""
        answer = self.client.post(f"/api/runs/{run}/pause")
        assert answer.status_code == 200, answer.text
        return self.until(run, "paused")

    def resume(self, run: str, **body: int) -> dict[str, Any]:
        """Take the run up again."""
        answer = self.client.post(f"/api/runs/{run}/resume", json=body or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def weights(self, run: str) -> bytes:
        """Return the weights of the run's model."""
        answer = self.client.get(f"/api/runs/{run}/download/weights.safetensors")
        assert answer.status_code == 200, answer.text
        return answer.content

    def events(self, run: str, after: int = 0) -> list[dict[str, Any]]:
        return self.client.get(f"/api/runs/{run}/events", params={"after": after}).json()["events"]

    def states(self, run: str) -> list[str]:
        """Return the states that the run went through."""
        return [event["state"] for event in self.events(run) if event["kind"] == "status"]

    def row(self, run: str) -> RunRow:
        with self.database.reading() as session:
            return session.scalars(select(RunRow).where(RunRow.id == UUID(run))).one()

    def worker(self, run: str) -> psutil.Process:
        """Return the process that trains the run."""
        pid = until(lambda: self.row(run).pid, "a worker has registered")
        return psutil.Process(pid)

    def finish(self) -> None:
        """Stop what still runs, and check that nothing is left of anything but what is listed."""
        for run in self.unfinished():
            self.stop(run)
        self.check_log()
        until(lambda: not list(self.processes()), "every worker has ended")
        self.check_files()

    def unfinished(self) -> list[str]:
        with self.database.reading() as session:
            query = select(RunRow.id).where(RunRow.state.not_in(TERMINAL)).order_by(RunRow.number)
            return [str(id) for id in session.scalars(query)]

    def check_log(self) -> None:
        """Check that every run's events are numbered without a gap and say what its row says."""
        with self.database.reading() as session:
            rows = {row.id: row for row in session.scalars(select(RunRow))}
            assert set(session.scalars(select(EventRow.run_id).distinct())) == set(rows)
            for run in rows.values():
                query = select(EventRow).where(EventRow.run_id == run.id).order_by(EventRow.seq)
                events = session.scalars(query).all()
                assert [event.seq for event in events] == list(range(1, run.last_seq + 1))
                states = [event.data["state"] for event in events if event.kind == "status"]
                assert states[-1] == run.state
                # Only a run that is taken up again goes on after its end.
                ends = [after for at, after in pairwise(states) if at in TERMINAL]
                assert set(ends) <= {"queued"}
                if run.state in TERMINAL:
                    assert events[-1].kind == "status"
                    assert (run.pid, run.threads) == (None, None)

    def check_files(self) -> None:
        """Check that every file belongs to a version of a dataset or to a run."""
        with self.database.reading() as session:
            datasets = {
                self.storage.dataset(row.dataset_id, row.version).name
                for row in session.scalars(select(VersionRow))
            }
            runs = {str(id) for id in session.scalars(select(RunRow.id))}
        assert {path.name for path in self.storage.datasets.iterdir()} == datasets
        assert {path.name for path in self.storage.runs.iterdir()} <= runs
        assert list(self.storage.uploads.iterdir()) == []
        parts = [path for path in self.storage.root.rglob("*") if path.suffix == ".part"]
        assert parts == []

    def processes(self) -> Iterator[psutil.Process]:
        """Yield every worker of these runs: each writes its log into its run's folder."""
        # A server with mounts of its own is looked into by /proc, but sees its own paths.
        folder = re.sub(r"^/proc/\d+/root", "", f"{self.storage.runs}/")
        for process in psutil.process_iter():
            try:
                told = Path(f"/proc/{process.pid}/fd/1").readlink()
            except OSError:
                continue
            if str(told).startswith(folder):
                yield process
