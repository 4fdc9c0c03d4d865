"""
Reading, finding and deleting people: what comes back, and which requests it took.
"""

from dataclasses import replace

import pytest

from fakes.hub import OPTIONS, Hub, asked, found, running_hub
from fakes.hub_subjects import group_id, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.errors import InvalidAttributeValue, PermissionDenied, UnknownUid
from webex_connector.icf.filters import EVERYTHING, Compare, Filter, Operator, Or, equals
from webex_connector.icf.options import OperationOptions
from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.catalogue import LOCATIONS
from webex_connector.sandbox.grants import AccessToken
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import FULL_ADMIN
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE
from webex_connector.webex.ids import uuid_of

LIST, READ, WALK, DELETE = "GET /people", "GET /people/{id}", "GET /groups", "DELETE /people/{id}"
NOBODY = rendering.person_id("3e7a9c15-b04d-4f68-82d1-0000000000ff")


def _wanting(*attributes: str) -> OperationOptions:
    return replace(OPTIONS, attributes_to_get=attributes)


def _emails(hub: Hub) -> list[str]:
    return [person.email for _, person in hub.sandbox.world.people()]


async def test_a_person_is_read_in_one_request(hub: Hub) -> None:
    """
    With every attribute that Webex has and the person has, under our names.
    """
    account = await hub.facade.get(names.ACCOUNT, person_id(hub, ADMIN), OPTIONS)

    assert [READ] == asked(hub)
    assert (person_id(hub, ADMIN), ADMIN) == (account.uid, account.name)
    assert {
        "emails": (ADMIN,),
        "userName": (ADMIN,),
        "displayName": ("Ada Admin",),
        "firstName": ("Ada",),
        "lastName": ("Admin",),
        "nickName": ("Ada",),
        "title": ("Collaboration Administrator",),
        "department": ("IT",),
        "roles": (rendering.role_id(FULL_ADMIN),),
        "siteUrls": (catalogue.SITE,),
        "timezone": ("America/Los_Angeles",),
        "type": ("person",),
        "status": ("active",),
        "invitePending": (False,),
        names.ENABLE: (True,),
        "created": ("2023-01-03T00:00:00.000Z",),
    }.items() <= account.attributes.items()
    assert "groups" not in account.attributes


async def test_calling_data_comes_when_a_person_is_read(clock: VirtualClock) -> None:
    """
    Extension, location and work numbers are in a single read, and in a list only when asked for.
    """
    async with running_hub(clock, people=60) as hub:
        caller = next(person for _, person in hub.sandbox.world.people() if person.extension and person.phones)
        node = equals("emails", caller.email)
        alone = await hub.facade.get(names.ACCOUNT, rendering.person_id(caller.uuid), OPTIONS)
        (listed,) = await found(hub, names.ACCOUNT, node)
        (asked_for,) = await found(hub, names.ACCOUNT, node, "extension", "locationId", "phoneNumbers")

    assert ((caller.extension,), ()) == (alone.values("extension"), listed.values("extension"))
    assert alone.values("locationId") == asked_for.values("locationId") != ()
    assert alone.values("phoneNumbers") == asked_for.values("phoneNumbers") != ()


async def test_the_groups_of_a_person_cost_one_walk(hub: Hub) -> None:
    """
    They come only when somebody asks for them.
    """
    world = hub.sandbox.world
    person = world.person_at(ADMIN)
    assert person is not None
    expected = {rendering.group_id(world, group) for group in world.groups.values() if person.uuid in group.members}

    account = await hub.facade.get(names.ACCOUNT, person_id(hub, ADMIN), _wanting("groups"))

    assert [READ, WALK] == asked(hub)
    assert expected == set(account.values("groups")) != set()


@pytest.mark.parametrize("uid", [NOBODY, "nobody", "me", "..", "a/b"])
async def test_a_read_of_nobody_is_told(uid: str, hub: Hub) -> None:
    """
    Unknown, malformed, or a word with a meaning of its own in Webex's paths: even to an administrator in person.
    """
    with pytest.raises(UnknownUid):
        await hub.facade.get(names.ACCOUNT, uid, OPTIONS)


async def test_the_owner_of_the_token_is_nobody_by_another_name(clock: VirtualClock) -> None:
    """
    `me` is a person to Webex when the token belongs to one; no delete may mean them by accident.
    """
    async with running_hub(clock, authenticationMethod="TOKEN", authToken="sandbox-admin-token") as hub:
        with pytest.raises(UnknownUid):
            await hub.facade.delete(names.ACCOUNT, "me", OPTIONS)
        assert ADMIN in _emails(hub)


