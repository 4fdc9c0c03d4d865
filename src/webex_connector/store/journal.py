"""
The journal: each write's intent before it leaves, its end after it, and the way to read both.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import partial

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, delete, func, select, update

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.prepared import Prepared, filling
from webex_connector.store.tables import JOURNAL

_PIECE = 1000
_ROW = JOURNAL.c


class Outcome(Enum):
    """
    How a write ended.
    """

    DONE = "done"
    PARTIAL = "partial"
    """Done, but for some parts."""
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"
    """It may have happened; looking did not tell."""
    UNFINISHED = "unfinished"
    """Nobody saw the end: it is going on, or the process died. Only Webex can tell what became of it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """
    What is known of a write before it leaves. `intent` is JSON, without secrets.
    """

    system: str
    object_class: str
    change: str
    actor: str
    door: str
    uid: str | None
    intent: str


@dataclass(frozen=True, slots=True)
class Ending:
    """
    What is known of a write at its end. `before`, `after` and `not_applied` are JSON, without secrets.
    """

    outcome: Outcome
    uid: str | None = None
    error: str | None = None
    reason: str | None = None
    tracking_id: str | None = None
    before: str | None = None
    after: str | None = None
    not_applied: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One line of the journal. An entry without end has the outcome UNFINISHED.
    """

    key: str
    began: datetime
    ended: datetime | None
    opening: Opening
    ending: Ending


@dataclass(frozen=True, slots=True)
class Choice:
    """
    Which entries to read; what is None does not choose.
    """

    system: str | None = None
    actor: str | None = None
    uid: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    most: int | None = None
    until: datetime | None = None


_OPENED = filling(JOURNAL, "began", *Opening.__slots__)
_OPEN = Prepared(_OPENED.returning(_ROW.id))
_WHOLE = Prepared(_OPENED.values(ended=bindparam("ended"), outcome=Outcome.DONE.value))
_TOLD = ("ended", "outcome", "error", "reason", "tracking_id", "before", "after", "not_applied")
_END = Prepared(
    update(JOURNAL)
    .where(_ROW.id == bindparam("key"))
    .values({name: bindparam(name) for name in _TOLD})
    .values(uid=func.coalesce(bindparam("made"), _ROW.uid))
)


class JournalTable:
    """
    The journal of every process that uses this database.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def begin(self, opening: Opening) -> str:
        """
        Write the intent down and return the entry's key. When this returns it survives a crash. Raises StoreFailed.
        """

        def begun(link: Connection) -> int:
            ((key,),) = _OPEN.rows(link, {"began": self._clock.now(), **_row_of(opening)})
            return int(key)

        return str(await self._database.write(begun))

    async def end(self, key: str, ending: Ending) -> None:
        """
        Write the end down. What an object was made under becomes the entry's uid. Raises StoreFailed.
        """

        def ended(link: Connection) -> None:
            told = {name: getattr(ending, name) for name in Ending.__slots__ if name not in {"uid", "outcome"}}
            outcome = {"ended": self._clock.now(), "outcome": ending.outcome.value}
            _END.run(link, {"key": int(key), "made": ending.uid, **outcome, **told})

        await self._database.write(ended)

    async def forget(self, before: datetime) -> int:
        """
        Take away what began before a moment, and return how many entries that were. They go in pieces, so that writes
        need not wait for all of them. Raises StoreFailed.
        """
        oldest = select(JOURNAL.c.id).where(JOURNAL.c.began < before).order_by(JOURNAL.c.began).limit(_PIECE)
        count = 0
        while True:
            piece = await self._database.write(
                lambda link: link.execute(delete(JOURNAL).where(JOURNAL.c.id.in_(oldest))).rowcount
            )
            count += piece
            if piece < _PIECE:
                return count

    async def entries(self, choice: Choice) -> list[Entry]:
        """
        Return the chosen entries, the latest `most` of them, oldest first. Raises StoreFailed.
        """

        def found(link: Connection) -> list[Entry]:
            newest_first = select(JOURNAL).where(*_chosen(choice)).order_by(JOURNAL.c.id.desc()).limit(choice.most)
            return [_entry(row) for row in reversed(link.execute(newest_first).mappings().all())]

        return await self._database.read(found)

    async def stream(self, choice: Choice) -> AsyncIterator[Sequence[Entry]]:
        """
        Stream the chosen entries, all of them whatever `most` says, oldest first. Raises StoreFailed.
        """
        last = 0
        while some := await self._database.read(partial(_page, choice=choice, after=last)):
            yield some
            last = int(some[-1].key)


def write_whole_entry(link: Connection, moment: datetime, opening: Opening) -> None:
    """
    Within a transaction that itself does the write: note a write that is done when the transaction is kept.
    """
    _WHOLE.run(link, {"began": moment, "ended": moment, **_row_of(opening)})


def _row_of(opening: Opening) -> dict[str, object]:
    return {name: getattr(opening, name) for name in Opening.__slots__}


def _page(link: Connection, *, choice: Choice, after: int) -> list[Entry]:
    query = select(JOURNAL).where(*_chosen(choice), JOURNAL.c.id > after).order_by(JOURNAL.c.id).limit(_PIECE)
    return [_entry(row) for row in link.execute(query).mappings()]


def _chosen(choice: Choice) -> Sequence[ColumnElement[bool]]:
    conditions = [
        column == value
        for column, value in (
            (JOURNAL.c.system, choice.system),
            (JOURNAL.c.actor, choice.actor),
            (JOURNAL.c.uid, choice.uid),
        )
        if value is not None
    ]
    if choice.outcome is Outcome.UNFINISHED:
        conditions.append(JOURNAL.c.outcome.is_(None))
    elif choice.outcome is not None:
        conditions.append(JOURNAL.c.outcome == choice.outcome.value)
    if choice.since is not None:
        conditions.append(JOURNAL.c.began >= choice.since)
    if choice.until is not None:
        conditions.append(JOURNAL.c.began < choice.until)
    return conditions


def _entry(row: RowMapping) -> Entry:
    outcome = Outcome.UNFINISHED if row["outcome"] is None else Outcome(row["outcome"])
    opening = Opening(**{name: row[name] for name in Opening.__slots__})
    ending = Ending(outcome, **{name: row[name] for name in Ending.__slots__ if name != "outcome"})
    return Entry(str(row["id"]), row["began"], row["ended"], opening, ending)
