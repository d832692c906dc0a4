"""Bring the database to the newest migration."""

from pathlib import Path

from sqlalchemy import inspect, text

from backend.database.engine import Database

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


def migrate(database: Database) -> None:
    """Create or migrate the tables."""
    if _revision(database) != max(path.name.split("_")[0] for path in _VERSIONS.glob("*.py")):
        # A sixth of the time of a start goes into importing alembic, which most have no use for.
        from backend.database.upgrade import upgrade

        upgrade(database)


def _revision(database: Database) -> str | None:
    """Return the newest migration that the database had; None of one without tables."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
