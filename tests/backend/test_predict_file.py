"""Predictions for a file over HTTP: equal to those for the same rows, refused without a trace."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.app import create_app
from tests.backend.conftest import client_of, make_settings
from tests.backend.runs.lab import until
from tests.backend.test_datasets import images
from tests.backend.world import ENDED, World, error_of
from tests.models.data.uploads import archive, picture

LIMIT = 200_000
COLUMNS = [f"{part} {size} (cm)" for part in ("sepal", "petal") for size in ("length", "width")]
ROWS = [[6.0, 3.0, 5.1, 1.8], [5.0, 3.3, 1.4, 0.2], [5.5, 2.4, None, 1.1]]
TABLE = ",".join(COLUMNS) + "\n6,3,5.1,1.8\n5,3.3,1.4,0.2\n5.5,2.4,,1.1\n"


@pytest.fixture(scope="module")
def world(shared_data: Path, shared_database_url: str) -> Iterator[World]:
    values = make_settings(shared_data, database_url=shared_database_url, max_upload_bytes=LIMIT)
    app = create_app(values)
    with client_of(app) as client:
        yield World.made_by(client, app.state.database, shared_data)


@pytest.fixture(scope="module")
def of_images(world: World) -> str:
    """A finished run of a network that tells images apart."""
    made = world.client.post("/api/datasets", files={"file": ("images.zip", images())}).json()
    about = {"dataset_id": made["id"]}
    proposed = world.client.post("/api/proposals", json=about).json()
    asked = {**about, "architecture": proposed["architecture"], "recipe": {"epochs": 1}}
    run = world.client.post("/api/runs", json=asked).json()["id"]
    url = f"/api/runs/{run}"
    until(lambda: world.client.get(url).json()["state"] in ENDED, "the run has ended")
    return url


def send(
    world: World, content: str | bytes, query: str = "", name: str = "rows.csv", **fields: str
) -> Any:
    url = f"/api/runs/{world.ids['run_id']}/predict{query}"
    data = content.encode() if isinstance(content, str) else content
    return world.client.post(url, files={"file": (name, data)}, data=fields)


def test_a_file_gives_the_same_as_its_rows_sent_as_json(unchanged: World) -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    url = f"/api/runs/{unchanged.ids['run_id']}/predict"
    expected = unchanged.client.post(url, json={"rows": rows}).json()
    answer = send(unchanged, TABLE)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["predictions"] == expected["predictions"]
    assert (told["target"], told["total"], told["columns"]) == ("species", 3, COLUMNS)
    assert told["rows"][2] == ["5.5", "2.4", None, "1.1"]
    assert (expected["total"], expected["columns"]) == (3, [])


def test_the_file_to_keep_holds_every_row_with_its_probabilities(unchanged: World) -> None:
    told = send(unchanged, TABLE).json()["predictions"]
    answer = send(unchanged, TABLE, "?format=csv&limit=1")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="predictions.csv"' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    for row, prediction in zip(rows, told, strict=True):
        assert row["predicted_species"] == prediction["value"]
        for name, share in prediction["probabilities"].items():
            assert float(row[f"probability_{name}"]) == pytest.approx(share, rel=1e-5)


def test_no_more_rows_are_told_than_are_asked_for(unchanged: World) -> None:
    told = send(unchanged, TABLE, "?limit=2").json()
    assert (told["total"], len(told["rows"]), len(told["predictions"])) == (3, 2, 2)


def test_how_the_file_is_written_may_be_said(unchanged: World) -> None:
    strange = TABLE.replace("\n5,", "\nnone,")
    problem = error_of(send(unchanged, strange), 422)
    assert problem["where"]["row"] == 3
    assert problem["where"]["column"] == COLUMNS[0]
    answer = send(unchanged, strange, options=json.dumps({"missing": ["none"]}))
    assert answer.json()["rows"][1][0] is None


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ('{"delimiter": "x"}', ["options", "delimiter"]),
        ('{"image_size": [8, 8]}', ["options", "image_size"]),
        ('{"encoding": "klingon"}', ["options", "encoding"]),
        ("[]", ["options"]),
    ],
)
def test_options_that_are_none_are_refused(unchanged: World, options: str, path: list[str]) -> None:
    assert error_of(send(unchanged, TABLE, options=options), 422)["where"]["path"] == path


def test_a_part_that_is_not_known_is_refused(unchanged: World) -> None:
    told = error_of(send(unchanged, TABLE, name="a.csv", label="x"), 422)
    assert "file and options" in told["message"]


@pytest.mark.parametrize("query", ["", "?format=csv"])
@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        ("", 422, "empty_file"),
        ("a,b\n1,2\n", 422, "missing_column"),
        (TABLE + "1,2\n", 422, "row_too_short"),
        (TABLE + "x,1,1,1\n", 422, "invalid_value"),
        (TABLE.encode("utf-16")[:-1], 422, "wrong_encoding"),
        (picture(), 415, "unsupported_type"),
        (archive({"a.csv": TABLE.encode()}), 415, "unsupported_type"),
        ("x" * (LIMIT + 1), 413, "too_large"),
    ],
)
def test_what_cannot_be_predicted_from_is_refused_and_leaves_nothing(
    unchanged: World, query: str, content: str | bytes, status: int, code: str
) -> None:
    assert error_of(send(unchanged, content, query), status)["code"] == code


def test_a_form_that_breaks_off_leaves_nothing(unchanged: World) -> None:
    url = f"/api/runs/{unchanged.ids['run_id']}/predict"
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    answer = unchanged.client.post(
        url,
        content=head + TABLE.encode(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert error_of(answer, 400)["code"] == "form_unreadable"
    empty = unchanged.client.post(url, files={"other": ("a.csv", b"x")})
    assert "'file'" in error_of(empty, 422)["message"]


def test_rows_sent_as_json_are_answered_as_json_only(unchanged: World) -> None:
    url = f"/api/runs/{unchanged.ids['run_id']}/predict"
    body = unchanged.bodies["POST /api/runs/{run_id}/predict"]
    told = error_of(unchanged.client.post(f"{url}?format=csv", json=body), 422)
    assert told["where"]["path"] == ["query", "format"]


def test_images_are_told_with_their_names_and_pictures(world: World, of_images: str) -> None:
    files = {"a/1.png": picture((8, 8)), "notes.txt": b"no picture"}
    sent = {"file": ("my.zip", archive(files))}
    told = world.client.post(f"{of_images}/predict", files=sent).json()
    assert (told["total"], told["rows"], len(told["pictures"])) == (1, [["a/1.png"]], 1)
    assert [note["code"] for note in told["report"]] == ["skipped"]
    pixels = {"rows": [{"image": [[[100] * 8] * 8]}]}
    expected = world.client.post(f"{of_images}/predict", json=pixels).json()
    assert told["predictions"] == expected["predictions"]
    alone = world.client.post(f"{of_images}/predict", files={"file": ("1.png", files["a/1.png"])})
    assert alone.json()["predictions"] == expected["predictions"]
    assert alone.json()["rows"] == [["1.png"]]


def test_a_table_is_no_image(world: World, of_images: str) -> None:
    sent = {"file": ("rows.csv", TABLE.encode())}
    told = error_of(world.client.post(f"{of_images}/predict", files=sent), 422)
    assert "it is text, not an image" in told["message"]
