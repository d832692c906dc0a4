"""What the app holds for its routes, by name and type."""

from typing import cast

from starlette.requests import HTTPConnection

from backend.database.engine import Database
from backend.engine import Engine
from backend.runs.live import Live
from backend.runs.queue import Queue
from backend.settings import Settings
from backend.storage import Storage


def database(connection: HTTPConnection) -> Database:
    """Return the database."""
    return cast(Database, connection.app.state.database)


def settings(connection: HTTPConnection) -> Settings:
    """Return the settings."""
    return cast(Settings, connection.app.state.settings)


def engine(connection: HTTPConnection) -> Engine:
    """Return the engine, the door to what needs torch."""
    return cast(Engine, connection.app.state.engine)


def storage(connection: HTTPConnection) -> Storage:
    """Return the folders of datasets and uploads."""
    return cast(Storage, connection.app.state.storage)


def queue(connection: HTTPConnection) -> Queue:
    """Return the queue of runs."""
    return cast(Queue, connection.app.state.queue)


def live(connection: HTTPConnection) -> Live:
    """Return the runs' events as they happen."""
    return cast(Live, connection.app.state.live)
