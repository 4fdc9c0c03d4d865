"""
A process dies while it applies a plan, at every point; another one goes on.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from fakes.sync_house import Allowing, SyncHouse, Watched, people, record
from webex_connector.icf.operations import ChangeOutcome, ChangeRequest
from webex_connector.icf.options import OperationOptions
from webex_connector.store.plans import KeptItem, PlanState, PlanTable, Settled
from webex_connector.sync.apply.applying import Applier
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.situation import Action, Situation


class Killed(BaseException):
    """
    The process is gone; nobody catches that.
    """


class Countdown:
    """
    Dies at the n-th point that is passed.
    """

    def __init__(self, at: int) -> None:
        self.left = at

    def point(self) -> None:
        """
        Pass a point. Raises Killed at the last one.
        """
        self.left -= 1
        if self.left == 0:
            raise Killed


class MortalPlans(PlanTable):
    """
    A table whose process may die before and after each statement.
    """

    countdown: Countdown

    async def take(self, id_: str, most: int, rank: int | None = None) -> list[KeptItem]:
        """
        Take items, in mortal danger.
        """
        self.countdown.point()
        taken = await super().take(id_, most, rank)
        self.countdown.point()
        return taken

    async def settle(self, id_: str, settled: Sequence[Settled]) -> None:
        """
        Settle items, in mortal danger.
        """
        self.countdown.point()
        await super().settle(id_, settled)
        self.countdown.point()


class MortalTarget:
    """
    A target whose caller may die before the first, between any two, and after the last of many writes.
    """

    def __init__(self, house: SyncHouse, countdown: Countdown) -> None:
        self._house, self._countdown = house, countdown
        self.system, self.schema = house.facade.system, house.facade.schema
        self.search, self.create, self.update = house.facade.search, house.facade.create, house.facade.update

    async def apply_many(
        self, object_class: str, changes: Sequence[ChangeRequest], options: OperationOptions
    ) -> list[ChangeOutcome]:
        """
        Make the changes one after the other.
        """
        outcomes = []
        for change in changes:
            self._countdown.point()
            outcomes += await self._house.facade.apply_many(object_class, [change], options)
        self._countdown.point()
        return outcomes


def prepare(house: SyncHouse) -> None:
    """
    Prepare joiners of two ranks, a mover, and a leaver who is deleted.
    """
    house.mapping = people(SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE))
    house.source.records = [
        record("1", "Ana", title="Boss"),
        record("3", "Cem", boss="1"),
        record("4", "Dora", boss="3"),
        record("5", "Emil", boss="4"),
    ]


async def begun(house: SyncHouse) -> None:
    """
    Have two people there, one of whom leaves.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo")]
    await house.synchronize()
    prepare(house)


def seen(house: SyncHouse) -> list[tuple[object, ...]]:
    """
    Return the target as people see it: managers by name.
    """
    names = {uid: row["displayName"] for uid, row in house.people.items()}
    return sorted(
        (str(row["displayName"]), row.get("title"), names.get(str(row.get("managerId"))))
        for row in house.people.values()
    )


EXPECTED = [("Ana", "Boss", None), ("Cem", None, "Ana"), ("Dora", None, "Cem"), ("Emil", None, "Dora")]
POINTS = 38


@pytest.mark.parametrize("at", range(1, POINTS + 1))
async def test_whoever_goes_on_ends_in_the_same_world(house: SyncHouse, at: int) -> None:
    """
    Wherever the process dies, going on makes nobody twice, forgets nobody, and the next plan is empty.
    """
    await begun(house)
    made = house.connector.traffic.calls["rows made"]
    plan = await house.plan()
    await house.engine.approve(plan.id, plan.fingerprint or "", "anna")
    plans = MortalPlans(house.tables.plans._database, house.clock)
    plans.countdown = Countdown(at)
    mortal = MortalTarget(house, plans.countdown)
    applier = Applier(house.mapping, mortal, replace(house.tables, plans=plans), Allowing(), house.clock)  # type: ignore[arg-type]  # what it does not do is not asked of it
    with pytest.raises(Killed):
        await applier.apply(plan.id, plan.fingerprint or "", Watched())

    again = Applier(house.mapping, house.facade, house.tables, house.permits, house.clock)
    assert await again.apply(plan.id, plan.fingerprint or "", Watched()) is PlanState.APPLIED
    assert (seen(house), house.connector.traffic.calls["rows made"] - made) == (EXPECTED, 3)
    after = await house.plan()
    assert await house.items(after) == []


async def test_every_point_was_tried(house: SyncHouse) -> None:
    """
    With one point more than the list above has, nobody dies: the list misses none.
    """
    await begun(house)
    plan = await house.plan()
    await house.engine.approve(plan.id, plan.fingerprint or "", "anna")
    plans = MortalPlans(house.tables.plans._database, house.clock)
    plans.countdown = Countdown(POINTS + 1)
    mortal = MortalTarget(house, plans.countdown)
    applier = Applier(house.mapping, mortal, replace(house.tables, plans=plans), Allowing(), house.clock)  # type: ignore[arg-type]  # as above
    assert await applier.apply(plan.id, plan.fingerprint or "", Watched()) is PlanState.APPLIED
    assert plans.countdown.left == 1
