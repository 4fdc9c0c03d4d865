"""
What people have decided about records for which a mapping finds several objects.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """
    Make the table.
    """
    op.create_table(
        "decisions",
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("qualifier", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("target_uid", sa.String()),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("maker", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("mapping", "qualifier", "source_key", name="pk_decisions"),
    )
