"""Bring the database to the newest migration."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from backend.database.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def config(database: Database) -> Config:
    """Return alembic's configuration for this database; there is no ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["database"] = database
    return config


def migrate(database: Database) -> None:
    """Create or migrate the tables."""
    command.upgrade(config(database), "head")
