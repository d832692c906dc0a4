"""A full disk refuses what needs room and breaks nothing; with room again, everything goes on."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from backend import disk, upload
from backend.database.engine import Database
from tests.backend.runs.lab import ARCHITECTURE, ENDLESS, QUICK, Lab, table, until
from tests.backend.runs.rigged import Outage, rig

TABLES = ("networks", "revisions", "datasets", "runs", "events")
FULL = "No space left on device"
REFUSAL = f"""
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'could not extend file: {FULL}' USING ERRCODE = 'disk_full'; END $$
"""


@contextmanager
def full(database: Database) -> Iterator[None]:
    """Let a database of a test grow no more: it answers as on a full disk."""
    if database.engine.dialect.name == "sqlite":

        def bound(connection: sqlite3.Connection, *_: object) -> None:
            connection.execute("PRAGMA max_page_count = 1")  # No less than it has already.

        event.listen(database.engine, "connect", bound)
        database.engine.dispose()
        try:
            yield
        finally:
            event.remove(database.engine, "connect", bound)
            database.engine.dispose()
        return
    _each(
        database,
        REFUSAL,
        *(
            f"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {name} EXECUTE FUNCTION refuse()"
            for name in TABLES
        ),
    )
    try:
        yield
    finally:
        _each(database, "DROP FUNCTION refuse CASCADE")


def _each(database: Database, *statements: str) -> None:
    with database.session() as session:
        for statement in statements:
            session.execute(text(statement))


def refused(answer: Any) -> None:
    assert answer.status_code == 507, answer.text
    told = answer.json()["error"]
    assert told["code"] == "disk_full"
    assert "bytes of free disk, got " in told["message"]
    assert "Free space" in told["message"]


def large(text_: str) -> dict[str, Any]:
    """Return an architecture that no free page of a database has room for."""
    nodes = [
        {"id": f"n{number}", "type": "Dense", "params": {"units": 1}, "title": text_ * 20}
        for number in range(1_000)
    ]
    return {**ARCHITECTURE, "nodes": nodes, "edges": []}


def test_a_network_that_the_disk_has_no_room_for_stays_as_it_was(lab: Lab):
    made = lab.client.post("/api/networks", json={"architecture": ARCHITECTURE}).json()
    url = f"/api/networks/{made['id']}"
    body, match = {"architecture": large("new")}, {"If-Match": '"1"'}
    with full(lab.database):
        refused(lab.client.put(url, json=body, headers=match))
        refused(lab.client.post("/api/networks", json=body))
        assert lab.client.get(url).json() == made
        assert len(lab.client.get(f"{url}/revisions").json()["items"]) == 1
    assert lab.client.put(url, json=body, headers=match).status_code == 200
    assert len(lab.client.get("/api/networks").json()["items"]) == 1


def test_a_dataset_whose_row_has_no_room_leaves_no_files(lab: Lab):
    csv = table(50, columns=400)
    with full(lab.database):
        answer = lab.client.post("/api/datasets", files={"file": ("wide.csv", csv)})
        refused(answer)
        assert list(lab.storage.datasets.iterdir()) == []
        assert lab.client.get("/api/datasets").json()["items"] == []
    lab.upload(csv)


def test_a_run_that_has_no_room_is_not_queued(lab: Lab):
    body = {**lab.body(QUICK), "architecture": None}
    network = lab.client.post("/api/networks", json={"architecture": ARCHITECTURE}).json()
    body["network_id"] = network["id"]
    with full(lab.database):
        answers = [lab.client.post("/api/runs", json=body) for _ in range(200)]
        found = {answer.status_code for answer in answers}
        assert 507 in found
        refused(next(answer for answer in answers if answer.status_code == 507))
        made = [answer.json()["number"] for answer in answers if answer.status_code == 201]
        listed = lab.client.get("/api/runs", params={"limit": 200}).json()["items"]
    assert made == [item["number"] for item in listed][::-1]


def test_a_disk_that_fills_while_a_file_comes_in_leaves_nothing_of_it(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
):
    written, whole = 0, upload._Form.flush

    def flush(form: Any, file: Any) -> None:
        nonlocal written
        if written > 2 * upload.BUFFER:
            raise OSError(errno.ENOSPC, FULL, str(lab.storage.uploads / "x"))
        whole(form, file)
        written = file.tell()

    monkeypatch.setattr(upload._Form, "flush", flush)
    csv = table(400_000)
    answer = lab.client.post("/api/datasets", files={"file": ("large.csv", csv)})
    refused(answer)
    assert written > 2 * upload.BUFFER
    assert str(lab.storage.root) not in answer.text
    assert list(lab.storage.uploads.iterdir()) == []
    assert lab.client.get("/api/datasets").json()["items"] == []


FAULTS: list[Callable[[], Exception]] = [
    lambda: OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full")),
    lambda: OperationalError("INSERT", {}, Exception("could not extend file: " + FULL)),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_run_waits_while_the_disk_is_full_and_goes_on_without_a_gap(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: Callable[[], Exception]
):
    outage = Outage(tmp_path / "outage", fault())
    rig(monkeypatch, "backend.runs.log:append", outage)
    run = lab.start(ENDLESS)
    lab.until_epoch(run, 1)
    outage.begin()
    until(lambda: outage.felt, "the worker finds the disk full")
    before = lab.read(run)
    assert before["state"] == "running"
    outage.end()
    lab.until_epoch(run, before["epoch"] + 2)
    assert lab.stop(run)["state"] == "stopped"
    seen = [
        e["epoch"]
        for e in lab.events(run)
        if (e["kind"], e.get("split"), e.get("scope")) == ("metrics", "train", "epoch")
    ]
    assert seen == list(range(1, len(seen) + 1))


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, FULL),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OSError("500000 requested and 131056 written"),
        RuntimeError("parquet: File out of specification: underlying IO error: " + FULL),
        sqlite3.OperationalError("database or disk is full"),
        *(fault() for fault in FAULTS),
    ],
)
def test_a_full_disk_is_known_by_whatever_tells_of_it(error: Exception):
    assert disk.is_full(error)
    wrapped = RuntimeError("something else")
    wrapped.__context__ = error
    assert disk.is_full(wrapped)


@pytest.mark.parametrize(
    "error", [OSError(errno.EACCES, "Permission denied"), ValueError("full"), MemoryError()]
)
def test_other_errors_are_not_taken_for_a_full_disk(error: Exception):
    assert not disk.is_full(error)


@pytest.mark.parametrize(
    ("needed", "free", "words"),
    [
        (2_000_000, 1_000, "expected 2,000,000 bytes"),
        (500, 1_000, "expected more than 1,000 bytes"),
    ],
)
def test_what_is_needed_and_what_is_free_is_told(needed: int, free: int, words: str):
    told = disk.message(needed, free)
    assert words in told
    assert "got 1,000" in told
