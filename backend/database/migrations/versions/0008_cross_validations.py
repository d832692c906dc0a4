"""Which runs are the folds of one cross-validation."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the changes."""
    with op.batch_alter_table("runs") as table:
        table.add_column(sa.Column("cross_validation_id", sa.Uuid(), nullable=True))
        table.create_index("ix_runs_cross_validation_id", ["cross_validation_id"], unique=False)


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table("runs") as table:
        table.drop_index("ix_runs_cross_validation_id")
        table.drop_column("cross_validation_id")
