"""
What people have decided about records for which a mapping finds several objects.
"""

from sqlalchemy import Column, String, Table

from webex_connector.store.tables.base import METADATA, Moment

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("mapping", String, primary_key=True),
    Column("qualifier", String, primary_key=True),
    Column("source_key", String, primary_key=True),
    Column("choice", String, nullable=False),
    Column("target_uid", String),
    Column("made", Moment, nullable=False),
    Column("maker", String, nullable=False),
)
"""
Which object a record belongs to, or that it gets one of its own, or that it is set aside; one decision for each record.
"""
