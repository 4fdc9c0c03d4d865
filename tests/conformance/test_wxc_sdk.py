"""
The sandbox seen by an independent client, whose models were written from Cisco's definitions by somebody else.

wxc-sdk: https://github.com/jeokrohn/wxc_sdk
"""

from collections.abc import AsyncIterator
from typing import TypeVar

import pytest
from wxc_sdk.as_api import AsWebexSimpleApi
from wxc_sdk.as_rest import AsRestError, AsRestSession
from wxc_sdk.groups import Group, GroupMember
from wxc_sdk.licenses import (
    LicenseProperties,
    LicenseRequest,
    LicenseRequestOperation,
    SiteAccountType,
    SiteUrlsRequest,
)
from wxc_sdk.people import PeopleStatus, Person

from fakes.virtual_time import VirtualClock
from webex_connector.sandbox import catalogue, rendering, scenarios
from webex_connector.sandbox.limits import FixedWindow
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.sandbox import Sandbox

T = TypeVar("T")


@pytest.fixture
def sandbox(clock: VirtualClock) -> Sandbox:
    """
    An organisation large enough for several pages of everything.
    """
    return Sandbox(people=1100, clock=clock)


@pytest.fixture
async def webex(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsWebexSimpleApi]:
    """
    The foreign client, pointed at the sandbox.
    """
    async with sandbox.serving() as address:
        monkeypatch.setattr(AsRestSession, "BASE", f"{address}/v1")
        async with AsWebexSimpleApi(tokens=sandbox.credentials.access_token) as client:
            yield client


def _sure(value: T | None) -> T:
    assert value is not None
    return value


def _license(sandbox: Sandbox, key: str) -> str:
    return rendering.license_id(sandbox.world, key)


