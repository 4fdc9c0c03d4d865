"""
Runs: what is to be done, who works on it, what is done so far, and what became of it.

Whoever works on a run is its owner, one process alone. Each write of an owner is kept only while the run is still its
own: a process that was taken for dead, and is not, changes nothing any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, RowMapping, Select, and_, delete, func, insert, or_, select, update

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.run_values import (
    ENDED,
    STATE_EVENT,
    Executor,
    KeptRun,
    NewRun,
    RunEvent,
    RunState,
    Settling,
    Wanted,
)
from webex_connector.store.tables import RUN_EVENTS, RUN_STEPS, RUNS

_MOST_EVENTS = 1000


class RunTable:
    """
    The runs of every process that uses this database. Every method raises StoreFailed when the store does not answer.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def add(self, run: NewRun, executor: Executor | None = None) -> KeptRun | None:
        """
        Keep a run that waits for whoever comes first, or that an executor works on from the start. Return None, or the
        run with the same key that has not ended; then nothing is kept.
        """
        return await self._database.write(lambda link: insert_run(link, run, self._clock.now(), executor))

    async def claim(self, executor: Executor, wanted: Wanted) -> KeptRun | None:
        """
        Make an executor the owner of the oldest run it wants that needs one, and return it: one that waits and is due,
        one that nobody has said yes to in time, one that an earlier process of the executor left, and one whose owner
        is dead. None when there is none.
        """
        now = self._clock.now()
        waits = and_(RUNS.c.state == RunState.WAITING.value, or_(RUNS.c.due.is_(None), RUNS.c.due <= now))
        in_vain = and_(RUNS.c.state == RunState.WAITING_FOR_APPROVAL.value, RUNS.c.due <= now)
        left = or_(RUNS.c.executor == executor.name, RUNS.c.heartbeat < wanted.dead)
        needs = or_(waits, in_vain, and_(RUNS.c.state == RunState.RUNNING.value, left))
        query = select(RUNS).where(RUNS.c.ended.is_(None), RUNS.c.kind.in_(wanted.kinds), needs)
        query = query.where(RUNS.c.id.not_in(wanted.but)).order_by(RUNS.c.made, RUNS.c.id).limit(1)
        if wanted.only is not None:
            query = query.where(RUNS.c.id == wanted.only)

        def claimed(link: Connection) -> KeptRun | None:
            row = link.execute(query).mappings().first()
            if row is None:
                return None
            values = _owned(executor, now) | {
                "attempts": row["attempts"] + 1,
                "began": row["began"] or now,
                "due": None,
                "awaits": None,
            }
            link.execute(update(RUNS).where(RUNS.c.id == row["id"]).values(values))
            _tell_state(link, row["id"], now, RunState.RUNNING, executor=executor.name)
            return _run({**row, **values})

        # Most of the time there is nothing to do, and who only looks keeps nobody from writing.
        if await self._database.glance(lambda link: link.execute(query).first()) is None:
            return None
        return await self._database.write(claimed)

    async def beat(self, process: str) -> dict[str, str | None]:
        """
        Say that a process lives; return what it owns, each run with who wants it cancelled.
        """
        mine = and_(RUNS.c.owner == process, RUNS.c.state == RunState.RUNNING.value)
        query = select(RUNS.c.id, RUNS.c.cancelled_by).where(mine)

        def beaten(link: Connection) -> dict[str, str | None]:
            link.execute(update(RUNS).where(mine).values(heartbeat=self._clock.now()))
            return _pairs(link, query)

        return await self._database.write(beaten)

    async def owned(self, process: str) -> dict[str, str | None]:
        """
        Return what `beat` returns, without a beat.
        """
        mine = and_(RUNS.c.owner == process, RUNS.c.state == RunState.RUNNING.value)
        query = select(RUNS.c.id, RUNS.c.cancelled_by).where(mine)
        return await self._database.glance(lambda link: _pairs(link, query))

    async def steps(self, id_: str) -> dict[str, str]:
        """
        Return the results of the steps that a run need not do again.
        """
        query = select(RUN_STEPS.c.name, RUN_STEPS.c.result).where(RUN_STEPS.c.run == id_)
        return await self._database.read(lambda link: _pairs(link, query))

    async def keep_step(self, id_: str, process: str, name: str, result: str) -> bool:
        """
        Keep the result of a step. False, and nothing is kept, when the process does not own the run any more.
        """

        def kept(link: Connection) -> bool:
            if not _still_owned(link, id_, process, {"attempts": 0, "heartbeat": self._clock.now()}):
                return False
            link.execute(insert(RUN_STEPS).values(run=id_, name=name, result=result))
            return True

        return await self._database.write(kept)

    async def tell(self, id_: str, process: str, kind: str, content: str) -> bool:
        """
        Keep an event of a run. False, and nothing is kept, when the process does not own it any more.
        """

        def told(link: Connection) -> bool:
            now = self._clock.now()
            if not _still_owned(link, id_, process, {"heartbeat": now}):
                return False
            _tell(link, id_, now, kind, content)
            return True

        return await self._database.write(told)

    async def settle(self, id_: str, process: str, settling: Settling) -> bool:
        """
        Let go of a run. False, and nothing is changed, when the process does not own it any more.
        """

        def settled(link: Connection) -> bool:
            now, ended = self._clock.now(), settling.state in ENDED
            values = {
                "state": settling.state.value,
                "owner": None,
                "heartbeat": None,
                "attempts": 0,
                "error": settling.error,
                "due": settling.due,
                "awaits": settling.awaits,
                "ended": now if ended else None,
            }
            by = link.scalar(select(RUNS.c.cancelled_by).where(RUNS.c.id == id_))
            if not _still_owned(link, id_, process, values):
                return False
            told = {"reason": settling.error, "due": settling.due, "awaits": settling.awaits}
            told["by"] = by if settling.state is RunState.CANCELLED else None
            _tell_state(link, id_, now, settling.state, **told)
            if ended:
                link.execute(delete(RUN_STEPS).where(RUN_STEPS.c.run == id_))
            return True

        return await self._database.write(settled)

    async def cancel(self, id_: str, by: str, dead: datetime) -> KeptRun | None:
        """
        Ask a run that is running to end after its batch; one that waits, or whose owner has not been heard of since
        `dead`, ends at once. Return the run as it is now; None when there is none. One that has ended stays as it is.
        """

        def cancelled(link: Connection) -> KeptRun | None:
            found, now = _found(link, id_), self._clock.now()
            if found is None or found.state in ENDED:
                return found
            values: dict[str, Any] = {"cancelled_by": found.cancelled_by or by}
            if found.state is not RunState.RUNNING or found.heartbeat is None or found.heartbeat < dead:
                values |= {"state": RunState.CANCELLED.value, "ended": now, "awaits": None, "due": None, "owner": None}
                link.execute(delete(RUN_STEPS).where(RUN_STEPS.c.run == id_))
                _tell_state(link, id_, now, RunState.CANCELLED, by=by)
            link.execute(update(RUNS).where(RUNS.c.id == id_).values(values))
            return _found(link, id_)

        return await self._database.write(cancelled)

    async def approve(self, id_: str, awaits: str, by: str) -> bool:
        """
        Let a run go on that waits for approval of exactly this. False, and nothing is changed, when it does not.
        """
        this = and_(RUNS.c.id == id_, RUNS.c.state == RunState.WAITING_FOR_APPROVAL.value, RUNS.c.awaits == awaits)

        def approved(link: Connection) -> bool:
            values = {"state": RunState.WAITING.value, "awaits": None, "due": None}
            if link.execute(update(RUNS).where(this).values(values)).rowcount == 0:
                return False
            link.execute(insert(RUN_STEPS).values(run=id_, name=approval_step(awaits), result=_json(by)))
            _tell_state(link, id_, self._clock.now(), RunState.WAITING, approved=awaits, by=by)
            return True

        return await self._database.write(approved)

    async def run(self, id_: str) -> KeptRun | None:
        """
        Return a run.
        """
        return await self._database.glance(lambda link: _found(link, id_))

    async def runs(self, states: Iterable[RunState] = RunState, most: int = 100) -> list[KeptRun]:
        """
        Return the latest runs in these states, the newest first.
        """
        among = RUNS.c.state.in_([each.value for each in states])
        query = select(RUNS).where(among).order_by(RUNS.c.made.desc(), RUNS.c.id).limit(most)
        return await self._database.read(lambda link: [_run(row) for row in link.execute(query).mappings()])

    async def events(self, id_: str, after: int = 0) -> Sequence[RunEvent]:
        """
        Return the next events of a run after a number, a thousand at most.
        """
        query = select(RUN_EVENTS).where(RUN_EVENTS.c.run == id_, RUN_EVENTS.c.number > after)
        query = query.order_by(RUN_EVENTS.c.number).limit(_MOST_EVENTS)
        return await self._database.glance(lambda link: [RunEvent(**row) for row in link.execute(query).mappings()])

    async def remove(self, id_: str) -> bool:
        """
        Forget a run that has ended, with its events. False, and nothing is changed, when it has not, or is not there.
        """

        def removed(link: Connection) -> bool:
            if link.execute(delete(RUNS).where(RUNS.c.id == id_, RUNS.c.ended.is_not(None))).rowcount == 0:
                return False
            link.execute(delete(RUN_EVENTS).where(RUN_EVENTS.c.run == id_))
            return True

        return await self._database.write(removed)

    async def forget(self, before: datetime) -> int:
        """
        Forget runs that ended before a moment, with their events; return how many these were.
        """
        old = RUNS.c.ended < before

        def forgotten(link: Connection) -> int:
            link.execute(delete(RUN_EVENTS).where(RUN_EVENTS.c.run.in_(select(RUNS.c.id).where(old))))
            return link.execute(delete(RUNS).where(old)).rowcount

        return await self._database.write(forgotten)


