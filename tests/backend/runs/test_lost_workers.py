"""A worker that dies or fails takes nothing with it but its own run, and the run says why."""

import errno
import signal
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from tests.backend.runs.conftest import Labs
from tests.backend.runs.lab import ENDLESS, Lab, until
from tests.backend.runs.rigged import Fault, Gate, rig

SECONDS = 10.0
"""Within which a dead worker's run is failed."""


def kill(worker: psutil.Process, number: int = signal.SIGKILL) -> None:
    worker.send_signal(number)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT, signal.SIGBUS])
def test_a_worker_killed_by_the_system_is_told_within_ten_seconds_as_want_of_memory(
    lab: Lab, number: int
):
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 2)
    lab.until_watched(run)
    kill(lab.worker(run), number)
    found = lab.until(run, "failed", seconds=SECONDS)
    assert signal.Signals(number).name in found["message"]
    assert "likely memory (peak 0." in found["message"]
    assert len(found["spark"]) >= 2
    assert lab.states(run) == ["queued", "preparing", "running", "failed"]


def test_a_worker_killed_while_it_prepares_fails_its_run(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    gate = Gate(tmp_path / "gate")
    rig(monkeypatch, "backend.runs.worker:prepare", gate)
    run = lab.start()
    until(lambda: gate.reached, "the worker prepares the data")
    kill(lab.worker(run))
    assert "likely memory" in lab.until(run, "failed", seconds=SECONDS)["message"]
    assert lab.states(run) == ["queued", "preparing", "failed"]


def test_a_worker_killed_while_it_stops_fails_its_run(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    gate = Gate(tmp_path / "gate")
    rig(monkeypatch, "backend.runs.worker:Model.save", gate)
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    assert lab.client.post(f"/api/runs/{run}/stop").json()["state"] == "stopping"
    until(lambda: gate.reached, "the worker saves the model")
    kill(lab.worker(run))
    assert "likely memory" in lab.until(run, "failed", seconds=SECONDS)["message"]
    assert lab.states(run) == ["queued", "preparing", "running", "stopping", "failed"]


def test_a_worker_killed_before_it_could_register_fails_its_run(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    gate = Gate(tmp_path / "gate")
    with monkeypatch.context() as patch:
        rig(patch, "backend.runs.worker:_register", gate)
        run = lab.start()
        until(lambda: gate.reached, "the worker is about to register")
    (worker,) = lab.processes()
    kill(worker)
    assert "likely memory" in lab.until(run, "failed", seconds=SECONDS)["message"]
    assert lab.states(run) == ["queued", "failed"]


def test_the_slot_of_a_dead_worker_is_free_and_the_others_train_on(labs: Labs):
    with labs(slots=2) as lab:
        runs = [lab.start(ENDLESS) for _ in range(3)]
        for run in runs[:2]:
            lab.until_epoch(run, 1)
        kill(lab.worker(runs[0]))
        lab.until(runs[0], "failed", seconds=SECONDS)
        lab.until_epoch(runs[2], 1)
        seen = lab.read(runs[1])["epoch"]
        assert lab.until_epoch(runs[1], seen + 1)["state"] == "running"


def test_a_worker_ended_by_another_signal_names_it(lab: Lab):
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    kill(lab.worker(run), signal.SIGTERM)
    assert "SIGTERM" in lab.until(run, "failed", seconds=SECONDS)["message"]


def test_an_interrupt_of_the_terminal_is_not_for_the_worker(lab: Lab):
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    worker = lab.worker(run)
    kill(worker, signal.SIGINT)
    seen = lab.read(run)["epoch"]
    assert lab.until_epoch(run, seen + 1)["state"] == "running"


def test_an_end_without_a_word_is_told_with_its_exit_code(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
):
    rig(monkeypatch, "backend.runs.worker:_record", Fault(SystemExit(3)))
    run = lab.start()
    assert "exit code 3" in lab.until(run, "failed", seconds=SECONDS)["message"]


FAULTS = [
    (RuntimeError("secret of /home/someone"), ["unexpectedly (RuntimeError)", "log"]),
    (ZeroDivisionError(), ["unexpectedly (ZeroDivisionError)"]),
    (MemoryError(), ["ran out of memory", "smaller batch size"]),
    (RuntimeError("DefaultCPUAllocator: can't allocate memory"), ["ran out of memory"]),
    (OSError(errno.ENOSPC, "No space left on device"), ["disk is full", "Free space"]),
    (OSError(errno.EDQUOT, "Disk quota exceeded"), ["disk is full"]),
    (RuntimeError("I/O error: No space left on device (os error 28)"), ["disk is full"]),
    (FileNotFoundError("/srv/data/table.parquet"), ["unexpectedly (FileNotFoundError)"]),
]


@pytest.mark.parametrize("place", ["backend.runs.worker:prepare", "backend.runs.worker:Model.save"])
def test_a_worker_that_raises_fails_its_run_with_a_reason_and_no_insides(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, place: str
):
    for error, words in FAULTS:
        with monkeypatch.context() as patch:
            rig(patch, place, Fault(error))
            # Where there is no room for the model, all of it is in the checkpoint.
            kept = place.endswith("save") and "disk is full" in words
            message = lab.until(lab.start(), "paused" if kept else "failed")["message"]
        assert all(word in message for word in words), message
        assert "/" not in message
    lab.until(lab.start(), "completed")


def test_what_an_exception_said_is_in_the_log_of_the_run(lab: Lab, monkeypatch: pytest.MonkeyPatch):
    rig(monkeypatch, "backend.runs.worker:prepare", Fault(RuntimeError("the inner reason")))
    run = lab.start()
    lab.until(run, "failed")
    told = (lab.storage.run(UUID(run)) / "worker.log").read_text()
    assert "RuntimeError: the inner reason" in told


def test_a_dataset_whose_files_are_gone_fails_the_run_and_nothing_else(lab: Lab):
    table = lab.storage.dataset(UUID(lab.dataset)) / "table.parquet"
    kept = table.read_bytes()
    table.unlink()
    found = lab.until(lab.start(), "failed")
    assert str(lab.storage.root) not in found["message"]
    table.write_bytes(kept)
    lab.until(lab.start(), "completed")


def test_a_run_is_never_running_fifteen_seconds_after_its_worker_died(lab: Lab):
    """Also when the fork server, which would know the exit code, dies with it."""
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    worker = lab.worker(run)
    parent = worker.parent()
    assert parent is not None
    parent.kill()
    worker.kill()
    found = lab.until(run, "failed", seconds=15)
    assert "memory" in found["message"]
    lab.until(lab.start(), "completed")
