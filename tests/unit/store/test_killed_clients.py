"""
Access that is given, changed and taken by processes that are killed between two statements.
"""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, delete

from fakes.store_workers import Workers
from webex_connector.base.clock import SystemClock
from webex_connector.store.clients import ClientTable
from webex_connector.store.journal import Choice, JournalTable
from webex_connector.store.opening import StorePlace, opened
from webex_connector.store.tables import CLIENT_CREDENTIALS, CLIENTS, JOURNAL

pytestmark = pytest.mark.long

_IMPORTS = "from webex_connector.store.clients import By, ClientTable, CredentialKind, KeptClient, KeptCredential"

_WORK = """
async def work(store, clock):
    table, by, now = ClientTable(store.database), By("anna", "shell"), clock.now()
    await table.enrol(KeptClient("okta", "reader", None, now), KeptCredential(CredentialKind.TOKEN, "", "d1", now), by)
    print("enrolled", flush=True)
    await table.rotate("okta", KeptCredential(CredentialKind.TOKEN, "", "d2", now), now, by)
    print("rotated", flush=True)
    await table.revoke("okta", now, by)
    print("revoked", flush=True)
"""

_ENOUGH = 60
_PROMISES = ["enrolled", "rotated", "revoked"]
# What each number of kept promises looks like: tokens without an end, whether revoked, lines in the journal.
_LOOKS: dict[int, tuple[list[str], bool, int]] = {
    0: ([], False, 0),
    1: (["d1"], False, 1),
    2: (["d2"], False, 2),
    3: (["d2"], True, 3),
}


@pytest.fixture
def workers(place: StorePlace) -> Iterator[Workers]:
    """
    Processes that may die.
    """
    found = Workers(place, _IMPORTS, _WORK)
    yield found
    found.close()


def _look(place: StorePlace) -> tuple[list[str], bool, int]:
    """
    Look at what is there, and leave nothing of it.
    """
    store = opened(place, inline=True)
    found = asyncio.run(ClientTable(store.database).all())
    entries = asyncio.run(JournalTable(store.database, SystemClock()).entries(Choice()))
    store.database.write_now(_emptied)
    store.close()
    good = [each.digest for _, credentials in found for each in credentials if each.ends is None]
    return good, any(client.revoked is not None for client, _ in found), len(entries)


def _emptied(link: Connection) -> None:
    for table in (CLIENTS, CLIENT_CREDENTIALS, JOURNAL):
        link.execute(delete(table))


def test_nobody_is_let_in_by_half(place: StorePlace, workers: Workers) -> None:
    """
    At every statement and commit: a client has its token or is not there, of two tokens one is good, and the journal
    has exactly what was done. What was promised is done.
    """
    opened(place, inline=True).close()
    seen: set[int] = set()
    for statement in range(1, _ENOUGH):
        promised = workers.killed_at(statement)
        if promised is None:
            break
        assert _PROMISES[: len(promised)] == promised
        look = _look(place)
        done = next(number for number, expected in _LOOKS.items() if expected == look)
        assert len(promised) <= done <= len(promised) + 1
        seen.add(done)
    else:
        raise AssertionError("the work never came to its end")
    assert {0, 1, 2} <= seen
