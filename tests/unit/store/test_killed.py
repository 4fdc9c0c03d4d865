"""
Processes that are killed between two statements: what does the survivor find?
"""

import asyncio
from collections.abc import Iterator

import pytest

from fakes.store_workers import Workers
from webex_connector.base.clock import SystemClock
from webex_connector.store.journal import Choice, JournalTable, Outcome
from webex_connector.store.leases import Leases
from webex_connector.store.opening import Store, StorePlace, opened
from webex_connector.store.vault import Holder, Vault

pytestmark = pytest.mark.long

_IMPORTS = """
from webex_connector.store.journal import Ending, JournalTable, Opening, Outcome
from webex_connector.store.leases import Leases
from webex_connector.store.vault import Holder, KeptTokens, Vault
"""

_WORK = """
async def work(store, clock):
    journal = JournalTable(store.database, clock)
    vault = Vault(store.database, store.sealing, Leases(store.database, clock))
    key = await journal.begin(Opening("webex", "__ACCOUNT__", "create", "anna", "rest", None, "{}"))
    print("begun", flush=True)
    await vault.put(Holder("e", "c", "f"), KeptTokens(Secret("a2"), Secret("r2"), None, None))
    print("kept", flush=True)
    await journal.end(key, Ending(Outcome.DONE, "7"))
    print("ended", flush=True)
"""

_ENOUGH = 40


@pytest.fixture
def workers(place: StorePlace) -> Iterator[Workers]:
    """
    Processes that may die.
    """
    found = Workers(place, _IMPORTS, _WORK)
    yield found
    found.close()


async def _tokens(store: Store) -> str | None:
    vault = Vault(store.database, store.sealing, Leases(store.database, SystemClock()))
    found = await vault.get(Holder("e", "c", "f"))
    return None if found is None else f"{found.access.reveal()} {found.refresh.reveal() if found.refresh else ''}"


def test_what_was_promised_is_there_and_nothing_is_half(place: StorePlace, workers: Workers) -> None:
    """
    At every statement and commit: an intent that was promised is in the journal, tokens are the whole new pair or none,
    and an entry has its end or says that nobody saw it.
    """
    opened(place, inline=True).close()
    seen: set[tuple[str, ...]] = set()
    entries = 0
    for statement in range(1, _ENOUGH):
        promised = workers.killed_at(statement)
        if promised is None:
            break
        seen.add(tuple(promised))
        store = opened(place, inline=True)
        found = asyncio.run(JournalTable(store.database, SystemClock()).entries(Choice()))
        tokens = asyncio.run(_tokens(store))
        store.close()
        fresh = found[entries:]
        entries = len(found)
        assert len(fresh) == 1 or (not fresh and "begun" not in promised)
        assert tokens in {None, "a2 r2"}
        assert "kept" not in promised or tokens == "a2 r2"
        assert all(each.ending.outcome in {Outcome.UNFINISHED, Outcome.DONE} for each in fresh)
    else:
        raise AssertionError("the work never came to its end")
    assert {(), ("begun",), ("begun", "kept")} <= seen


def test_a_killed_process_lets_go_of_the_folder(place: StorePlace, workers: Workers) -> None:
    """
    The lock dies with who held it: a restore after a crash needs nobody's help.
    """
    assert [] == workers.killed_at(1)

    opened(place, alone=True, inline=True).close()
