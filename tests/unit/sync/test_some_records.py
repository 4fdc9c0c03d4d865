"""
Plans about some of the records.
"""

from dataclasses import replace

from fakes.sync_house import SyncHouse, record


async def test_nothing_is_done_about_anybody_else(house: SyncHouse) -> None:
    """
    Both sides are compared whole, and only the record that was named gets its object; then it is as it should be.
    """
    house.source.records = [record("1", "Anna"), record("2", "Bo"), record("3", "Cy")]
    house.mapping = replace(house.mapping, only=frozenset({"2"}), target_phase=False)
    plan = await house.synchronize()
    assert ["2"] == [item.source_key for item in await house.items(plan)]
    assert [["bo@example.com"]] == [each["emails"] for each in house.people.values()]
    assert [] == await house.items(await house.plan())
