"""
Inventories: versions, drift, history, and the use of licences.
"""

from collections.abc import Sequence
from datetime import datetime

import pytest

from fakes.memory_connector import person
from fakes.sync_house import SyncHouse
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectionBroken
from webex_connector.store.purging import Purge
from webex_connector.store.snapshots import Snapshot, SnapshotTable
from webex_connector.sync.decide.plan import AttributeChange
from webex_connector.sync.inventory.drift import Drift, drifts
from webex_connector.sync.inventory.license_page import page
from webex_connector.sync.inventory.licenses import license_use
from webex_connector.sync.inventory.taking import take


class Inventories:
    """
    Inventories of the people of a house.
    """

    def __init__(self, house: SyncHouse) -> None:
        self.house = house
        self.table = SnapshotTable(house.tables.plans._database, house.clock, "memory", names.ACCOUNT)

    async def take(self) -> Snapshot:
        """
        Take one, an hour later.
        """
        await self.house.clock.sleep(3600)
        return await take(self.house.facade, names.ACCOUNT, self.table, "anna")

    async def drift(self, before: Snapshot, after: Snapshot) -> list[Drift]:
        """
        Return what is otherwise; Ana was written by us.
        """

        async def writers(uid: str, since: datetime) -> Sequence[str]:
            assert since == before.began
            return ["anna by rest"] if uid == "u1" else []

        return [each async for each in drifts(self.table, before, after, writers)]


@pytest.fixture
def inventories(house: SyncHouse) -> Inventories:
    """
    Inventories of three people.
    """
    house.people.update({f"u{number}": person(number) for number in range(1, 4)})
    return Inventories(house)


async def test_drift_tells_who_is_new_otherwise_and_gone(inventories: Inventories) -> None:
    """
    Attribute by attribute, and by whom; who is as before is not told of.
    """
    people, before = inventories.house.people, await inventories.take()
    people["u1"]["title"] = "Chief"
    people["u4"] = person(4)
    del people["u2"]
    after = await inventories.take()
    assert after.objects == 3
    found = {each.uid: each for each in await inventories.drift(before, after)}
    assert {uid: (each.kind, each.writers) for uid, each in found.items()} == {
        "u1": ("changed", ("anna by rest",)),
        "u2": ("gone", ()),
        "u4": ("new", ()),
    }
    assert found["u1"].changes == (AttributeChange("title", (), ("Chief",)),)


async def test_who_is_as_before_has_one_version(inventories: Inventories) -> None:
    """
    A hundred inventories of an organisation that does not change take the room of one.
    """
    for _ in range(3):
        await inventories.take()
    after, before = await inventories.table.latest()
    assert await inventories.drift(before, after) == []
    (version,) = await inventories.table.history("person1@example.com")
    assert (version.uid, version.until) == ("u1", None)


async def test_history_has_each_version_with_its_time(inventories: Inventories) -> None:
    """
    Somebody who was renamed is known by either address.
    """
    first = await inventories.take()
    inventories.house.people["u1"]["emails"] = ["new@example.com"]
    second = await inventories.take()
    for name in ("u1", "PERSON1@example.com", "new@example.com"):
        versions = await inventories.table.history(name)
        assert [(each.since, each.until) for each in versions] == [(first.began, second.began), (second.began, None)]


async def test_a_look_that_breaks_off_says_of_nobody_that_they_are_gone(inventories: Inventories) -> None:
    """
    The next whole one compares with the last whole one.
    """
    before = await inventories.take()
    inventories.house.connector.traits.batch_size = 1
    inventories.house.connector.traits.failing_batch = 2
    with pytest.raises(ConnectionBroken):
        await inventories.take()
    inventories.house.connector.traits.failing_batch = None
    after = await inventories.take()
    assert [each.id for each in await inventories.table.latest()] == [after.id, before.id]
    assert await inventories.drift(before, after) == []


async def test_old_versions_are_forgotten(inventories: Inventories) -> None:
    """
    The current one stays, however old it is.
    """
    await inventories.take()
    inventories.house.people["u1"]["title"] = "Chief"
    second = await inventories.take()
    purge = Purge(inventories.house.tables.plans._database)
    assert await purge.versions(second.began) == 0
    await inventories.house.clock.sleep(1)
    assert await purge.versions(inventories.house.clock.now()) == 1
    assert len(await inventories.table.history("u1")) == 1


async def test_licences_are_counted_by_their_use(inventories: Inventories) -> None:
    """
    By people who may log in, and by the disabled, whose units cost something. Who is idle this target does not tell.
    """
    house = inventories.house
    house.people["u2"] |= {names.ENABLE: False}
    found = await license_use(house.facade, 30, {"Messaging": 2.5}, house.clock.now(), "anna")
    use = next(each for each in found if each.name == "Messaging")
    assert (use.bought, use.assigned, use.idle, use.disabled, use.free, use.cost) == (100, 3, 0, 1, 97, 2.5)
    shown = "".join(page(found, "memory", 30, house.clock.now()))
    assert 'aria-label="2 used, 1 held by the disabled, 97 free"' in shown
    assert "<script" not in shown
