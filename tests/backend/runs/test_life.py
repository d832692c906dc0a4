"""The life of a run, from the request to the model that it leaves."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.backend.conftest import HOST
from tests.backend.runs.lab import ARCHITECTURE, ENDLESS, QUICK, Lab, until

LIFE = ["queued", "preparing", "running", "completed"]


def watch(client: TestClient, run: str, after: int = 0) -> Any:
    return client.websocket_connect(f"/api/runs/{run}/live?after={after}", headers={"Host": HOST})


def watch_to_the_end(client: TestClient, run: str, after: int = 0) -> list[dict[str, Any]]:
    """Return every event of a run as a websocket brings it."""
    found = []
    with watch(client, run, after) as live:
        while (message := live.receive())["type"] == "websocket.send":
            found.append(json.loads(message["text"]))
        assert message["code"] == 1000
    return found


def test_a_run_goes_from_queued_to_completed_and_leaves_a_model(lab: Lab):
    run = lab.start()
    found = lab.until(run, "completed")
    assert lab.states(run) == LIFE
    assert (found["epoch"], found["epochs"], len(found["spark"])) == (3, 3, 3)
    assert found["values"].keys() >= {"loss", "val_loss"}
    assert found["baseline"]["loss"] > 0
    assert found["device"] == "cpu"
    began, ended = (datetime.fromisoformat(found[name]) for name in ("started_at", "ended_at"))
    assert began <= ended
    assert began.utcoffset() == timedelta(0)
    evaluation = lab.client.get(f"/api/runs/{run}/evaluation")
    assert evaluation.status_code == 200
    prediction = lab.client.post(f"/api/runs/{run}/predict", json={"rows": [{"x0": 1, "x1": 1}]})
    assert len(prediction.json()["predictions"]) == 1


def test_events_are_numbered_without_a_gap_and_tell_every_epoch(lab: Lab):
    run = lab.start({"epochs": 7})
    found = lab.until(run, "completed")
    events = lab.events(run)
    assert [event["seq"] for event in events] == list(range(1, found["last_seq"] + 1))
    times = [datetime.fromisoformat(event["time"]) for event in events]
    assert all(earlier <= later for earlier, later in pairwise(times))
    for split in ("train", "validation"):
        epochs = [
            event["epoch"]
            for event in events
            if (event["kind"], event.get("scope"), event.get("split"))
            == ("metrics", "epoch", split)
        ]
        assert epochs == list(range(1, 8))


def test_watching_brings_the_same_events_as_reading_them(lab: Lab, client: TestClient):
    run = lab.start()
    live = watch_to_the_end(client, run)
    assert live == lab.events(run)
    assert live[-1]["state"] == "completed"
    assert watch_to_the_end(client, run, after=4) == live[4:]
    assert watch_to_the_end(client, run, after=len(live) + 5) == []


def test_reading_a_run_in_parts_brings_every_event_once(lab: Lab):
    run = lab.start()
    lab.until(run, "completed")
    parts: list[dict[str, Any]] = []
    url = f"/api/runs/{run}/events"
    while part := lab.client.get(url, params={"after": len(parts), "limit": 5}).json()["events"]:
        parts += part
    assert parts == lab.events(run)


def test_closing_the_browser_changes_nothing(lab: Lab, client: TestClient):
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    for _ in range(3):
        with watch(client, run) as live:
            live.receive_json()
    seen = lab.read(run)["epoch"]
    assert lab.until_epoch(run, seen + 1)["state"] == "running"
    assert lab.states(run) == LIFE[:3]


def test_a_finished_run_is_deleted_with_its_events_and_its_files(lab: Lab):
    kept, run = lab.start(), lab.start()
    for id in (kept, run):
        lab.until(id, "completed")
    assert lab.client.delete(f"/api/runs/{run}").status_code == 204
    for path in ("", "/events", "/evaluation", "/download/history.csv"):
        assert lab.client.get(f"/api/runs/{run}{path}").status_code == 404
    assert lab.client.delete(f"/api/runs/{run}").status_code == 404
    assert [path.name for path in lab.storage.runs.iterdir()] == [kept]
    assert [item["id"] for item in lab.client.get("/api/runs").json()["items"]] == [kept]


def test_a_run_and_its_dataset_stay_while_it_is_not_finished(lab: Lab):
    run = lab.start(ENDLESS)
    lab.until(run, "running")
    refused = lab.client.delete(f"/api/runs/{run}")
    assert refused.status_code == 409
    assert "Run 1" in refused.json()["error"]["message"]
    waiting = lab.start()
    refused = lab.client.delete(f"/api/datasets/{lab.dataset}")
    assert refused.status_code == 409
    assert "Run 1, Run 2" in refused.json()["error"]["message"]
    for id in (waiting, run):
        assert lab.read(id)["state"] in ("queued", "running")
        lab.stop(id)
    known = lab.client.get(f"/api/datasets/{lab.dataset}").json()["description"]
    assert lab.client.delete(f"/api/datasets/{lab.dataset}").status_code == 204
    assert lab.client.get(f"/api/runs/{run}/download/bundle.zip").status_code == 200
    assert lab.client.get(f"/api/runs/{run}/description").json() == known
    gone = lab.client.get(f"/api/runs/{run}/evaluation")
    assert (gone.status_code, gone.json()["error"]["code"]) == (409, "dataset_deleted")


def test_numbers_of_deleted_runs_are_not_given_again(lab: Lab):
    first = lab.start()
    lab.until(first, "completed")
    lab.client.delete(f"/api/runs/{first}")
    assert lab.read(lab.start())["number"] == 2


def post(lab: Lab, key: str, body: dict[str, Any]) -> Any:
    return lab.client.post("/api/runs", json=body, headers={"Idempotency-Key": key})


def test_the_same_request_with_the_same_key_is_the_same_run(lab: Lab):
    body = lab.body(QUICK)
    first = post(lab, "a", body)
    turned = {key: body[key] for key in reversed(body)}
    again = post(lab, "a", turned)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    lab.until(first.json()["id"], "completed")
    assert post(lab, "a", body).json() == lab.read(first.json()["id"])
    assert post(lab, "b", body).json()["number"] == 2
    assert len(lab.client.get("/api/runs").json()["items"]) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"recipe": {"target": "y", "epochs": 4}},
        {"recipe": {"target": "y", "epochs": 3, "seed": 1}},
        {"architecture": {**ARCHITECTURE, "name": "Another"}},
    ],
)
def test_the_same_key_with_another_body_is_refused(lab: Lab, change: dict[str, Any]):
    run = post(lab, "a", lab.body(QUICK)).json()["id"]
    refused = post(lab, "a", {**lab.body(QUICK), **change})
    assert refused.status_code == 422
    assert "Run 1" in refused.json()["error"]["message"]
    assert [item["id"] for item in lab.client.get("/api/runs").json()["items"]] == [run]


def test_requests_with_one_key_at_the_same_moment_make_one_run(lab: Lab):
    body = lab.body(QUICK)
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: post(lab, "a", body), range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert [item["number"] for item in lab.client.get("/api/runs").json()["items"]] == [1]


@pytest.mark.parametrize(
    ("change", "status", "path"),
    [
        ({"architecture": None}, 422, ["network_id"]),
        ({"network_id": "00000000-0000-4000-8000-000000000000"}, 422, ["network_id"]),
        ({"dataset_id": "00000000-0000-4000-8000-000000000000"}, 404, None),
        ({"recipe": {"target": "z"}}, 422, ["recipe", "target"]),
        ({"recipe": {"target": "y", "epochs": 0}}, 422, ["recipe", "epochs"]),
        ({"recipe": {"target": "y", "batch_size": True}}, 422, ["recipe", "batch_size"]),
        ({"architecture": {**ARCHITECTURE, "edges": []}}, 422, None),
    ],
)
def test_a_run_that_cannot_be_leaves_no_trace(
    lab: Lab, change: dict[str, Any], status: int, path: list[str] | None
):
    refused = lab.client.post("/api/runs", json={**lab.body(QUICK), **change})
    assert refused.status_code == status, refused.text
    if path is not None:
        assert refused.json()["error"]["where"]["path"] == path
    assert lab.client.get("/api/runs").json()["items"] == []
    assert list(lab.storage.runs.iterdir()) == []


def test_a_run_keeps_the_network_as_it_was(lab: Lab):
    made = lab.client.post("/api/networks", json={"architecture": ARCHITECTURE}).json()
    run = lab.start(architecture=None, network_id=made["id"])
    before = lab.read(run)["architecture"]
    assert lab.client.delete(f"/api/networks/{made['id']}").status_code == 204
    found = lab.until(run, "completed")
    assert found["architecture"] == before
    assert (found["network_id"], found["network_name"]) == (made["id"], "One neuron")


def test_a_loss_that_is_no_number_ends_the_run_with_step_and_learning_rate(lab: Lab):
    optimizer = {"type": "SGD", "learning_rate": 1e6}
    run = lab.start({"epochs": 50, "optimizer": optimizer})
    found = lab.until(run, "diverged")
    assert "step" in found["message"]
    assert "learning rate 1e+06" in found["message"]
    gap = [event for event in lab.events(run) if event["kind"] == "metrics"][-1]
    assert gap["values"] == {"loss": None}
    weights = lab.client.get(f"/api/runs/{run}/evaluation")
    assert weights.status_code == 200
    assert weights.json()["metrics"]["loss"] is not None


def test_runs_are_listed_newest_first_in_parts(lab: Lab):
    runs = [lab.start() for _ in range(5)]
    for run in runs:
        lab.until(run, "completed")
    found: list[str] = []
    cursor = None
    while True:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        part = lab.client.get("/api/runs", params=query).json()
        found += [item["id"] for item in part["items"]]
        cursor = part["next_cursor"]
        if cursor is None:
            break
    assert found == runs[::-1]
    for name, listed in (("dataset_id", 5), ("network_id", 0)):
        query = {name: lab.dataset}
        assert len(lab.client.get("/api/runs", params=query).json()["items"]) == listed


def test_the_health_tells_who_works_and_who_waits(lab: Lab):
    def workers() -> dict[str, int]:
        return lab.client.get("/api/health").json()["workers"]

    assert workers() == {"busy": 0, "queued": 0, "slots": 1}
    run, waiting = lab.start(ENDLESS), lab.start()
    lab.until(run, "running")
    assert workers() == {"busy": 1, "queued": 1, "slots": 1}
    for id in (waiting, run):
        lab.stop(id)
    until(lambda: workers() == {"busy": 0, "queued": 0, "slots": 1}, "the workers are free")