async def test_two_and_a_half_thousand_people_are_three_requests(clock: VirtualClock) -> None:
    """
    A thousand on a page; with their groups, one walk more, however many people there are.
    """
    async with running_hub(clock, people=2500) as hub:
        listed = await found(hub, names.ACCOUNT, EVERYTHING)
        assert [LIST] * 3 == asked(hub)
        assert _emails(hub) == [each.name for each in listed]

        hub.sandbox.trace.clear()
        with_groups = await found(hub, names.ACCOUNT, EVERYTHING, "groups")
        world = hub.sandbox.world
        beyond = sum(-(-len(group.members) // 500) - 1 for group in world.groups.values() if group.members)
        assert {LIST, WALK, "GET /groups/{id}/members"} == set(asked(hub))
        assert (3, 1, beyond) == tuple(asked(hub).count(each) for each in (LIST, WALK, "GET /groups/{id}/members"))
        members = sum(len(group.members) for group in world.groups.values())
        assert members == sum(len(each.values("groups")) for each in with_groups)


async def test_presence_is_asked_for_only_when_somebody_wants_it(hub: Hub) -> None:
    """
    Leaving it out is faster for Webex.
    """
    await found(hub, names.ACCOUNT, EVERYTHING, "emails")
    assert "excludeStatus=true" in hub.sandbox.trace.requests(template="/people")[-1].query
    (ada, *_) = await found(hub, names.ACCOUNT, EVERYTHING, "status")
    assert ("active",) == ada.values("status")


@pytest.mark.parametrize(
    ("node", "query", "expected"),
    [
        (equals("emails", SAMPLE.upper()), "email=", [SAMPLE]),
        (equals(names.NAME, SAMPLE), "email=", [SAMPLE]),
        (equals("emails", "nobody@acme.example"), "email=", []),
        (equals("displayName", "john doe"), "displayName=", [SAMPLE]),
        (Compare("displayName", Operator.STARTS_WITH, "JOHN D"), "displayName=", [SAMPLE]),
        (equals("roles", "roleId"), "max=", []),
        (equals("locationId", "locationId"), "max=", []),
        (Compare("lastName", Operator.ENDS_WITH, "oe"), "max=", [SAMPLE]),
    ],
)
async def test_webex_finds_what_it_can(node: Filter, query: str, expected: list[str], hub: Hub) -> None:
    """
    The condition travels in the query; what Webex cannot find is found in the whole list.
    """
    brought = await found(hub, names.ACCOUNT, node)
    assert expected == [each.name for each in brought]
    assert query in hub.sandbox.trace.requests(template="/people")[-1].query


async def test_people_are_found_by_role_and_by_location(clock: VirtualClock) -> None:
    """
    In one request each where one page holds them.
    """
    async with running_hub(clock, people=60) as hub:
        people = [person for _, person in hub.sandbox.world.people()]
        admins = await found(hub, names.ACCOUNT, equals("roles", rendering.role_id(FULL_ADMIN)))
        berlin = LOCATIONS[1].uuid
        there = await found(hub, names.ACCOUNT, equals("locationId", rendering.location_id(berlin)))

        assert [LIST, LIST] == asked(hub)
        assert [person.email for person in people if FULL_ADMIN in person.roles] == [each.name for each in admins]
        assert [person.email for person in people if person.location_uuid == berlin] == [each.name for each in there]


async def test_several_uids_are_read_one_by_one(hub: Hub) -> None:
    """
    Whoever is not there is not in the result.
    """
    uids = (person_id(hub, SAMPLE), NOBODY, person_id(hub, ADMIN))
    brought = await found(hub, names.ACCOUNT, Or(tuple(equals(names.UID, uid) for uid in uids)))
    assert [SAMPLE, ADMIN] == [each.name for each in brought]
    assert [READ] * 3 == asked(hub)


async def test_one_person_by_two_spellings_of_the_uid_is_found_once(hub: Hub) -> None:
    """
    Webex takes the bare UUID in the place of an id, and answers with the id both times.
    """
    uid = person_id(hub, SAMPLE)
    spellings = Or((equals(names.UID, uid), equals(names.UID, uuid_of(uid))))

    assert [uid] == [each.uid for each in await found(hub, names.ACCOUNT, spellings)]


async def test_a_text_that_webex_finds_too_short_is_looked_for_in_the_list(hub: Hub) -> None:
    """
    The caller sees no difference.
    """
    hub.sandbox.quirks = Quirks(display_name_minimum=3)
    node = Compare("displayName", Operator.STARTS_WITH, "Jo")
    expected = [person.email for _, person in hub.sandbox.world.people() if person.display_name.startswith("Jo")]
    assert expected == [each.name for each in await found(hub, names.ACCOUNT, node)]
    assert [LIST, LIST] == asked(hub)


@pytest.mark.parametrize("node", [EVERYTHING, equals("emails", SAMPLE), equals("displayName", "John Doe")])
async def test_a_list_that_may_not_be_read_is_no_empty_list(node: Filter, clock: VirtualClock) -> None:
    """
    The error names the request and the tracking id.
    """
    async with running_hub(clock, authenticationMethod="TOKEN", authToken="poor") as hub:
        hub.sandbox.world.grants.grant(AccessToken("poor", "service-app", None, frozenset({"spark-admin:roles_read"})))
        with pytest.raises(PermissionDenied, match="GET /people") as raised:
            await found(hub, names.ACCOUNT, node)
    assert raised.value.tracking_id


async def test_a_person_is_deleted(hub: Hub) -> None:
    """
    Two requests; the result shows who it was, and their groups have forgotten them.
    """
    uid = person_id(hub, SAMPLE)
    result = await hub.facade.delete(names.ACCOUNT, uid, OPTIONS)

    assert [READ, DELETE] == asked(hub)
    assert SAMPLE not in _emails(hub)
    assert (uid, SAMPLE) == (result.uid, result.after.name if result.after else None)
    with pytest.raises(UnknownUid):
        await hub.facade.delete(names.ACCOUNT, uid, OPTIONS)


async def test_the_last_administrator_is_not_deleted(clock: VirtualClock) -> None:
    """
    Webex refuses, and says why.
    """
    async with running_hub(clock, people=5) as hub:
        with pytest.raises(InvalidAttributeValue, match="last full administrator") as raised:
            await hub.facade.delete(names.ACCOUNT, person_id(hub, ADMIN), OPTIONS)
        assert raised.value.tracking_id
        assert ADMIN in _emails(hub)


async def test_a_dry_delete_is_withheld(hub: Hub) -> None:
    """
    It names the request and the person, and nothing is changed; of nobody it says that there is nobody.
    """
    dry, uid = replace(OPTIONS, dry_run=True), person_id(hub, SAMPLE)
    result = await hub.facade.delete(names.ACCOUNT, uid, dry)
    assert ((f"DELETE /people/{uid}",), False) == (result.withheld, result.changed)
    assert (SAMPLE, 0) == (result.before.name if result.before else None, hub.sandbox.world.writes)
    with pytest.raises(UnknownUid):
        await hub.facade.delete(names.ACCOUNT, NOBODY, dry)


@pytest.mark.parametrize(("attribute", "name"), [("displayName", "John Doe"), ("firstName", "John")])
async def test_another_attribute_can_be_the_name(attribute: str, name: str, clock: VirtualClock) -> None:
    """
    People carry it as their name, are found by it and renamed by it; the address is still required.
    """
    async with running_hub(clock, nameAttribute=attribute) as hub:
        (john,) = await found(hub, names.ACCOUNT, equals(names.NAME, name))
        assert (name, (SAMPLE,)) == (john.name, john.values("emails"))

        result = await hub.facade.update(names.ACCOUNT, john.uid, [replaced(names.NAME, "Jon")], OPTIONS)
        assert "Jon" == (result.after.name if result.after else None)

        attributes = {names.NAME: ("Zoë",), "displayName": ("Zoë",), "emails": ("zoe@acme.example",)}
        if attribute == "displayName":
            del attributes["displayName"]
        made = await hub.facade.create(names.ACCOUNT, attributes, OPTIONS)
        assert "Zoë" == (made.after.name if made.after else None)


async def test_a_group_of_nobody_is_not_in_the_walk(hub: Hub) -> None:
    """
    Whoever is in no group has none, which differs from not having looked.
    """
    world = hub.sandbox.world
    for group in world.groups.values():
        group.members.clear()
    people = await found(hub, names.ACCOUNT, EVERYTHING, "groups")
    assert {()} == {each.attributes["groups"] for each in people}
    assert [] == await found(hub, names.ACCOUNT, equals("groups", group_id(hub, "Managers")))
