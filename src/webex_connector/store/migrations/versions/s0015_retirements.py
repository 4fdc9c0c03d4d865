"""
For whom which policy has ended, and since when.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """
    Make the table.
    """
    op.create_table(
        "retirements",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("system", "uid", "policy", name="pk_retirements"),
    )
