"""Datasets: read, shown, changed and deleted, and nothing left of what was refused."""

import base64
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image
from starlette.testclient import TestClient

from backend.app import create_app
from backend.database.engine import Database
from backend.database.migrate import migrate
from backend.database.tables import DatasetRow, NetworkRow, RunRow, VersionRow
from backend.runs import process
from backend.settings import Settings
from backend.storage import DOOMED, Storage
from tests.backend.conftest import client_of
from tests.backend.test_networks import architecture

CSV = "length,colour,kind\n" + "".join(
    f"{number / 10},{'red' if number % 3 else 'blue'},{'a' if number % 2 else 'b'}\n"
    for number in range(40)
)


def upload(
    client: TestClient, content: str | bytes = CSV, filename: str = "flowers.csv", **fields: str
) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/api/datasets", files={"file": (filename, data)}, data=fields)


def images() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("cats", "dogs"):
            for number in range(6):
                pixels = io.BytesIO()
                Image.new("L", (8, 8), 20 * number).save(pixels, "PNG")
                archive.writestr(f"{name}/{number}.png", pixels.getvalue())
    return packed.getvalue()


def left_over(data: Path) -> list[str]:
    return [
        str(path.relative_to(data))
        for folder in ("uploads", "datasets")
        for path in (data / folder).rglob("*")
    ]


@pytest.fixture
def refusing(shared_client: TestClient, shared_data: Path) -> Iterator[TestClient]:
    """A client of which every request is refused: no row and no file may come of it."""
    before = left_over(shared_data), shared_client.get("/api/datasets").json()
    yield shared_client
    assert (left_over(shared_data), shared_client.get("/api/datasets").json()) == before


def add_run(database: Database, dataset_id: UUID, state: str, number: int) -> None:
    """Add a run whose worker is this very process, so that the queue takes it for alive."""
    with database.session() as session:
        session.add(
            RunRow(
                number=number,
                network_name="Net",
                dataset_id=dataset_id,
                dataset_name="Data",
                architecture={},
                description={},
                recipe={},
                reasons=[],
                parameters=0,
                state=state,
                attempt=1,
                pid=os.getpid(),
                pid_started=process.started(os.getpid()),
            )
        )


def test_a_small_file_is_a_dataset_when_the_upload_is_answered(client: TestClient) -> None:
    answer = upload(client, name="My flowers")
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"/api/datasets/{made['id']}"
    assert (made["name"], made["state"], made["kind"], made["rows"]) == (
        "My flowers",
        "ready",
        "table",
        40,
    )
    kinds = {column["name"]: column["kind"] for column in made["description"]["columns"]}
    assert kinds == {"length": "number", "colour": "category", "kind": "category"}
    assert made["description"]["problem"]["classes"] == ["a", "b"]
    assert client.get(f"/api/datasets/{made['id']}").json() == made
    listed = client.get("/api/datasets").json()["items"]
    assert [item["id"] for item in listed] == [made["id"]]
    assert "description" not in listed[0]


def test_a_large_file_is_read_in_the_background(
    settings: Callable[..., Settings], database_url: str, tmp_path: Path
) -> None:
    app = create_app(settings(database_url=database_url, small_upload_bytes=10))
    with client_of(app) as client:
        answer = upload(client)
        assert answer.status_code == 202
        made = answer.json()
        assert (made["state"], made["progress"], made["description"]) == ("ingesting", 0, None)
        url = f"/api/datasets/{made['id']}"
        while (read := client.get(url).json())["state"] == "ingesting":
            assert client.get(f"{url}/rows").status_code in (409, 200)
        assert (read["state"], read["rows"], read["progress"]) == ("ready", 40, None)
        assert client.get(f"{url}/rows").json()["rows"][1] == [0.1, "red", "a"]
    assert list((tmp_path / "data" / "uploads").iterdir()) == []


