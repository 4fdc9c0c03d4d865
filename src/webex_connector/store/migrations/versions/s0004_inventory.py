"""
What streams of changes remember.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """
    Make the tables.
    """
    op.create_table(
        "streams",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("acknowledged", sa.BigInteger(), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=False),
        sa.Column("surplus", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_streams"),
    )
    op.create_table(
        "sightings",
        sa.Column("stream", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("mark", sa.Text()),
        sa.Column("number", sa.BigInteger()),
        sa.Column("pending", sa.Text()),
        sa.Column("walk", sa.String()),
        sa.PrimaryKeyConstraint("stream", "key", name="pk_sightings"),
    )
