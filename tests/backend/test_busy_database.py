"""A database that does not answer: told as busy, in the one shape, and nothing is half done."""

import sqlite3
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.testclient import TestClient

from backend.app import create_app
from backend.settings import Settings
from tests.backend.conftest import client_of
from tests.backend.world import ARCHITECTURE, error_of


@pytest.fixture
def client(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestClient]:
    """A client of a server that waits a tenth of a second for a locked database."""
    monkeypatch.setattr("backend.database.engine.BUSY_MILLISECONDS", 100)
    with client_of(create_app(settings())) as client:
        yield client


def test_what_cannot_be_written_now_is_503_and_can_be_written_later(
    client: TestClient, settings: Callable[..., Settings]
) -> None:
    saved = client.post("/api/networks", json={"architecture": ARCHITECTURE})
    url, etag = f"/api/networks/{saved.json()['id']}", saved.headers["etag"]
    changed = {"architecture": ARCHITECTURE, "name": "Another"}
    other = sqlite3.connect(settings().data_dir / "neuroloom.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        for answer in (
            client.put(url, json=changed, headers={"If-Match": etag}),
            client.post("/api/networks", json=changed),
            client.delete(url),
            client.post("/api/datasets", json={"sample": "iris"}),
        ):
            assert error_of(answer, 503)["code"] == "database_busy"
            assert answer.headers["retry-after"] == "1"
        # Who only reads does not wait for who writes.
        assert client.get(url).json() == saved.json()
        assert client.get("/api/datasets").json()["items"] == []
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert list((settings().data_dir / "datasets").iterdir()) == []
    assert client.put(url, json=changed, headers={"If-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    "error",
    [
        PoolTimeout("QueuePool limit of size 5 overflow 10 reached"),
        OperationalError("SELECT 1", {}, ConnectionRefusedError("secret.example:5432")),
    ],
)
def test_a_database_that_is_away_is_503_without_its_insides(
    settings: Callable[..., Settings], error: Exception
) -> None:
    app = create_app(settings())

    @app.get("/api/away")
    def away() -> None:
        raise error

    with client_of(app) as client:
        answer = client.get("/api/away")
    assert error_of(answer, 503)["code"] == "database_busy"
    assert "secret" not in answer.text
    assert "QueuePool" not in answer.text
