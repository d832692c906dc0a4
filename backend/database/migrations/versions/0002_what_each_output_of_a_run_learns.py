"""What each output of a run learns.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; runs made before it do not tell."""
    op.add_column("runs", sa.Column("outputs", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("runs", "outputs")
