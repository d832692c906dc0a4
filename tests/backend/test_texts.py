"""Texts over HTTP: from the sample that ships to predictions and files that agree."""

import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from backend.app import create_app
from tests.backend.conftest import client_of, make_settings, proposed_run

REVIEWS = [
    "The lid is not bad at all.",
    "Although the lid is great, I regret the handle.",
    "",
    None,
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client_of(create_app(make_settings(tmp_path_factory.mktemp("texts")))) as client:
        yield client


@pytest.fixture(scope="module")
def dataset(client: TestClient) -> dict[str, Any]:
    made = client.post("/api/datasets", json={"sample": "product_reviews"})
    assert made.status_code == 201, made.text
    return made.json()


@pytest.fixture(scope="module")
def run(client: TestClient, dataset: dict[str, Any]) -> dict[str, Any]:
    """A run of the network that is proposed for the sample, in larger steps and fewer of them."""
    return proposed_run(
        client, dataset, {"epochs": 4, "optimizer": {"type": "Adam", "learning_rate": 0.005}}
    )


def test_the_sample_is_described_with_its_words(dataset: dict[str, Any]) -> None:
    column = dataset["description"]["columns"][0]
    assert (column["kind"], column["role"]) == ("text", "input")
    assert column["text"]["frequent"][0]["word"] == "the"
    assert column["treatment_in_full"]["tokenizer"] == "word"
    assert sum(bar["count"] for bar in column["distribution"]) == 4_000


def test_texts_are_learnt_and_judged(client: TestClient, run: dict[str, Any]) -> None:
    report = client.get(f"/api/runs/{run['id']}/evaluation").json()
    assert sum(map(sum, report["confusion"])) == 800
    assert report["metrics"]["accuracy"] > 0.8
    events = client.get(f"/api/runs/{run['id']}/events?after=0").json()["events"]
    assert [event for event in events if event.get("code") == "inputs_not_scaled"] == []


def test_typed_texts_are_predicted_as_the_bundle_does(
    client: TestClient, run: dict[str, Any], tmp_path: Path
) -> None:
    rows = [{"review": text} for text in REVIEWS]
    answer = client.post(f"/api/runs/{run['id']}/predict", json={"rows": rows})
    assert answer.status_code == 200, answer.text
    expected = [entry["probabilities"] for entry in answer.json()["predictions"]]
    content = client.get(f"/api/runs/{run['id']}/download/bundle.zip")
    assert content.status_code == 200, content.text
    with zipfile.ZipFile(io.BytesIO(content.content)) as packed:
        packed.extractall(tmp_path)
    with (tmp_path / "rows.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["review", "n"], *([text or "", 1] for text in REVIEWS)])
    command = [sys.executable, "-I", "predict.py", "rows.csv"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    for shares, found in zip(expected, csv.DictReader(done.stdout.splitlines()), strict=True):
        for name, share in shares.items():
            assert float(found[f"probability of {name}"]) == pytest.approx(share, abs=1e-5)


@pytest.mark.parametrize("what", ["program.pt2", "pytorch.py", "keras.py", "model.keras"])
def test_a_run_on_texts_has_every_file(client: TestClient, run: dict[str, Any], what: str) -> None:
    answer = client.get(f"/api/runs/{run['id']}/download/{what}")
    assert answer.status_code == 200, answer.text
    assert answer.content


@pytest.mark.parametrize(
    ("treatment", "field"),
    [
        ({"max_tokens": 2}, "max_tokens"),
        ({"max_tokens": 10**9}, "max_tokens"),
        ({"output_sequence_length": 0}, "output_sequence_length"),
        ({"output_sequence_length": 100_000}, "output_sequence_length"),
        ({"tokenizer": "sentence"}, "tokenizer"),
        ({"lowercase": "yes"}, "lowercase"),
        ({"scaling": "standard"}, "scaling"),
    ],
)
def test_a_treatment_out_of_range_is_refused_and_changes_nothing(
    client: TestClient, dataset: dict[str, Any], treatment: dict[str, Any], field: str
) -> None:
    url = f"/api/datasets/{dataset['id']}"
    before = client.get(url).json()
    body = {"columns": [{"name": "review", "treatment": treatment}]}
    answer = client.patch(url, json=body)
    assert answer.status_code == 422
    assert field in str(answer.json()["error"]["where"]["path"])
    assert client.get(url).json() == before
