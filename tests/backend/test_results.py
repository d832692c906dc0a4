"""What a finished run leaves, over HTTP: evaluation, predictions and files that agree."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import keras
import numpy as np
import onnx
import pytest
import torch
from fastapi import FastAPI
from safetensors.torch import load as load_weights
from starlette.testclient import TestClient

from backend.app import create_app
from backend.database.tables import RunRow
from models.data import samples
from models.data.preparation import Preparation
from models.export.program import run_onnx
from tests.backend.conftest import client_of, make_settings, on_sqlite_alone

EPOCHS = 4
TERMINAL = {"completed", "stopped", "diverged", "failed"}


@pytest.fixture(scope="module")
def app(shared_data: Path, shared_database_url: str) -> FastAPI:
    return create_app(make_settings(shared_data, database_url=shared_database_url))


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with client_of(app) as client:
        yield client


@pytest.fixture(scope="module")
def dataset(client: TestClient) -> str:
    return client.post("/api/datasets", json={"sample": "iris"}).json()["id"]


@pytest.fixture(scope="module")
def run(client: TestClient, dataset: str) -> dict[str, Any]:
    """A finished run of the proposed network, without a validation part."""
    proposed = client.post("/api/proposals", json={"dataset_id": dataset}).json()
    body = {
        "architecture": proposed["architecture"],
        "dataset_id": dataset,
        "recipe": {"epochs": EPOCHS, "split": {"validation": 0, "test": 0.2}},
    }
    made = client.post("/api/runs", json=body)
    assert made.status_code == 201, made.text
    url = f"/api/runs/{made.json()['id']}"
    with client.websocket_connect(
        f"{url}/live?after=0", headers={"Host": "127.0.0.1:8000"}
    ) as live:
        while (event := live.receive_json()).get("state") not in TERMINAL:
            pass
    assert event["state"] == "completed", event
    return client.get(url).json()


def download(client: TestClient, run: dict[str, Any], what: str) -> bytes:
    answer = client.get(f"/api/runs/{run['id']}/download/{what}")
    assert answer.status_code == 200, answer.text
    assert f'filename="{what}"' in answer.headers["content-disposition"]
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


def test_the_evaluation_counts_every_row_of_its_part(
    client: TestClient, run: dict[str, Any]
) -> None:
    url = f"/api/runs/{run['id']}/evaluation"
    report = client.get(url).json()
    assert (report["split"], report["rows"]) == ("test", 30)
    assert sum(map(sum, report["confusion"])) == 30
    right = sum(report["confusion"][code][code] for code in range(3))
    assert report["metrics"]["accuracy"] == pytest.approx(right / 30)
    assert client.get(url, params={"split": "train"}).json()["rows"] == 120


def test_a_part_that_the_recipe_does_not_keep_is_refused(
    client: TestClient, run: dict[str, Any]
) -> None:
    answer = client.get(f"/api/runs/{run['id']}/evaluation", params={"split": "validation"})
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "no_such_part"


def rows_of(client: TestClient, dataset: str) -> list[dict[str, Any]]:
    window = client.get(f"/api/datasets/{dataset}/rows?limit=150").json()
    return [dict(zip(window["columns"], row, strict=True)) for row in window["rows"]]


def test_predictions_have_a_probability_for_each_class(
    client: TestClient, run: dict[str, Any], dataset: str
) -> None:
    rows = [dict(list(row.items())[:4]) for row in rows_of(client, dataset)]
    answer = client.post(f"/api/runs/{run['id']}/predict", json={"rows": rows})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["target"], len(told["predictions"])) == ("species", 150)
    for prediction in told["predictions"]:
        shares = prediction["probabilities"]
        assert sum(shares.values()) == pytest.approx(1, abs=1e-5)
        assert shares[prediction["value"]] == max(shares.values())


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{}],
        [{"petal length (cm)": "long"}],
        [{"petal lenght (cm)": 1}],
        [5],
        "rows",
        [{"petal length (cm)": [1]}],
    ],
)
def test_rows_that_are_not_of_the_dataset_are_refused(
    client: TestClient, run: dict[str, Any], rows: Any
) -> None:
    answer = client.post(f"/api/runs/{run['id']}/predict", json={"rows": rows})
    assert answer.status_code in (200, 422), answer.text
    assert answer.status_code == 422 or rows == [{}]


def test_the_history_has_a_row_for_each_epoch(client: TestClient, run: dict[str, Any]) -> None:
    text = download(client, run, "history.csv").decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [int(row["epoch"]) for row in rows] == list(range(1, EPOCHS + 1))
    assert float(rows[-1]["loss"]) == pytest.approx(run["values"]["loss"])


def test_the_weights_fit_the_printed_source_and_are_the_same_in_both_files(
    client: TestClient, run: dict[str, Any]
) -> None:
    scope: dict[str, Any] = {"__name__": "printed"}
    exec(compile(download(client, run, "pytorch.py"), "pytorch.py", "exec"), scope)
    weights = torch.load(io.BytesIO(download(client, run, "state_dict.pt")), weights_only=True)
    scope["build"]().load_state_dict(weights)
    safe = load_weights(download(client, run, "weights.safetensors"))
    assert set(safe) == set(weights)
    assert all(torch.equal(safe[name], weights[name]) for name in weights)


def test_the_architecture_that_is_downloaded_can_be_saved_again(
    client: TestClient, run: dict[str, Any]
) -> None:
    document = json.loads(download(client, run, "architecture.json"))
    assert document == run["architecture"]
    assert client.post("/api/networks", json={"architecture": document}).status_code == 201


def test_the_bundle_is_a_whole_zip(client: TestClient, run: dict[str, Any]) -> None:
    with zipfile.ZipFile(io.BytesIO(download(client, run, "bundle.zip"))) as bundle:
        assert bundle.testzip() is None
        names = {name.rsplit("/", 1)[-1] for name in bundle.namelist()}
    assert {"predict.py", "weights.safetensors", "history.csv", "README.md"} <= names


@on_sqlite_alone
def test_the_model_runs_elsewhere_to_the_same_probabilities(
    client: TestClient, run: dict[str, Any]
) -> None:
    columns = [f"{part} {size} (cm)" for part in ("sepal", "petal") for size in ("length", "width")]
    rows = [dict(zip(columns, row, strict=True)) for row in ((6.0, 3.0, 5.1, 1.8), (5, 3, 1, None))]
    told = client.post(f"/api/runs/{run['id']}/predict", json={"rows": rows}).json()
    expected = [list(entry["probabilities"].values()) for entry in told["predictions"]]

    content = download(client, run, "model.onnx")
    notes = {entry.key: entry.value for entry in onnx.load_from_string(content).metadata_props}
    raw = Preparation.model_validate_json(notes["preparation"]).encode(rows)
    program = torch.export.load(io.BytesIO(download(client, run, "program.pt2"))).module()

    torch.testing.assert_close(run_onnx(content, raw)[0], torch.tensor(expected))
    torch.testing.assert_close(program(raw), torch.tensor(expected))


@on_sqlite_alone
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_keras_reads_the_model_to_the_same_probabilities(
    client: TestClient, run: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(download(client, run, "model.keras"))
    script: dict[str, Any] = {"__name__": "printed"}
    exec(compile(download(client, run, "keras.py"), "keras.py", "exec"), script)
    (data,) = Path(samples.__file__).parent.glob("iris.*")
    columns = script["read"](data)
    train, *_ = script["deal"](
        np.array([script["code"](c, script["CLASSES"]) for c in columns["species"]])
    )
    features = script["features"](columns, script["INPUTS"], train)
    rows = [{name: float(columns[name][row]) for name in script["INPUTS"]} for row in range(5)]
    told = client.post(f"/api/runs/{run['id']}/predict", json={"rows": rows}).json()
    expected = [list(entry["probabilities"].values()) for entry in told["predictions"]]

    found = keras.saving.load_model(path).predict(features[:5], verbose=0)

    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_downloads_leave_nothing_in_the_uploads_folder(
    app: FastAPI, client: TestClient, run: dict[str, Any]
) -> None:
    download(client, run, "state_dict.pt")
    assert list(app.state.storage.uploads.iterdir()) == []


@pytest.mark.parametrize("what", ["model.exe", "..%2f..%2fneuroloom.sqlite3", "weights", ""])
def test_a_file_that_no_run_has_is_404(client: TestClient, run: dict[str, Any], what: str) -> None:
    assert client.get(f"/api/runs/{run['id']}/download/{what}").status_code == 404


@pytest.mark.parametrize("path", ["evaluation", "download/bundle.zip", "download/history.csv"])
def test_a_run_that_is_not_there_is_404(client: TestClient, path: str) -> None:
    assert client.get(f"/api/runs/{uuid4()}/{path}").status_code == 404


def test_a_run_without_a_model_says_so(
    app: FastAPI, client: TestClient, run: dict[str, Any]
) -> None:
    with app.state.database.session() as session:
        kept = session.get_one(RunRow, UUID(run["id"]))
        names = {column.key for column in RunRow.__table__.columns} - {"id", "number"}
        copy = RunRow(id=uuid4(), number=99, **{name: getattr(kept, name) for name in names})
        copy.idempotency_key, copy.state = None, "failed"
        session.add(copy)
    for path in ("evaluation", "download/bundle.zip", "download/state_dict.pt"):
        answer = client.get(f"/api/runs/{copy.id}/{path}")
        assert answer.status_code == 409, path
        assert "Run 99" in answer.json()["error"]["message"]
    assert client.get(f"/api/runs/{copy.id}/download/architecture.json").status_code == 200
