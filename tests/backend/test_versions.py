"""Versions of datasets: a new file, the same file read again, the way back, and what runs keep."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from PIL import Image
from sqlalchemy import select, text
from starlette.testclient import TestClient

from backend.app import create_app
from backend.database.engine import Database
from backend.database.migrate import migrate
from backend.database.tables import DatasetRow, VersionRow
from backend.database.upgrade import config
from backend.datasets import versions
from backend.settings import Settings
from backend.storage import ORIGINAL, Storage
from tests.backend.conftest import client_of
from tests.backend.runs.lab import until
from tests.backend.test_datasets import CSV, images, left_over, upload
from tests.backend.world import ARCHITECTURE

LONGER = CSV + "9.9,green,a\n"


def renew(client: TestClient, url: str, content: str | bytes, **fields: str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(f"{url}/versions", files={"file": ("new.csv", data)}, data=fields)


def again(client: TestClient, url: str, version: int | None = None, **options: Any) -> Any:
    return client.post(f"{url}/versions", json={"version": version, "options": options})


def listed(client: TestClient, url: str) -> list[dict[str, Any]]:
    answer = client.get(f"{url}/versions")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.fixture
def url(client: TestClient) -> str:
    """The address of a dataset of one version."""
    return f"/api/datasets/{upload(client).json()['id']}"


def test_a_new_file_is_the_next_version_and_the_old_one_stays(
    client: TestClient, url: str, tmp_path: Path
) -> None:
    first = client.get(url).json()
    assert (first["version"], first["newest"], first["changes"]) == (1, 1, [])
    assert first["original"] == {"filename": "flowers.csv", "bytes": len(CSV)}
    columns = [{"name": "colour", "role": "target"}, {"name": "kind", "role": "ignore"}]
    client.patch(url, json={"columns": columns})
    answer = renew(client, url, LONGER)
    assert answer.status_code == 201, answer.text
    second = answer.json()
    assert (second["id"], second["version"], second["rows"]) == (first["id"], 2, 41)
    assert second["original"] == {"filename": "new.csv", "bytes": len(LONGER)}
    assert second["description"]["problem"]["target"] == "colour"
    assert [note["code"] for note in second["changes"]] == ["rows_changed", "classes_new"]
    assert client.get(url).json() == second
    newer, older = listed(client, url)
    assert (newer["version"], newer["in_use"], newer["rows"]) == (2, True, 41)
    assert (older["version"], older["in_use"], older["rows"]) == (1, False, 40)
    assert older["disk_bytes"] > 0
    rows = client.get(f"{url}/rows", params={"offset": 39, "limit": 5}).json()
    assert (rows["total"], len(rows["rows"])) == (41, 2)
    rows = client.get(f"{url}/rows", params={"offset": 39, "limit": 5, "version": 1}).json()
    assert (rows["total"], len(rows["rows"])) == (40, 1)
    past = client.get(url, params={"version": 1}).json()
    assert past["description"]["problem"]["target"] == "colour"
    for wrong in ("3", "0", "-1", "9" * 15):
        answer = client.get(url, params={"version": wrong})
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"
    assert client.delete(url).status_code == 204
    assert left_over(tmp_path / "data") == []


def test_a_choice_made_while_the_next_file_is_read_is_carried_over(
    client: TestClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = versions.put

    def after_a_change(*given: Any) -> Any:
        monkeypatch.setattr(versions, "put", put)
        columns = [{"name": "colour", "role": "ignore"}]
        assert client.patch(url, json={"columns": columns}).status_code == 200
        return put(*given)

    monkeypatch.setattr(versions, "put", after_a_change)
    second = renew(client, url, LONGER).json()
    roles = {column["name"]: column["role"] for column in second["description"]["columns"]}
    assert (second["version"], roles["colour"]) == (2, "ignore")


def test_a_file_that_cannot_be_read_changes_nothing(
    client: TestClient, url: str, tmp_path: Path
) -> None:
    before = client.get(url).json(), listed(client, url), left_over(tmp_path / "data")
    for content, status in (("a,b\n1,2\n1,2,3\n", 422), (b"%PDF-1.7\n" + bytes(99), 415)):
        answer = renew(client, url, content)
        assert answer.status_code == status, answer.text
        assert answer.json()["error"]["message"].startswith("Expected")
    assert again(client, url, encoding="utf-16").status_code == 422
    assert again(client, url, sheet="Nothing", kinds={"none": "text"}).status_code == 422
    assert (client.get(url).json(), listed(client, url), left_over(tmp_path / "data")) == before
    assert renew(client, url, LONGER).json()["version"] == 2


def test_a_kept_file_is_read_again_with_other_options(
    client: TestClient, url: str, tmp_path: Path
) -> None:
    id = client.get(url).json()["id"]
    answer = again(client, url, missing=["red"], kinds={"length": "category"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    colour = next(c for c in made["description"]["columns"] if c["name"] == "colour")
    assert (colour["missing"], colour["kind"]) == (26, "constant")
    length = next(c for c in made["description"]["columns"] if c["name"] == "length")
    assert length["kind"] == "category"
    assert made["options"]["missing"] == ["red"]
    newer, older = listed(client, url)
    assert (newer["again"], older["again"]) == (1, None)
    assert (newer["shares_original"], older["shares_original"]) == (True, True)
    # One file on the disk, however often it is read.
    kept = [tmp_path / "data" / "datasets" / name / ORIGINAL for name in (id, f"{id}.2")]
    assert kept[0].samefile(kept[1])
    assert kept[0].read_text() == CSV
    # A new file is read as the version in use was, and is then told without what it lacks.
    third = renew(client, url, CSV.replace("length", "width")).json()
    assert third["options"]["missing"] == ["red"]
    assert again(client, url, version=1).json()["rows"] == 40
    assert listed(client, url)[0]["again"] == 1
    assert again(client, url, version=9).status_code == 404


def test_images_are_read_again_in_another_size(client: TestClient) -> None:
    answer = upload(client, images(), "pets.zip")
    url = f"/api/datasets/{answer.json()['id']}"
    made = again(client, url, image_size=[4, 6]).json()
    assert made["description"]["image"]["height"] == 4
    sizes = {}
    for query in ("", "?version=1", "?version=2"):
        shown = client.get(f"{url}/images/3{query}")
        sizes[query] = Image.open(io.BytesIO(shown.content)).size
        # The browser may keep the image of a version, and not that of whichever is in use.
        assert ("immutable" in shown.headers["cache-control"]) == bool(query)
    assert sizes == {"": (6, 4), "?version=1": (8, 8), "?version=2": (6, 4)}
    augmented = {
        version: client.post(
            f"{url}/augmented?version={version}", json={"augmentation": []}
        ).json()["images"][0]["png"]
        for version in (1, 2)
    }
    assert augmented[1] != augmented[2]


def test_kinds_that_were_chosen_are_known_when_the_next_file_is_read(
    client: TestClient, url: str
) -> None:
    codes = CSV.replace("length", "code").replace("0.", "00")
    client.patch(url, json={"columns": [{"name": "length", "kind": "category"}]})
    # A single text among the numbers of a column would be refused, if it were one of numbers.
    odd = CSV.replace("\n0.7,", "\nunknown,")
    assert upload(client, odd).status_code == 422
    made = renew(client, url, odd)
    assert made.status_code == 201, made.text
    assert (_columns(made)["length"]["kind"], made.json()["options"]["kinds"]) == ("category", {})
    # One that is gone, or that the values do not suit, is no reason to refuse a file.
    assert renew(client, url, codes).status_code == 201
    client.patch(url, json={"columns": [{"name": "code", "kind": "number"}]})
    texts = "code,colour,kind\n" + "".join(f"c{i % 7},red,{'ab'[i % 2]}\n" for i in range(40))
    last = renew(client, url, texts + "c1,blue,a\n" * 3)
    assert last.status_code == 201, last.text
    assert _columns(last)["code"]["kind"] == "category"


def test_an_earlier_version_is_gone_back_to_with_its_own_choices(
    client: TestClient, url: str
) -> None:
    client.patch(url, json={"columns": [{"name": "length", "role": "target"}]})
    renew(client, url, LONGER)
    client.patch(url, json={"columns": [{"name": "colour", "role": "target"}]})
    back = client.post(f"{url}/versions/1/restore")
    assert back.status_code == 200, back.text
    assert (back.json()["version"], back.json()["newest"]) == (1, 2)
    assert back.json()["description"]["problem"]["target"] == "length"
    assert client.post(f"{url}/versions/1/restore").json() == back.json()
    forth = client.post(f"{url}/versions/2/restore").json()
    assert forth["description"]["problem"]["target"] == "colour"
    assert client.post(f"{url}/versions/3/restore").status_code == 404


def test_a_version_that_nothing_needs_can_be_deleted(
    client: TestClient, url: str, tmp_path: Path
) -> None:
    id = client.get(url).json()["id"]
    again(client, url, missing=["x"])
    refused = client.delete(f"{url}/versions/2")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "version_in_use")
    assert client.delete(f"{url}/versions/1").status_code == 204
    assert client.delete(f"{url}/versions/1").status_code == 404
    assert [item["version"] for item in listed(client, url)] == [2]
    folders = [path.name for path in (tmp_path / "data" / "datasets").iterdir()]
    assert folders == [f"{id}.2"]
    # The original that both were read from is still there for the other.
    assert again(client, url).json()["version"] == 3
    assert renew(client, url, LONGER).json()["version"] == 4


def test_a_run_keeps_the_version_that_it_was_trained_on(client: TestClient, url: str) -> None:
    id = client.get(url).json()["id"]
    body = {"architecture": _net(2), "dataset_id": id, "recipe": {"epochs": 2, "seed": 3}}
    run = client.post("/api/runs", json=body).json()
    assert run["dataset_version"] == 1
    address = f"/api/runs/{run['id']}"
    _ended(client, address)
    before = client.get(f"{address}/evaluation").json()
    assert renew(client, url, CSV.replace("red", "grey")).json()["version"] == 2

    assert client.get(f"{address}/evaluation").json() == before
    rows = [{"length": 1.5, "colour": "red"}]
    assert client.post(f"{address}/predict", json={"rows": rows}).status_code == 200
    assert "length" in client.get(f"{address}/download/pytorch.py").text
    assert client.get(f"{address}/download/bundle.zip").status_code == 200
    assert client.post(f"{address}/resume", json={"epochs": 4}).status_code == 200
    resumed = _ended(client, address)
    assert (resumed["epoch"], resumed["dataset_version"]) == (4, 1)

    same = client.post(f"{address}/fork", json={}).json()
    assert (same["dataset_version"], same["fork"]["title"]) == (1, "The same again")
    new = client.post(f"{address}/fork", json={"dataset_version": "in_use"}).json()
    assert (new["dataset_version"], new["fork"]["title"]) == (2, "On version 2 of the data")
    for made in (same, new):
        assert _ended(client, f"/api/runs/{made['id']}")["state"] == "completed"
    assert renew(client, url, CSV.replace("length", "width")).json()["version"] == 3
    refused = client.post(f"{address}/fork", json={"dataset_version": "in_use"})
    assert refused.status_code == 422
    assert '"length"' in refused.json()["error"]["message"]

    listed_runs = client.get("/api/runs", params={"dataset_id": id}).json()["items"]
    assert [item["dataset_version"] for item in listed_runs] == [2, 1, 1]

    assert [item["runs"] for item in listed(client, url)] == [0, 1, 2]
    refused = client.delete(f"{url}/versions/1")
    assert refused.status_code == 409
    assert f"Run {run['number']}, Run {same['number']}" in refused.json()["error"]["message"]
    for made in (run, same):
        assert client.delete(f"/api/runs/{made['id']}").status_code == 204
    assert client.delete(f"{url}/versions/1").status_code == 204


def test_networks_that_use_the_dataset_are_told_with_whether_they_fit(
    client: TestClient, url: str
) -> None:
    id = client.get(url).json()["id"]
    fits = client.post("/api/networks", json={"architecture": _net(2), "dataset_id": id}).json()
    client.post("/api/networks", json={"architecture": _net(2)})
    assert [(item["network_id"], item["ok"]) for item in _networks(client, url)] == [
        (fits["id"], True)
    ]
    three = CSV.replace("0.1,red,a", "0.1,red,c").replace("0.3,blue,a", "0.3,blue,c")
    three = three.replace("0.5,red,a", "0.5,red,c")
    assert renew(client, url, three).status_code == 201
    (told,) = _networks(client, url)
    assert told["ok"] is False
    assert any("3" in problem["message"] for problem in told["problems"])
    (past,) = client.get(f"{url}/fits", params={"version": 1}).json()["items"]
    assert past["ok"] is True


def test_a_large_file_is_read_beside_the_version_in_use(
    settings: Callable[..., Settings], database_url: str, tmp_path: Path
) -> None:
    app = create_app(settings(database_url=database_url, small_upload_bytes=10))
    with client_of(app) as client:
        url = f"/api/datasets/{upload(client).json()['id']}"
        until(lambda: client.get(url).json()["state"] == "ready", "the first version is read")
        answer = renew(client, url, LONGER)
        assert answer.status_code == 202, answer.text
        assert (answer.json()["state"], answer.json()["version"]) == ("ready", 1)
        assert answer.json()["next_version"]["version"] == 2
        until(lambda: client.get(url).json()["version"] == 2, "the second version is in use")
        read = client.get(url).json()
        assert (read["rows"], read["next_version"]) == (41, None)

        assert renew(client, url, "a,b\n1,2\n1,2,3\n").status_code == 202
        failed = until(
            lambda: (
                (next := client.get(url).json()["next_version"])
                and next["state"] == "failed"
                and next
            ),
            "the third version has failed",
        )
        assert failed["error"]["where"]["row"] == 3
        assert client.get(url).json()["rows"] == 41
        assert client.post(f"{url}/versions/3/restore").status_code == 409
        assert client.delete(f"{url}/versions/3").status_code == 204
        assert client.get(url).json()["next_version"] is None
        assert again(client, url, missing=["x"]).status_code == 202
        until(lambda: client.get(url).json()["version"] == 4, "it was read again")
    assert list((tmp_path / "data" / "uploads").iterdir()) == []
    names = {path.name for path in (tmp_path / "data" / "datasets").iterdir()}
    assert len(names) == 3


def test_a_server_killed_while_it_replaces_leaves_the_old_version_in_use(
    settings: Callable[..., Settings], database_url: str
) -> None:
    values = settings(database_url=database_url)
    storage, database = Storage(values.data_dir), Database(values.database)
    with client_of(create_app(values)) as client:
        made = upload(client).json()
        url = f"/api/datasets/{made['id']}"
    id = UUID(made["id"])
    # As the server leaves it between any two of its steps: a version in the background, one whose
    # folder has its name already, one of which nothing but a folder is there.
    with database.session() as session:
        row = session.get_one(DatasetRow, id)
        row.newest = 2
        session.add(VersionRow(dataset_id=id, version=2, state="ingesting", progress=0.4))
    (storage.new_version(id) / ORIGINAL).write_text(LONGER)
    (storage.settle(storage.new_version(id), id, 2) / ORIGINAL).write_text(LONGER)
    (storage.uploads / "half").write_text(LONGER)
    with client_of(create_app(values)) as client:
        read = client.get(url).json()
        assert {**read, "next_version": None, "newest": 1} == made
        assert read["next_version"]["error"]["code"] == "interrupted"
        assert client.get(f"{url}/rows").json()["total"] == 40
        assert [path.name for path in storage.datasets.iterdir()] == [made["id"]]
        assert list(storage.uploads.iterdir()) == []
        assert renew(client, url, LONGER).json()["version"] == 3
        assert [item["version"] for item in listed(client, url)] == [3, 1]
    database.close()


def test_a_version_that_the_database_knows_survives_a_kill_right_after_its_commit(
    settings: Callable[..., Settings], database_url: str
) -> None:
    values = settings(database_url=database_url)
    storage = Storage(values.data_dir)
    with client_of(create_app(values)) as client:
        url = f"/api/datasets/{upload(client).json()['id']}"
        made = renew(client, url, LONGER).json()
    storage.doom(storage.dataset(UUID(made["id"]), 2))
    with client_of(create_app(values)) as client:
        assert client.get(url).json() == made
        assert client.get(f"{url}/rows").json()["total"] == 41
    assert not list(storage.datasets.glob("*/.doomed"))


def test_datasets_and_runs_from_before_versions_are_the_first(
    settings: Callable[..., Settings], empty_database_url: str
) -> None:
    values = settings(database_url=empty_database_url)
    database = Database(values.database)
    with client_of(create_app(values)) as client:
        made = upload(client).json()
    command.downgrade(config(database), "0006")
    with database.reading() as session:
        kept = session.execute(text("SELECT state, name FROM datasets")).one()
        assert tuple(kept) == ("ready", "flowers.csv")
    migrate(database)
    with database.reading() as session:
        (version,) = session.scalars(select(VersionRow))
        assert (version.version, version.filename, version.state) == (1, None, "ready")
    with client_of(create_app(values)) as client:
        url = f"/api/datasets/{made['id']}"
        read = client.get(url).json()
        assert {**read, "original": made["original"], "options": made["options"]} == made
        assert read["original"] is None
        assert client.get(f"{url}/rows").json()["total"] == 40
        refused = again(client, url, missing=["x"])
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "no_original")
        assert renew(client, url, LONGER).json()["version"] == 2
    database.close()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"options": {}, "version": "1"}, 422),
        ({"options": {}, "version": 0}, 422),
        ({"options": {"delimter": ";"}}, 422),
        ({"options": {}, "file": "x"}, 422),
        ([], 422),
    ],
)
def test_a_wish_to_read_again_is_read_strictly(
    client: TestClient, url: str, body: Any, status: int
) -> None:
    answer = client.post(f"{url}/versions", json=body)
    assert answer.status_code == status, answer.text
    assert len(listed(client, url)) == 1


def test_a_sample_can_be_replaced_and_read_again(client: TestClient) -> None:
    made = client.post("/api/datasets", json={"sample": "iris"}).json()
    url = f"/api/datasets/{made['id']}"
    read = again(client, url).json()
    assert (read["version"], read["rows"]) == (2, 150)
    assert read["description"]["source"] == made["description"]["source"]
    assert [note["code"] for note in read["changes"]] == ["same_shape"]


def _columns(answer: Any) -> dict[str, dict[str, Any]]:
    return {column["name"]: column for column in answer.json()["description"]["columns"]}


def _net(units: int) -> dict[str, Any]:
    document = json.loads(json.dumps(ARCHITECTURE))
    activation = "sigmoid" if units == 2 else "softmax"
    document["nodes"][1]["params"] = {"units": 1 if units == 2 else units, "activation": activation}
    return document


def _networks(client: TestClient, url: str) -> list[dict[str, Any]]:
    return client.get(f"{url}/fits").json()["items"]


def _ended(client: TestClient, address: str) -> dict[str, Any]:
    def found() -> dict[str, Any] | None:
        run = client.get(address).json()
        return run if run["state"] in ("completed", "failed") else None

    return until(found, "the run has ended") or {}
