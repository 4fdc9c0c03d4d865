"""
Making people: what is in the simulated organisation afterwards, and which requests it took.
"""

import unicodedata
from dataclasses import replace

import pytest

from fakes.hub import OPTIONS, Hub, asked
from fakes.hub_people import groups_of, missed, person_at
from fakes.hub_subjects import group_id, license_id, person_id
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import AlreadyExists, Ambiguous, ConnectorError, InvalidAttributeValue
from webex_connector.icf.objects import WriteResult
from webex_connector.sandbox import catalogue, rendering, scenarios
from webex_connector.sandbox.faults import Fail, Fault, Reset
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.records import READ_ONLY_ADMIN, Person
from webex_connector.webex.ids import encode

NEW: Attributes = {
    "displayName": ("Tove Berg",),
    "firstName": ("Tove",),
    "lastName": ("Berg",),
    "emails": ("tove@acme.example",),
}
CREATE, JOIN = "POST /people", "PATCH /groups/{id}"
DRY = replace(OPTIONS, dry_run=True)


async def _create(hub: Hub, **more: tuple[object, ...]) -> WriteResult:
    return await hub.facade.create(names.ACCOUNT, {**NEW, **more}, OPTIONS)  # type: ignore[dict-item]  # tables of values


def _tove(hub: Hub) -> Person:
    return person_at(hub, "tove@acme.example")


async def test_a_person_is_made_with_everything_given(hub: Hub) -> None:
    """
    One request makes the person, and the result shows them as Webex does.
    """
    result = await _create(
        hub,
        licenses=(license_id(hub, catalogue.MESSAGING),),
        roles=(rendering.role_id(READ_ONLY_ADMIN),),
        department=("Research",),
        title=("Scout",),
        managerId=(person_id(hub, scenarios.ADMIN),),
        avatar=("https://pictures.example/tove.png",),
        addresses=({"type": "work", "country": "SE", "locality": "Malmö"},),
    )

    assert [CREATE] == asked(hub)
    tove = _tove(hub)
    assert ("Tove Berg", "Research", "Scout") == (tove.display_name, tove.department, tove.title)
    assert (READ_ONLY_ADMIN,) == tove.roles
    assert catalogue.MESSAGING in tove.licenses
    assert "Malmö" == tove.addresses[0].locality
    assert (rendering.person_id(tove.uuid), True, ()) == (result.uid, result.changed, result.not_applied)
    assert result.after is not None
    assert (True,) == result.after.values(names.ENABLE)
    assert (person_id(hub, scenarios.ADMIN),) == result.after.values("managerId")


async def test_a_licence_and_two_groups_cost_three_requests(hub: Hub) -> None:
    """
    Licences come with the person; each group is one membership call more.
    """
    groups = (group_id(hub, "Managers"), group_id(hub, "Newly founded"))
    result = await _create(hub, licenses=(license_id(hub, catalogue.MESSAGING),), groups=groups)

    assert [CREATE, JOIN, JOIN] == asked(hub)
    assert {"Managers", "Newly founded"} == groups_of(hub, _tove(hub))
    assert result.after is not None
    assert groups == result.after.values("groups")


async def test_a_calling_licence_comes_with_location_and_extension(hub: Hub) -> None:
    """
    Given together they are taken together, and shown in the result.
    """
    location = rendering.location_id(catalogue.LOCATIONS[1].uuid)
    calling = license_id(hub, catalogue.CALLING_PROFESSIONAL)
    result = await _create(hub, licenses=(calling,), locationId=(location,), extension=("4711",))

    assert [CREATE] == asked(hub)
    assert ("4711", catalogue.LOCATIONS[1].uuid) == (_tove(hub).extension, _tove(hub).location_uuid)
    assert () == result.not_applied
    assert result.after is not None
    assert ((location,), ("4711",)) == (result.after.values("locationId"), result.after.values("extension"))


async def test_an_address_taken_by_nobody_to_be_seen_after_a_lost_try_is_an_open_question(hub: Hub) -> None:
    """
    The first try got no answer, the second is told that the address is taken, and nobody is there to be seen: it may be
    the person of the first try, or somebody of another organisation.
    """
    hub.sandbox.faults.add(Fault(Reset(), to=CREATE))
    hub.sandbox.faults.add(Fault(Fail(status=409), to=CREATE, attempt=2))

    with pytest.raises(Ambiguous, match="Nobody can tell whether the creation of"):
        await _create(hub)


