"""
The first tables: tokens, leases, journal, destructive writes, budgets, local values.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """
    Make them.
    """
    op.create_table(
        "tokens",
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("refresh", sa.Text()),
        sa.Column("begins", sa.BigInteger()),
        sa.Column("ends", sa.BigInteger()),
        sa.PrimaryKeyConstraint("endpoint", "client_id", "fingerprint", name="pk_tokens"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "destructions",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_destructions"),
    )
    op.create_index("ix_destructions_client_moment", "destructions", ["client", "moment"])
    op.create_table(
        "budgets",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("next", sa.Float(53), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_budgets"),
    )
    _journal()
    _local_values()


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("object_class", sa.String(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("uid", sa.String()),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("ended", sa.BigInteger()),
        sa.Column("outcome", sa.String()),
        sa.Column("error", sa.String()),
        sa.Column("reason", sa.Text()),
        sa.Column("tracking_id", sa.String()),
        sa.Column("before", sa.Text()),
        sa.Column("after", sa.Text()),
        sa.Column("not_applied", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_journal"),
        sqlite_autoincrement=True,
    )
    for column in ("uid", "actor", "began"):
        op.create_index(f"ix_journal_{column}", "journal", [column])


def _local_values() -> None:
    op.create_table(
        "local_values",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("object_class", sa.String(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("system", "object_class", "uid", "attribute", "position", name="pk_local_values"),
    )
    found_by = ["system", "object_class", "attribute", "folded"]
    op.create_index("ix_local_values_system_object_class_attribute_folded", "local_values", found_by)
