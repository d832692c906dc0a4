"""Versions of datasets, and which of them a run was trained on."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATE = ("state", "progress", "error", "description")
"""What a dataset was by itself, and is by its version now."""


def upgrade() -> None:
    """Make the changes; what is there is the first version of each."""
    op.create_table(
        "dataset_versions",
        sa.Column("dataset_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        *_state(nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=True),
        sa.Column("options", sa.JSON(), nullable=True),
        sa.Column("again", sa.Integer(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("dataset_id", "version"),
    )
    op.execute(
        f"INSERT INTO dataset_versions (dataset_id, version, {', '.join(STATE)}, created_at) "
        f"SELECT id, 1, {', '.join(STATE)}, created_at FROM datasets"
    )
    # No batch: it would make the table anew, and the versions go with the old one.
    for name in STATE:
        op.drop_column("datasets", name)
    for name in ("version", "newest"):
        op.add_column("datasets", _number(name))
    op.add_column("runs", _number("dataset_version"))


def downgrade() -> None:
    """Take them back: a dataset is the version that is in use."""
    op.drop_column("runs", "dataset_version")
    for column in _state(nullable=True):
        op.add_column("datasets", column)
    for name in STATE:
        op.execute(
            f"UPDATE datasets SET {name} = (SELECT {name} FROM dataset_versions AS made "
            "WHERE made.dataset_id = datasets.id AND made.version = datasets.version)"
        )
    op.drop_table("dataset_versions")
    with op.batch_alter_table("datasets") as table:
        table.alter_column("state", existing_type=sa.String(length=16), nullable=False)
        table.drop_column("version")
        table.drop_column("newest")


def _state(nullable: bool) -> list[sa.Column]:
    return [
        sa.Column("state", sa.String(length=16), nullable=nullable),
        sa.Column("progress", sa.Double(), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("description", sa.JSON(), nullable=True),
    ]


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), server_default="1", nullable=False)
