"""Kills servers and workers and fills the disk at random while people save, upload and train.

What was told must stay. `make faults` runs it for long and prints a report. The disk is a small
file system, in a namespace of mounts of its own; where none may be mounted it is not filled.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import psutil
from sqlalchemy import func, select

from backend.database.tables import EventRow, NetworkRow, RunRow, VersionRow
from models.training.events import TERMINAL
from tests.backend.runs.host import Host
from tests.backend.runs.lab import ARCHITECTURE, ENDLESS, Lab, table, until

SECONDS = 15.0
"""Within which no run may be said to run whose worker died."""
DISK = 256 * 2**20
"""Bytes of the small file system."""
MOUNT = f'mount -t tmpfs -o size={DISK} none "$FAULTS_DISK" && exec "$@"'
NAMESPACE = ["unshare", "--mount"] if os.getuid() == 0 else ["unshare", "-Urm"]
THROUGH = [*NAMESPACE, "sh", "-c", MOUNT, "sh"]
ROWS = 300
LIVE_RUNS = 2
TELL_EVERY = 20
FILLED = 0.25
"""Share of the faults that are a full disk."""


@dataclass
class Report:
    """What was acknowledged, what was done to it, and what was found wrong."""

    faults: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    longest: float = 0.0
    """Seconds that a run was said to go on after its worker had died, at most."""

    def __str__(self) -> str:
        done = ", ".join(f"{count} × {what}" for what, count in sorted(self.faults.items()))
        told = ", ".join(f"{count} {what}" for what, count in sorted(self.acknowledged.items()))
        found = "\n".join(f"  {line}" for line in self.wrong) or "  nothing"
        return (
            f"faults: {done}\nacknowledged and looked for after every one: {told}\n"
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
        self.refused = 0
        """Runs that were asked for while the disk was full."""
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
        elif answer.status_code == 507:
            self.refused += 1


class Loop:
    """Faults one after another, and what is looked for after each.

    Args:
        small: whether the data lie on a disk that may be filled.
    """

    def __init__(self, data: Path, seed: int, small: bool = False) -> None:
        self.report = Report()
        self._data, self._small = data, small
        self._draw = random.Random(seed)
        self._host = Host(data, f"sqlite:///{data / 'neuroloom.sqlite3'}", slots=LIVE_RUNS)
        self._person = Person(seed)
        self._seen: dict[str, list[str]] = {}
        self._ended: dict[str, int] = {}

    def run(self, rounds: int) -> Report:
        """Do `rounds` faults; return what came of it. Leaves nothing running."""
        try:
            lab = self._host.start()
            self._person.point_at(str(lab.client.base_url))
            self._person.start()
            until(lambda: self._person.runs and self._person.networks, "a run was begun")
            for round in range(1, rounds + 1):
                done = self._person.done
                self._person.point_at(str(lab.client.base_url))
                until(lambda done=done: self._person.done > done + 2, "something was done")
                time.sleep(self._draw.uniform(0.0, 1.5))
                if self._small and self._draw.random() < FILLED:
                    self._fill(lab)
                else:
                    lab = self._kill(lab)
                # Who goes on meanwhile makes every look longer than the one before.
                self._person.point_at(None)
                self._look(lab)
                if round % TELL_EVERY == 0:
                    print(f"after {round} faults\n{self.report}", flush=True)
            self._person.leave()
            self._resume_what_failed(lab)
            self._look(lab)
            self._ask_for_all(lab)
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
        self.report.faults[what] += 1
        began = time.monotonic()
        for run in died:
            until(lambda run=run: self._told(lab, run), f"run {run} is failed", SECONDS)
            self.report.longest = max(self.report.longest, time.monotonic() - began)
        return lab

    def _fill(self, lab: Lab) -> None:
        """Leave no room for a while, with a worker killed in it or not; then go on."""
        workers, died = self._workers(), ""
        with _filled(self._data):
            done = self._person.done
            until(lambda: self._person.done > done + 2, "something was answered")
            if workers and self._draw.random() < 0.5:
                died = self._draw.choice(sorted(workers))
                workers[died].kill()
            time.sleep(self._draw.uniform(0.0, 1.5))
        self.report.faults["full disk, worker" if died else "full disk"] += 1
        self.report.acknowledged["runs refused for want of room"] = self._person.refused
        began = time.monotonic()
        if died:
            until(lambda: self._told(lab, died), f"run {died} is failed", SECONDS)
            self.report.longest = max(self.report.longest, time.monotonic() - began)
        for run in list(self._person.runs):
            if lab.row(run).state == "paused":
                assert lab.client.post(f"/api/runs/{run}/resume").status_code == 200
                self.report.acknowledged["resumed after a full disk"] += 1

    def _told(self, lab: Lab, run: str) -> bool:
        """Return whether a run whose worker was killed is not said to go on without one."""
        row = lab.row(run)
        working = ("preparing", "running", "stopping")
        return row.state not in working or run in self._workers()

    def _look(self, lab: Lab) -> None:
        """Look for everything that was acknowledged."""
        person, wrong = self._person, self.report.wrong
        networks, datasets = dict(person.networks), dict(person.datasets)
        runs = list(person.runs)
        with lab.database.reading() as session:
            revisions = dict(session.execute(select(NetworkRow.id, NetworkRow.revision)).all())
            query = select(VersionRow.dataset_id, VersionRow.rows)
            rows = dict(session.execute(query).all())
            counted = select(EventRow.run_id, func.count()).group_by(EventRow.run_id)
            events = dict(session.execute(counted).all())
        for id, (revision, _) in networks.items():
            if revisions.get(UUID(id), 0) < revision:
                wrong.append(f"network {id}: revision {revision} is not there")
        for id, count in datasets.items():
            if rows.get(UUID(id)) != count:
                wrong.append(f"dataset {id}: has {rows.get(UUID(id))} rows, not {count}")
        for run in runs:
            if events.get(UUID(run)) != self._ended.get(run, -1):
                self._look_at_run(lab, run)
        told = self.report.acknowledged
        told["networks"], told["datasets"] = len(person.networks), len(person.datasets)
        told["runs"], told["events"] = len(person.runs), sum(map(len, self._seen.values()))

    def _ask_for_all(self, lab: Lab) -> None:
        """Ask the server for everything, as a person who opens it would."""
        wrong = self.report.wrong
        for id, (revision, name) in self._person.networks.items():
            answer = lab.client.get(f"/api/networks/{id}")
            if answer.status_code != 200 or answer.json()["revision"] < revision:
                wrong.append(f"network {id} ({name}): {answer.text[:200]}")
        for kind, ids in (("datasets", self._person.datasets), ("runs", self._person.runs)):
            for id in ids:
                answer = lab.client.get(f"/api/{kind}/{id}")
                if answer.status_code != 200:
                    wrong.append(f"{kind} {id}: {answer.text[:200]}")

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


@contextmanager
def _filled(folder: Path) -> Iterator[None]:
    """Leave no byte of a folder's disk free."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (2**20, 2**12):
            # Others write, too: it is full when it says so.
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
    try:
        yield
    finally:
        filler.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--rounds", type=int, default=200, help="faults (default 200)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    disk = os.environ.get("FAULTS_DISK")
    if disk is None:
        raise SystemExit(_on_a_small_disk(options.rounds, options.seed))
    told = "" if os.path.ismount(disk) else "; the disk is not filled: none may be mounted here"
    print(f"{options.rounds} faults, seed {options.seed}{told}", flush=True)
    report = Loop(Path(disk) / "data", options.seed, small=not told).run(options.rounds)
    print(report)
    raise SystemExit(1 if report.wrong else 0)


def _on_a_small_disk(rounds: int, seed: int) -> int:
    """Run the program again with a small disk, if one may be mounted; return its exit code."""
    command = [sys.executable, "-m", __spec__.name, f"--rounds={rounds}", f"--seed={seed}"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "FAULTS_DISK": folder}
        may = subprocess.run([*THROUGH, "true"], env=environment, check=False).returncode == 0
        through = THROUGH if may else []
        return subprocess.run([*through, *command], env=environment, check=False).returncode


if __name__ == "__main__":
    main()
