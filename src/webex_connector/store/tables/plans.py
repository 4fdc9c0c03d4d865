"""
Plans, what became of them, and which record and which object are one.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from webex_connector.store.tables.base import METADATA, Moment

PLANS = Table(
    "plans",
    METADATA,
    Column("id", String, primary_key=True),
    Column("mapping", String, nullable=False),
    Column("state", String, nullable=False),
    Column("made", Moment, nullable=False),
    Column("maker", String, nullable=False),
    Column("fingerprint", String),
    Column("summary", Text),
    Column("approval", Text),
    Column("changed", Moment, nullable=False),
    Index(None, "mapping", "made"),
)
"""
Each plan; without a fingerprint it is still being made. What `summary` and `approval` say, as JSON, its users know.
"""

PLAN_ITEMS = Table(
    "plan_items",
    METADATA,
    Column("plan", String, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("action", String, nullable=False),
    Column("situation", String, nullable=False),
    Column("source_key", String),
    Column("target_uid", String),
    Column("content", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due", Moment),
    Column("ended", Moment),
    Column("outcome", Text),
    Index(None, "plan", "state", "rank", "number"),
    Index(None, "source_key"),
    Index(None, "target_uid"),
)
"""
What a plan would do, item by item, and what became of it. An item that is begun and has not ended may have happened.
"""

LINKS = Table(
    "links",
    METADATA,
    Column("type", String, primary_key=True),
    Column("qualifier", String, primary_key=True),
    Column("source_key", String, primary_key=True),
    Column("target_uid", String, nullable=False),
    Column("made", Moment, nullable=False),
    Column("dead", Moment),
    Column("condemned", Moment),
    Index(None, "type", "target_uid"),
)
"""
Which record and which object are one; `dead` since the object is gone, `condemned` since it was disabled to be deleted.
A dead link is remembered for a while, so that whoever comes back is known.
"""

SYNC_TOKENS = Table(
    "sync_tokens",
    METADATA,
    Column("mapping", String, primary_key=True),
    Column("token", Text, nullable=False),
    Column("changed", Moment, nullable=False),
)
"""
Up to where each mapping has followed its source: everything before that has had its effect.
"""
