"""
Access tokens that are given by processes that are killed between two statements.
"""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete

from fakes.store_workers import Workers
from webex_connector.base.clock import SystemClock
from webex_connector.store.access_tokens import AccessTokens, KeptAccess, Use
from webex_connector.store.opening import StorePlace, opened
from webex_connector.store.tables import ACCESS_TOKENS, ASSERTIONS

pytestmark = pytest.mark.long

_IMPORTS = """
from datetime import timedelta
from webex_connector.store.access_tokens import AccessTokens, KeptAccess, Use
"""

_WORK = """
async def work(store, clock):
    now, later = clock.now(), clock.now() + timedelta(hours=1)
    await AccessTokens(store.database).keep(
        KeptAccess("d1", "fixed", frozenset(), now, later), [Use("tenant", "one", later)]
    )
    print("given", flush=True)
"""

_ENOUGH = 30


def _look(place: StorePlace) -> tuple[bool, bool]:
    """
    Look whether the token is known, and whether the assertion is used up; and leave nothing.
    """
    store, now = opened(place, inline=True), SystemClock().now()
    tokens, later = AccessTokens(store.database), now + timedelta(hours=1)
    known = asyncio.run(tokens.found("d1", now)) is not None
    fresh = asyncio.run(tokens.keep(KeptAccess("d2", "fixed", frozenset(), now, later), [Use("tenant", "one", later)]))
    store.database.write_now(_emptied)
    store.close()
    return known, not fresh


def _emptied(link: Connection) -> None:
    for table in (ACCESS_TOKENS, ASSERTIONS):
        link.execute(delete(table))


def test_no_assertion_is_used_up_for_nothing(place: StorePlace) -> None:
    """
    At every statement and commit: either the token is there and the assertion used, or neither; then it may be shown
    again, to any server. What was answered is kept.
    """
    opened(place, inline=True).close()
    workers = Workers(place, _IMPORTS, _WORK)
    seen: set[tuple[bool, bool]] = set()
    try:
        for statement in range(1, _ENOUGH):
            promised = workers.killed_at(statement)
            look = _look(place)
            assert look in {(False, False), (True, True)}
            assert promised != ["given"] or look == (True, True)
            seen.add(look)
            if promised is None:
                break
        else:
            raise AssertionError("the work never came to its end")
    finally:
        workers.close()
    assert {(False, False), (True, True)} == seen
