"""
Copies of the target's objects.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_EXACT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KEYS = "ix_mirror_keys_picture_attribute_folded_uid"
_LINKS = "ix_mirror_links_picture_attribute_target"


def upgrade() -> None:
    """
    Make the tables.
    """
    op.create_table(
        "mirrored",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("object_class", sa.String(), nullable=False),
        sa.Column("shown", sa.BigInteger()),
        sa.Column("held", sa.Text()),
        sa.Column("as_of", sa.BigInteger()),
        sa.Column("whole", sa.BigInteger()),
        sa.Column("token", sa.Text()),
        sa.Column("failed", sa.BigInteger()),
        sa.Column("error", sa.Text()),
        sa.Column("building", sa.BigInteger()),
        sa.Column("owner", sa.String()),
        sa.Column("until", sa.BigInteger()),
        sa.PrimaryKeyConstraint("system", "object_class", name="pk_mirrored"),
    )
    op.create_table(
        "mirror_pictures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("object_class", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mirror_pictures"),
        sqlite_autoincrement=True,
    )
    _rows_of_pictures()
    op.create_table(
        "mirror_gone",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("object_class", sa.String(), nullable=False),
        sa.Column("uid", _EXACT, nullable=False),
        sa.Column("learned", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("system", "object_class", "uid", name="pk_mirror_gone"),
    )
    op.create_table(
        "mirror_doubts",
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("object_class", sa.String(), nullable=False),
        sa.Column("uid", _EXACT, nullable=False),
        sa.Column("begun", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("system", "object_class", "uid", name="pk_mirror_doubts"),
    )


def _rows_of_pictures() -> None:
    op.create_table(
        "mirror_objects",
        sa.Column("picture", sa.BigInteger(), nullable=False),
        sa.Column("uid", _EXACT, nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("learned", sa.BigInteger()),
        sa.PrimaryKeyConstraint("picture", "uid", name="pk_mirror_objects"),
    )
    op.create_table(
        "mirror_keys",
        sa.Column("picture", sa.BigInteger(), nullable=False),
        sa.Column("uid", _EXACT, nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("folded", _EXACT, nullable=False),
        sa.PrimaryKeyConstraint("picture", "uid", "attribute", "position", name="pk_mirror_keys"),
    )
    op.create_index(_KEYS, "mirror_keys", ["picture", "attribute", "folded", "uid"])
    op.create_table(
        "mirror_links",
        sa.Column("picture", sa.BigInteger(), nullable=False),
        sa.Column("uid", _EXACT, nullable=False),
        sa.Column("attribute", sa.String(), nullable=False),
        sa.Column("target", _EXACT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("picture", "uid", "attribute", "target", name="pk_mirror_links"),
    )
    op.create_index(_LINKS, "mirror_links", ["picture", "attribute", "target"])
