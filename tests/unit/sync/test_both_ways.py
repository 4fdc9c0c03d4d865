"""
Two mappings in opposite directions that share their links.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from fakes.sync_house import SyncHouse, people, record
from fakes.virtual_time import VirtualClock
from webex_connector.store.engine import in_memory
from webex_connector.store.tables import METADATA
from webex_connector.sync.decide.definition import SituationPolicy
from webex_connector.sync.decide.situation import Action, Situation

GONE = SituationPolicy(Situation.SOURCE_MISSING, Action.DELETE)


@pytest.fixture
def houses(tmp_path: Path, clock: VirtualClock) -> tuple[SyncHouse, SyncHouse]:
    """
    The first one's target is the second one's source, and the other way round; both use one store.
    """
    database = in_memory()
    database.write_now(METADATA.create_all)
    there, back = SyncHouse(database, tmp_path, clock), SyncHouse(database, tmp_path, clock)
    back.mapping = replace(people(GONE, allow_empty_source=True), name="back", links="people", links_turned=True)
    return there, back


async def test_whoever_was_linked_one_way_is_known_the_other_way(houses: tuple[SyncHouse, SyncHouse]) -> None:
    """
    Even if nothing but the link says that both are the same person.
    """
    there, back = houses
    there.source.records = [record("1", "Ana")]
    await there.synchronize()
    (uid,) = there.people
    back.people["1"] = {"displayName": "Ana", "emails": ["another@example.com"], "licenses": []}
    back.source.records = [record(uid, "Anna")]
    plan = await back.plan()
    assert [(each.situation, each.source_key, each.target_uid) for each in await back.items(plan)] == [
        (Situation.CONFIRMED, uid, "1")
    ]


async def test_whoever_is_made_one_way_is_known_the_other_way(houses: tuple[SyncHouse, SyncHouse]) -> None:
    """
    Nobody is made twice because both directions are synchronized.
    """
    there, back = houses
    back.source.records = [record("u9", "Bo")]
    await back.synchronize()
    (key,) = back.people
    there.people["u9"] = {"displayName": "Bo", "emails": ["bo@example.com"], "licenses": ["L1"]}
    there.source.records = [record(key, "Bo")]
    assert await there.items(await there.plan()) == []
    assert await there.links() == {key: "u9"}


async def test_whoever_is_deleted_one_way_is_linked_no_more(houses: tuple[SyncHouse, SyncHouse]) -> None:
    """
    The link of both directions dies with the object.
    """
    there, back = houses
    there.source.records = [record("1", "Ana"), record("2", "Bo")]
    await there.synchronize()
    for key, name in (("1", "ana"), ("2", "bo")):
        back.people[key] = {"displayName": name.title(), "emails": [f"{name}@example.com"], "licenses": ["L1"]}
    links = await there.links()
    back.source.records = [record(links["2"], "Bo")]
    await back.apply(await back.plan(), delete=1)
    assert (list(back.people), await there.links()) == (["2"], {"2": links["2"]})
