"""
The whole story of one record.
"""

from fakes.sync_house import PlainRules, SyncHouse, record
from webex_connector.store.plans import ItemState
from webex_connector.sync.decide.plan import AttributeChange
from webex_connector.sync.decide.situation import Action, Situation
from webex_connector.sync.ends import Ends
from webex_connector.sync.explaining import Story, stories_of


async def story(house: SyncHouse, person: str) -> Story:
    """
    Return the one story of somebody.
    """
    ends = Ends(house.mapping, house.source, house.facade, PlainRules("L1"))
    (found,) = await stories_of(ends, house.tables, person, "anna", house.clock.now())
    return found


async def test_a_story_goes_from_the_record_to_what_was_done(house: SyncHouse) -> None:
    """
    Found by any value, in any case: the record, its object, what would be done now and what was done before.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo")]
    plan = await house.synchronize()
    house.source.records[1] = record("2", "Bo", title="Chief")
    found = await story(house, "BO@example.com")
    assert found.record == house.source.records[1]
    assert found.pair.target is not None
    assert (found.pair.situation, found.pair.target.name) == (Situation.CONFIRMED, "bo@example.com")
    assert (found.item.action, found.item.changes) == (Action.UPDATE, (AttributeChange("title", (), ("Chief",)),))
    assert [(id_, kept.state) for id_, kept in found.history] == [(plan.id, ItemState.DONE)]


async def test_a_story_without_a_record_still_tells_what_was_done(house: SyncHouse) -> None:
    """
    Whoever is gone from the source is known by key.
    """
    house.source.records = [record("1", "Ana"), record("2", "Bo")]
    await house.synchronize()
    house.source.records.pop()
    found = await story(house, "2")
    assert (found.record, found.pair.situation, len(found.history)) == (None, Situation.SOURCE_MISSING, 1)


async def test_asking_changes_nothing(house: SyncHouse) -> None:
    """
    No write, no plan, no link.
    """
    house.source.records = [record("1", "Ana")]
    found = await story(house, "ana")
    assert (found.item.action, found.history) == (Action.CREATE, [])
    assert (house.people, house.journal.entries, await house.links(), await house.tables.plans.plans()) == (
        {},
        [],
        {},
        [],
    )
