"""
Up to where each mapping has followed its source.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """
    Make the table.
    """
    op.create_table(
        "sync_tokens",
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mapping", name="pk_sync_tokens"),
    )
