"""The migrations make the tables that the code describes, on both databases."""

from collections.abc import Callable

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from backend.database.engine import Database, wal_is_safe
from backend.database.migrate import migrate
from backend.database.tables import Base, NetworkRow
from backend.database.upgrade import config
from backend.settings import Settings


def test_the_migrations_make_exactly_the_tables_of_the_code(
    settings: Callable[..., Settings], empty_database_url: str
) -> None:
    database = Database(settings(database_url=empty_database_url).database)
    migrate(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_migrating_again_changes_nothing(
    settings: Callable[..., Settings], empty_database_url: str
) -> None:
    database = Database(settings(database_url=empty_database_url).database)
    migrate(database)
    with database.session() as session:
        row = NetworkRow(name="Kept", architecture={}, dataset_id=None, recipe=None)
        session.add(row)
    migrate(database)
    with database.reading() as session:
        kept = session.get(NetworkRow, row.id)
        assert kept is not None
        assert kept.name == "Kept"
        assert kept.created_at == row.created_at
    database.close()


def test_the_migrations_can_be_taken_back(
    settings: Callable[..., Settings], empty_database_url: str
) -> None:
    database = Database(settings(database_url=empty_database_url).database)
    migrate(database)
    command.downgrade(config(database), "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.close()


def test_a_write_ahead_log_is_used_only_where_sqlite_is_free_of_its_bug() -> None:
    fixed = [(3, 51, 3), (3, 52, 0), (3, 50, 7), (3, 50, 9), (3, 44, 6), (4, 0, 0)]
    broken = [(3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 49, 1), (3, 50, 6), (3, 51, 0), (3, 51, 2)]
    assert all(wal_is_safe(version) for version in fixed)
    assert not any(wal_is_safe(version) for version in broken)
