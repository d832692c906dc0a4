"""Cross-validation: a run for each fold, queued together, and what they come to together."""

from typing import Any
from uuid import uuid4

import numpy as np
import pytest

from models.training.events import TERMINAL
from tests.backend.runs.lab import ENDLESS, QUICK, Lab, until

ADDRESS = "/api/cross-validations"


def start(lab: Lab, folds: int = 3, recipe: dict[str, Any] = QUICK, key: str | None = None) -> Any:
    body = {**lab.body(recipe), "folds": folds}
    headers = {} if key is None else {"Idempotency-Key": key}
    return lab.client.post(ADDRESS, json=body, headers=headers)


def ended(lab: Lab, id: str) -> dict[str, Any]:
    def found() -> dict[str, Any] | None:
        told = lab.client.get(f"{ADDRESS}/{id}").json()
        return told if all(run["state"] in TERMINAL for run in told["runs"]) else None

    return until(found, "all folds have ended") or {}


def test_every_fold_is_a_run_and_their_values_are_gathered(lab: Lab) -> None:
    answer = start(lab, 4)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["Location"] == f"{ADDRESS}/{made['id']}"
    assert [run["cross_validation"] for run in made["runs"]] == [
        {"id": made["id"], "fold": fold, "folds": 4} for fold in (1, 2, 3, 4)
    ]
    assert made["scores"] == []
    told = ended(lab, made["id"])
    runs = [lab.read(run["id"]) for run in told["runs"]]
    assert {run["state"] for run in runs} == {"completed"}
    assert [run["recipe"]["split"]["fold"] for run in runs] == [1, 2, 3, 4]
    recipes = [{**run["recipe"], "split": {**run["recipe"]["split"], "fold": 0}} for run in runs]
    assert all(recipe == recipes[0] for recipe in recipes)
    scores = {score["name"]: score for score in told["scores"]}
    assert {"loss", "val_loss", "mae", "val_mae"} <= set(scores)
    for name, score in scores.items():
        values = [(run["best"] or run["values"])[name] for run in runs]
        assert score["values"] == values
        assert score["mean"] == pytest.approx(np.mean(values))
        assert score["std"] == pytest.approx(np.std(values, ddof=1))
    # The folds differ in what validates, and are judged by the same test part.
    assert len({run["best"]["val_loss"] for run in runs}) == 4
    judged = [lab.client.get(f"/api/runs/{run['id']}/evaluation").json() for run in runs]
    assert len({each["rows"] for each in judged}) == 1
    assert len({tuple(sorted(pair["row"] for pair in each["pairs"])) for each in judged}) == 1
    parts = [
        lab.client.get(f"/api/runs/{run['id']}/evaluation", params={"split": "validation"}).json()
        for run in runs
    ]
    rest = lab.rows - judged[0]["rows"]
    assert sum(part["rows"] for part in parts) == rest
    listed = lab.client.get("/api/runs", params={"cross_validation_id": made["id"]}).json()
    assert [run["id"] for run in listed["items"]] == [run["id"] for run in reversed(runs)]


def test_folds_are_judged_by_the_weights_that_are_kept(lab: Lab) -> None:
    # Steps so large that no later epoch is as good as an early one.
    recipe = {**QUICK, "optimizer": {"type": "SGD", "learning_rate": 0.5}, "epochs": 8}
    recipe["early_stopping"] = {"monitor": "val_loss", "patience": 8, "restore_best": True}
    told = ended(lab, start(lab, 3, recipe).json()["id"])
    runs = [lab.read(run["id"]) for run in told["runs"]]
    assert any(run["best"]["val_loss"] < run["values"]["val_loss"] for run in runs)
    score = next(score for score in told["scores"] if score["name"] == "val_loss")
    assert score["values"] == [run["best"]["val_loss"] for run in runs]


def test_the_same_key_queues_the_folds_once(lab: Lab) -> None:
    first, again = start(lab, key="k1").json(), start(lab, key="k1").json()
    assert [run["id"] for run in first["runs"]] == [run["id"] for run in again["runs"]]
    assert first["id"] == again["id"]
    other = start(lab, 2, key="k1")
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")
    plain = lab.client.post("/api/runs", json=lab.body(QUICK), headers={"Idempotency-Key": "k1"})
    assert plain.status_code == 422
    ended(lab, first["id"])


def test_all_folds_are_stopped_together_and_deleted_when_they_have_ended(lab: Lab) -> None:
    made = start(lab, 3, ENDLESS).json()
    address = f"{ADDRESS}/{made['id']}"
    lab.until_epoch(made["runs"][0]["id"], 1)
    refused = lab.client.delete(address)
    assert refused.status_code == 409
    assert f"Run {made['runs'][2]['number']}" in refused.json()["error"]["message"]
    assert lab.client.post(f"{address}/stop").status_code == 200
    told = ended(lab, made["id"])
    assert {run["state"] for run in told["runs"]} == {"stopped"}
    # Those that never began have no values, and count in no mean.
    (loss,) = [score for score in told["scores"] if score["name"] == "loss"]
    assert [value is None for value in loss["values"]] == [False, True, True]
    assert (loss["mean"], loss["std"]) == (loss["values"][0], None)
    assert lab.client.post(f"{address}/stop").json() == told
    assert lab.client.delete(address).status_code == 204
    assert lab.client.get(address).status_code == 404
    assert lab.client.get("/api/runs").json()["items"] == []


@pytest.mark.parametrize(
    ("folds", "recipe", "path"),
    [
        (1, QUICK, ["folds"]),
        (21, QUICK, ["folds"]),
        (3, {"split": {"folds": 3}}, ["recipe", "split", "fold"]),
        (3, {"split": {"fold": 1}}, ["recipe", "split", "folds"]),
        (3, {"target": "z"}, ["recipe", "target"]),
    ],
)
def test_what_cannot_be_folded_queues_nothing(
    lab: Lab, folds: int, recipe: dict[str, Any], path: list[str]
) -> None:
    answer = start(lab, folds, recipe)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["where"]["path"] == path
    assert lab.client.get("/api/runs").json()["items"] == []
    assert lab.client.get(f"{ADDRESS}/{uuid4()}").status_code == 404
