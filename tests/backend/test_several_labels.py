"""Images with several labels each over HTTP: from an upload to every file of a finished run."""

import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from backend.app import create_app
from tests.backend.conftest import client_of, make_settings, proposed_run
from tests.models.data.marked import NAMES, images, marked, marks

COUNT = 120


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client_of(create_app(make_settings(tmp_path_factory.mktemp("labels")))) as client:
        yield client


@pytest.fixture(scope="module")
def dataset(client: TestClient) -> dict[str, Any]:
    made = client.post("/api/datasets", files={"file": ("images.zip", marked(COUNT))})
    assert made.status_code == 201, made.text
    return made.json()


@pytest.fixture(scope="module")
def run(client: TestClient, dataset: dict[str, Any]) -> dict[str, Any]:
    """A run of the network that is proposed, in larger steps."""
    return proposed_run(
        client, dataset, {"epochs": 30, "optimizer": {"type": "Adam", "learning_rate": 0.01}}
    )


def test_the_dataset_tells_its_labels_and_shows_the_images_of_one(
    client: TestClient, dataset: dict[str, Any]
) -> None:
    description, has = dataset["description"], marks(COUNT)
    assert description["problem"]["task"] == "multilabel"
    assert [entry["count"] for entry in description["classes"]] == has.sum(0).tolist()
    assert sum(description["labels_per_image"]) == COUNT
    url = f"/api/datasets/{dataset['id']}/rows"
    shown = client.get(url, params={"label": "cat", "limit": 5, "offset": 2}).json()
    assert shown["total"] == has[:, 1].sum()
    assert [row[0] for row in shown["rows"]] == np.flatnonzero(has[:, 1])[2:7].tolist()
    refused = client.get(url, params={"label": "cow"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "unknown_class")


def test_the_check_and_the_code_know_what_labels_ask_for(
    client: TestClient, dataset: dict[str, Any], run: dict[str, Any]
) -> None:
    architecture = run["architecture"]
    for node in architecture["nodes"]:
        if node["id"] == "prediction":
            node["params"]["activation"] = "softmax"
    body = {"architecture": architecture, "dataset_id": dataset["id"]}
    told = client.post("/api/architectures/check", json=body).json()
    assert [problem["code"] for problem in told["problems"]] == ["output_activation"]
    for target in ("pytorch", "keras"):
        answer = client.post("/api/architectures/code", json={**body, "target": target})
        assert answer.status_code == 200, answer.text


def test_weights_of_classes_at_labels_are_a_problem_of_their_output_with_its_fix(
    client: TestClient, dataset: dict[str, Any]
) -> None:
    about = {"dataset_id": dataset["id"]}
    architecture = client.post("/api/proposals", json=about).json()["architecture"]
    (output,) = [node for node in architecture["nodes"] if node["type"] == "Output"]
    output["params"]["class_weight"] = "balanced"
    told = client.post(
        "/api/architectures/check", json={**about, "architecture": architecture}
    ).json()
    (problem,) = told["problems"]
    assert (told["ok"], problem["where"]["node"]) == (False, output["id"])
    assert problem["fix"]["title"] == "Leave class_weight out"


def test_it_is_learnt_and_judged_label_by_label(client: TestClient, run: dict[str, Any]) -> None:
    assert (run["recipe"]["task"], run["classes"]) == ("multilabel", list(NAMES))
    assert run["outputs"][0]["task"] == "multilabel"
    report = client.get(f"/api/runs/{run['id']}/evaluation?split=test").json()
    assert report["confusion"] is None
    assert [label["name"] for label in report["per_class"]] == list(NAMES)
    assert report["metrics"]["macro_f1"] > report["baseline"]["macro_f1"]
    assert all(label["average_precision"] > 0.8 for label in report["per_class"])
    events = client.get(f"/api/runs/{run['id']}/events?after=0").json()["events"]
    assert not [event for event in events if event.get("code") == "output_mismatch"]


def test_each_label_is_predicted_by_itself_as_the_bundle_does(
    client: TestClient, run: dict[str, Any], tmp_path: Path
) -> None:
    url = f"/api/runs/{run['id']}"
    has = np.array([[1, 0, 1], [0, 0, 0]], bool)
    pixels = images(has, seed=3)
    rows = [{"image": image[None].tolist()} for image in pixels]
    told = client.post(f"{url}/predict", json={"rows": rows}).json()["predictions"]
    assert [one["value"] for one in told] == [["bird", "dog"], []]
    sent = {"file": ("sent.zip", marked(20))}
    of_file = client.post(f"{url}/predict", files=sent).json()
    assert (of_file["total"], len(of_file["pictures"])) == (20, 20)
    content = client.get(f"{url}/download/bundle.zip")
    assert content.status_code == 200, content.text
    for data in (content.content, marked(20)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            packed.extractall(tmp_path)
    files = [f"{row}.png" for row in range(20)]
    command = [sys.executable, "-I", "predict.py", *files]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    found = list(csv.DictReader(done.stdout.splitlines()))
    by_name = {
        row[0]: one for row, one in zip(of_file["rows"], of_file["predictions"], strict=True)
    }
    for row in found:
        ours = by_name[row["file"]]
        assert row["label"] == "|".join(ours["value"])
        for name, share in ours["probabilities"].items():
            assert float(row[f"probability of {name}"]) == pytest.approx(share, abs=1e-5)


@pytest.mark.parametrize("what", ["model.keras", "pytorch.py", "keras.py"])
def test_a_run_of_labels_has_every_file(client: TestClient, run: dict[str, Any], what: str) -> None:
    answer = client.get(f"/api/runs/{run['id']}/download/{what}")
    assert answer.status_code == 200, answer.text
    assert answer.content


def test_augmented_images_are_shown_with_their_labels(
    client: TestClient, dataset: dict[str, Any]
) -> None:
    url = f"/api/datasets/{dataset['id']}/augmented"
    mixed = {"augmentation": [{"type": "MixUp"}], "count": 12}
    told = client.post(url, json=mixed).json()["images"]
    names = [{label["name"] for label in one["labels"]} for one in told]
    assert set().union(*names) == set(NAMES)