def test_a_large_file_that_cannot_be_read_fails_with_its_reason(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    with client_of(create_app(settings(small_upload_bytes=10))) as client:
        made = upload(client, "a,b\n1,2\n1,2,3\n4,5\n").json()
        url = f"/api/datasets/{made['id']}"
        while (read := client.get(url).json())["state"] == "ingesting":
            pass
        assert read["state"] == "failed"
        assert read["error"]["where"]["row"] == 3
        assert client.get(f"{url}/rows").json()["error"]["code"] == "dataset_not_ready"
        assert client.delete(url).status_code == 204
    assert left_over(tmp_path / "data") == []


@pytest.mark.parametrize(
    ("content", "filename", "status", "names"),
    [
        ("", "empty.csv", 422, ""),
        ("a,b\n", "header.csv", 422, ""),
        ("a,b\n1,2\n1,2,3\n4,5\n", "long_row.csv", 422, "3"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture.csv", 415, "PNG"),
        (b"PK\x03\x04 not a zip", "broken.zip", 422, ""),
        (b"%PDF-1.7\n" + bytes(100), "paper.pdf", 415, "PDF"),
    ],
)
def test_a_file_that_is_no_dataset_is_refused_and_nothing_is_left(
    refusing: TestClient, content: str, filename: str, status: int, names: str
) -> None:
    answer = upload(refusing, content, filename)
    assert answer.status_code == status, answer.text
    assert names in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\flowers.csv", "flowers.csv"),
        ("/abs/x.csv", "x.csv"),
        ("..", "upload"),
        ("</script><img src=x>.csv", "script><img src=x>.csv"),
        ("Blüten 花.csv", "Blüten 花.csv"),
    ],
)
def test_only_the_base_name_of_an_upload_is_shown(
    shared_client: TestClient, shared_data: Path, sent: str, shown: str
) -> None:
    answer = upload(shared_client, filename=sent)
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == shown
    listed = shared_client.get("/api/datasets?limit=200").json()["items"]
    folders = {folder.name for folder in (shared_data / "datasets").iterdir()}
    assert folders == {item["id"] for item in listed}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "multipart/form-data", 400),
        (b"", "multipart/form-data; boundary=x", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 400),
        (b"no form", "multipart/form-data; boundary=x", 400),
        (b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nA\r\n--x--\r\n', None, 422),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na,b\n1,2',
            None,
            400,
        ),
        (b"x" * 300, "multipart/form-data; boundary=" + "x" * 300, 400),
        (b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n' + b"A" * 70_000, None, 413),
        (b"--x\r\nA: " + b"a" * 20_000, None, 400),
        (b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n\r\n' * 20, None, 422),
        (b"a,b\n1,2\n", "text/csv", 415),
        (b"{}", "application/json", 422),
        (b'{"sample": "imagenet"}', "application/json", 422),
        (b'{"sample": "iris", "x": 1}', "application/json", 422),
        (b'{"sample": 5}', "application/json", 422),
    ],
)
def test_a_form_that_is_not_as_it_should_be_is_refused(
    refusing: TestClient, body: bytes, kind: str | None, status: int
) -> None:
    headers = {"Content-Type": kind or "multipart/form-data; boundary=x"}
    answer = refusing.post("/api/datasets", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}


@pytest.mark.parametrize(
    ("fields", "status", "path"),
    [
        ({"options": "{"}, 400, None),
        ({"options": '{"delimter": ";"}'}, 422, ["options", "delimter"]),
        ({"options": '{"delimiter": "x"}'}, 422, ["options", "delimiter"]),
        ({"options": "[]"}, 422, ["options"]),
        ({"colour": "red"}, 422, ["colour"]),
        ({"name": "x" * 201}, 422, ["name"]),
        ({"name": "a\0b"}, 422, ["name"]),
        ({"options": '{"header": NaN}'}, 400, None),
        ({"options": '{"header": true, "header": true}'}, 400, None),
        ({"options": '{"header": "true"}'}, 422, ["options", "header"]),
        ({"options": '{"image_size": [8.0, 8]}'}, 422, ["options", "image_size", 0]),
        ({"options": '{"missing": ["\\u0000"]}'}, 422, ["options", "missing", 0]),
        ({"options": '{"missing": ["\\ud800"]}'}, 422, ["options", "missing", 0]),
        ({"options": '{"encoding": "punycode"}'}, 422, ["options", "encoding"]),
    ],
)
def test_fields_of_a_form_are_read_strictly(
    refusing: TestClient,
    fields: dict[str, str],
    status: int,
    path: list[str] | None,
) -> None:
    answer = upload(refusing, **fields)
    assert answer.status_code == status, answer.text
    if path is not None:
        assert answer.json()["error"]["where"]["path"] == path


def test_options_say_how_to_read_a_file(shared_client: TestClient) -> None:
    options = json.dumps({"kinds": {"kind": "text"}})
    made = upload(shared_client, options=options).json()
    column = next(c for c in made["description"]["columns"] if c["name"] == "kind")
    assert column["kind"] == "text"


def test_an_upload_over_the_limit_is_refused(
    settings: Callable[..., Settings], tmp_path: Path
) -> None:
    with client_of(create_app(settings(max_upload_bytes=1000))) as client:
        answer = upload(client, CSV * 10)
        assert answer.status_code == 413
        assert "1,000" in answer.json()["error"]["message"]
        endless = (b"--x\r\n" + b"a" * 500 for _ in range(100))
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        assert client.post("/api/datasets", content=endless, headers=headers).status_code in (
            400,
            413,
        )
    assert left_over(tmp_path / "data") == []


