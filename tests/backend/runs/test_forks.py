"""A run forked from another: changed, queued, and told apart."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from backend.runs import forks, log
from models.errors import Fix, SetParams, SetRecipe
from models.training.events import Finding
from tests.backend.runs.lab import ARCHITECTURE, ENDLESS, QUICK, Lab


def fork(lab: Lab, run: str, **body: Any) -> Any:
    return lab.client.post(f"/api/runs/{run}/fork", json=body)


def finding(lab: Lab, run: str, fix: Fix | None) -> int:
    """Have the doctor say something of a run in progress, and return the event's number."""
    told = Finding(node="dense", code="plateau", message="It stays where it is.", fix=fix)
    row = lab.client.get(f"/api/runs/{run}").json()
    with lab.database.session() as session:
        return log.append(session.connection(), UUID(row["id"]), 1, [told])


def test_a_fork_trains_with_the_changed_recipe_and_remembers_its_parent(lab: Lab) -> None:
    run = lab.start(QUICK)
    parent = lab.until(run, "completed")
    answer = fork(lab, run, changes=[{"op": "set_recipe", "values": {"epochs": 5}}])
    assert answer.status_code == 201, answer.text
    child = answer.json()
    assert answer.headers["Location"] == f"/api/runs/{child['id']}"
    assert (child["state"], child["epochs"], child["dataset_id"]) == ("queued", 5, lab.dataset)
    assert child["recipe"] == {**parent["recipe"], "epochs": 5}
    assert child["fork"]["run_id"] == run
    assert (child["fork"]["number"], child["fork"]["weights"]) == (parent["number"], "start")
    assert lab.until(child["id"], "completed")["epoch"] == 5
    listed = lab.client.get("/api/runs", params={"parent_id": run}).json()["items"]
    assert [entry["id"] for entry in listed] == [child["id"]]


def test_a_finding_is_forked_by_its_number_with_its_fix(lab: Lab) -> None:
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    fix = Fix(title="Clip", changes=[SetRecipe(values={"clip_norm": 1.0, "epochs": 2})])
    seq = finding(lab, run, fix)
    child = fork(lab, run, finding=seq).json()
    assert (child["recipe"]["clip_norm"], child["recipe"]["epochs"]) == (1.0, 2)
    assert (child["fork"]["title"], child["fork"]["finding"]) == ("Clip", seq)
    lab.client.post(f"/api/runs/{run}/stop")
    lab.until(run, "stopped")


@pytest.mark.parametrize(
    ("fix", "seq", "status", "code"),
    [(None, None, 422, "no_fix"), (None, 1, 404, "not_found"), (None, 10**6, 404, "not_found")],
)
def test_what_is_no_finding_with_a_fix_is_refused(
    lab: Lab, fix: Fix | None, seq: int | None, status: int, code: str
) -> None:
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    number = finding(lab, run, fix) if seq is None else seq
    answer = fork(lab, run, finding=number)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    lab.client.post(f"/api/runs/{run}/stop")
    lab.until(run, "stopped")


def test_a_changed_architecture_becomes_a_revision_of_the_runs_network(lab: Lab) -> None:
    saved = lab.client.post("/api/networks", json={"architecture": ARCHITECTURE}).json()
    body = {"network_id": saved["id"], "dataset_id": lab.dataset, "recipe": QUICK}
    run = lab.client.post("/api/runs", json=body).json()["id"]
    change = {"op": "set_params", "node": "dense", "params": {"use_bias": False}}
    child = fork(lab, run, changes=[change]).json()
    assert child["network_id"] == saved["id"]
    network = lab.client.get(f"/api/networks/{saved['id']}").json()
    assert network["revision"] == 2
    assert network["architecture"]["nodes"][1]["params"] == {"units": 1, "use_bias": False}
    assert child["architecture"]["nodes"] == network["architecture"]["nodes"]
    revisions = lab.client.get(f"/api/networks/{saved['id']}/revisions").json()["items"]
    assert revisions[0]["note"].startswith("Run ")
    # The network has moved on: what is forked from the first run now is a network of its own.
    other = fork(lab, run, changes=[change]).json()
    assert other["network_id"] not in (None, saved["id"])
    assert lab.client.get(f"/api/networks/{saved['id']}").json()["revision"] == 2
    for each in (run, child["id"], other["id"]):
        lab.until(each, "completed")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (SetParams(node="gone", params={}), "fix_misfit"),
        (SetParams(node="dense", params={"units": 0}), "invalid_parameter"),
        (SetParams(node="dense", params={"units": 7}), "output_units"),
        (SetRecipe(values={"epoch": 1}), "invalid_recipe"),
        (SetRecipe(values={"optimizer": {"type": "Adom"}}), "unknown_optimizer"),
    ],
)
def test_changes_that_do_not_fit_are_refused_and_change_nothing(
    lab: Lab, change: Any, code: str
) -> None:
    run = lab.start(QUICK)
    lab.until(run, "completed")
    before = lab.client.get("/api/networks").json()
    answer = fork(lab, run, changes=[change.model_dump(mode="json")])
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert lab.client.get("/api/networks").json() == before
    assert lab.client.get("/api/runs", params={"parent_id": run}).json()["items"] == []


