"""A forecast from the sample to the answer, over HTTP: better than the last value and the mean."""

import io
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from backend.app import create_app
from tests.backend.conftest import client_of, make_settings
from tests.backend.runs.lab import until
from tests.backend.world import ENDED


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("data")
    database = folder / "test.sqlite3"
    database.write_bytes(migrated_sqlite.read_bytes())
    settings = make_settings(folder, database_url=f"sqlite:///{database}")
    with client_of(create_app(settings)) as found:
        yield found


def trained(client: TestClient, slug: str, **recipe: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Train what is proposed for a sample, as the browser does; return dataset and run."""
    dataset = client.post("/api/datasets", json={"sample": slug}).json()
    about = {"dataset_id": dataset["id"]}
    proposal = client.post("/api/proposals", json={**about, "recipe": recipe}).json()
    architecture = proposal["architecture"]
    checked = client.post(
        "/api/architectures/check",
        json={**about, "architecture": architecture, "recipe": recipe},
    ).json()
    assert checked["ok"], checked["problems"]
    asked = {**about, "architecture": architecture, "recipe": recipe}
    run = client.post("/api/runs", json=asked).json()
    until(
        lambda: client.get(f"/api/runs/{run['id']}").json()["state"] in ENDED,
        "the run has ended",
        seconds=240,
    )
    return dataset, client.get(f"/api/runs/{run['id']}").json()


@pytest.fixture(scope="module")
def kiosks(client: TestClient) -> tuple[dict[str, Any], dict[str, Any]]:
    return trained(client, "kiosks", epochs=12, batch_size=64)


def test_the_sample_is_a_forecast_that_beats_the_last_value_and_the_mean(client, kiosks):
    dataset, run = kiosks
    assert run["state"] == "completed"
    assert {column["role"] for column in dataset["description"]["columns"]} >= {"time", "group"}
    assert run["recipe"]["sequence"] == {
        "kind": "windows",
        "window": 14,
        "horizon": 1,
        "stride": 1,
        "time": "date",
        "group": "kiosk",
    }
    assert (run["recipe"]["split"]["by"], run["recipe"]["split"]["gap"]) == ("time", 14)
    found = client.get(f"/api/runs/{run['id']}/evaluation").json()
    assert found["metrics"]["mae"] < 0.8 * found["persistence"]["mae"]
    assert found["metrics"]["mae"] < 0.8 * found["baseline"]["mae"]
    # On the curves stands the better of both.
    judged = client.get(f"/api/runs/{run['id']}/evaluation?split=validation").json()
    assert run["baseline"]["mae"] == pytest.approx(judged["persistence"]["mae"])


def test_the_weather_of_tomorrow_is_told_better_than_by_that_of_today(client):
    _, run = trained(client, "seattle_weather", epochs=30)
    assert run["state"] == "completed"
    found = client.get(f"/api/runs/{run['id']}/evaluation").json()
    assert found["metrics"]["mae"] < found["persistence"]["mae"] < found["baseline"]["mae"]


def test_it_predicts_from_a_row_of_the_data_from_rows_and_from_a_file(client, kiosks):
    dataset, run = kiosks
    address = f"/api/runs/{run['id']}/predict"
    told = client.post(address, json={"row": 400}).json()
    assert told["row"] == 400
    assert len(told["rows"]) == 14
    (one,) = told["predictions"]
    rows = client.get(f"/api/datasets/{dataset['id']}/rows?offset=387&limit=15").json()
    named = [dict(zip(rows["columns"], row, strict=True)) for row in rows["rows"]]
    assert one["expected"] == named[14]["sold"]
    sent = client.post(address, json={"rows": [named[:14]]}).json()
    assert sent["predictions"][0]["value"] == pytest.approx(one["value"])
    flat = client.post(address, json={"rows": named}).json()
    assert (flat["total"], len(flat["predictions"])) == (2, 2)
    lines = [",".join(rows["columns"]), *(",".join(map(str, row)) for row in rows["rows"])]
    file = {"file": ("rows.csv", "\n".join(lines))}
    table = client.post(address, files=file).json()
    assert table["total"] == 2
    assert table["predictions"][0]["value"] == pytest.approx(one["value"])
    newest = client.post(address, json={"row": "last"}).json()
    assert newest["predictions"][0]["expected"] is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "rows or a row"),
        ({"rows": [{}], "row": 3}, "both"),
        ({"row": -1}, "row"),
        ({"row": 3}, "13 rows before it"),
        ({"row": 99_999}, "99999"),
        ({"row": "first"}, "row"),
        ({"rows": [[]]}, "14 rows"),
    ],
)
def test_what_is_no_window_is_refused(client, kiosks, body, words):
    answer = client.post(f"/api/runs/{kiosks[1]['id']}/predict", json=body)
    assert answer.status_code == 422
    assert words in answer.json()["error"]["message"]


def test_the_bundle_and_both_scripts_are_offered(client, kiosks):
    run = kiosks[1]["id"]
    packed = client.get(f"/api/runs/{run}/download/bundle.zip")
    assert packed.status_code == 200
    with zipfile.ZipFile(io.BytesIO(packed.content)) as bundle:
        assert "Every window of 14 rows" in bundle.read("README.md").decode()
    for name in ("pytorch.py", "keras.py"):
        source = client.get(f"/api/runs/{run}/download/{name}").text
        assert "WINDOW, HORIZON, STRIDE = 14, 1, 1" in source


def test_a_network_of_rows_is_trained_on_rows_as_before(client):
    dataset = client.post("/api/datasets", json={"sample": "seattle_weather"}).json()
    about = {"dataset_id": dataset["id"]}
    layers = [
        {"id": "input", "type": "Input"},
        {"id": "hidden", "type": "Dense", "params": {"units": 4}},
        {"id": "answer", "type": "Dense", "params": {"units": 1}},
        {"id": "output", "type": "Output"},
    ]
    names = [layer["id"] for layer in layers]
    network = {
        "format": "neuroloom/1",
        "nodes": layers,
        "edges": [{"source": before, "target": after} for before, after in pairwise(names)],
    }
    told = client.post("/api/proposals", json={**about, "architecture": network}).json()
    assert "sequence" not in told["recipe"]
    checked = client.post(
        "/api/architectures/check", json={**about, "architecture": network}
    ).json()
    assert checked["nodes"]["input"]["output_shape"] == [8]
    rows = client.post("/api/proposals", json={**about, "recipe": {"sequence": "none"}}).json()
    assert rows["recipe"]["sequence"] == "none"
    assert all(node["type"] != "GRU" for node in rows["architecture"]["nodes"])


@pytest.mark.parametrize(
    ("sequence", "words"),
    [
        ({"window": 0}, "window"),
        ({"window": 4, "horizon": 0}, "horizon"),
        ({"window": 4, "horizon": 1.5}, "horizon"),
        ({"window": 1_500}, "1,461"),
        ({"window": 4, "time": "weather"}, "weather"),
        ({"window": 4, "steps": 3}, "steps"),
    ],
)
def test_a_sequence_that_cannot_be_is_refused_before_a_run_is_made(client, sequence, words):
    dataset = client.post("/api/datasets", json={"sample": "seattle_weather"}).json()
    body = {"dataset_id": dataset["id"], "recipe": {"sequence": sequence}}
    answer = client.post("/api/proposals", json=body)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert words in error["message"]
    assert error["where"]["path"][:2] == ["recipe", "sequence"]


def test_roles_may_be_given_with_an_upload(client):
    text = "when,where,y\n" + "\n".join(f"{n // 2},{'ab'[n % 2]},{n}.5" for n in range(80))
    options = '{"roles": {"when": "time", "where": "group"}}'
    sent = {"files": {"file": ("a.csv", text)}, "data": {"options": options}}
    told = client.post("/api/datasets", **sent).json()["description"]
    assert told["series"]["group"] == "where"
    assert (told["series"]["series"], told["series"]["longest"]) == (2, 40)
    sent["data"] = {"options": '{"roles": {"nowhere": "time"}}'}
    answer = client.post("/api/datasets", **sent)
    assert answer.status_code == 422
    assert answer.json()["error"]["where"]["path"] == ["options", "roles", "nowhere"]


@pytest.mark.parametrize(
    ("recipe", "path", "words", "fix"),
    [
        (
            {"sequence": {"window": 20}, "split": {"by": "time", "test": 0.2}},
            ["recipe", "sequence", "window"],
            "20 windows of 20 rows",
            "Set the window to 10",
        ),
        (
            {"sequence": {"window": 7}, "split": {"by": "time", "folds": 9, "fold": 1}},
            ["recipe", "split", "folds"],
            "Ask for 7 at most",
            "Deal into 7 folds",
        ),
        (
            {"sequence": "none", "split": {"by": "group", "column": "where"}},
            ["recipe", "split"],
            'got 2 of "where"',
            "Validate nothing",
        ),
    ],
)
def test_too_little_for_a_split_is_told_by_the_check_and_where_the_dataset_is_used(
    client, recipe, path, words, fix
):
    rows = (f"{n},{'ab'[n % 2]},{n * n % 7}.25,{n}.5" for n in range(40))
    text = "when,where,x,y\n" + "\n".join(rows)
    options = '{"roles": {"when": "time", "where": "ignore"}, "kinds": {"when": "integer"}}'
    sent = {"files": {"file": ("a.csv", text)}, "data": {"options": options}}
    about = {"dataset_id": client.post("/api/datasets", **sent).json()["id"]}
    network = client.post("/api/proposals", json={**about, "recipe": {"sequence": "none"}}).json()
    body = {**about, "architecture": network["architecture"], "recipe": {"target": "y", **recipe}}
    told = client.post("/api/architectures/check", json=body).json()
    (problem,) = [each for each in told["problems"] if each["where"]["path"] == path]
    assert words in problem["message"]
    assert problem["fix"]["title"] == fix
    assert not told["ok"]
    kept = client.post("/api/networks", json=body).json()
    (used,) = client.get(f"/api/datasets/{about['dataset_id']}/fits").json()["items"]
    assert used["network_id"] == kept["id"]
    assert problem in used["problems"]
    mended = {**body["recipe"], **problem["fix"]["changes"][0]["values"]}
    again = client.post("/api/architectures/check", json={**body, "recipe": mended}).json()
    assert path not in [each["where"]["path"] for each in again["problems"]]