def test_an_upload_that_the_disk_has_no_room_for_is_507(
    refusing: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        free = 10

    monkeypatch.setattr("backend.upload.shutil.disk_usage", lambda path: Full)
    answer = upload(refusing)
    assert answer.status_code == 507
    assert "got 10" in answer.json()["error"]["message"]


def test_every_sample_is_listed_and_one_can_be_used(client: TestClient) -> None:
    listed = client.get("/api/samples").json()["items"]
    assert {sample["slug"] for sample in listed} >= {"iris", "diabetes", "digits"}
    answer = client.post("/api/datasets", json={"sample": "iris"})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["sample"], made["name"], made["rows"]) == ("iris", "Iris flowers", 150)
    assert made["description"]["problem"]["target"] == "species"
    assert "Fisher" in made["description"]["source"]
    (in_list,) = client.get("/api/datasets").json()["items"]
    assert in_list == {name: made[name] for name in in_list}


def test_rows_are_read_in_windows(shared_client: TestClient) -> None:
    url = f"/api/datasets/{upload(shared_client).json()['id']}/rows"
    window = shared_client.get(url, params={"offset": 38, "limit": 10}).json()
    assert window == {
        "offset": 38,
        "total": 40,
        "columns": ["length", "colour", "kind"],
        "rows": [[3.8, "red", "b"], [3.9, "blue", "a"]],
    }
    assert shared_client.get(url, params={"offset": 2**53}).json()["rows"] == []
    for params in ({"offset": -1}, {"limit": 0}, {"limit": 1001}, {"offset": 2**60}):
        assert shared_client.get(url, params=params).status_code == 422


def test_images_are_shown_as_the_network_sees_them(shared_client: TestClient) -> None:
    answer = upload(shared_client, images(), "pets.zip")
    assert answer.status_code == 201, answer.text
    url = f"/api/datasets/{answer.json()['id']}"
    assert [entry["name"] for entry in answer.json()["description"]["classes"]] == ["cats", "dogs"]
    shown = shared_client.get(f"{url}/images/3")
    assert shown.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(shown.content)) as image:
        assert (image.size, image.getpixel((0, 0))) == ((8, 8), 60)
    for index in ("12", "-1", str(2**70)):
        assert shared_client.get(f"{url}/images/{index}").status_code == 404
    assert shared_client.get(f"{url}/rows?limit=1").json()["columns"] == ["image", "label"]


