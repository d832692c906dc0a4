"""Kills servers and workers at random while people save, upload and train: what was told must stay.

`make faults` runs it for long and prints a report.
"""

import argparse
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import psutil
from sqlalchemy import select

from backend.database.tables import EventRow, RunRow
from models.training.events import TERMINAL
from tests.backend.runs.host import Host
from tests.backend.runs.lab import ARCHITECTURE, ENDLESS, Lab, table, until

SECONDS = 15.0
"""Within which no run may be said to run whose worker died."""
ROWS = 300
LIVE_RUNS = 2


@dataclass
class Report:
    """What was acknowledged, what was done to it, and what was found wrong."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    longest: float = 0.0
    """Seconds that a run was said to go on after its worker had died, at most."""

    def __str__(self) -> str:
        killed = ", ".join(f"{count} × {what}" for what, count in sorted(self.kills.items()))
        told = ", ".join(f"{count} {what}" for what, count in sorted(self.acknowledged.items()))
        found = "\n".join(f"  {line}" for line in self.wrong) or "  nothing"
        return (
            f"killed: {killed}\nacknowledged and looked for after every kill: {told}\n"
            f"a dead worker's run was said to go on for {self.longest:.1f} s at most\n"
            f"lost, doubled or wrong:\n{found}"
        )


class Person(threading.Thread):
    """Saves, uploads and starts runs all the time, and remembers what was acknowledged."""

    def __init__(self, seed: int) -> None:
        super().__init__(name="person", daemon=True)
        self.networks: dict[str, tuple[int, str]] = {}
        self.datasets: dict[str, int] = {}
        self.runs: set[str] = set()
        self.done = 0
        """Deeds that were answered."""
        self._draw = random.Random(seed)
        self._lock = threading.Lock()
        self._url: str | None = None
        self._over = threading.Event()

    def point_at(self, url: str | None) -> None:
        """Use the server of this address from now on; None while there is none."""
        with self._lock:
            self._url = url

    def leave(self) -> None:
        """Stop, and return when the last request is over."""
        self._over.set()
        self.join()

    def run(self) -> None:
        deeds = (self._save, self._save_again, self._upload, self._train)
        while not self._over.is_set():
            with self._lock:
                url = self._url
            if url is None:
                self._over.wait(0.01)
                continue
            try:
                with httpx2.Client(base_url=url, timeout=30) as client:
                    self._draw.choice(deeds)(client)
                self.done += 1
            except httpx2.TransportError:
                # The server died over it: what it did not acknowledge may be there or not.
                self._over.wait(0.01)
            self._over.wait(0.02)

    def _save(self, client: httpx2.Client) -> None:
        name = f"Network {self._draw.randrange(10**9)}"
        body = {"name": name, "architecture": {**ARCHITECTURE, "name": name}}
        answer = client.post("/api/networks", json=body)
        if answer.status_code == 201:
            self.networks[answer.json()["id"]] = (answer.json()["revision"], name)

    def _save_again(self, client: httpx2.Client) -> None:
        if not self.networks:
            return
        id = self._draw.choice(sorted(self.networks))
        revision, _ = self.networks[id]
        name = f"Network {self._draw.randrange(10**9)}"
        body = {"name": name, "architecture": {**ARCHITECTURE, "name": name}}
        answer = client.put(f"/api/networks/{id}", json=body, headers={"If-Match": f'"{revision}"'})
        if answer.status_code == 200:
            self.networks[id] = (answer.json()["revision"], name)
        elif answer.status_code == 412:
            # The server had saved it and died before it could say so.
            found = client.get(f"/api/networks/{id}").json()
            self.networks[id] = (found["revision"], found["name"])

    def _upload(self, client: httpx2.Client) -> None:
        rows = self._draw.randrange(50, ROWS)
        files = {"file": ("table.csv", table(rows).encode())}
        answer = client.post("/api/datasets", files=files)
        if answer.status_code == 201:
            self.datasets[answer.json()["id"]] = rows

    def _train(self, client: httpx2.Client) -> None:
        live = [
            run for run in client.get("/api/runs").json()["items"] if run["state"] not in TERMINAL
        ]
        if len(live) >= LIVE_RUNS or not self.datasets:
            return
        short = {"epochs": self._draw.randrange(2, 40)}
        recipe = self._draw.choice([ENDLESS, ENDLESS, short])
        body = {
            "architecture": ARCHITECTURE,
            "dataset_id": self._draw.choice(sorted(self.datasets)),
            "recipe": {"target": "y", **recipe},
        }
        key = {"Idempotency-Key": str(uuid4())}
        answer = client.post("/api/runs", json=body, headers=key)
        if answer.status_code == 201:
            self.runs.add(answer.json()["id"])
            again = client.post("/api/runs", json=body, headers=key)
            assert again.json()["id"] == answer.json()["id"], "one key made two runs"


class Loop:
    """Servers and workers that are killed one after another, and what is looked for after each."""

    def __init__(self, data: Path, seed: int) -> None:
        self.report = Report()
        self._draw = random.Random(seed)
        self._host = Host(data, f"sqlite:///{data / 'neuroloom.sqlite3'}", slots=LIVE_RUNS)
        self._person = Person(seed)
        self._seen: dict[str, list[str]] = {}
        self._ended: dict[str, int] = {}

    def run(self, rounds: int) -> Report:
        """Kill `rounds` times; return what came of it. Leaves nothing running."""
        try:
            lab = self._host.start()
            self._person.point_at(str(lab.client.base_url))
            self._person.start()
            until(lambda: self._person.runs and self._person.networks, "a run was begun")
            for _ in range(rounds):
                done = self._person.done
                self._person.point_at(str(lab.client.base_url))
                until(lambda done=done: self._person.done > done + 2, "something was done")
                time.sleep(self._draw.uniform(0.0, 1.5))
                lab = self._kill(lab)
                self._look(lab)
            self._person.leave()
            self._resume_what_failed(lab)
            self._look(lab)
            lab.finish()
        finally:
            if self._person.is_alive():
                self._person.leave()
            workers = list(self._workers().values())
            self._host.close()
            for worker in workers:
                if worker.is_running():
                    worker.kill()
        return self.report

    def _kill(self, lab: Lab) -> Lab:
        """Kill the server, a worker or both, and return a server that answers."""
        workers = self._workers()
        what = self._draw.choice(
            ["server", "worker", "server and worker"] if workers else ["server"]
        )
        died: list[str] = []
        if "worker" in what:
            run = self._draw.choice(sorted(workers))
            workers[run].kill()
            died.append(run)
        if "server" in what:
            self._person.point_at(None)
            self._host.end(signal.SIGKILL)
            lab = self._host.start()
        self.report.kills[what] += 1
        began = time.monotonic()
        for run in died:
            until(lambda run=run: self._told(lab, run), f"run {run} is failed", SECONDS)
            self.report.longest = max(self.report.longest, time.monotonic() - began)
        return lab

    def _told(self, lab: Lab, run: str) -> bool:
        """Return whether a run whose worker was killed is not said to go on without one."""
        row = lab.row(run)
        working = ("preparing", "running", "stopping")
        return row.state not in working or run in self._workers()

    def _look(self, lab: Lab) -> None:
        """Look for everything that was acknowledged."""
        person, wrong = self._person, self.report.wrong
        for id, (revision, _) in list(person.networks.items()):
            answer = lab.client.get(f"/api/networks/{id}")
            if answer.status_code != 200 or answer.json()["revision"] < revision:
                wrong.append(f"network {id}: {answer.text[:200]}")
        for id, rows in list(person.datasets.items()):
            answer = lab.client.get(f"/api/datasets/{id}")
            if answer.status_code != 200 or answer.json()["rows"] != rows:
                wrong.append(f"dataset {id}: {answer.text[:200]}")
        for run in list(person.runs):
            self._look_at_run(lab, run)
        told = self.report.acknowledged
        told["networks"], told["datasets"] = len(person.networks), len(person.datasets)
        told["runs"], told["events"] = len(person.runs), sum(map(len, self._seen.values()))

    def _look_at_run(self, lab: Lab, run: str) -> None:
        wrong = self.report.wrong
        with lab.database.reading() as session:
            row = session.get_one(RunRow, UUID(run))
            query = select(EventRow.seq, EventRow.data).where(EventRow.run_id == row.id)
            events = session.execute(query.order_by(EventRow.seq)).all()
        if [seq for seq, _ in events] != list(range(1, len(events) + 1)):
            wrong.append(f"run {run}: its events have a gap or a double")
        texts = [str(data) for _, data in events]
        before = self._seen.get(run, [])
        if texts[: len(before)] != before:
            wrong.append(f"run {run}: events that were told have changed")
        self._seen[run] = texts
        if run in self._ended and len(texts) != self._ended[run]:
            wrong.append(f"run {run}: it went on after its end")
        if row.state in TERMINAL:
            self._ended[run] = len(texts)

    def _resume_what_failed(self, lab: Lab) -> None:
        """Stop the others; take up every failed run that kept a checkpoint, and stop it too."""
        for run in lab.unfinished():
            lab.stop(run)
        for run in sorted(self._person.runs):
            if lab.read(run)["state"] != "failed":
                continue
            answer = lab.client.post(f"/api/runs/{run}/resume")
            if answer.status_code == 409:
                self.report.acknowledged["failed before a checkpoint"] += 1
                continue
            self._ended.pop(run, None)
            lab.until(run, "running", "completed")
            lab.client.post(f"/api/runs/{run}/stop")
            lab.until(run, "stopped", "completed")
            self.report.acknowledged["resumed"] += 1

    def _workers(self) -> dict[str, psutil.Process]:
        """Return the workers of these runs by their run; more than one of a run is wrong."""
        found: dict[str, psutil.Process] = {}
        if not self._host.clients:
            return found
        lab = Lab(self._host.clients[-1], self._host.database, self._host.storage)
        for process in lab.processes():
            try:
                run = Path(f"/proc/{process.pid}/fd/1").readlink().parent.name
            except OSError:
                continue
            if run in found and found[run].is_running():
                self.report.wrong.append(f"run {run}: two workers at once")
            found[run] = process
        return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--rounds", type=int, default=200, help="kills (default 200)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    print(f"{options.rounds} kills, seed {options.seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Loop(Path(folder) / "data", options.seed).run(options.rounds)
    print(report)
    raise SystemExit(1 if report.wrong else 0)


if __name__ == "__main__":
    main()