async def test_people_are_listed_to_the_last(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    The client's paging finds everybody once, in both sizes of page.
    """
    expected = [person.email for _, person in sandbox.world.people()]

    plain = await webex.people.list()
    calling = await webex.people.list(calling_data=True, max=1000)

    assert expected == [_sure(person.emails)[0] for person in plain]
    assert expected == [_sure(person.emails)[0] for person in calling]
    pages = len(sandbox.trace.requests(template="/people"))
    assert 11 + 11 == pages
    assert all(person.location_id for person in calling if person.extension)


async def test_people_are_understood(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    Every field the sandbox shows is known to the client's model, with the same value.
    """
    for person in (await webex.people.list(calling_data=True))[:200]:
        known = _sure(sandbox.world.person_at(_sure(person.emails)[0]))
        assert known.uuid == person.person_id_uuid
        assert (known.display_name, known.login_enabled, known.invite_pending) == (
            person.display_name,
            person.login_enabled,
            person.invite_pending,
        )
        assert known.created == int(_sure(person.created).timestamp() * 1000)
        assert known.status == person.status
        assert not person.errors


async def test_search(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    Address, prefix of the name, identifiers and roles narrow a listing.
    """
    by_address = await webex.people.list(email=scenarios.SAMPLE.upper())
    by_name = await webex.people.list(display_name="john d")
    by_id = await webex.people.list(id_list=[_sure(by_address[0].person_id)])
    roles = {role.name: role.id for role in await webex.roles.list()}
    by_role = await webex.people.list(roles=roles["Full Administrator"])

    assert ["John Doe"] == [person.display_name for person in by_address]
    assert by_address[0].person_id == by_id[0].person_id
    assert "John Doe" in {person.display_name for person in by_name}
    assert {True} == {_sure(person.display_name).lower().startswith("john d") for person in by_name}
    assert scenarios.ADMIN in {_sure(person.emails)[0] for person in by_role}


async def test_the_life_of_a_person(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    Created, read, updated and deleted, with the world following at each step.
    """
    made = await webex.people.create(
        Person(emails=["tove.berg@acme.example"], display_name="Tove Berg", first_name="Tove", last_name="Berg"),
    )
    assert (True, False, PeopleStatus.pending) == (made.invite_pending, made.login_enabled, made.status)
    assert ([], []) == (made.licenses, made.roles)

    read = await webex.people.details(_sure(made.person_id))
    assert made == read

    read.department, read.title = "Finance", "Controller"
    read.licenses = [_license(sandbox, catalogue.MESSAGING)]
    changed = await webex.people.update(read)
    assert ("Finance", "Controller") == (changed.department, changed.title)
    known = sandbox.world.person_at("tove.berg@acme.example")
    assert known is not None
    assert catalogue.MESSAGING in known.licenses

    await webex.people.delete_person(_sure(made.person_id))
    assert sandbox.world.person(known.uuid) is None
    assert 3 == sandbox.world.writes


async def test_a_calling_user(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    A person with Calling is made with extension and location, which are shown with calling data.
    """
    place = rendering.location_id(catalogue.LOCATIONS[1].uuid)
    made = await webex.people.create(
        Person(
            emails=["tove.berg@acme.example"],
            display_name="Tove Berg",
            extension="4711",
            location_id=place,
            licenses=[_license(sandbox, catalogue.CALLING_PROFESSIONAL)],
        ),
        calling_data=True,
    )

    assert ("4711", place) == (made.extension, made.location_id)


async def test_me(webex: AsWebexSimpleApi) -> None:
    """
    The token's person is the administrator.
    """
    assert [scenarios.ADMIN] == (await webex.people.me()).emails


async def test_refusals_are_understood(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    The client finds message, description and tracking id where it looks for them.
    """
    with pytest.raises(AsRestError) as unknown:
        await webex.people.details("a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58")
    with pytest.raises(AsRestError) as twice:
        await webex.people.create(Person(emails=[scenarios.ADMIN], display_name="Ada"))

    assert (404, 409) == (unknown.value.status, twice.value.status)
    assert ("Person not found", "User already exists.") == (
        _sure(unknown.value.detail.errors)[0].description,
        _sure(twice.value.detail.errors)[0].description,
    )
    last = sandbox.trace.requests()[-1].tracking_id
    assert last.startswith("SIMPLE_")
    assert last == twice.value.detail.tracking_id


async def test_groups_and_their_members(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    Groups are listed, found by name, and more than 500 members are read page by page.

    The client follows links only, and `/groups` has none: the pages are asked for one by one.
    """
    groups = [*await webex.groups.list(count=15), *await webex.groups.list(start_index=16, count=15)]
    town_hall = await webex.groups.list(list_filter='displayName eq "Town hall"')
    group_id = _sure(town_hall[0].group_id)
    members = [*await webex.groups.members(group_id), *await webex.groups.members(group_id, startIndex=501)]

    assert [group.display_name for group in sandbox.world.groups.values()] == [group.display_name for group in groups]
    assert 660 == town_hall[0].member_size == len({member.member_id for member in members})


async def test_the_life_of_a_group(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    Created with a member, renamed, emptied and deleted.
    """
    john = (await webex.people.list(email=scenarios.SAMPLE))[0].person_id
    made = await webex.groups.create(Group(display_name="Choir", members=[GroupMember(id=john)]))
    inside = next(group for group in sandbox.world.groups.values() if group.display_name == "Choir")
    assert 1 == made.member_size == len(inside.members)

    leaving = [GroupMember(id=john, operation="delete")]
    changed = await webex.groups.update(_sure(made.group_id), Group(display_name="Band", members=leaving))
    assert ("Band", 0) == (changed.display_name, changed.member_size)
    assert {} == inside.members

    await webex.groups.delete_group(_sure(made.group_id))
    assert inside.uuid not in sandbox.world.groups


async def test_licences_are_counted_and_assigned(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    The inventory, its holders, and giving, taking and refusing licences of one person.

    The client knows account types in upper case only and fails on those of the specification.
    """
    sandbox.quirks = Quirks(account_types_upper_case=True)
    licenses = {license_.license_id: license_ for license_ in await webex.licenses.list()}
    messaging = licenses[_license(sandbox, catalogue.MESSAGING)]
    holders = await webex.licenses.assigned_users(messaging.license_id)
    assert messaging.consumed_units == len(holders) == sandbox.world.consumed[catalogue.MESSAGING]
    assert messaging == await webex.licenses.details(messaging.license_id)

    calling = next(license_ for license_ in licenses.values() if license_.webex_calling_professional)
    given = await webex.licenses.assign_licenses_to_users(
        email=scenarios.SAMPLE,
        licenses=[
            LicenseRequest(
                id=calling.license_id,
                properties=LicenseProperties(
                    location_id=rendering.location_id(catalogue.LOCATIONS[0].uuid),
                    extension="9999",
                ),
            ),
            LicenseRequest(id=messaging.license_id, operation=LicenseRequestOperation("remove")),
        ],
        site_urls=[SiteUrlsRequest(site_url=catalogue.SITE, account_type=SiteAccountType("ATTENDEE"))],
    )
    john = sandbox.world.person_at(scenarios.SAMPLE)
    assert john is not None
    assert [_license(sandbox, key) for key in john.licenses] == given.licenses
    assert ("9999", (catalogue.SITE,)) == (john.extension, john.attendee_sites)
    assert catalogue.MESSAGING not in john.licenses

    with pytest.raises(AsRestError) as refused:
        await webex.licenses.assign_licenses_to_users(
            email=scenarios.SAMPLE,
            licenses=[LicenseRequest(id=calling.license_id), LicenseRequest(id=_license(sandbox, "unknown"))],
        )
    assert (400, 400000) == (refused.value.status, _sure(refused.value.detail.errors)[0].error_code)


async def test_roles_and_organisations(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    Both are listed and read one by one.
    """
    roles = await webex.roles.list()
    organisations = await webex.organizations.list()

    assert [role.name for role in catalogue.ROLES] == [role.name for role in roles]
    assert roles[0] == await webex.roles.details(roles[0].id)
    assert ["Acme Example"] == [organisation.display_name for organisation in organisations]
    assert organisations[0] == await webex.organizations.details(organisations[0].org_id)


async def test_throttling_is_waited_out(webex: AsWebexSimpleApi, sandbox: Sandbox, clock: VirtualClock) -> None:
    """
    The client obeys `Retry-After` and finds everybody under a tight limit.
    """
    sandbox.limits.change(FixedWindow(requests=2, seconds=30))

    people = await webex.people.list(max=100)

    assert 1100 == len(people)
    assert sandbox.limits.refused >= 5
    assert 120 <= clock.monotonic() <= 200
