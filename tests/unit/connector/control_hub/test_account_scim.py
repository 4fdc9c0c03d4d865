"""
Accounts on the SCIM road, against the sandbox.
"""

from collections.abc import AsyncIterator

import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, removed, replaced
from webex_connector.icf.errors import AccessRefused, AlreadyExists, PermissionDenied, UnknownUid
from webex_connector.icf.filters import equals
from webex_connector.icf.options import OperationOptions
from webex_connector.sandbox.grants import PEOPLE_ROAD_SCOPES, Credentials
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE
from webex_connector.webex.ids import encode

ACCOUNT = "__ACCOUNT__"
WITHOUT_SCIM = Credentials(scopes=PEOPLE_ROAD_SCOPES)
NOBODY = encode("PEOPLE", "00000000-0000-4000-8000-000000000000")
BULK = OperationOptions(actor=OPTIONS.actor, lane=OPTIONS.lane.BULK)


@pytest.fixture
async def hub(clock: VirtualClock) -> AsyncIterator[Hub]:
    """
    A system whose token may use SCIM, and that may find that out.
    """
    async with running_hub(clock, people=30, road="auto") as hub:
        yield hub


def john(hub: Hub) -> Person:
    """
    Return John Doe as the organisation has him now.
    """
    person = hub.sandbox.world.person_at(SAMPLE)
    assert person is not None
    return person


def uid(hub: Hub) -> str:
    """
    Return his id.
    """
    return encode("PEOPLE", john(hub).uuid)


async def test_the_road_is_found_out_once_and_told(hub: Hub) -> None:
    """
    The test of the connector says that SCIM is the road, and why; a second test asks for it no more.
    """
    report = await hub.facade.test(OPTIONS)
    first = sum("Users" in each for each in asked(hub))
    again = await hub.facade.test(OPTIONS)

    assert ["scim: the token may use SCIM"] == [each.detail for each in report.findings if each.subject == "road"]
    assert report.ok
    assert again.ok
    assert (2, 3) == (first, sum("Users" in each for each in asked(hub)))


async def test_a_change_is_one_request(hub: Hub) -> None:
    """
    A run that needs no answer changes a person by one PATCH, and everything else of the person stays.
    """
    before = john(hub)
    await hub.facade.test(OPTIONS)
    start = len(asked(hub))

    await hub.facade.update(ACCOUNT, uid(hub), [replaced("title", "Lead"), replaced("department", "Labs")], BULK)

    after = john(hub)
    assert 1 == len(asked(hub)) - start
    assert ("Lead", "Labs") == (after.title, after.department)
    assert (before.licenses, before.avatar, before.phones) == (after.licenses, after.avatar, after.phones)


async def test_whoever_waits_gets_the_person_as_they_are(hub: Hub) -> None:
    """
    An interactive change is read back, licences included.
    """
    result = await hub.facade.update(ACCOUNT, uid(hub), [replaced("title", "Lead")], OPTIONS)

    assert result.after is not None
    assert ("Lead",) == result.after.values("title")
    assert len(john(hub).licenses) == len(result.after.values("licenses"))


async def test_disabling_and_enabling(hub: Hub) -> None:
    """
    `__ENABLE__` is SCIM's `active`, and the people API shows the same.
    """
    off, on = (AttributeDelta(names.ENABLE, replace=(value,)) for value in (False, True))

    await hub.facade.update(ACCOUNT, uid(hub), [off], OPTIONS)
    disabled = john(hub).login_enabled
    await hub.facade.update(ACCOUNT, uid(hub), [on], OPTIONS)

    assert (False, True) == (disabled, john(hub).login_enabled)


async def test_what_scim_cannot_do_goes_by_the_people_road(hub: Hub) -> None:
    """
    Title by SCIM, the group by a membership call, the attendee's site by a replacement: all of it is done.
    """
    group = next(iter(hub.sandbox.world.groups.values()))
    group_id = encode("SCIM_GROUP", f"{group.uuid}:{hub.sandbox.world.organization.uuid}")
    deltas = [replaced("title", "Lead"), added("groups", group_id), replaced("manager", "Ida Boss")]

    result = await hub.facade.update(ACCOUNT, uid(hub), deltas, OPTIONS)

    assert () == result.not_applied
    assert ("Lead", "Ida Boss") == (john(hub).title, john(hub).manager)
    assert john(hub).uuid in group.members


