"""
What single clients may do, and what the token endpoint gave them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """
    Make the tables, and the columns.
    """
    for column in ("without", "objects"):
        op.add_column("clients", sa.Column(column, sa.Text()))
    for column in ("issuer", "subject"):
        op.add_column("clients", sa.Column(column, sa.String()))
    op.create_index("ix_clients_issuer_subject", "clients", ["issuer", "subject"])
    op.create_table(
        "access_tokens",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("credential", sa.BigInteger()),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_access_tokens"),
    )
    op.create_index("ix_access_tokens_ends", "access_tokens", ["ends"])
    op.create_table(
        "assertions",
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("identifier", sa.String(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("issuer", "identifier", name="pk_assertions"),
    )
    op.create_index("ix_assertions_ends", "assertions", ["ends"])
