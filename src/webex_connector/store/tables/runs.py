"""
Runs, what they have done so far and what they tell; when the next ones are due.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from webex_connector.store.tables.base import METADATA, Moment

RUNS = Table(
    "runs",
    METADATA,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("key", String),
    Column("arguments", Text, nullable=False),
    Column("actor", String, nullable=False),
    Column("state", String, nullable=False),
    Column("made", Moment, nullable=False),
    Column("due", Moment),
    Column("began", Moment),
    Column("ended", Moment),
    Column("executor", String),
    Column("owner", String),
    Column("heartbeat", Moment),
    Column("attempts", Integer, nullable=False),
    Column("awaits", String),
    Column("cancelled_by", String),
    Column("error", Text),
    Index(None, "ended", "made"),
    Index(None, "made"),
)
"""
Each run; of those with the same key one at most has not ended. `executor` is the installation that works on it, `owner`
the very process, which says by `heartbeat` that it lives.
"""

RUN_STEPS = Table(
    "run_steps",
    METADATA,
    Column("run", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("result", Text, nullable=False),
)
"""
What a run that has not ended need not do again.
"""

RUN_EVENTS = Table(
    "run_events",
    METADATA,
    Column("run", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", String, nullable=False),
    Column("content", Text, nullable=False),
)
"""
What a run tells, in order; `content` is JSON.
"""

SCHEDULES = Table(
    "schedules",
    METADATA,
    Column("name", String, primary_key=True),
    Column("timing", String, nullable=False),
    Column("next", Moment, nullable=False),
    Column("last", Moment),
    Column("last_run", String),
    Column("skipped", Boolean, nullable=False),
)
"""
When each schedule is due next. `timing` is what `next` was reckoned by; `skipped` says that the last time began no run.
"""
