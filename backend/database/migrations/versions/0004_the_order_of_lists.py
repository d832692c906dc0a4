"""The order of lists, by numbers that only grow: clocks may jump backwards."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LISTS = {"networks": "updated_at", "datasets": "created_at", "blocks": "updated_at"}


def upgrade() -> None:
    """Make the changes; what is there keeps the order that it has by its times."""
    for table, time in LISTS.items():
        place = sa.Column("place", sa.Integer(), server_default="0", nullable=False)
        op.add_column(table, place)
        op.execute(
            f"UPDATE {table} SET place = ordered.place FROM (SELECT id, row_number() OVER "
            f"(ORDER BY {time}, id) AS place FROM {table}) AS ordered WHERE ordered.id = {table}.id"
        )
        op.execute(
            f"INSERT INTO counters (name, value) SELECT '{table}', coalesce(max(place), 0) "
            f"FROM {table}"
        )
        op.drop_index(f"ix_{table}_{time}", table_name=table)
        op.create_index(f"ix_{table}_place", table, ["place"])


def downgrade() -> None:
    """Take them back."""
    for table, time in LISTS.items():
        op.drop_index(f"ix_{table}_place", table_name=table)
        op.create_index(f"ix_{table}_{time}", table, [time])
        op.drop_column(table, "place")
        op.execute(f"DELETE FROM counters WHERE name = '{table}'")