def test_a_fork_may_begin_with_the_weights_that_its_parent_left(lab: Lab) -> None:
    run = lab.start({"epochs": 60, "optimizer": {"type": "Adam", "learning_rate": 0.05}})
    parent = lab.until(run, "completed")
    slow = {"epochs": 1, "optimizer": {"type": "Adam", "learning_rate": 1e-9}}
    changes = [{"op": "set_recipe", "values": slow}]
    losses = {}
    for weights in ("start", "last", "best"):
        child = fork(lab, run, changes=changes, **{"from": weights}).json()
        assert child["fork"]["weights"] == weights
        losses[weights] = lab.until(child["id"], "completed")["values"]["val_loss"]
    assert losses["last"] == pytest.approx(parent["values"]["val_loss"], rel=1e-3)
    assert losses["best"] == pytest.approx(parent["best"]["val_loss"], rel=1e-3)
    assert losses["start"] > 2 * losses["last"]


def test_weights_are_inherited_even_when_the_parent_is_deleted_meanwhile(lab: Lab) -> None:
    run = lab.start({"epochs": 60, "optimizer": {"type": "Adam", "learning_rate": 0.05}})
    parent = lab.until(run, "completed")
    slow = {"epochs": 1, "optimizer": {"type": "Adam", "learning_rate": 1e-9}}
    body = {"changes": [{"op": "set_recipe", "values": slow}], "from": "last"}
    child = fork(lab, run, **body).json()["id"]
    assert lab.client.delete(f"/api/runs/{run}").status_code == 204
    found = lab.until(child, "completed")
    assert found["values"]["val_loss"] == pytest.approx(parent["values"]["val_loss"], rel=1e-3)


def test_weights_that_no_run_kept_are_refused(lab: Lab) -> None:
    run = lab.start({**QUICK, "early_stopping": "none"})
    lab.until(run, "completed")
    answer = fork(lab, run, **{"from": "best"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "no_best")


def test_the_same_key_forks_once(lab: Lab) -> None:
    run = lab.start(QUICK)
    lab.until(run, "completed")
    headers = {"Idempotency-Key": "once"}
    first, second = (
        lab.client.post(f"/api/runs/{run}/fork", json={}, headers=headers).json()["id"]
        for _ in range(2)
    )
    assert first == second
    lab.until(first, "completed")
    other = lab.client.post(f"/api/runs/{first}/fork", json={}, headers=headers)
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")


def test_a_run_that_is_not_there_cannot_be_forked(lab: Lab) -> None:
    answer = fork(lab, "00000000-0000-4000-8000-000000000000")
    assert answer.status_code == 404


def test_two_forks_with_one_key_at_the_same_instant_leave_one_run_and_one_revision(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = lab.client.post("/api/networks", json={"architecture": ARCHITECTURE}).json()
    body = {"network_id": saved["id"], "dataset_id": lab.dataset, "recipe": QUICK}
    run = lab.client.post("/api/runs", json=body).json()["id"]
    lab.until(run, "completed")
    before = lab.client.get("/api/networks").json()["items"]
    # Both have looked for an earlier request with the key before either has queued its run.
    together, create = threading.Barrier(2, timeout=30), forks.create

    def create_together(*arguments: Any) -> Any:
        together.wait()
        return create(*arguments)

    monkeypatch.setattr(forks, "create", create_together)
    asked = {
        "changes": [{"op": "set_params", "node": "dense", "params": {"use_bias": False}}],
        "from": "last",
    }
    headers = {"Idempotency-Key": "at once"}
    with ThreadPoolExecutor(2) as pool:
        path = f"/api/runs/{run}/fork"
        answers = [
            pool.submit(lab.client.post, path, json=asked, headers=headers) for _ in range(2)
        ]
        told = [answer.result() for answer in answers]
    assert [answer.status_code for answer in told] == [201, 201]
    first, second = (answer.json()["id"] for answer in told)
    assert first == second
    assert len(lab.client.get("/api/networks").json()["items"]) == len(before)
    assert lab.client.get(f"/api/networks/{saved['id']}").json()["revision"] == 2
    assert len(lab.client.get(f"/api/networks/{saved['id']}/revisions").json()["items"]) == 2
    lab.until(first, "completed")
    assert {path.name for path in lab.storage.run(UUID(run)).parent.iterdir()} == {run, first}
