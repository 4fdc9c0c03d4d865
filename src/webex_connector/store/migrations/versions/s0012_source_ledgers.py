"""
What those who follow a source know that it holds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_EXACT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """
    Make the tables.
    """
    op.create_table(
        "source_ledgers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_source_ledgers"),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("ledger", sa.String(), nullable=False),
        sa.Column("key", _EXACT, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ledger", "key", name="pk_ledger_entries"),
    )
    op.create_table(
        "ledger_steps",
        sa.Column("ledger", sa.String(), nullable=False),
        sa.Column("step", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", _EXACT, nullable=False),
        sa.Column("digest", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("ledger", "step", name="pk_ledger_steps"),
    )
    op.create_index("ix_ledger_steps_key", "ledger_steps", ["ledger", "key"])
