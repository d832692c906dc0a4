"""Alembic, told where the migrations lie and of which database they are."""

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


def upgrade(database: Database) -> None:
    """Run the migrations that the database has not had yet."""
    command.upgrade(config(database), "head")
