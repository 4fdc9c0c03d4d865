"""
What objects were like, and when.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_EXACT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """
    Make the tables.
    """
    op.create_table(
        "snapshots",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("object_class", sa.String(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger()),
        sa.Column("objects", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_snapshots"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_snapshots_system_object_class_ended", "snapshots", ["system", "object_class", "ended"])
    op.create_table(
        "versions",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("object_class", sa.String(), nullable=False),
        sa.Column("uid", _EXACT, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger()),
        sa.Column("name", sa.Text()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("system", "object_class", "uid", "first", name="pk_versions"),
    )
    op.create_index(
        "ix_versions_system_object_class_until_last", "versions", ["system", "object_class", "until", "last"]
    )
    op.create_index("ix_versions_name", "versions", ["name"])