def test_images_are_shown_as_training_would_change_them(shared_client: TestClient) -> None:
    url = f"/api/datasets/{upload(shared_client, images(), 'pets.zip').json()['id']}/augmented"

    def shown(seed: int = 0, count: int = 8, *augmentation: dict[str, Any]) -> list[dict[str, Any]]:
        body = {"augmentation": list(augmentation), "seed": seed, "count": count}
        answer = shared_client.post(url, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["images"]

    plain = shown(0, 4)
    assert [image["index"] for image in plain] == [1, 4, 7, 10]
    assert [image["labels"] for image in plain] == [
        [{"name": name, "share": 1.0}] for name in ("cats", "cats", "dogs", "dogs")
    ]
    with Image.open(io.BytesIO(base64.b64decode(plain[1]["png"]))) as image:
        assert (image.size, image.getpixel((0, 0))) == ((8, 8), 80)
    assert len(shown(0, 64)) == 12
    lighter = {"type": "RandomBrightness", "factor": 0.5}
    assert shown(1, 8, lighter) == shown(1, 8, lighter) != shown(2, 8, lighter)
    mixed = shown(0, 12, {"type": "CutMix"})
    assert any(len(image["labels"]) == 2 for image in mixed)
    for image in mixed:
        assert sum(label["share"] for label in image["labels"]) == pytest.approx(1, abs=1e-3)


def test_an_augmentation_that_cannot_be_is_refused_by_its_place(
    shared_client: TestClient,
) -> None:
    url = f"/api/datasets/{upload(shared_client, images(), 'pets.zip').json()['id']}/augmented"
    wrong = [{"type": "RandomFlip"}, {"type": "RandomZoom", "height_factor": 2}]
    answer = shared_client.post(url, json={"augmentation": wrong})
    assert answer.status_code == 422
    assert answer.json()["error"]["where"]["path"] == ["augmentation", 1, "height_factor"]
    table = upload(shared_client).json()["id"]
    answer = shared_client.post(f"/api/datasets/{table}/augmented", json={"augmentation": []})
    assert answer.json()["error"]["code"] == "augmentation_needs_images"


def test_a_table_has_no_images(shared_client: TestClient) -> None:
    made = upload(shared_client).json()
    assert shared_client.get(f"/api/datasets/{made['id']}/images/0").status_code == 404


def test_a_dataset_is_renamed_and_its_columns_change_all_or_none(client: TestClient) -> None:
    made = upload(client).json()
    url = f"/api/datasets/{made['id']}"
    assert client.patch(url, json={"name": "Renamed"}).json()["name"] == "Renamed"
    columns = [{"name": "colour", "role": "target"}, {"name": "kind", "role": "ignore"}]
    changed = client.patch(url, json={"columns": columns}).json()
    assert changed["description"]["problem"]["target"] == "colour"
    wrong = [{"name": "length", "role": "ignore"}, {"name": "lenght", "role": "ignore"}]
    refused = client.patch(url, json={"name": "Half", "columns": wrong})
    assert refused.status_code == 422
    assert refused.json()["error"]["where"]["path"] == ["columns", 1, "name"]
    assert client.get(url).json() == changed


def test_a_dataset_in_use_is_not_deleted_and_its_runs_are_named(
    settings: Callable[..., Settings], database_url: str
) -> None:
    app = create_app(settings(database_url=database_url))
    with client_of(app) as client:
        made = upload(client).json()
        url = f"/api/datasets/{made['id']}"
        for number, state in ((6, "completed"), (7, "running"), (9, "stopping")):
            add_run(app.state.database, UUID(made["id"]), state, number)
        answer = client.delete(url)
        assert answer.status_code == 409
        assert "Run 7, Run 9" in answer.json()["error"]["message"]
        assert "Run 6" not in answer.json()["error"]["message"]
        assert client.get(f"{url}/rows").status_code == 200


def test_deleting_a_dataset_takes_its_files_and_leaves_the_networks(
    client: TestClient, tmp_path: Path
) -> None:
    made = upload(client).json()
    body = {"architecture": architecture(), "dataset_id": made["id"]}
    network = client.post("/api/networks", json=body).json()
    assert network["dataset_id"] == made["id"]
    assert client.delete(f"/api/datasets/{made['id']}").status_code == 204
    assert left_over(tmp_path / "data") == []
    assert client.get(f"/api/datasets/{made['id']}").status_code == 404
    left = client.get(f"/api/networks/{network['id']}").json()
    assert left == {**network, "dataset_id": None}


def test_after_a_crash_only_what_was_begun_is_tidied_up(
    settings: Callable[..., Settings], database_url: str
) -> None:
    values = settings(database_url=database_url)
    storage, database = Storage(values.data_dir), Database(values.database)
    storage.prepare()
    migrate(database)
    (storage.uploads / "half").write_bytes(b"a,b")
    begun, kept, unknown = uuid4(), uuid4(), uuid4()
    storage.new_version(begun)
    (storage.settle(storage.new_version(kept), kept, 1) / "table.parquet").touch()
    storage.dataset(unknown).mkdir()
    with database.session() as session:
        session.add(DatasetRow(id=begun, name="Begun"))
        session.add(DatasetRow(id=kept, name="Kept"))
        session.flush()
        session.add(VersionRow(dataset_id=begun, version=1, state="ingesting", progress=0.5))
        session.add(VersionRow(dataset_id=kept, version=1, state="ready"))
        session.add(NetworkRow(name="Net", architecture=architecture()))
    with client_of(create_app(values)) as client:
        read = client.get(f"/api/datasets/{begun}").json()
        assert (read["state"], read["progress"], read["error"]["code"]) == (
            "failed",
            None,
            "interrupted",
        )
    assert list(storage.uploads.iterdir()) == []
    assert sorted(path.name for path in storage.datasets.iterdir()) == sorted(
        map(str, (kept, unknown))
    )
    assert [path.name for path in storage.dataset(kept).iterdir()] == ["table.parquet"]
    assert not (storage.dataset(kept) / DOOMED).exists()
    # Without a mark it may be another database's: it is left alone.
    assert storage.dataset(unknown).exists()
    database.close()


def test_points_are_made_as_they_are_asked_for(shared_client: TestClient) -> None:
    known = {sample["slug"]: sample for sample in shared_client.get("/api/samples").json()["items"]}
    assert known["iris"]["noise"] is None
    assert known["xor"]["noise"] > 0
    made = [
        shared_client.post("/api/datasets", json={"sample": "xor", "rows": 60, **more})
        for more in ({}, {}, {"noise": 0.5}, {"seed": 3})
    ]
    assert [answer.status_code for answer in made] == [201] * 4
    rows = [
        shared_client.get(f"/api/datasets/{answer.json()['id']}/rows", params={"limit": 60}).json()
        for answer in made
    ]
    assert rows[0]["total"] == 60
    assert rows[0] == rows[1]
    assert rows[0] != rows[2]
    assert rows[0] != rows[3]
    for wrong in ({"rows": 5}, {"rows": 10**7}, {"noise": 2}, {"noise": -1}, {"rows": "60"}):
        answer = shared_client.post("/api/datasets", json={"sample": "xor", **wrong})
        assert answer.status_code == 422, wrong
        assert answer.json()["error"]["where"]["path"] == list(wrong)
    answer = shared_client.post("/api/datasets", json={"sample": "iris", "rows": 60})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not_made")
