"""
Changing people: what is in the simulated organisation afterwards, and which requests it took.
"""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.hub_people import groups_of, missed, person_at, updated
from fakes.hub_subjects import group_id, license_id, person_id
from fakes.virtual_time import VirtualClock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, removed, replaced
from webex_connector.icf.errors import AlreadyExists, InvalidAttributeValue, UnknownUid
from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.catalogue import LOCATIONS
from webex_connector.sandbox.faults import Fault, RefuseButApplied
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import FULL_ADMIN
from webex_connector.sandbox.scenarios import ADMIN, SAMPLE

READ, REPLACE, ASSIGN, JOIN = "GET /people/{id}", "PUT /people/{id}", "PATCH /licenses/users", "PATCH /groups/{id}"
WALK = "GET /groups"
ENABLED, DISABLED = AttributeDelta(names.ENABLE, (True,)), AttributeDelta(names.ENABLE, (False,))
BERLIN = rendering.location_id(LOCATIONS[1].uuid)
NOBODY = rendering.person_id("3e7a9c15-b04d-4f68-82d1-0000000000ff")


async def test_a_field_is_changed_by_reading_and_replacing(hub: Hub) -> None:
    """
    Two requests; the result shows the person before and after.
    """
    result = await updated(hub, replaced("title", "Chief"))

    assert [READ, REPLACE] == asked(hub)
    assert "Chief" == person_at(hub).title
    assert result.before is not None
    assert result.after is not None
    assert ((), ("Chief",), True) == (result.before.values("title"), result.after.values("title"), result.changed)


async def test_a_change_leaves_everything_else_alone(clock: VirtualClock) -> None:
    """
    Whoever they are, with numbers, locations, roles and sites: a new title is a new title and nothing else.
    """
    async with running_hub(clock, people=60) as hub:
        before = [person for _, person in hub.sandbox.world.people()]
        for person in before:
            await updated(hub, replaced("title", "Chief"), who=person.email)
        now = hub.sandbox.world.now()
        expected = [msgspec.structs.replace(person, title="Chief", last_modified=now) for person in before]
        assert expected == [
            msgspec.structs.replace(person, last_modified=now) for _, person in hub.sandbox.world.people()
        ]


async def test_a_field_is_cleared(hub: Hub) -> None:
    """
    No value means none.
    """
    await updated(hub, replaced("lastName"))
    assert ("John", "") == (person_at(hub).first_name, person_at(hub).last_name)


async def test_only_the_value_named_is_removed(hub: Hub) -> None:
    """
    Removing another title leaves the one that is there; what a person needs cannot be removed.
    """
    await updated(hub, replaced("title", "Chief"))

    await updated(hub, removed("title", "Clerk"))
    assert ([READ], "Chief") == (asked(hub), person_at(hub).title)
    await updated(hub, removed("title", "Chief"))
    assert ([READ, REPLACE], "") == (asked(hub), person_at(hub).title)
    with pytest.raises(InvalidAttributeValue, match="'displayName' cannot be cleared"):
        await updated(hub, removed("displayName", person_at(hub).display_name))
    assert [READ] == asked(hub)


async def test_a_refused_change_that_was_half_made_is_a_partial_result(hub: Hub) -> None:
    """
    Webex refuses, and has changed the title all the same: nobody is told that nothing was changed.
    """
    hub.sandbox.faults.add(Fault(RefuseButApplied(description="No such site."), to=REPLACE))

    result = await updated(hub, replaced("title", "Chief"), replaced("siteUrls", "nowhere.webex.com"))

    assert [READ, REPLACE, READ] == asked(hub)
    assert ("Chief", {"siteUrls": ("nowhere.webex.com",)}, True) == (
        person_at(hub).title,
        missed(result),
        result.changed,
    )
    assert "No such site." in result.not_applied[0].reason


async def test_a_second_address_is_refused_before_webex_is_asked_to_write(hub: Hub) -> None:
    """
    Adding to the list of addresses would make two of them; to change the address is to replace it.
    """
    with pytest.raises(InvalidAttributeValue, match="takes one address, not 2") as raised:
        await updated(hub, added("emails", "second@acme.example"))

    assert ("emails", [READ]) == (raised.value.attribute, asked(hub))


