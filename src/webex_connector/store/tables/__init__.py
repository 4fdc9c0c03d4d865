"""
Every table. A change here needs a migration: a test compares what the migrations make with this.
"""

from webex_connector.store.tables.access import (
    ACCESS_TOKENS,
    ASSERTIONS,
    CLIENT_CREDENTIALS,
    CLIENTS,
    CONNECTIONS,
    SIGNING_KEYS,
    TOKENS,
)
from webex_connector.store.tables.base import METADATA, Exact, Moment
from webex_connector.store.tables.decisions import DECISIONS
from webex_connector.store.tables.objects import (
    LOCAL_VALUES,
    MIRROR_DOUBTS,
    MIRROR_GONE,
    MIRROR_KEYS,
    MIRROR_LINKS,
    MIRROR_OBJECTS,
    MIRROR_PICTURES,
    MIRRORED,
    SIGHTINGS,
    STREAMS,
)
from webex_connector.store.tables.plans import LINKS, PLAN_ITEMS, PLANS, SYNC_TOKENS
from webex_connector.store.tables.retirements import RETIREMENTS
from webex_connector.store.tables.runs import RUN_EVENTS, RUN_STEPS, RUNS, SCHEDULES
from webex_connector.store.tables.snapshots import SNAPSHOTS, VERSIONS
from webex_connector.store.tables.sources import LEDGER_ENTRIES, LEDGER_STEPS, SOURCE_LEDGERS
from webex_connector.store.tables.writes import ALLOWANCES, BUDGETS, DESTRUCTIONS, JOURNAL, LEASES, STOPS

__all__ = [
    "ACCESS_TOKENS",
    "ALLOWANCES",
    "ASSERTIONS",
    "BUDGETS",
    "CLIENTS",
    "CLIENT_CREDENTIALS",
    "CONNECTIONS",
    "DECISIONS",
    "DESTRUCTIONS",
    "JOURNAL",
    "LEASES",
    "LEDGER_ENTRIES",
    "LEDGER_STEPS",
    "LINKS",
    "LOCAL_VALUES",
    "METADATA",
    "MIRRORED",
    "MIRROR_DOUBTS",
    "MIRROR_GONE",
    "MIRROR_KEYS",
    "MIRROR_LINKS",
    "MIRROR_OBJECTS",
    "MIRROR_PICTURES",
    "PLANS",
    "PLAN_ITEMS",
    "RETIREMENTS",
    "RUNS",
    "RUN_EVENTS",
    "RUN_STEPS",
    "SCHEDULES",
    "SIGHTINGS",
    "SIGNING_KEYS",
    "SNAPSHOTS",
    "SOURCE_LEDGERS",
    "STOPS",
    "STREAMS",
    "SYNC_TOKENS",
    "TOKENS",
    "VERSIONS",
    "Exact",
    "Moment",
]
