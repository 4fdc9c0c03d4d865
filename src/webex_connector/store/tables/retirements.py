"""
For whom which policy has ended.
"""

from sqlalchemy import Column, String, Table

from webex_connector.store.tables.base import METADATA, Moment

RETIREMENTS = Table(
    "retirements",
    METADATA,
    Column("system", String, primary_key=True),
    Column("uid", String, primary_key=True),
    Column("policy", String, primary_key=True),
    Column("since", Moment, nullable=False),
)
"""
A policy that held for somebody and holds no more, after which they are to be disabled; `since` when that was noticed.
"""
