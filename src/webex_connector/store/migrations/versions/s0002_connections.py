"""
What Connect brings: connections, and of tokens when the refresh token ends and what they are good for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """
    Make the table and the columns.
    """
    op.create_table(
        "connections",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("connected", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("system", name="pk_connections"),
    )
    op.add_column("tokens", sa.Column("refresh_ends", sa.BigInteger()))
    op.add_column("tokens", sa.Column("scopes", sa.Text()))
