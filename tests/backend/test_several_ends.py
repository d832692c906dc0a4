"""A network of two Inputs and two Outputs, over HTTP from its check to its bundle."""

import csv
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.backend.test_results import TERMINAL, app, client, download

__all__ = ["app", "client"]

LOSSES = ["loss", "kind_loss", "kind_accuracy", "length_loss", "length_mae", "length_r2"]


def network(**params: dict[str, Any]) -> dict[str, Any]:
    types = {
        "sepal": "Input",
        "petal": "Input",
        "wide": "Dense",
        "both": "Concatenate",
        "shares": "Dense",
        "amount": "Dense",
        "kind": "Output",
        "length": "Output",
    }
    own: dict[str, dict[str, Any]] = {
        "sepal": {"columns": ["sepal length (cm)", "sepal width (cm)"]},
        "wide": {"units": 6, "activation": "relu"},
        "shares": {"units": 3, "activation": "softmax"},
        "amount": {"units": 1},
        "kind": {"target": "species"},
        "length": {"target": "petal length (cm)", "loss_weight": 0.5},
    } | params
    wires = "sepal>wide wide>both petal>both both>shares both>amount shares>kind amount>length"
    return {
        "format": "neuroloom/1",
        "nodes": [
            {"id": node, "type": kind, "params": own.get(node, {})} for node, kind in types.items()
        ],
        "edges": [
            dict(zip(("source", "target"), w.split(">"), strict=True)) for w in wires.split()
        ],
    }


@pytest.fixture(scope="module")
def dataset(client: TestClient) -> str:
    return client.post("/api/datasets", json={"sample": "iris"}).json()["id"]


@pytest.fixture(scope="module")
def run(client: TestClient, dataset: str) -> dict[str, Any]:
    body = {"architecture": network(), "dataset_id": dataset, "recipe": {"epochs": 3}}
    made = client.post("/api/runs", json=body)
    assert made.status_code == 201, made.text
    url = f"/api/runs/{made.json()['id']}"
    live = client.websocket_connect(f"{url}/live?after=0", headers={"Host": "127.0.0.1:8000"})
    with live as socket:
        while (event := socket.receive_json()).get("state") not in TERMINAL:
            pass
    assert event["state"] == "completed", event
    return client.get(url).json()


def test_the_check_knows_the_shape_that_each_input_is_fed(client, dataset):
    body = {"architecture": network(), "dataset_id": dataset}
    report = client.post("/api/architectures/check", json=body).json()
    assert report["ok"], report["problems"]
    assert [report["nodes"][node]["output_shape"] for node in ("sepal", "petal")] == [[2], [1]]


def test_an_output_that_has_no_target_yet_leaves_the_shapes_known(client, dataset):
    body = {"architecture": network(length={}, kind={}), "dataset_id": dataset}
    report = client.post("/api/architectures/check", json=body).json()
    told = [(p["code"], p["where"]["node"], p["where"]["path"]) for p in report["problems"]]
    assert ("no_target", "length", ["params", "target"]) in told
    assert report["nodes"]["both"]["output_shape"] is not None
    assert not report["ok"]
    refused = client.post("/api/runs", json={**body, "recipe": {}})
    assert refused.status_code == 422
    assert refused.json()["error"]["where"]["node"] == "kind"


def test_a_run_tells_what_each_output_learns_and_every_value_by_its_name(client, run):
    kind, length = run["outputs"]
    assert (kind["node"], kind["target"], kind["task"]) == ("kind", "species", "classification")
    assert kind["classes"] == ["setosa", "versicolor", "virginica"]
    assert length["loss"]["type"] == "MeanSquaredError"
    assert (length["loss_weight"], length["metrics"]) == (0.5, ["length_mae", "length_r2"])
    assert list(run["values"]) == [*LOSSES, *(f"val_{name}" for name in LOSSES)]
    assert set(LOSSES) <= run["baseline"].keys()
    assert (run["classes"], run["recipe"]["loss"], run["recipe"]["target"]) == (None, None, None)
    header = download(client, run, "history.csv").decode().splitlines()[0]
    assert header == ",".join(["epoch", "step", *LOSSES, *(f"val_{name}" for name in LOSSES)])


def test_the_evaluation_judges_each_output(client, run):
    report = client.get(f"/api/runs/{run['id']}/evaluation").json()
    kind, length = report["outputs"]
    assert sum(map(sum, kind["confusion"])) == len(length["pairs"]) == report["rows"]
    assert kind["metrics"]["accuracy"] == report["metrics"]["kind_accuracy"]
    assert "rmse" in length["metrics"]


def test_predictions_of_the_app_and_of_the_bundle_are_those_of_each_output(
    client, run, tmp_path: Path
):
    with zipfile.ZipFile(io.BytesIO(download(client, run, "bundle.zip"))) as packed:
        packed.extractall(tmp_path)
    with (tmp_path / "example.csv").open() as file:
        rows = [
            {name: float(cell) if cell else None for name, cell in row.items()}
            for row in csv.DictReader(file)
        ]
    command = [sys.executable, "-I", "predict.py", "example.csv"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = list(csv.DictReader(io.StringIO(done.stdout)))
    answer = client.post(f"/api/runs/{run['id']}/predict", json={"rows": rows}).json()
    kind, length = (output["predictions"] for output in answer["outputs"])
    assert (answer["target"], answer["predictions"]) == ("species", kind)
    for theirs, species, amount in zip(found, kind, length, strict=True):
        assert theirs["kind: species"] == species["value"]
        assert float(theirs["length: petal length (cm)"]) == pytest.approx(
            amount["value"], abs=1e-4
        )
        share = species["probabilities"]["setosa"]
        assert float(theirs["kind: probability of setosa"]) == pytest.approx(share, abs=1e-5)


def test_the_source_of_the_run_builds_the_network_of_both_ends(client, run):
    scope: dict[str, Any] = {}
    exec(download(client, run, "pytorch.py").decode(), scope)
    import torch

    answers = scope["build"](seed=0)(torch.zeros(2, 2), torch.zeros(2, 1))
    assert [tuple(answer.shape) for answer in answers] == [(2, 3), (2, 1)]
