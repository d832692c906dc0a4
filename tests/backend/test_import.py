"""Networks of others are imported over HTTP: Keras files and configurations, and documents."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.models.documents import chain

URL = "/api/architectures/import"
MODEL: dict[str, Any] = {
    "class_name": "Sequential",
    "config": {
        "name": "mine",
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_shape": [None, 4], "name": "given"}},
            {"class_name": "Dense", "config": {"units": 3, "activation": "softmax", "name": "d"}},
            {"class_name": "Lambda", "config": {"name": "evil", "function": "os.system"}},
        ],
    },
}


def keras_file(folder: Path, document: Any) -> Path:
    path = folder / "model.keras"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("config.json", json.dumps(document))
        packed.writestr("model.weights.h5", b"\x89HDF")
    return path


def test_a_keras_file_becomes_an_architecture_with_layout_and_notes(
    client: TestClient, tmp_path: Path
) -> None:
    with keras_file(tmp_path, MODEL).open("rb") as file:
        answer = client.post(URL, files={"file": ("../../model.keras", file)})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    network = told["architecture"]
    assert [node["type"] for node in network["nodes"]] == ["Input", "Dense", "Identity", "Output"]
    assert set(network["layout"]) == {node["id"] for node in network["nodes"]}
    assert network["name"] == "mine"
    assert [note["layer"] for note in told["notes"]] == [None, "evil"]
    assert "fresh" in told["notes"][0]["message"]
    check = client.post("/api/architectures/check", json={"architecture": network})
    assert check.json()["ok"]


def test_the_configuration_may_be_the_body(client: TestClient) -> None:
    answer = client.post(URL, json=MODEL)
    assert answer.status_code == 200, answer.text
    assert answer.json()["architecture"]["nodes"][1]["params"]["units"] == 3


def test_a_document_of_ours_comes_back_as_it_is(client: TestClient) -> None:
    network = chain(("Dense", {"units": 3}), shape=[4]) | {"layout": {"input": [3.0, 4.0]}}
    answer = client.post(URL, json=network)
    assert answer.status_code == 200, answer.text
    assert answer.json()["notes"] == []
    assert answer.json()["architecture"]["layout"] == {"input": [3.0, 4.0]}


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b'{"class_name": NaN}', 400),
        (b"[" * 400 + b"]" * 400, 415),
        (b'{"a":' * 400 + b"1" + b"}" * 400, 400),
        (b"{}", 422),
        (b'{"format": "neuroloom/1", "nodes": 5}', 422),
        (b"\x89HDF\r\n\x1a\n", 415),
        (b"MZ\x90", 415),
        (b"PK\x05\x06", 422),
    ],
)
def test_other_files_get_the_one_error_shape(
    client: TestClient, content: bytes, status: int
) -> None:
    answer = client.post(URL, files={"file": ("model.keras", content)})
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}
    assert answer.json()["error"]["message"].startswith("Expected")


@pytest.mark.parametrize("body", [[], 5, "text", {}, {"class_name": "Sequential"}])
def test_json_that_describes_no_model_is_refused(client: TestClient, body: Any) -> None:
    answer = client.post(URL, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["code"] == "not_a_model"


def test_a_form_without_a_file_or_with_other_parts_is_refused(client: TestClient) -> None:
    assert client.post(URL, files={"other": ("a", b"{}")}).status_code == 422
    sent = {"file": ("a", json.dumps(MODEL).encode())}
    assert client.post(URL, files=sent, data={"name": "x"}).status_code == 422


def test_text_is_no_body(client: TestClient) -> None:
    answer = client.post(URL, content="{}", headers={"content-type": "text/plain"})
    assert answer.status_code == 415
