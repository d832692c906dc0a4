"""What is changed of a run's recipe while it trains."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the changes."""
    op.add_column("runs", sa.Column("first_recipe", sa.JSON(), nullable=True))
    op.add_column("runs", sa.Column("changes", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("runs", "changes")
    op.drop_column("runs", "first_recipe")
