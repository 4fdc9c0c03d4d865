"""
What the connector sends, held against what Cisco publishes of it.

Webex OpenAPI specifications, Cisco Systems, https://github.com/webex/webex-openapi-specs, CC BY 4.0.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from fakes.hub import OPTIONS, Hub, found
from fakes.hub_subjects import WITH_TEAMS, group_id, license_id, subject_of
from fakes.published import Exchange, Published
from fakes.virtual_time import VirtualClock
from fakes.watched_hub import watched_hub
from fakes.witness import complaints
from webex_connector.icf import names
from webex_connector.icf.attributes import added, removed, replaced
from webex_connector.icf.contract.checks import concerning
from webex_connector.icf.filters import EVERYTHING, Compare, Operator, equals
from webex_connector.icf.operations import Change, ChangeRequest, Fate
from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import SAMPLE

pytestmark = pytest.mark.long

_PUBLISHED = Published()

_SYSTEMS: Mapping[str, Mapping[str, Any]] = {
    "people": {"road": "people"},
    "scim": {"road": "scim"},
    "teams": WITH_TEAMS,
    "locations": {"objectClasses": ["LOCATIONS"]},
}
_CLASSES = [
    ("people", names.ACCOUNT),
    ("people", names.GROUP),
    ("people", "ROLES"),
    ("people", "LICENSES"),
    ("scim", names.ACCOUNT),
    ("teams", "TEAMS"),
]


@pytest.mark.parametrize(("system", "object_class"), _CLASSES)
async def test_the_contract_is_kept_in_published_words(system: str, object_class: str, clock: VirtualClock) -> None:
    """
    Whatever the contract checks make the connector do, its requests are published ones, and the answers to them too.
    """
    heard: list[Exchange] = []
    async with watched_hub(clock, heard, **_SYSTEMS[system]) as hub:
        checks = concerning(subject_of(object_class, hub).operations)
    for check in checks:
        async with watched_hub(clock, heard, quirks=Quirks(duplicate_groups=False), **_SYSTEMS[system]) as hub:
            await check.run(subject_of(object_class, hub))

    assert len(heard) > len(checks)
    assert [] == list(complaints(heard, _PUBLISHED))


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_the_life_of_an_account(road: str, clock: VirtualClock) -> None:
    """
    Made with licences and a group, searched for, changed in every section, disabled, enabled and deleted.
    """
    heard: list[Exchange] = []
    async with watched_hub(clock, heard, people=20, road=road) as hub:
        await hub.facade.test(OPTIONS)
        uid = await _made(hub, names.ACCOUNT)
        for delta in (
            replaced("displayName", "Zoë"),
            replaced("managerId"),
            replaced("addresses", {"type": "work", "country": "CH", "locality": "Basel"}),
            removed("licenses", license_id(hub, catalogue.MESSAGING)),
            added("licenses", license_id(hub, catalogue.CALL_ON_WEBEX)),
            removed("groups", group_id(hub, "Newly founded")),
            replaced(names.ENABLE, False),  # noqa: FBT003  # the value of an attribute
            replaced(names.ENABLE, True),  # noqa: FBT003  # the same
        ):
            await hub.facade.update(names.ACCOUNT, uid, [delta], OPTIONS)
        for node in (
            equals("emails", SAMPLE),
            Compare("displayName", Operator.STARTS_WITH, "J"),
            equals("department", "Research"),
            EVERYTHING,
        ):
            await found(hub, names.ACCOUNT, node)
        await found(hub, names.ACCOUNT, EVERYTHING, "groups", "licenses")
        await hub.facade.delete(names.ACCOUNT, uid, OPTIONS)

    assert {"POST", "GET", "PATCH", "DELETE"} <= {exchange.method for exchange in heard}
    assert [] == list(complaints(heard, _PUBLISHED))


async def test_telephone_numbers_are_sent_back(clock: VirtualClock) -> None:
    """
    A full replace of somebody with a number of Webex Calling keeps it, and which number is the first.
    """
    heard: list[Exchange] = []
    async with watched_hub(clock, heard, people=40, road="people") as hub:
        person = next(each for _, each in hub.sandbox.world.people() if any(phone.primary for phone in each.phones))
        uid = rendering.person_id(person.uuid)
        await hub.facade.update(names.ACCOUNT, uid, [replaced("title", "CFO")], OPTIONS)
        after = hub.sandbox.world.person(person.uuid)

    assert after is not None
    assert (person.phones, "CFO") == (after.phones, after.title)
    assert [] == list(complaints(heard, _PUBLISHED))


async def test_many_accounts_at_once(clock: VirtualClock) -> None:
    """
    Created, changed, disabled and deleted by bulk.
    """
    heard: list[Exchange] = []
    async with watched_hub(clock, heard, people=20, road="scim") as hub:
        await hub.facade.test(OPTIONS)
        fresh = [subject_of(names.ACCOUNT, hub).described() for _ in range(3)]
        creations = [
            ChangeRequest(Change.CREATE, attributes={**each, "emails": (f"new{n}@acme.example",)})
            for n, each in enumerate(fresh)
        ]
        made = await hub.facade.apply_many(names.ACCOUNT, creations, OPTIONS)
        uids = [str(outcome.result.uid) for outcome in made if outcome.result]
        for delta in (replaced("title", "Lead"), replaced(names.ENABLE, False)):  # noqa: FBT003  # an attribute's value
            changes = [ChangeRequest(Change.UPDATE, uid, deltas=(delta,)) for uid in uids]
            await hub.facade.apply_many(names.ACCOUNT, changes, OPTIONS)
        gone = [ChangeRequest(Change.DELETE, uid) for uid in uids]
        outcomes = await hub.facade.apply_many(names.ACCOUNT, gone, OPTIONS)

    assert {Fate.DONE} == {outcome.fate for outcome in (*made, *outcomes)}
    assert any(exchange.path.endswith("/Bulk") for exchange in heard)
    assert [] == list(complaints(heard, _PUBLISHED))


async def test_locations_and_pages(clock: VirtualClock) -> None:
    """
    Locations are listed and found; a listing of people goes on from link to link.
    """
    heard: list[Exchange] = []
    async with watched_hub(clock, heard, people=20, quirks=Quirks(people_page_cap=7), **_SYSTEMS["locations"]) as hub:
        await found(hub, "LOCATIONS", Compare("name", Operator.CONTAINS, "er"))
        assert len(await found(hub, names.ACCOUNT, EVERYTHING)) == hub.sandbox.world.people_count

    assert any(exchange.link for exchange in heard)
    assert [] == list(complaints(heard, _PUBLISHED))


async def _made(hub: Hub, object_class: str) -> str:
    result = await hub.facade.create(object_class, subject_of(object_class, hub).described(), OPTIONS)
    return str(result.uid)
