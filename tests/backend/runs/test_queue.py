"""Runs wait their turn, share the cores, and stop when they are asked to, wherever they are."""

from itertools import pairwise
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from backend import forkserver
from backend.database.tables import RunRow
from backend.runs import process
from tests.backend.runs.conftest import Labs
from tests.backend.runs.lab import ENDLESS, Lab, until
from tests.backend.runs.rigged import Gate, rig

STOPPED_EARLY = ["queued", "stopped"]


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path / "gate")


def test_runs_begin_in_the_order_in_which_they_were_asked_for(lab: Lab):
    runs = [lab.start() for _ in range(4)]
    found = [lab.until(run, "completed") for run in runs]
    assert [run["number"] for run in found] == [1, 2, 3, 4]
    for before, after in pairwise(found):
        assert before["ended_at"] <= after["started_at"]


def test_no_more_runs_train_at_once_than_there_are_slots(labs: Labs):
    with labs(slots=2) as lab:
        runs = [lab.start(ENDLESS) for _ in range(3)]
        for run in runs[:2]:
            lab.until_epoch(run, 1)
        assert [lab.read(run)["state"] for run in runs] == ["running", "running", "queued"]
        assert len(list(lab.processes())) == 2
        lab.stop(runs[0])
        lab.until_epoch(runs[2], 1)
        assert lab.read(runs[1])["state"] == "running"
        assert lab.read(runs[2])["started_at"] >= lab.read(runs[0])["ended_at"]


def test_the_cores_are_dealt_out_over_the_runs_in_progress(labs: Labs):
    with labs(slots=3, cores=4) as lab:
        runs: list[str] = []

        def dealt() -> list[int | None]:
            return [lab.row(run).threads for run in runs]

        for shares in ([4], [2, 2], [2, 1, 1]):
            runs.append(lab.start(ENDLESS))
            lab.until(runs[-1], "running")
            until(lambda shares=shares: dealt() == shares, f"dealt as {shares}")
        lab.stop(runs[0])
        until(lambda: dealt() == [None, 2, 2], "dealt over the two that are left")


def test_more_runs_than_cores_get_one_each(labs: Labs):
    with labs(slots=3, cores=2) as lab:
        runs = [lab.start(ENDLESS) for _ in range(3)]
        for run in runs:
            lab.until(run, "running")
        until(lambda: [lab.row(run).threads for run in runs] == [1, 1, 1], "dealt one each")


def test_a_run_that_waits_is_stopped_at_once_and_never_begins(lab: Lab):
    first, waiting = lab.start(ENDLESS), lab.start()
    lab.until(first, "running")
    stopped = lab.client.post(f"/api/runs/{waiting}/stop").json()
    assert stopped["state"] == "stopped"
    assert stopped["started_at"] is None
    assert lab.client.post(f"/api/runs/{waiting}/stop").json() == stopped
    lab.stop(first)
    last = lab.start()
    lab.until(last, "completed")
    assert lab.states(waiting) == STOPPED_EARLY
    assert lab.read(waiting) == stopped


def test_a_run_that_prepares_its_data_is_stopped_before_the_first_step(
    lab: Lab, gate: Gate, monkeypatch: pytest.MonkeyPatch
):
    rig(monkeypatch, "backend.runs.worker:prepare", gate)
    run = lab.start()
    until(lambda: gate.reached, "the worker prepares the data")
    answers = [lab.client.post(f"/api/runs/{run}/stop") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["state"] == "stopping"
    gate.open()
    found = lab.until(run, "stopped")
    assert lab.states(run) == ["queued", "preparing", "stopping", "stopped"]
    assert "before the first step" in found["message"]
    refused = lab.client.get(f"/api/runs/{run}/evaluation")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "no_model")


def test_a_run_that_trains_is_stopped_and_keeps_its_model_and_its_history(
    lab: Lab, gate: Gate, monkeypatch: pytest.MonkeyPatch
):
    rig(monkeypatch, "backend.runs.worker:Model.save", gate)
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 2)
    answers = [lab.client.post(f"/api/runs/{run}/stop") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json()["state"] for answer in answers] == ["stopping", "stopping"]
    until(lambda: gate.reached, "the training has ended and the model is about to be saved")
    again = lab.client.post(f"/api/runs/{run}/stop")
    assert again.json()["state"] == lab.read(run)["state"] == "stopping"
    gate.open()
    found = lab.until(run, "stopped")
    assert lab.states(run) == ["queued", "preparing", "running", "stopping", "stopped"]
    assert lab.client.post(f"/api/runs/{run}/stop").json() == found
    assert len(found["spark"]) >= 2
    assert lab.client.get(f"/api/runs/{run}/evaluation").status_code == 200


def test_stopping_a_finished_run_leaves_it_as_it_is(lab: Lab):
    run = lab.start()
    found = lab.until(run, "completed")
    answer = lab.client.post(f"/api/runs/{run}/stop")
    assert (answer.status_code, answer.json()) == (200, found)


def test_a_run_that_was_stopped_before_its_worker_came_is_not_trained(lab: Lab):
    """The queue has taken the run and started a worker that is not yet there."""
    first, run = lab.start(ENDLESS), lab.start()
    with lab.database.session() as session:
        session.execute(update(RunRow).where(RunRow.id == UUID(run)).values(attempt=1))
    lab.storage.run(UUID(run)).mkdir()
    assert lab.client.post(f"/api/runs/{run}/stop").json()["state"] == "stopped"
    assert _work(lab, run, attempt=1) == 0
    assert lab.states(run) == STOPPED_EARLY
    assert lab.read(first)["state"] in ("queued", "preparing", "running")


@pytest.mark.parametrize("attempt", [0, 1, 3])
def test_a_worker_of_another_attempt_is_refused_and_writes_nothing(lab: Lab, attempt: int):
    first, run = lab.start(ENDLESS), lab.start()
    with lab.database.session() as session:
        session.execute(update(RunRow).where(RunRow.id == UUID(run)).values(attempt=2))
    before = lab.read(run)
    lab.storage.run(UUID(run)).mkdir()
    assert _work(lab, run, attempt) == 0
    assert lab.read(run) == before
    assert lab.states(run) == ["queued"]
    log = lab.storage.run(UUID(run)) / "worker.log"
    assert f"Attempt {attempt} does not hold run" in log.read_text()
    lab.stop(first)


def test_a_worker_of_a_deleted_run_ends_and_leaves_nothing(lab: Lab):
    run = lab.start()
    lab.until(run, "completed")
    assert lab.client.delete(f"/api/runs/{run}").status_code == 204
    assert _work(lab, run, attempt=1) == 0
    assert lab.client.get(f"/api/runs/{run}").status_code == 404


def _work(lab: Lab, run: str, attempt: int) -> int | None:
    """Let a worker try to train a run, and return its exit code."""
    worker = forkserver.context.Process(
        target=process.enter,
        args=("backend.runs.worker", lab.database, lab.storage.root, UUID(run), attempt),
    )
    worker.start()
    worker.join()
    return worker.exitcode
