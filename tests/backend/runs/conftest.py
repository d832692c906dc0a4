"""What tests of runs share: a database, and an app with real workers that leaves no trace."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from starlette.testclient import TestClient

from backend.app import create_app
from backend.database.engine import Database
from backend.server import Server
from backend.settings import Settings
from tests.backend.conftest import client_of
from tests.backend.runs.lab import Lab, until

Labs = Callable[..., AbstractContextManager[Lab]]
Serving = Callable[..., AbstractContextManager[Server]]


@pytest.fixture
def database(settings: Callable[..., Settings], database_url: str) -> Iterator[Database]:
    """A database with empty tables, once SQLite and once PostgreSQL."""
    database = Database(settings(database_url=database_url).database)
    yield database
    database.close()


@pytest.fixture
def labs(settings: Callable[..., Settings], database_url: str) -> Labs:
    """Make a lab with settings of its own; nothing of it may outlive the `with` block."""

    @contextmanager
    def make(**values: object) -> Iterator[Lab]:
        app = create_app(settings(database_url=database_url, **values))
        with client_of(app) as client:
            lab = Lab(client, app.state.database, app.state.storage)
            try:
                yield lab
            finally:
                lab.finish()

    return make


@pytest.fixture
def lab(labs: Labs) -> Iterator[Lab]:
    """An app that trains one run at a time."""
    with labs() as lab:
        yield lab


@pytest.fixture
def client(lab: Lab) -> TestClient:
    """The lab's client, which can open websockets as well."""
    assert isinstance(lab.client, TestClient)
    return lab.client


@pytest.fixture
def serving(settings: Callable[..., Settings], database: Database) -> Serving:
    """Serve the app over real sockets, from a thread of this process."""

    @contextmanager
    def serve(**values: object) -> Iterator[Server]:
        url = database.engine.url.render_as_string(hide_password=False)
        server = Server(settings(database_url=url, port=0, **values))
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            until(lambda: server.started or not thread.is_alive(), "the server has started")
            assert server.started
            yield server
        finally:
            server.should_exit = True
            thread.join()

    return serve
