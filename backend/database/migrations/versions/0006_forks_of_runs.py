"""Where a run was forked from."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the changes."""
    with op.batch_alter_table("runs") as table:
        table.add_column(sa.Column("parent_id", sa.Uuid(), nullable=True))
        table.add_column(sa.Column("fork", sa.JSON(), nullable=True))
        table.create_index("ix_runs_parent_id", ["parent_id"], unique=False)


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table("runs") as table:
        table.drop_index("ix_runs_parent_id")
        table.drop_column("fork")
        table.drop_column("parent_id")
