"""The app as its clients meet it, on SQLite and on PostgreSQL, each test with its own data.

What touches the database runs on both: by `database_url` and `client` with data of its own for each
test, by `shared_database_url` and `shared_client` with data that a module's tests share.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from backend.app import create_app
from backend.database.engine import Database
from backend.database.migrate import migrate
from backend.settings import Settings
from models.training.events import TERMINAL
from tests.backend import postgres as servers
from tests.backend.postgres import EMPTY, Postgres
from tests.backend.runs.lab import until
from tests.backend.world import World

KINDS = ("sqlite", "postgresql")
HOST = "127.0.0.1:8000"


def make_settings(data_dir: Path, **values: Any) -> Settings:
    """Return settings that no environment variable of the machine changes."""
    values = {"data_dir": data_dir, "slots": 1, "cores": 1, **values}
    return Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue]


@contextmanager
def client_of(app: FastAPI) -> Iterator[TestClient]:
    """A client that is answered as a browser on this machine would be."""
    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
        yield client


def proposed_run(
    client: TestClient, dataset: dict[str, Any], quick: dict[str, Any]
) -> dict[str, Any]:
    """Return a completed run of what is proposed for a dataset, with these fields of its recipe."""
    about = {"dataset_id": dataset["id"]}
    proposed = client.post("/api/proposals", json=about).json()
    recipe = {**proposed["recipe"], **quick}
    body = {**about, "architecture": proposed["architecture"], "recipe": recipe}
    made = client.post("/api/runs", json=body)
    assert made.status_code == 201, made.text
    url = f"/api/runs/{made.json()['id']}"
    until(lambda: client.get(url).json()["state"] in TERMINAL, "the run has ended", seconds=120)
    told = client.get(url).json()
    assert told["state"] == "completed", told
    return told


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the whole session."""
    with servers.running() as running:
        yield running


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the tables, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "migrated.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@contextmanager
def fresh_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """Make a database of the kind that the fixture is parametrized with."""
    if request.param == "sqlite":
        path = folder / "test.sqlite3"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh() as url:
        yield url


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with empty tables."""
    with fresh_database(request, tmp_path) as url:
        yield url


@pytest.fixture(scope="module", params=KINDS)
def shared_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database for all tests of a module."""
    with fresh_database(request, tmp_path_factory.mktemp("database")) as url:
        yield url


on_sqlite_alone = pytest.mark.parametrize("shared_database_url", ["sqlite"], indirect=True)
"""For what takes long and asks no more of the database than its neighbours do on both."""


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.fresh(EMPTY) as url:
        yield url


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    """Make settings whose data folder is the test's own; SQLite unless a database is named."""
    return lambda **values: make_settings(tmp_path / "data", **values)


@pytest.fixture
def client(settings: Callable[..., Settings], database_url: str) -> Iterator[TestClient]:
    """A client of an app with empty tables."""
    with client_of(create_app(settings(database_url=database_url))) as client:
        yield client


@pytest.fixture(scope="module")
def shared_data(tmp_path_factory: pytest.TempPathFactory, shared_database_url: str) -> Path:
    """The data folder of `shared_client`."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def shared_client(shared_data: Path, shared_database_url: str) -> Iterator[TestClient]:
    """A client for tests that leave nothing, or do not mind what others left."""
    values = make_settings(shared_data, database_url=shared_database_url)
    with client_of(create_app(values)) as client:
        yield client


@pytest.fixture
def unchanged(world: World) -> Iterator[World]:
    """The world, which is the same after the test."""
    before = world.state()
    yield world
    assert world.state() == before
