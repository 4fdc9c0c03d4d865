"""
What objects were like, and when.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from webex_connector.store.tables.base import METADATA, Exact, Moment

SNAPSHOTS = Table(
    "snapshots",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("system", String, nullable=False),
    Column("object_class", String, nullable=False),
    Column("began", Moment, nullable=False),
    Column("ended", Moment),
    Column("objects", BigInteger, nullable=False),
    Index(None, "system", "object_class", "ended"),
    sqlite_autoincrement=True,
)
"""
Each look at all objects of a class; without an end it was not finished.
"""

VERSIONS = Table(
    "versions",
    METADATA,
    Column("system", String, primary_key=True),
    Column("object_class", String, primary_key=True),
    Column("uid", Exact, primary_key=True),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("name", Text),
    Column("digest", LargeBinary, nullable=False),
    Column("content", Text, nullable=False),
    Index(None, "system", "object_class", "until", "last"),
    Index(None, "name"),
)
"""
How an object was from the snapshot `first` on; `until` is the first in which it was otherwise, or not there any more.
"""
