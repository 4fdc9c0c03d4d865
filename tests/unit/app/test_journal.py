"""
The journal in the log.
"""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from fakes.virtual_time import VirtualClock
from webex_connector.app.journal import LogJournal, StoredJournal, shortened_daily
from webex_connector.base import log
from webex_connector.base.secret import Secret
from webex_connector.icf.attributes import Attributes, added, replaced
from webex_connector.icf.errors import ConnectionFailed
from webex_connector.icf.objects import ConnectorObject, NotApplied, WriteResult
from webex_connector.icf.operations import Change
from webex_connector.icf.options import Actor
from webex_connector.icf.ports import Done, Failed, Intent
from webex_connector.store.engine import Database, in_memory
from webex_connector.store.journal import Choice, Entry, JournalTable, Outcome
from webex_connector.store.migrating import migrate
from webex_connector.store.tables import JOURNAL

ACTOR = Actor("idm", "rest")


@pytest.fixture
def written() -> Any:
    """
    What the log holds, line by line.
    """
    stream = io.StringIO()
    handlers, level = list(logging.root.handlers), logging.root.level
    log.configure(as_json=True, stream=stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


async def test_a_write_is_there_before_and_after(written: Any) -> None:
    """
    Both lines carry the same key; the first says who wanted what, the second what became of it.
    """
    journal = LogJournal()
    intent = Intent("webex", "__ACCOUNT__", Change.UPDATE, ACTOR, "7", deltas=[replaced("title", "Lead")])

    key = await journal.begin(intent)
    await journal.end(key, Done(WriteResult("7", not_applied=(NotApplied("licenses", ("x",), "no unit"),))))

    before, after = written()
    assert before["key"] == after["key"] == key
    assert ("webex", "__ACCOUNT__", "update", "7", "idm", "rest", ["title"]) == tuple(
        before[name] for name in ("system", "object_class", "change", "uid", "client", "door", "attributes")
    )
    assert ("write.done", "7", ["licenses"]) == (after["event"], after["uid"], after["not_applied"])


async def test_values_are_not_logged(written: Any) -> None:
    """
    Names of attributes are enough to find out what happened; what people are called is not for the log.
    """
    await LogJournal().begin(
        Intent("webex", "__ACCOUNT__", Change.CREATE, ACTOR, attributes={"displayName": ("Anna Secret",)}),
    )

    assert "Anna" not in json.dumps(written())


async def test_a_failure_keeps_its_tracking_id(written: Any) -> None:
    """
    What support asks for is in the log, and whether the write may have happened all the same.
    """
    await LogJournal().end("k", Failed("Ambiguous", "lost", "WXC_1", ambiguous=True))

    (line,) = written()
    assert ("write.failed", "k", "Ambiguous", "WXC_1", True) == tuple(
        line[name] for name in ("event", "key", "error", "tracking_id", "ambiguous")
    )


async def test_what_an_error_says_is_not_logged(written: Any) -> None:
    """
    An error tells whose address is taken, and that is a value too.
    """
    await LogJournal().end("k", Failed("AlreadyExists", "anna@example.com belongs to a person of this organisation"))

    assert "anna" not in json.dumps(written())


@pytest.fixture
def database() -> Iterator[Database]:
    """
    An empty database.
    """
    found = in_memory()
    migrate(found, None)
    yield found
    found.close()


@pytest.fixture
def table(database: Database, clock: VirtualClock) -> JournalTable:
    """
    Its journal.
    """
    return JournalTable(database, clock)


async def _only(table: JournalTable) -> Entry:
    (entry,) = await table.entries(Choice())
    return entry


async def test_the_store_keeps_what_was_wanted_and_what_came_of_it(table: JournalTable) -> None:
    """
    Who, through which door, the changes, the object before and after, and the parts that were not applied.
    """
    journal = StoredJournal(table)
    before = ConnectorObject("__ACCOUNT__", "7", "a@x", {"title": ("Dev",)})
    after = ConnectorObject("__ACCOUNT__", "7", "a@x", {"title": ("Lead",), "phones": ({"type": "work"},)})
    missed = NotApplied("licenses", ("x",), "no unit", "ROUTER_9")
    intent = Intent(
        "webex",
        "__ACCOUNT__",
        Change.UPDATE,
        ACTOR,
        "7",
        deltas=[replaced("title", "Lead"), added("licenses", "x")],
    )

    key = await journal.begin(intent)
    assert Outcome.UNFINISHED is (await _only(table)).ending.outcome
    await journal.end(key, Done(WriteResult("7", after, before, (missed,))))

    entry = await _only(table)
    assert ("webex", "__ACCOUNT__", "update", "idm", "rest", "7") == (
        entry.opening.system,
        entry.opening.object_class,
        entry.opening.change,
        entry.opening.actor,
        entry.opening.door,
        entry.opening.uid,
    )
    assert {
        "deltas": [
            {"name": "title", "replace": ["Lead"]},
            {"name": "licenses", "add": ["x"], "remove": []},
        ],
    } == json.loads(entry.opening.intent)
    ending = entry.ending
    assert (Outcome.PARTIAL, "ROUTER_9") == (ending.outcome, ending.tracking_id)
    assert {"title": ["Dev"]} == json.loads(ending.before or "")["attributes"]
    assert [{"type": "work"}] == json.loads(ending.after or "")["attributes"]["phones"]
    assert [{"attribute": "licenses", "values": ["x"], "reason": "no unit"}] == json.loads(ending.not_applied or "")


async def test_no_secret_reaches_the_store(table: JournalTable) -> None:
    """
    A password is named, and masked.
    """
    attributes: Attributes = {"displayName": ("Anna",), "__PASSWORD__": (Secret("hush"),)}
    await StoredJournal(table).begin(Intent("webex", "__ACCOUNT__", Change.CREATE, ACTOR, attributes=attributes))

    kept = (await _only(table)).opening.intent
    assert "Anna" in kept
    assert "__PASSWORD__" in kept
    assert "hush" not in kept


@pytest.mark.parametrize("ambiguous", [False, True])
async def test_the_store_tells_failures_from_doubts(table: JournalTable, *, ambiguous: bool) -> None:
    """
    What the error said is kept too: here is where personal data may be.
    """
    journal = StoredJournal(table)
    key = await journal.begin(Intent("webex", "__ACCOUNT__", Change.DELETE, ACTOR, "7"))
    await journal.end(key, Failed("AlreadyExists", "anna@x is taken", "ROUTER_1", ambiguous=ambiguous))

    ending = (await _only(table)).ending
    assert (Outcome.AMBIGUOUS if ambiguous else Outcome.FAILED) is ending.outcome
    assert ("AlreadyExists", "anna@x is taken", "ROUTER_1") == (ending.error, ending.reason, ending.tracking_id)


async def test_without_a_journal_nothing_is_written(table: JournalTable, database: Database) -> None:
    """
    The write is refused before it leaves, as something that may work later.
    """
    await database.write(JOURNAL.drop)

    with pytest.raises(ConnectionFailed, match="so nothing was changed"):
        await StoredJournal(table).begin(Intent("webex", "__ACCOUNT__", Change.DELETE, ACTOR, "7"))


async def test_an_end_that_cannot_be_stored_is_logged(
    table: JournalTable,
    database: Database,
    written: Any,
) -> None:
    """
    The write has happened: its caller must not be told that it failed.
    """
    await database.write(JOURNAL.drop)

    await StoredJournal(table).end("1", Done(WriteResult("7")))

    assert ["write.done", "journal.end_lost"] == [line["event"] for line in written()]


async def _kept_for(days: int, journal: StoredJournal, clock: VirtualClock) -> list[int]:
    """
    Write an entry, let a server shorten the journal, and return how many entries there are after each further day.
    """
    await journal.begin(Intent("webex", "__ACCOUNT__", Change.DELETE, ACTOR, "7"))
    task = asyncio.create_task(shortened_daily(journal, days, clock))
    counts = []
    for _ in range(4):
        await clock.sleep(86_400)
        counts.append(len(await journal.entries(Choice())))
    task.cancel()
    return counts


async def test_entries_go_when_their_time_is_over(table: JournalTable, clock: VirtualClock) -> None:
    """
    A server looks once a day, however long it runs, and takes what is older than two days; with 0 nothing ever goes.
    """
    assert [1, 1, 1, 0] == await _kept_for(2, StoredJournal(table), clock)
    assert [1, 1, 1, 1] == await _kept_for(0, StoredJournal(table), clock)


async def test_a_journal_that_cannot_be_shortened_is_told(
    table: JournalTable, database: Database, written: Any
) -> None:
    """
    In the log; the server goes on.
    """
    database.write_now(lambda link: link.exec_driver_sql("DROP TABLE journal"))
    await StoredJournal(table).forget(VirtualClock().now())
    assert ["journal.not_shortened"] == [line["event"] for line in written()]
