"""
What is written to Webex, and how much of it may be.
"""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, String, Table, Text

from webex_connector.store.tables.base import METADATA, Moment

LEASES = Table(
    "leases",
    METADATA,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("ends", Moment, nullable=False),
)
"""
Who alone may do something, and until when, should they never say that they have done it.
"""

JOURNAL = Table(
    "journal",
    METADATA,
    # SQLite counts only a column of this very type by itself.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("began", Moment, nullable=False),
    Column("system", String, nullable=False),
    Column("object_class", String, nullable=False),
    Column("change", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("door", String, nullable=False),
    Column("uid", String),
    Column("intent", Text, nullable=False),
    Column("ended", Moment),
    Column("outcome", String),
    Column("error", String),
    Column("reason", Text),
    Column("tracking_id", String),
    Column("before", Text),
    Column("after", Text),
    Column("not_applied", Text),
    Index(None, "uid"),
    Index(None, "actor"),
    Index(None, "began"),
    # Numbers are never given again, not even those of entries that were taken away.
    sqlite_autoincrement=True,
)
"""
Each write: the intent before it leaves, the end after it. What says how it ended is empty until somebody saw that.
"""

DESTRUCTIONS = Table(
    "destructions",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("client", String, nullable=False),
    Column("moment", Moment, nullable=False),
    Index(None, "client", "moment"),
)
"""
The destructive writes that count against a client's quota.
"""

STOPS = Table(
    "stops",
    METADATA,
    Column("client", String, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("system", String, nullable=False),
    Column("door", String, nullable=False),
    Column("told", Boolean, nullable=False),
)
"""
The clients that deleted and disabled too much and wait for an administrator's yes; `told` once somebody was alerted.
"""

ALLOWANCES = Table(
    "allowances",
    METADATA,
    Column("client", String, primary_key=True),
    Column("left", Integer, nullable=False),
    Column("ends", Moment, nullable=False),
)
"""
How many destructive writes beyond its quota a client may do still, and until when.
"""

BUDGETS = Table(
    "budgets",
    METADATA,
    Column("name", String, primary_key=True),
    Column("next", Float(53), nullable=False),
)
"""
The next free place of each budget, in seconds since 1970-01-01 UTC.
"""
