"""
People who were gone and come back.
"""

from datetime import timedelta

import pytest

from fakes.sync_house import SyncHouse, people, record
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.situation import Action, Situation


async def gone(house: SyncHouse) -> tuple[str, dict[str, object]]:
    """
    Have two people there, of whom one leaves and is deleted; return the uid, and who that was.
    """
    house.mapping = people(SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE))
    house.source.records = [record("1", "Ana"), record("2", "Bo")]
    await house.synchronize()
    uid = (await house.links())["2"]
    row = dict(house.people[uid])
    house.source.records = [record("1", "Ana")]
    await house.synchronize()
    assert uid not in house.people
    return uid, row


async def test_who_is_there_again_is_linked_again(house: SyncHouse) -> None:
    """
    Restored by an administrator, disabled and under another address: the same object belongs to the record again, and
    may log in; nobody is made.
    """
    uid, row = await gone(house)
    house.people[uid] = {**row, "emails": ["bo.old@example.com"], names.ENABLE: False}
    house.source.records = [record("1", "Ana"), record("2", "Bo")]
    await house.synchronize()
    assert (house.people[uid]["emails"], house.people[uid][names.ENABLE]) == (["bo@example.com"], True)
    assert (len(house.people), (await house.links())["2"]) == (2, uid)
    assert await house.items(await house.plan()) == []


async def test_an_object_alone_revives_nothing(house: SyncHouse) -> None:
    """
    Without its record, who is there again belongs to nobody: that is told, and nobody is deleted once more.
    """
    uid, row = await gone(house)
    house.people[uid] = row
    (item,) = await house.items(await house.synchronize())
    assert (item.situation, item.action) == (Situation.UNASSIGNED, Action.REPORT)
    assert uid in house.people


async def test_after_thirty_days_nobody_is_remembered(house: SyncHouse, clock: VirtualClock) -> None:
    """
    The dead link is forgotten, and the rules of correlation decide.
    """
    uid, row = await gone(house)
    await clock.sleep(timedelta(days=31).total_seconds())
    house.people[uid] = {**row, "emails": ["bo.old@example.com"]}
    house.source.records = [record("1", "Ana"), record("2", "Bo")]
    await house.synchronize()
    assert (await house.links())["2"] != uid
    assert [each async for each in house.tables.links.all("people", dead=True)] == []


@pytest.mark.parametrize("again", ["3", "2"])
async def test_a_new_person_gets_an_object_of_their_own(house: SyncHouse, again: str) -> None:
    """
    Whoever has a new key, or comes back while the object stays gone, is made.
    """
    uid, _ = await gone(house)
    house.source.records = [record("1", "Ana"), record(again, "Bo")]
    await house.synchronize()
    assert (await house.links())[again] not in {uid, None}
    assert len(house.people) == 2