@pytest.mark.parametrize(
    ("more", "attribute"),
    [
        ({"locationId": ("x",)}, "locationId"),
        ({"locationId": ("x",), "extension": ("1",), "phoneNumbers": ({"type": "work", "value": "1"},)}, "locationId"),
        ({"groups": ("g",), "phoneNumbers": ({"type": "work"},)}, "phoneNumbers"),
    ],
)
async def test_what_contradicts_is_refused_before_anything_is_sent(
    more: dict[str, tuple[object, ...]],
    attribute: str,
    hub: Hub,
) -> None:
    """
    A location needs an extension and excludes telephone numbers; a number has a value.
    """
    with pytest.raises(InvalidAttributeValue) as raised:
        await _create(hub, **more)
    assert attribute == raised.value.attribute
    assert [] == asked(hub)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("licenses", "licenseId"),
        ("roles", "roleId"),
        ("avatar", "urlAvatar"),
        ("licenses", encode("LICENSE", "5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6:NONE_0")),
        ("roles", encode("ROLE", "id_no_admin")),
        ("groups", encode("SCIM_GROUP", "3e7a9c15-b04d-4f68-82d1-0000000000ff:5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6")),
        ("groups", "groupId"),
        ("siteUrls", "other.webex.com"),
        ("extension", "4711"),
    ],
)
async def test_a_person_is_made_without_what_cannot_be_had(attribute: str, value: str, hub: Hub) -> None:
    """
    A placeholder, an unknown identifier or an attribute without its licence is named in the result, with a reason.
    """
    result = await _create(hub, **{attribute: (value,)})

    assert {attribute: (value,)} == missed(result)
    assert all(each.reason for each in result.not_applied)
    tove = _tove(hub)
    assert (rendering.person_id(tove.uuid), True) == (result.uid, result.changed)
    assert ((), (), "", "", ()) == (tove.licenses, tove.roles, tove.avatar, tove.extension, tove.attendee_sites)
    assert set() == groups_of(hub, tove)


async def test_one_bad_value_does_not_keep_the_good_ones_away(hub: Hub) -> None:
    """
    Of two licences, roles and groups, the one that exists is given.
    """
    result = await _create(
        hub,
        licenses=("licenseId", license_id(hub, catalogue.MESSAGING)),
        roles=(rendering.role_id(READ_ONLY_ADMIN), "roleId"),
        groups=("groupId", group_id(hub, "Managers")),
    )

    assert {"licenses": ("licenseId",), "roles": ("roleId",), "groups": ("groupId",)} == missed(result)
    assert catalogue.MESSAGING in _tove(hub).licenses
    assert (READ_ONLY_ADMIN,) == _tove(hub).roles
    assert {"Managers"} == groups_of(hub, _tove(hub))


async def test_a_malformed_and_an_unavailable_licence_are_both_named(hub: Hub) -> None:
    """
    That one value was noticed early hides none that Webex leaves out.
    """
    exhausted = license_id(hub, catalogue.EXHAUSTED)
    result = await _create(hub, licenses=("licenseId", exhausted))
    assert {"licenses": ("licenseId", exhausted)} == missed(result)


async def test_a_licence_without_a_unit_left_is_not_applied(hub: Hub) -> None:
    """
    Webex leaves it out without a word; the result says so, and nobody else lost theirs.
    """
    exhausted = license_id(hub, catalogue.EXHAUSTED)
    consumed = hub.sandbox.world.consumed[catalogue.EXHAUSTED]

    result = await _create(hub, licenses=(exhausted,))

    assert {"licenses": (exhausted,)} == missed(result)
    assert "no unit left" in result.not_applied[0].reason
    assert consumed == hub.sandbox.world.consumed[catalogue.EXHAUSTED]


@pytest.mark.parametrize(
    "address",
    ["ANNA.JOSÉ@ACME.EXAMPLE", unicodedata.normalize("NFD", "anna.josé@acme.example"), "anna.josé@acme.example"],
)
async def test_an_address_belongs_to_one_person_in_any_spelling(address: str, hub: Hub) -> None:
    """
    Capitals and Unicode forms make no other address: the create is refused with the uid, and nothing is changed.
    """
    first = await _create(hub, emails=("anna.josé@acme.example",))
    writes = hub.sandbox.world.writes

    with pytest.raises(AlreadyExists) as raised:
        await _create(hub, emails=(address,), groups=(group_id(hub, "Managers"),))

    assert first.uid == raised.value.uid
    assert raised.value.tracking_id
    assert writes == hub.sandbox.world.writes


async def test_an_address_of_another_organisation_is_taken_too(hub: Hub) -> None:
    """
    There is no uid to tell then, but a sentence that says where to look.
    """
    hub.sandbox.world.foreign_addresses.add("tove@acme.example")

    with pytest.raises(AlreadyExists, match="exists outside this organisation") as raised:
        await _create(hub)

    assert raised.value.uid is None
    assert 0 == hub.sandbox.world.writes


