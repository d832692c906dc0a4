"""What tests of runs share: a database, and a real server with a dataset."""

from collections.abc import Callable, Iterator

import pytest

from backend.database.engine import Database
from backend.settings import Settings


@pytest.fixture
def database(settings: Callable[..., Settings], database_url: str) -> Iterator[Database]:
    """A database with empty tables, once SQLite and once PostgreSQL."""
    database = Database(settings(database_url=database_url).database)
    yield database
    database.close()
