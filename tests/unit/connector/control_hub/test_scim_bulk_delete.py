"""
Many people deleted by SCIM's bulk: who is there afterwards, what the outcomes say, which requests it took.
"""

from collections import Counter
from collections.abc import AsyncIterator

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_many import applied, delete, error_of, fates, result_of, uids
from fakes.hub_subjects import person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf.errors import (
    InvalidAttributeValue,
)
from webex_connector.icf.operations import Fate
from webex_connector.sandbox import rendering
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer, Reset
from webex_connector.sandbox.scenarios import ADMIN

BULK, LIST = "POST /Bulk", "GET /people"
NOBODY = rendering.person_id("3e7a9c15-b04d-4f68-82d1-0000000000ff")


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    A system on the SCIM road, in front of 250 people; the road is known.
    """
    async with running_hub(clock, people=250, road="scim") as hub:
        await hub.facade.test(OPTIONS)
        yield hub


async def test_a_hundred_people_are_deleted_in_a_request(hub: Hub) -> None:
    """
    All but two of 250 take three requests; who was gone already is gone.
    """
    everybody = uids(hub)
    outcomes = await applied(hub, [*(delete(uid) for uid in everybody), delete(NOBODY)])

    assert {BULK: 3} == Counter(asked(hub))
    assert [*everybody, NOBODY] == [result_of(each).uid for each in outcomes]
    assert [True] * 248 + [False] == [result_of(each).changed for each in outcomes]
    assert 2 == hub.sandbox.world.people_count


async def test_lost_deletions_are_looked_at_in_batches(hub: Hub) -> None:
    """
    The answer is lost: a request for each 85 people tells that they are gone.
    """
    hub.sandbox.faults.add(Fault(LoseAnswer(), to=BULK))
    outcomes = await applied(hub, [delete(uid) for uid in uids(hub)[:100]])

    assert {BULK: 1, LIST: 2} == Counter(asked(hub))
    assert ([Fate.DONE] * 100, 150) == (fates(outcomes), hub.sandbox.world.people_count)


async def test_deletions_that_did_not_arrive_are_sent_again(hub: Hub) -> None:
    """
    Everybody was seen to be there.
    """
    hub.sandbox.faults.add(Fault(Reset(), to=BULK, times=2))
    outcomes = await applied(hub, [delete(uid) for uid in uids(hub)[:5]])

    assert {BULK: 3, LIST: 2} == Counter(asked(hub))
    assert ([Fate.DONE] * 5, 245) == (fates(outcomes), hub.sandbox.world.people_count)


@pytest.mark.parametrize("blind", [True, False])
async def test_deletions_of_which_nobody_can_tell_are_questions(*, blind: bool, hub: Hub) -> None:
    """
    Looking fails, or the requests never arrive and may still do so.
    """
    hub.sandbox.faults.add(Fault(Reset(), to=BULK, times=1 if blind else 3))
    if blind:
        hub.sandbox.faults.add(Fault(Fail(500), to=LIST))
    outcomes = await applied(hub, [delete(uid) for uid in uids(hub)[:3]])

    assert [Fate.AMBIGUOUS] * 3 == fates(outcomes)
    assert 250 == hub.sandbox.world.people_count


async def test_who_may_not_be_deleted_is_told(clock: VirtualClock) -> None:
    """
    Whom Webex keeps stays, once it was looked; the others are gone.
    """
    async with running_hub(clock, people=5, road="scim") as hub:
        await hub.facade.test(OPTIONS)
        first, *_ = uids(hub)
        outcomes = await applied(hub, [delete(person_id(hub, ADMIN)), delete(first)])

        assert [Fate.REFUSED, Fate.DONE] == fates(outcomes)
        assert isinstance(error_of(outcomes[0]), InvalidAttributeValue)
        assert ({BULK: 1, LIST: 1}, 4) == (Counter(asked(hub)), hub.sandbox.world.people_count)


async def test_a_request_that_was_not_understood_is_sent_again(hub: Hub) -> None:
    """
    Refused as a whole, everybody was seen to be there.
    """
    hub.sandbox.faults.add(Fault(Fail(400), to=BULK))
    outcomes = await applied(hub, [delete(uid) for uid in uids(hub)[:3]])

    assert {BULK: 2, LIST: 1} == Counter(asked(hub))
    assert ([Fate.DONE] * 3, 247) == (fates(outcomes), hub.sandbox.world.people_count)
