"""
What those who follow a source know that it holds.
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, String, Table

from webex_connector.store.tables.base import METADATA, Exact, Moment

SOURCE_LEDGERS = Table(
    "source_ledgers",
    METADATA,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("settled", BigInteger, nullable=False),
    Column("used", Moment, nullable=False),
)
"""
One ledger for each follower of a source; `settled` is the last change that the follower is known to have dealt with.
"""

LEDGER_ENTRIES = Table(
    "ledger_entries",
    METADATA,
    Column("ledger", String, primary_key=True),
    Column("key", Exact, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
)
"""
The records of a ledger, as they were when the follower dealt with them.
"""

LEDGER_STEPS = Table(
    "ledger_steps",
    METADATA,
    Column("ledger", String, primary_key=True),
    Column("step", BigInteger, primary_key=True, autoincrement=False),
    Column("key", Exact, nullable=False),
    Column("digest", LargeBinary),
    Index("ix_ledger_steps_key", "ledger", "key"),
)
"""
Changes that were told, which the follower may have dealt with or not; without a digest the record is gone.
"""
