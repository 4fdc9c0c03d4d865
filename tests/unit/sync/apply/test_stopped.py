"""
What stops a plan on its way, and lets it be gone on with.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from fakes.sync_house import SyncHouse, Watched, record
from webex_connector.icf.errors import AccessRefused, ConnectionFailed, ConnectorError
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.operations import ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.store.errors import StoreFailed
from webex_connector.store.plans import ItemState, KeptPlan, PlanState, PlanTable, Settled
from webex_connector.sync.apply.applying import Applier


class FullDisk(PlanTable):
    """
    A table that takes so many ends of attempts, and then no more.
    """

    left = 1

    async def settle(self, id_: str, settled: Sequence[Settled]) -> None:
        """
        Keep how attempts ended. Raises StoreFailed when there is no room.
        """
        if not self.left:
            raise StoreFailed("the disk is full")
        self.left -= 1
        await super().settle(id_, settled)


def refused(problem: ConnectorError) -> Callable[..., Awaitable[list[ChangeOutcome]]]:
    """
    Return a way to make changes by which none is made.
    """

    async def many(_class: str, changes: Sequence[ChangeRequest], _options: OperationOptions) -> list[ChangeOutcome]:
        return [ChangeOutcome(Fate.REFUSED, error=problem) for _ in changes]

    return many


class Broken:
    """
    A search that breaks off at once.
    """

    def __init__(self, *_: object) -> None:
        pass

    def __aiter__(self) -> "Broken":
        return self

    async def __anext__(self) -> Sequence[ConnectorObject]:
        raise ConnectionFailed("nobody answers")


async def approved(house: SyncHouse) -> KeptPlan:
    """
    Approve a plan that makes three people.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo"), record("3", "Cem")]
    plan = await house.plan()
    await house.engine.approve(plan.id, plan.fingerprint or "", "anna")
    return replace(plan, state=PlanState.APPROVED)


async def whole(house: SyncHouse, plan: KeptPlan) -> None:
    """
    Go on with the plan. Raises AssertionError unless everybody is there, once, and linked.
    """
    assert await house.apply(plan) is PlanState.APPLIED
    assert sorted(str(row["displayName"]) for row in house.people.values()) == ["Ana", "Bo", "Cem"]
    assert (await house.links()).keys() == {"1", "2", "3"}
    assert await house.items(await house.plan()) == []


async def test_a_full_disk_stops_it(house: SyncHouse) -> None:
    """
    What was written and could not be kept is found when there is room again, and made no second time.
    """
    plan = await approved(house)
    full = replace(house.tables, plans=FullDisk(house.tables.plans._database, house.clock))
    with pytest.raises(StoreFailed):
        await Applier(house.mapping, house.facade, full, house.permits, house.clock).apply(
            plan.id, plan.fingerprint or "", Watched()
        )
    assert len(house.people) == 3
    assert await house.links() == {}
    await whole(house, plan)


async def test_a_token_that_is_withdrawn_stops_it(house: SyncHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The rest of the batch is not tried; nothing is given up, and nobody waits once the token is back.
    """
    plan = await approved(house)
    with monkeypatch.context() as patched:
        patched.setattr(house.facade, "apply_many", refused(AccessRefused("the token was withdrawn")))
        with pytest.raises(AccessRefused):
            await house.apply(plan)
    assert await house.tables.plans.counts(plan.id) == {ItemState.WAITING: 3}
    began = house.clock.monotonic()
    await whole(house, plan)
    assert house.clock.monotonic() - began < 1


async def test_a_target_that_is_down_is_tried_again(house: SyncHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Five times at most, with longer and longer pauses; then somebody has to look, and replaying does the rest.
    """
    plan = await approved(house)
    with monkeypatch.context() as patched:
        patched.setattr(house.facade, "apply_many", refused(ConnectionFailed("nobody answers")))
        patched.setattr(house.facade, "search", Broken)
        assert await house.apply(plan) is PlanState.APPLIED
    assert await house.tables.plans.counts(plan.id) == {ItemState.DEAD: 3}
    applier = Applier(house.mapping, house.facade, house.tables, house.permits, house.clock)
    assert await applier.replay(plan.id, [1, 2, 3]) == 3
    await whole(house, plan)
