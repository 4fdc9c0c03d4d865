"""
Plans: what would be done, who said yes to it, and what became of each item.

An item is begun before its write leaves and settled, together with its link, when the write came back. One that is
begun and not settled may have happened: whoever goes on has to look.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, and_, delete, func, insert, or_, select, update

from webex_connector.base.clock import Clock
from webex_connector.store.engine import Database
from webex_connector.store.leases import Leases
from webex_connector.store.links import LinkChange, change_links
from webex_connector.store.tables import PLAN_ITEMS, PLANS

_PIECE = 1000

TAKEN_FOR = timedelta(seconds=15)
"""
How long a process that died keeps others from going on with its plan.
"""


class PlanState(Enum):
    """
    How far a plan is.
    """

    MAKING = "making"
    MADE = "made"
    STOPPED = "stopped"
    """A limit is in the way."""
    APPROVED = "approved"
    APPLYING = "applying"
    APPLIED = "applied"
    """Every item has ended, well or not."""
    CANCELLED = "cancelled"
    OUTDATED = "outdated"


class ItemState(Enum):
    """
    How far an item is.
    """

    WAITING = "waiting"
    BEGUN = "begun"
    DONE = "done"
    PARTIAL = "partial"
    """Done, but for some parts."""
    REFUSED = "refused"
    """The target will not have it, however often it is asked."""
    DEAD = "dead"
    """Tried as often as may be; somebody has to look."""
    SKIPPED = "skipped"
    """Nothing was to be done, or it is not true any more."""


ENDED = frozenset(ItemState) - {ItemState.WAITING, ItemState.BEGUN}
"""
The states that nothing follows by itself.
"""


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """
    A plan without its items. `summary` and `approval` are JSON.
    """

    id: str
    mapping: str
    state: PlanState
    made: datetime
    maker: str
    changed: datetime
    fingerprint: str | None = None
    summary: str | None = None
    approval: str | None = None


@dataclass(frozen=True, slots=True)
class NewItem:
    """
    An item as it is planned; `content` is JSON, and no secret is in it.
    """

    rank: int
    action: str
    situation: str
    source_key: str | None
    target_uid: str | None
    content: str
    state: ItemState = ItemState.WAITING
    attempts: int = 0
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptItem:
    """
    An item with what became of it; `outcome` is JSON.
    """

    number: int
    content: str
    state: ItemState
    attempts: int = 0
    due: datetime | None = None
    ended: datetime | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """
    How an attempt ended: in a state of its own, or WAITING until `due` for the next one.
    """

    number: int
    state: ItemState
    outcome: str | None = None
    due: datetime | None = None
    links: tuple[LinkChange, ...] = ()


class PlanTable:
    """
    The plans of every process that uses this database.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    async def begin(self, id_: str, mapping: str, maker: str) -> None:
        """
        Keep a plan that is being made. Raises StoreFailed.
        """
        now = self._clock.now()
        row = {"id": id_, "mapping": mapping, "state": PlanState.MAKING.value, "made": now, "maker": maker}
        await self._database.write(lambda link: _insert(link, PLANS, [{**row, "changed": now}]))

    async def add(self, id_: str, first: int, items: Sequence[NewItem]) -> None:
        """
        Keep items under the numbers from `first` on. Raises StoreFailed.
        """
        rows = [
            {
                "plan": id_,
                "number": number,
                "rank": each.rank,
                "action": each.action,
                "situation": each.situation,
                "source_key": each.source_key,
                "target_uid": each.target_uid,
                "content": each.content,
                "state": each.state.value,
                "attempts": each.attempts,
                "due": each.due,
            }
            for number, each in enumerate(items, first)
        ]
        if rows:
            await self._database.write(lambda link: _insert(link, PLAN_ITEMS, rows))

    async def change(
        self,
        id_: str,
        state: PlanState,
        *,
        only_from: frozenset[PlanState],
        **values: str,
    ) -> bool:
        """
        Give a plan another state, and with it `fingerprint`, `summary` or `approval`. False, and nothing is changed,
        when it is in none of the states named. Raises StoreFailed.
        """
        allowed = [each.value for each in only_from]
        this = and_(PLANS.c.id == id_, PLANS.c.state.in_(allowed))
        row = {**values, "state": state.value, "changed": self._clock.now()}
        return await self._database.write(
            lambda link: link.execute(update(PLANS).where(this).values(**row)).rowcount == 1
        )

    async def plan(self, id_: str) -> KeptPlan | None:
        """
        Return a plan. Raises StoreFailed.
        """
        query = select(PLANS).where(PLANS.c.id == id_)
        row = await self._database.read(lambda link: link.execute(query).mappings().first())
        return None if row is None else _plan(row)

    async def plans(self, mapping: str | None = None, most: int = 100) -> list[KeptPlan]:
        """
        Return the latest plans, the newest first. Raises StoreFailed.
        """
        query = select(PLANS).order_by(PLANS.c.made.desc(), PLANS.c.id).limit(most)
        if mapping is not None:
            query = query.where(PLANS.c.mapping == mapping)
        return await self._database.read(lambda link: [_plan(row) for row in link.execute(query).mappings()])

    async def items(
        self,
        id_: str,
        states: frozenset[ItemState] = frozenset(ItemState),
        action: str | None = None,
        after: int = -1,
    ) -> AsyncIterator[Sequence[KeptItem]]:
        """
        Stream the items in these states, all or those of one action, by their numbers, from the one after a number on.
        Raises StoreFailed.
        """
        last = after
        while some := await self._database.read(partial(_items, plan=id_, states=states, action=action, after=last)):
            yield some
            last = some[-1].number

    async def about(self, key: str) -> list[tuple[str, KeptItem]]:
        """
        Return the items of any plan about a record or an object, with their plans, the newest plan first.
        """
        query = (
            select(PLANS.c.id, PLAN_ITEMS)
            .join(PLAN_ITEMS, PLAN_ITEMS.c.plan == PLANS.c.id)
            .where(or_(PLAN_ITEMS.c.source_key == key, PLAN_ITEMS.c.target_uid == key))
            .order_by(PLANS.c.made.desc(), PLAN_ITEMS.c.number)
            .limit(_PIECE)
        )
        return await self._database.read(
            lambda link: [(row["id"], _item(row)) for row in link.execute(query).mappings()]
        )

    async def counts(self, id_: str) -> dict[ItemState, int]:
        """
        Return how many items are in each state. Raises StoreFailed.
        """
        query = select(PLAN_ITEMS.c.state, func.count()).where(PLAN_ITEMS.c.plan == id_).group_by(PLAN_ITEMS.c.state)
        rows = await self._database.read(lambda link: link.execute(query).all())
        return {ItemState(state): count for state, count in rows}

    async def tally(self, id_: str) -> dict[tuple[str, str, ItemState], int]:
        """
        Return how many items there are of each situation, action and state. Raises StoreFailed.
        """
        kinds = (PLAN_ITEMS.c.situation, PLAN_ITEMS.c.action, PLAN_ITEMS.c.state)
        query = select(*kinds, func.count()).where(PLAN_ITEMS.c.plan == id_).group_by(*kinds)
        rows = await self._database.read(lambda link: link.execute(query).all())
        return {(situation, action, ItemState(state)): count for situation, action, state, count in rows}

    async def per_second(self, mapping: str) -> float | None:
        """
        Return how many writes a second there were in the last plan of a mapping that was applied in more than one
        batch, without those that were tried again; None as long as there is none. Raises StoreFailed.
        """
        done = and_(
            PLAN_ITEMS.c.plan == PLANS.c.id,
            PLAN_ITEMS.c.state.in_([ItemState.DONE.value, ItemState.PARTIAL.value]),
            PLAN_ITEMS.c.attempts == 1,
        )
        ended = PLAN_ITEMS.c.ended
        is_one = and_(PLANS.c.mapping == mapping, PLANS.c.state == PlanState.APPLIED.value)
        last = (
            select(PLANS.c.id, func.min(ended), func.max(ended))
            .join(PLAN_ITEMS, done)
            .where(is_one)
            .group_by(PLANS.c.id, PLANS.c.changed)
            .having(func.min(ended) < func.max(ended))
            .order_by(PLANS.c.changed.desc())
            .limit(1)
        )

        def found(link: Connection) -> float | None:
            row = link.execute(last).first()
            if row is None:
                return None
            id_, first, latest = row
            after = and_(PLANS.c.id == id_, ended > first)
            count = link.scalar(select(func.count()).select_from(PLANS).join(PLAN_ITEMS, done).where(after)) or 0
            return count / float((latest - first).total_seconds())

        return await self._database.read(found)

    def alone(self, id_: str) -> AbstractAsyncContextManager[None]:
        """
        Be the only process that applies a plan while the block runs. Raises LeaseTaken when another one does, and
        StoreFailed.
        """
        return Leases(self._database, self._clock).kept(f"plan {id_}", TAKEN_FOR)

    async def take(self, id_: str, most: int, rank: int | None = None) -> list[KeptItem]:
        """
        Begin the next items, those of the lowest rank or of the given one, and return them. Raises StoreFailed.
        """

        def taken(link: Connection) -> list[KeptItem]:
            now = self._clock.now()
            mine, waiting = PLAN_ITEMS.c.plan == id_, PLAN_ITEMS.c.state == ItemState.WAITING.value
            ready = or_(PLAN_ITEMS.c.due.is_(None), PLAN_ITEMS.c.due <= now)
            lowest = link.scalar(select(func.min(PLAN_ITEMS.c.rank)).where(mine, waiting, ready))
            if rank not in {None, lowest}:
                return []
            query = select(PLAN_ITEMS).where(mine, waiting, ready, PLAN_ITEMS.c.rank == lowest)
            rows = list(link.execute(query.order_by(PLAN_ITEMS.c.number).limit(most)).mappings())
            numbers = [row["number"] for row in rows]
            for start in range(0, len(numbers), _PIECE):
                these = and_(mine, PLAN_ITEMS.c.number.in_(numbers[start : start + _PIECE]))
                begun = {"state": ItemState.BEGUN.value, "attempts": PLAN_ITEMS.c.attempts + 1}
                link.execute(update(PLAN_ITEMS).where(these).values(begun))
            return [_item({**row, "state": ItemState.BEGUN.value, "attempts": row["attempts"] + 1}) for row in rows]

        return await self._database.write(taken)

    async def settle(self, id_: str, settled: Sequence[Settled]) -> None:
        """
        Keep how attempts ended, and their links, in one transaction. Raises StoreFailed; then nothing is kept.
        """

        def kept(link: Connection) -> None:
            now = self._clock.now()
            for each in settled:
                this = and_(PLAN_ITEMS.c.plan == id_, PLAN_ITEMS.c.number == each.number)
                row: dict[str, Any] = {"state": each.state.value, "outcome": each.outcome, "due": each.due}
                row["ended"] = now if each.state in ENDED else None
                link.execute(update(PLAN_ITEMS).where(this).values(row))
                change_links(link, now, each.links)

        await self._database.write(kept)

    async def next_due(self, id_: str) -> datetime | None:
        """
        Return when the earliest waiting item may be tried; None when none waits. Raises StoreFailed.
        """
        waiting = and_(PLAN_ITEMS.c.plan == id_, PLAN_ITEMS.c.state == ItemState.WAITING.value)
        query = select(PLAN_ITEMS.c.due).where(waiting).order_by(PLAN_ITEMS.c.due.is_not(None), PLAN_ITEMS.c.due)
        row = await self._database.read(lambda link: link.execute(query.limit(1)).first())
        return None if row is None else row[0] or self._clock.now()

    async def again(self, id_: str, numbers: Sequence[int]) -> int:
        """
        Let items that ended badly wait once more, with attempts counted anew; return how many these were. The first
        attempt still counts: what it was about may be there.
        """
        bad = [each.value for each in (ItemState.DEAD, ItemState.REFUSED)]
        row = {"state": ItemState.WAITING.value, "attempts": 1, "due": None, "ended": None}

        def reset(link: Connection) -> int:
            count = 0
            for start in range(0, len(numbers), _PIECE):
                some = PLAN_ITEMS.c.number.in_(numbers[start : start + _PIECE])
                these = and_(PLAN_ITEMS.c.plan == id_, PLAN_ITEMS.c.state.in_(bad), some)
                count += link.execute(update(PLAN_ITEMS).where(these).values(row)).rowcount
            return count

        return await self._database.write(reset)

    async def remove(self, id_: str) -> None:
        """
        Forget a plan with its items. Raises StoreFailed.
        """

        def removed(link: Connection) -> None:
            link.execute(delete(PLAN_ITEMS).where(PLAN_ITEMS.c.plan == id_))
            link.execute(delete(PLANS).where(PLANS.c.id == id_))

        await self._database.write(removed)


def _insert(link: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    link.execute(insert(table), rows)


def _plan(row: RowMapping) -> KeptPlan:
    return KeptPlan(**{name: row[name] for name in KeptPlan.__slots__} | {"state": PlanState(row["state"])})


def _item(row: Any) -> KeptItem:
    return KeptItem(**{name: row[name] for name in KeptItem.__slots__} | {"state": ItemState(row["state"])})


def _items(
    link: Connection, *, plan: str, states: frozenset[ItemState], action: str | None, after: int
) -> list[KeptItem]:
    query = select(PLAN_ITEMS).where(
        PLAN_ITEMS.c.plan == plan,
        PLAN_ITEMS.c.number > after,
        PLAN_ITEMS.c.state.in_([each.value for each in states]),
    )
    if action is not None:
        query = query.where(PLAN_ITEMS.c.action == action)
    return [_item(row) for row in link.execute(query.order_by(PLAN_ITEMS.c.number).limit(_PIECE)).mappings()]
