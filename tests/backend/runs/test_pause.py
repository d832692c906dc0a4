"""A run is paused, killed and taken up again, and ends as if nothing had happened to it."""

import errno
import random
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.backend.runs.conftest import Labs
from tests.backend.runs.lab import ENDLESS, Lab, until
from tests.backend.runs.rigged import Fault, Gate, rig

SEEDED = {"epochs": 4, "early_stopping": "none", "seed": 3}


def kill(lab: Lab, run: str) -> None:
    lab.worker(run).send_signal(signal.SIGKILL)
    until(lambda: lab.read(run)["state"] == "failed", "the run has failed")


def refused(lab: Lab, run: str, what: str, body: Any = None) -> tuple[int, str, str]:
    answer = lab.client.post(f"/api/runs/{run}/{what}", json=body)
    error = answer.json()["error"]
    return answer.status_code, error["code"], error["message"]


def losses(lab: Lab, run: str) -> dict[int, Any]:
    """Return each epoch's loss, as told last."""
    return {
        event["epoch"]: event["values"]["loss"]
        for event in lab.events(run)
        if event["kind"] == "metrics" and event["scope"] == "epoch" and event["split"] == "train"
    }


def test_a_run_paused_and_killed_again_and_again_ends_with_the_weights_of_one_that_was_not(
    lab: Lab,
):
    endless = {**ENDLESS, "early_stopping": "none", "seed": 3}
    draw, run = random.Random(0), lab.start(endless)
    for number in range(4):
        lab.until_epoch(run, lab.read(run)["epoch"] + draw.randrange(1, 3))
        if number % 2:
            kill(lab, run)
        else:
            lab.pause(run)
        lab.resume(run)
    lab.until(run, "running")
    last = lab.pause(run)["epoch"] + 2
    lab.resume(run, epochs=last)
    lab.until(run, "completed")
    whole = lab.start({**endless, "epochs": last})
    lab.until(whole, "completed")
    assert lab.weights(run) == lab.weights(whole)
    assert losses(lab, run) == losses(lab, whole)


def test_a_paused_run_has_no_worker_and_leaves_its_slot_to_others(lab: Lab):
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    found = lab.pause(run)
    assert found["message"].startswith("Paused in epoch")
    assert found["ended_at"] is None
    until(lambda: not list(lab.processes()), "the worker has ended")
    other = lab.start()
    lab.until(other, "completed")
    assert lab.client.post(f"/api/runs/{run}/pause").json() == lab.read(run) == found
    assert lab.states(run) == ["queued", "preparing", "running", "paused"]
    assert lab.client.get(f"/api/runs/{run}/evaluation").status_code == 200
    assert lab.resume(run)["state"] == "queued"
    lab.until_epoch(run, found["epoch"] + 1)
    assert lab.states(run)[4:] == ["queued", "preparing", "running"]


def test_a_paused_run_can_be_stopped_and_keeps_its_model(lab: Lab):
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    lab.pause(run)
    assert lab.stop(run)["state"] == "stopped"
    assert lab.client.get(f"/api/runs/{run}/evaluation").status_code == 200


def test_a_run_that_waits_is_paused_at_once_and_begins_when_it_is_resumed(lab: Lab):
    first, run = lab.start(ENDLESS), lab.start()
    lab.until(first, "running")
    paused = lab.client.post(f"/api/runs/{run}/pause").json()
    assert paused["state"] == "paused"
    lab.stop(first)
    assert lab.resume(run)["state"] == "queued"
    lab.until(run, "completed")
    assert lab.states(run) == ["queued", "paused", "queued", "preparing", "running", "completed"]


def test_a_completed_run_goes_on_for_more_epochs(lab: Lab):
    recipe = {"epochs": 3, "early_stopping": "none"}
    whole, run = lab.start({**recipe, "epochs": 7}), lab.start(recipe)
    lab.until(whole, "completed")
    last = lab.until(run, "completed")["last_seq"]
    status, code, message = refused(lab, run, "resume")
    assert (status, code) == (409, "run_completed")
    assert "more than 3" in message
    assert refused(lab, run, "resume", {"epochs": 3})[:2] == (422, "epochs_done")
    assert lab.read(run)["last_seq"] == last
    found = lab.resume(run, epochs=7)
    assert (found["epochs"], found["recipe"]["epochs"], found["ended_at"]) == (7, 7, None)
    assert lab.until(run, "completed", "queued", "preparing", "running")["started_at"]
    until(lambda: lab.read(run)["epoch"] == 7 and lab.read(run)["ended_at"], "trained for 7 epochs")
    assert lab.weights(run) == lab.weights(whole)


def test_a_stopped_run_can_be_taken_up_again(lab: Lab):
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    reached = lab.stop(run)["epoch"]
    lab.resume(run)
    lab.until_epoch(run, reached + 1)


def test_a_killed_run_says_from_which_epoch_it_can_be_resumed(lab: Lab):
    run = lab.start(ENDLESS)
    kept = until(
        lambda: [e for e in lab.events(run) if e["kind"] == "checkpoint" and not e["best"]],
        "a checkpoint is kept",
    )
    kill(lab, run)
    message = lab.read(run)["message"]
    told = re.search(r"Resume from epoch (\d+)", message)
    assert told is not None
    assert int(told[1]) >= kept[-1]["epoch"]
    lab.resume(run)
    lab.until(run, "running")


def test_states_that_forbid_it_are_named(lab: Lab):
    run, waiting = lab.start(ENDLESS), lab.start()
    lab.until(run, "running")
    for state, name in (("running", run), ("queued", waiting)):
        status, code, message = refused(lab, name, "resume")
        assert (status, code) == (409, "run_state")
        assert message.endswith(f"which is {state}.")
    lab.stop(run)
    done = lab.until(waiting, "completed")
    assert refused(lab, waiting, "pause")[:2] == (409, "run_state")
    assert lab.read(waiting) == done


def test_a_diverged_run_is_not_resumed(lab: Lab):
    recipe = {**SEEDED, "optimizer": {"type": "SGD", "learning_rate": 1e6}}
    run = lab.start(recipe)
    lab.until(run, "diverged")
    status, code, message = refused(lab, run, "resume")
    assert (status, code) == (409, "run_state")
    assert "smaller learning rate" in message


def test_a_run_that_failed_before_its_first_checkpoint_is_not_resumed(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    gate = Gate(tmp_path / "gate")
    rig(monkeypatch, "backend.runs.worker:prepare", gate)
    run = lab.start()
    until(lambda: gate.reached, "the worker prepares the data")
    kill(lab, run)
    assert "Resume" not in lab.read(run)["message"]
    assert refused(lab, run, "resume")[:2] == (409, "no_checkpoint")


@pytest.mark.parametrize(
    "place", ["models.training.checkpoint:replacing", "backend.runs.worker:Model.save"]
)
def test_a_full_disk_pauses_the_run_until_there_is_room(
    labs: Labs, monkeypatch: pytest.MonkeyPatch, place: str
):
    with labs() as lab:
        whole = lab.start(SEEDED)
        lab.until(whole, "completed")
        with monkeypatch.context() as patch:
            rig(patch, place, Fault(OSError(errno.ENOSPC, "No space left on device")))
            run = lab.start(SEEDED)
            found = lab.until(run, "paused")
            until(lambda: not list(lab.processes()), "the worker has ended")
        assert "The disk is full" in found["message"]
        assert "then resume" in found["message"]
        lab.resume(run)
        lab.until(run, "completed")
        assert lab.weights(run) == lab.weights(whole)