@pytest.mark.parametrize(
    ("deltas", "requests"),
    [
        ([replaced("locationId", BERLIN)], [READ]),
        (
            [
                replaced("locationId", BERLIN),
                replaced("extension", "1"),
                replaced("phoneNumbers", {"type": "work", "value": "1"}),
            ],
            [],
        ),
    ],
)
async def test_a_location_needs_an_extension_and_excludes_numbers(
    deltas: list[AttributeDelta],
    requests: list[str],
    hub: Hub,
) -> None:
    """
    Whether there is an extension is seen on the person; that there is a number is seen at once. Nothing is written.
    """
    with pytest.raises(InvalidAttributeValue) as raised:
        await updated(hub, *deltas)
    assert "locationId" == raised.value.attribute
    assert requests == asked(hub)


async def test_a_location_that_would_move_is_refused(clock: VirtualClock) -> None:
    """
    Webex sets it once; the person stays as they were.
    """
    async with running_hub(clock, people=60) as hub:
        mover = next(
            each for _, each in hub.sandbox.world.people() if each.location_uuid not in {"", LOCATIONS[1].uuid}
        )
        with pytest.raises(InvalidAttributeValue, match="locationId cannot be changed") as raised:
            await updated(hub, replaced("locationId", BERLIN), who=mover.email)
        assert "locationId" == raised.value.attribute
        assert raised.value.tracking_id
        assert 0 == hub.sandbox.world.writes


@pytest.mark.parametrize(
    "delta",
    [
        replaced("displayName", "John Doe"),
        replaced("emails", SAMPLE.upper()),
        replaced("title"),
        ENABLED,
        removed("licenses", "licenseId"),
        replaced("siteUrls"),
    ],
)
async def test_what_is_there_already_is_not_written(delta: AttributeDelta, hub: Hub) -> None:
    """
    One read, no write, and the result says that nothing was changed.
    """
    result = await updated(hub, delta)
    assert [READ] == asked(hub)
    assert (False, ()) == (result.changed, result.not_applied)


@pytest.mark.parametrize("dry", [False, True])
async def test_an_address_that_is_taken_is_refused(dry: bool, hub: Hub) -> None:  # noqa: FBT001 - both ways
    """
    In capitals too, and with the uid of who has it; nothing else of the change is made. A dry run says the same.
    """
    with pytest.raises(AlreadyExists, match="belongs to a person of this organisation") as raised:
        await updated(hub, replaced("emails", ADMIN.upper()), replaced("title", "Chief"), dry=dry)
    assert person_id(hub, ADMIN) == raised.value.uid
    assert dry is (raised.value.tracking_id is None)
    assert 0 == hub.sandbox.world.writes


async def test_an_address_of_another_organisation_is_refused(hub: Hub) -> None:
    """
    There is no uid to tell then, but a sentence that says where to look.
    """
    hub.sandbox.world.foreign_addresses.add("tove@acme.example")
    with pytest.raises(AlreadyExists, match="exists outside this organisation") as raised:
        await updated(hub, replaced("emails", "tove@acme.example"))
    assert raised.value.uid is None
    assert 0 == hub.sandbox.world.writes


async def test_the_last_address_stays(hub: Hub) -> None:
    """
    Taking it away is refused once the person was read, and nothing is written.
    """
    with pytest.raises(InvalidAttributeValue, match="'emails' cannot be cleared"):
        await updated(hub, removed("emails", SAMPLE))
    assert [READ] == asked(hub)


async def test_a_new_address_is_a_new_name(hub: Hub) -> None:
    """
    The uid stays.
    """
    uid = person_id(hub, SAMPLE)
    result = await updated(hub, replaced(names.NAME, "john.doe@acme.example"))
    assert (uid, "john.doe@acme.example") == (result.uid, result.after.name if result.after else None)
    assert uid == person_id(hub, "john.doe@acme.example")


async def test_a_person_is_disabled_and_enabled(hub: Hub) -> None:
    """
    Both are a replace of the person; licences stay.
    """
    held = person_at(hub).licenses
    off = await updated(hub, DISABLED)
    assert [READ, REPLACE] == asked(hub)
    assert (False, held) == (person_at(hub).login_enabled, person_at(hub).licenses)
    assert (False,) == (off.after.values(names.ENABLE) if off.after else None)

    await updated(hub, ENABLED)
    assert person_at(hub).login_enabled


async def test_somebody_who_is_still_invited_counts_as_enabled(hub: Hub) -> None:
    """
    Enabling them takes no write; that they cannot be disabled on this road is said.
    """
    invited = next(person.email for _, person in hub.sandbox.world.people() if person.invite_pending)
    on = await updated(hub, ENABLED, who=invited)
    assert ([READ], False) == (asked(hub), on.changed)

    off = await updated(hub, DISABLED, replaced("title", "Chief"), who=invited)
    assert (names.ENABLE, (False,)) == (off.not_applied[0].attribute, off.not_applied[0].values)
    assert "accepted the invitation" in off.not_applied[0].reason
    assert ("Chief", True) == (person_at(hub, invited).title, person_at(hub, invited).invite_pending)