async def test_what_only_scim_has_is_written_read_listed_and_found(hub: Hub) -> None:
    """
    An external id given on create can be read back, searched for, changed and cleared.
    """
    made = await hub.facade.create(
        ACCOUNT,
        {"emails": ("new@acme.example",), "displayName": ("New",), "externalId": ("hr-1",), "locale": ("de_DE",)},
        OPTIONS,
    )
    assert made.uid is not None
    wanted = OperationOptions(actor=OPTIONS.actor, attributes_to_get=("externalId", "locale"))
    read = await hub.facade.get(ACCOUNT, made.uid, wanted)
    found = [
        each.uid async for batch in hub.facade.search(ACCOUNT, equals("externalId", "hr-1"), wanted) for each in batch
    ]
    await hub.facade.update(ACCOUNT, made.uid, [replaced("externalId")], OPTIONS)
    cleared = await hub.facade.get(ACCOUNT, made.uid, wanted)

    assert (("hr-1",), ("de_DE",)) == (read.values("externalId"), read.values("locale"))
    assert [made.uid] == found
    assert () == cleared.values("externalId")


async def test_roles_are_added_and_removed_by_themselves(hub: Hub) -> None:
    """
    Granting one role and taking it back leaves the others alone.
    """
    role = encode("ROLE", "id_readonly_admin")

    await hub.facade.update(ACCOUNT, uid(hub), [added("roles", role)], OPTIONS)
    granted = john(hub).roles
    await hub.facade.update(ACCOUNT, uid(hub), [removed("roles", role)], OPTIONS)

    assert (("id_readonly_admin",), ()) == (granted, john(hub).roles)


async def test_a_taken_address_is_refused_with_its_holder(hub: Hub) -> None:
    """
    The uid of whoever has the address is told, and nothing changes.
    """
    before = hub.sandbox.world.writes
    admin = hub.sandbox.world.person_at(ADMIN)
    assert admin is not None

    with pytest.raises(AlreadyExists) as refused:
        await hub.facade.update(ACCOUNT, uid(hub), [replaced("emails", ADMIN)], OPTIONS)

    assert (encode("PEOPLE", admin.uuid), before) == (refused.value.uid, hub.sandbox.world.writes)


async def test_nobody_cannot_be_changed(hub: Hub) -> None:
    """
    An unknown uid is named as such.
    """
    with pytest.raises(UnknownUid):
        await hub.facade.update(ACCOUNT, NOBODY, [replaced("title", "x")], OPTIONS)


async def test_a_dry_run_changes_nothing(hub: Hub) -> None:
    """
    The PATCH is withheld and named.
    """
    before = hub.sandbox.world.writes
    dry = OperationOptions(actor=OPTIONS.actor, dry_run=True)

    result = await hub.facade.update(ACCOUNT, uid(hub), [replaced("title", "x")], dry)

    assert before == hub.sandbox.world.writes
    assert 1 == len(result.withheld)
    assert result.withheld[0].startswith("PATCH")


async def test_without_the_scope_people_is_the_road(clock: VirtualClock) -> None:
    """
    `auto` falls back and says why; what only SCIM has is refused with the scope that is missing; `scim` is refused.
    """
    async with running_hub(clock, people=10, road="auto", credentials=WITHOUT_SCIM) as hub:
        report = await hub.facade.test(OPTIONS)
        await hub.facade.update(ACCOUNT, uid(hub), [replaced("title", "Lead")], OPTIONS)
        with pytest.raises(PermissionDenied, match="identity:people_rw"):
            await hub.facade.update(ACCOUNT, uid(hub), [replaced("externalId", "x")], OPTIONS)
        road = next(each for each in report.findings if each.subject == "road")
        assert (True, "Lead") == (road.detail.startswith("people: "), john(hub).title)
        assert "identity:people_rw" in road.detail
    async with running_hub(clock, people=10, road="scim", credentials=WITHOUT_SCIM) as hub:
        with pytest.raises(AccessRefused, match="identity:people_rw"):
            await hub.facade.update(ACCOUNT, uid(hub), [replaced("title", "Lead")], OPTIONS)
