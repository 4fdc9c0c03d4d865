"""
The journal: intents that survive, ends that are added, and reading both.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.virtual_time import EPOCH, VirtualClock
from webex_connector.store.journal import Choice, Ending, Entry, JournalTable, Opening, Outcome
from webex_connector.store.opening import Store

OPENING = Opening("webex", "__ACCOUNT__", "update", "anna", "rest", "7", '{"title":"Lead"}')
ENDING = Ending(Outcome.PARTIAL, "7", None, "why", "ROUTER_1", '{"b":1}', '{"a":1}', "[]")


@pytest.fixture
def journal(store: Store, clock: VirtualClock) -> JournalTable:
    """
    An empty journal.
    """
    return JournalTable(store.database, clock)


async def test_an_entry_is_there_before_its_end(
    journal: JournalTable,
    another: Callable[[], Store],
    clock: VirtualClock,
) -> None:
    """
    Another process that looks sees the intent, and that nobody saw the end.
    """
    key = await journal.begin(OPENING)

    seen = await JournalTable(another().database, clock).entries(Choice())
    assert [Entry(key, EPOCH, None, OPENING, Ending(Outcome.UNFINISHED, "7"))] == seen


async def test_an_entry_keeps_everything(journal: JournalTable, clock: VirtualClock) -> None:
    """
    What was known before and what was known after stand side by side, with both moments.
    """
    key = await journal.begin(OPENING)
    await clock.sleep(2)
    await journal.end(key, ENDING)

    assert [Entry(key, EPOCH, EPOCH + timedelta(seconds=2), OPENING, ENDING)] == await journal.entries(Choice())


async def test_what_was_made_is_found_under_its_uid(journal: JournalTable) -> None:
    """
    A create has no uid before; its end tells. One that failed keeps none.
    """
    made = await journal.begin(replace(OPENING, change="create", uid=None))
    failed = await journal.begin(replace(OPENING, change="create", uid=None))
    await journal.end(made, replace(ENDING, uid="9"))
    await journal.end(failed, Ending(Outcome.FAILED, error="AlreadyExists"))

    assert [made] == [entry.key for entry in await journal.entries(Choice(uid="9"))]
    assert [None] == [entry.opening.uid for entry in await journal.entries(Choice(outcome=Outcome.FAILED))]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(), "abcd"),
        (Choice(system="other"), "b"),
        (Choice(actor="bert"), "c"),
        (Choice(uid="8"), "d"),
        (Choice(outcome=Outcome.DONE), "a"),
        (Choice(outcome=Outcome.AMBIGUOUS), "b"),
        (Choice(outcome=Outcome.UNFINISHED), "cd"),
        (Choice(outcome=Outcome.UNFINISHED, actor="bert"), "c"),
        (Choice(since=EPOCH + timedelta(seconds=20)), "cd"),
        (Choice(most=2), "cd"),
        (Choice(system="nobody's"), ""),
    ],
)
async def test_entries_are_chosen(journal: JournalTable, clock: VirtualClock, choice: Choice, expected: str) -> None:
    """
    Each choice narrows; the latest are kept, and they come oldest first.
    """
    keys = {}
    for letter, opening in {
        "a": OPENING,
        "b": replace(OPENING, system="other"),
        "c": replace(OPENING, actor="bert"),
        "d": replace(OPENING, uid="8"),
    }.items():
        keys[await journal.begin(opening)] = letter
        await clock.sleep(10)
    first, second, *_ = keys
    await journal.end(first, Ending(Outcome.DONE, "7"))
    await journal.end(second, Ending(Outcome.AMBIGUOUS))

    assert expected == "".join(keys[entry.key] for entry in await journal.entries(choice))


async def test_what_is_old_is_forgotten_in_pieces(
    journal: JournalTable, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What began before the moment is gone, however much it is, with end or without; the rest stays, and no number is
    given twice.
    """
    monkeypatch.setattr("webex_connector.store.journal._PIECE", 2)
    for _ in range(5):
        await journal.begin(OPENING)
    await clock.sleep(60)
    kept = [await journal.begin(OPENING) for _ in range(2)]

    assert 5 == await journal.forget(EPOCH + timedelta(seconds=60))
    assert kept == [entry.key for entry in await journal.entries(Choice())]
    assert 2 == await journal.forget(EPOCH + timedelta(days=1))
    assert await journal.begin(OPENING) not in kept