@pytest.mark.parametrize(
    "more",
    [{"emails": ("no address",)}, {"orgId": (encode("ORGANIZATION", "3e7a9c15-b04d-4f68-82d1-000000000001"),)}],
)
async def test_what_webex_refuses_makes_nobody(more: dict[str, tuple[object, ...]], hub: Hub) -> None:
    """
    An impossible address and another organisation are refused with Webex's tracking id, and nothing is changed.
    """
    with pytest.raises(ConnectorError) as raised:
        await _create(hub, groups=(group_id(hub, "Managers"),), **more)
    assert raised.value.tracking_id
    assert 0 == hub.sandbox.world.writes


async def test_a_second_address_is_refused_before_anything_is_sent(hub: Hub) -> None:
    """
    Webex takes one, and nobody should believe that it took two.
    """
    with pytest.raises(InvalidAttributeValue, match="one address") as raised:
        await _create(hub, emails=("tove@acme.example", "berg@acme.example"))
    assert "emails" == raised.value.attribute
    assert [] == asked(hub)


async def test_who_is_refused_as_a_whole_is_made_bare_and_completed(hub: Hub) -> None:
    """
    Licences, roles and picture may be what Webex minds: the person is made without, and given each by itself.
    """
    hub.sandbox.faults.add(Fault(Fail(status=400), to=CREATE, body="licenses"))
    result = await _create(
        hub,
        licenses=(license_id(hub, catalogue.MESSAGING), license_id(hub, catalogue.EXHAUSTED)),
        roles=(rendering.role_id(READ_ONLY_ADMIN),),
        avatar=("https://pictures.example/tove.png",),
        title=("Scout",),
    )

    hub.sandbox.faults.verify()
    tove = _tove(hub)
    assert ("Scout", "https://pictures.example/tove.png", (READ_ONLY_ADMIN,)) == (tove.title, tove.avatar, tove.roles)
    assert catalogue.MESSAGING in tove.licenses
    assert {"licenses": (license_id(hub, catalogue.EXHAUSTED),)} == missed(result)
    assert 2 == asked(hub).count(CREATE)


async def test_a_bad_number_is_named_and_the_person_is_there(hub: Hub) -> None:
    """
    Webex answers 400 and has made the person all the same; the caller gets the uid and what is missing.
    """
    result = await _create(hub, phoneNumbers=({"type": "work", "value": "call me"},))

    assert rendering.person_id(_tove(hub).uuid) == result.uid
    assert {"phoneNumbers": ({"type": "work", "value": "call me"},)} == missed(result)
    assert "Invalid phone number: call me" in result.not_applied[0].reason
    assert result.not_applied[0].tracking_id


async def test_a_refused_create_names_the_attribute_webex_speaks_of(hub: Hub) -> None:
    """
    Where Webex makes nobody, the error is about one attribute if it says which.
    """
    hub.sandbox.quirks = Quirks(bad_phone_number_creates=False)
    with pytest.raises(InvalidAttributeValue, match="Invalid phone number: call me"):
        await _create(hub, phoneNumbers=({"type": "work", "value": "call me"},))
    assert 0 == hub.sandbox.world.writes


async def test_a_dry_run_shows_the_requests_and_sends_none(hub: Hub) -> None:
    """
    The address is looked up as usual; what would change something is listed in its order.
    """
    group = group_id(hub, "Managers")
    result = await hub.facade.create(names.ACCOUNT, {**NEW, "groups": (group,)}, DRY)

    assert (CREATE, f"PATCH /groups/{group}") == result.withheld
    assert (None, False) == (result.uid, result.changed)
    assert ["GET /people"] == asked(hub)
    assert 0 == hub.sandbox.world.writes


async def test_a_dry_run_refuses_an_address_that_is_known(hub: Hub) -> None:
    """
    It says what the real run would say.
    """
    with pytest.raises(AlreadyExists) as raised:
        await hub.facade.create(names.ACCOUNT, {**NEW, "emails": (scenarios.SAMPLE.upper(),)}, DRY)
    assert person_id(hub, scenarios.SAMPLE) == raised.value.uid


async def test_a_dry_run_names_what_has_not_the_form_of_an_identifier(hub: Hub) -> None:
    """
    As far as one can tell without writing, it tells what would be missing.
    """
    result = await hub.facade.create(names.ACCOUNT, {**NEW, "licenses": ("licenseId",)}, DRY)
    assert {"licenses": ("licenseId",)} == missed(result)
    assert (CREATE,) == result.withheld
