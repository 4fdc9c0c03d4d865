"""
Who was stopped from deleting and disabling, and what an administrator allows beyond the quota.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """
    Make the tables.
    """
    op.create_table(
        "stops",
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("client", name="pk_stops"),
    )
    op.create_table(
        "allowances",
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("client", name="pk_allowances"),
    )