@pytest.mark.parametrize(
    ("delta", "after", "requests"),
    [
        (added, {"Managers", "Newly founded"}, [READ, JOIN]),
        (removed, {"Managers"}, [READ, JOIN]),
        (replaced, {"Newly founded"}, [READ, WALK, JOIN, JOIN]),
    ],
)
async def test_groups_are_changed_by_membership(
    delta: Callable[[str, str], AttributeDelta],
    after: set[str],
    requests: list[str],
    hub: Hub,
) -> None:
    """
    Adding and removing is one call for each group; only a replace has to know the groups of before.
    """
    world = hub.sandbox.world
    managers = next(group for group in world.groups.values() if group.display_name == "Managers")
    for group in world.groups.values():
        group.members.pop(person_at(hub).uuid, None)
    managers.members[person_at(hub).uuid] = None

    await updated(hub, delta("groups", group_id(hub, "Newly founded")))

    assert requests == asked(hub)
    assert after == groups_of(hub, person_at(hub))


async def test_an_unknown_group_is_named_and_the_rest_is_done(hub: Hub) -> None:
    """
    One membership that cannot be does not keep the others, or a field, from happening.
    """
    result = await updated(
        hub,
        replaced("title", "Chief"),
        added("groups", "groupId", group_id(hub, "Newly founded")),
    )
    assert {"groups": ("groupId",)} == missed(result)
    assert "Newly founded" in groups_of(hub, person_at(hub))
    assert "Chief" == person_at(hub).title


async def test_a_change_that_webex_refuses_altogether_is_an_error(hub: Hub) -> None:
    """
    Nobody may take it for a partial success.
    """
    with pytest.raises(InvalidAttributeValue) as raised:
        await updated(hub, added("groups", "groupId"))
    assert raised.value.tracking_id
    assert 0 == hub.sandbox.world.writes


@pytest.mark.parametrize("uid", [NOBODY, "nobody", "me", "..", "a/b"])
async def test_a_change_of_nobody_is_told(uid: str, hub: Hub) -> None:
    """
    Unknown, malformed, or a word with a meaning of its own in Webex's paths.
    """
    with pytest.raises(UnknownUid):
        await hub.facade.update(names.ACCOUNT, uid, [replaced("title", "Chief")], OPTIONS)
    assert 0 == hub.sandbox.world.writes


async def test_an_answer_without_the_person_is_followed_by_a_look(hub: Hub) -> None:
    """
    Webex may answer 204; one read more shows the person.
    """
    hub.sandbox.quirks = Quirks(put_status=204)
    result = await updated(hub, replaced("title", "Chief"))
    assert [READ, REPLACE, READ] == asked(hub)
    assert ("Chief",) == (result.after.values("title") if result.after else None)


@pytest.mark.parametrize("delta", [replaced("roles"), DISABLED])
async def test_the_last_administrator_stays(delta: AttributeDelta, clock: VirtualClock) -> None:
    """
    Webex refuses to take the role from them or to disable them, and so do we.
    """
    async with running_hub(clock, people=5) as hub:
        with pytest.raises(InvalidAttributeValue, match="last full administrator"):
            await updated(hub, delta, who=ADMIN)
        assert ((FULL_ADMIN,), True) == (person_at(hub, ADMIN).roles, person_at(hub, ADMIN).login_enabled)


async def test_a_dry_run_shows_the_requests_and_sends_none(hub: Hub) -> None:
    """
    It reads, decides and lists what it would send, in order.
    """
    group = group_id(hub, "Managers")
    result = await updated(
        hub,
        replaced("title", "Chief"),
        added("licenses", license_id(hub, catalogue.MEETINGS)),
        added("groups", group),
        dry=True,
    )
    uid = person_id(hub, SAMPLE)
    assert (f"PUT /people/{uid}", ASSIGN, f"PATCH /groups/{group}") == result.withheld
    assert (uid, False, ()) == (result.uid, result.changed, result.not_applied)
    assert [READ] == asked(hub)
    assert 0 == hub.sandbox.world.writes


async def test_two_changes_at_once_do_not_undo_each_other(hub: Hub) -> None:
    """
    A replace writes what it read, so that only one may be under way for a person.
    """
    await asyncio.gather(updated(hub, replaced("title", "Chief")), updated(hub, replaced("department", "Research")))
    assert ("Chief", "Research") == (person_at(hub).title, person_at(hub).department)
    assert [READ, REPLACE, READ, REPLACE] == asked(hub)