def approval_step(awaits: str) -> str:
    """
    Return the name of the step whose result is who approved of something.
    """
    return f"approval of {awaits}"


def insert_run(link: Connection, run: NewRun, now: datetime, executor: Executor | None = None) -> KeptRun | None:
    """
    Do what `RunTable.add` says, as a part of a transaction.
    """
    if run.key is not None:
        query = select(RUNS).where(RUNS.c.key == run.key, RUNS.c.ended.is_(None))
        row = link.execute(query).mappings().first()
        if row is not None:
            return _run(row)
    values: dict[str, Any] = {name: getattr(run, name) for name in NewRun.__slots__}
    values |= {"made": now, "state": RunState.WAITING.value, "attempts": 0}
    if executor is not None:
        values |= _owned(executor, now) | {"attempts": 1, "began": now}
    link.execute(insert(RUNS).values(values))
    _tell_state(link, run.id, now, RunState(values["state"]), kind=run.kind, by=run.actor)
    return None


def _owned(executor: Executor, now: datetime) -> dict[str, Any]:
    state = RunState.RUNNING.value
    return {"state": state, "executor": executor.name, "owner": executor.process, "heartbeat": now}


def _still_owned(link: Connection, id_: str, process: str, values: Mapping[str, Any]) -> bool:
    this: ColumnElement[bool] = and_(RUNS.c.id == id_, RUNS.c.owner == process)
    return link.execute(update(RUNS).where(this).values(**values)).rowcount == 1


def _tell(link: Connection, id_: str, now: datetime, kind: str, content: str) -> None:
    last = link.scalar(select(func.max(RUN_EVENTS.c.number)).where(RUN_EVENTS.c.run == id_)) or 0
    link.execute(insert(RUN_EVENTS).values(run=id_, number=last + 1, at=now, kind=kind, content=content))


def _tell_state(link: Connection, id_: str, now: datetime, state: RunState, **more: object) -> None:
    there = {name: value for name, value in more.items() if value is not None}
    _tell(link, id_, now, STATE_EVENT, _json({"state": state.value, **there}))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _pairs(link: Connection, query: Select[Any]) -> dict[str, Any]:
    return {first: second for first, second in link.execute(query)}  # noqa: C416 - rows are no pairs to the type checker


def _found(link: Connection, id_: str) -> KeptRun | None:
    row = link.execute(select(RUNS).where(RUNS.c.id == id_)).mappings().first()
    return None if row is None else _run(row)


def _run(row: RowMapping | Mapping[str, Any]) -> KeptRun:
    return KeptRun(**{name: row[name] for name in KeptRun.__slots__} | {"state": RunState(row["state"])})
