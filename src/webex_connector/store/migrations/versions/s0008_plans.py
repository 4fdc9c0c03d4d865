"""
Plans, their items, and links.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """
    Make the tables.
    """
    op.create_table(
        "plans",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("mapping", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("maker", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String()),
        sa.Column("summary", sa.Text()),
        sa.Column("approval", sa.Text()),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_index("ix_plans_mapping_made", "plans", ["mapping", "made"])
    op.create_table(
        "plan_items",
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("situation", sa.String(), nullable=False),
        sa.Column("source_key", sa.String()),
        sa.Column("target_uid", sa.String()),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due", sa.BigInteger()),
        sa.Column("ended", sa.BigInteger()),
        sa.Column("outcome", sa.Text()),
        sa.PrimaryKeyConstraint("plan", "number", name="pk_plan_items"),
    )
    op.create_index("ix_plan_items_plan_state_rank_number", "plan_items", ["plan", "state", "rank", "number"])
    op.create_index("ix_plan_items_source_key", "plan_items", ["source_key"])
    op.create_index("ix_plan_items_target_uid", "plan_items", ["target_uid"])
    op.create_table(
        "links",
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("qualifier", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("target_uid", sa.String(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("dead", sa.BigInteger()),
        sa.Column("condemned", sa.BigInteger()),
        sa.PrimaryKeyConstraint("type", "qualifier", "source_key", name="pk_links"),
    )
    op.create_index("ix_links_type_target_uid", "links", ["type", "target_uid"])
