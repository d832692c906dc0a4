"""The server may die and come back: the runs go on, and nothing of them is lost or told twice."""

import json
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from backend.storage import Storage
from tests.backend.runs.host import Host
from tests.backend.runs.lab import ENDLESS, Lab, until


@pytest.fixture
def host(tmp_path: Path, database_url: str) -> Iterator[Host]:
    host = Host(tmp_path / "data", database_url)
    try:
        yield host
        assert host.servers, "a test ends with a server that can tidy up"
        last = Lab(host.clients[-1], host.database, Storage(host.data))
        last.finish()
    finally:
        host.close()


def live(lab: Lab, run: str, after: int) -> Any:
    url = str(lab.client.base_url).replace("http://", "ws://").rstrip("/")
    return connect(f"{url}/api/runs/{run}/live?after={after}")


def read_until(socket: Any, epoch: int) -> list[int]:
    """Return the numbers of the events until one tells of an epoch."""
    found = []
    while True:
        event = json.loads(socket.recv(timeout=60))
        found.append(event["seq"])
        if event.get("epoch", 0) >= epoch:
            return found


def test_a_run_goes_on_without_the_server_and_its_curve_has_no_gap_and_no_double(host: Host):
    lab = host.start()
    run = lab.start(ENDLESS)
    worker = lab.worker(run)
    seen: list[int] = []
    with live(lab, run, 0) as socket:
        seen += read_until(socket, 1)
        host.end(signal.SIGKILL)
        with suppress(ConnectionClosed):
            while True:
                seen.append(json.loads(socket.recv(timeout=60))["seq"])
    alone = lab.row(run).epoch
    until(lambda: lab.row(run).epoch > alone, "an epoch is over while there is no server")

    lab = host.start()
    listed = lab.client.get("/api/runs").json()["items"]
    assert [(item["id"], item["state"]) for item in listed] == [(run, "running")]
    assert lab.client.get("/api/health").json()["workers"] == {"busy": 1, "queued": 0, "slots": 1}
    with live(lab, run, seen[-1]) as socket:
        seen += read_until(socket, lab.read(run)["epoch"] + 1)
    assert seen == list(range(1, len(seen) + 1))
    assert lab.worker(run) == worker
    assert lab.row(run).attempt == 1
    lab.stop(run)
    assert lab.states(run) == ["queued", "preparing", "running", "stopping", "stopped"]
    assert lab.client.get(f"/api/runs/{run}/evaluation").status_code == 200


def test_a_run_that_ended_while_there_was_no_server_is_listed_as_it_ended(host: Host):
    lab = host.start()
    run = lab.start({**ENDLESS, "epochs": 20})
    lab.until_epoch(run, 1)
    host.end(signal.SIGKILL)
    until(lambda: lab.row(run).state == "completed", "trained to the end")
    lab = host.start()
    found = lab.read(run)
    assert (found["state"], found["epoch"]) == ("completed", 20)
    assert lab.client.get(f"/api/runs/{run}/download/bundle.zip").status_code == 200


def test_a_worker_that_died_while_there_was_no_server_is_noticed_by_the_next_one(host: Host):
    lab = host.start()
    run, waiting = lab.start(ENDLESS), lab.start()
    lab.until_epoch(run, 1)
    worker = lab.worker(run)
    host.end(signal.SIGKILL)
    worker.kill()
    lab = host.start()
    found = lab.until(run, "failed", seconds=10)
    assert "memory" in found["message"]
    lab.until(waiting, "completed")


def test_a_worker_that_the_server_found_at_its_start_is_watched_like_its_own(host: Host):
    lab = host.start()
    run, waiting = lab.start(ENDLESS), lab.start()
    lab.until_epoch(run, 1)
    host.end(signal.SIGKILL)
    lab = host.start()
    assert lab.read(waiting)["state"] == "queued"
    lab.until_watched(run)
    lab.worker(run).kill()
    found = lab.until(run, "failed", seconds=10)
    assert "memory (peak 0." in found["message"]
    lab.until(waiting, "completed")


def test_a_server_that_is_stopped_properly_leaves_its_runs_training(host: Host):
    lab = host.start()
    run, waiting = lab.start(ENDLESS), lab.start()
    lab.until_epoch(run, 1)
    host.end(signal.SIGTERM)
    alone = lab.row(run).epoch
    until(lambda: lab.row(run).epoch > alone, "an epoch is over while there is no server")
    assert lab.row(waiting).state == "queued"
    lab = host.start()
    assert lab.read(run)["state"] == "running"
    lab.stop(run)
    lab.until(waiting, "completed")


def test_a_second_server_takes_the_runs_over_from_one_that_is_still_there(host: Host):
    """As when one version replaces another: each run is trained once, whoever looks after it."""
    lab = host.start()
    run, waiting = lab.start(ENDLESS), lab.start()
    lab.until_epoch(run, 1)
    second = host.start()
    assert second.client.get("/api/health").json()["workers"]["busy"] == 1
    host.end(signal.SIGKILL)
    second.stop(run)
    second.until(waiting, "completed")
    assert [second.row(id).attempt for id in (run, waiting)] == [1, 1]
