"""
Giving and taking licences, and what comes with them.
"""

import msgspec
import pytest

from fakes.hub import Hub, asked
from fakes.hub_people import missed, person_at, updated
from fakes.hub_subjects import license_id
from webex_connector.icf.attributes import added, removed, replaced
from webex_connector.icf.errors import InvalidAttributeValue
from webex_connector.sandbox import catalogue, rendering
from webex_connector.sandbox.catalogue import LOCATIONS, SITE
from webex_connector.sandbox.faults import Fault, WrongJson
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import ADMIN

READ, REPLACE, ASSIGN = "GET /people/{id}", "PUT /people/{id}", "PATCH /licenses/users"
BERLIN = rendering.location_id(LOCATIONS[1].uuid)


async def test_licences_alone_are_assigned_without_a_replace(hub: Hub) -> None:
    """
    Two requests, and the result shows the licences that Webex gave along with it.
    """
    result = await updated(hub, added("licenses", license_id(hub, catalogue.MEETINGS)))

    assert [READ, ASSIGN] == asked(hub)
    assert catalogue.MEETINGS in person_at(hub).licenses
    assert result.after is not None
    assert license_id(hub, catalogue.MEETINGS) in result.after.values("licenses")


async def test_a_field_and_a_licence_cost_three_requests(hub: Hub) -> None:
    """
    Read, replace, assign.
    """
    await updated(hub, replaced("title", "Chief"), added("licenses", license_id(hub, catalogue.MEETINGS)))
    assert [READ, REPLACE, ASSIGN] == asked(hub)
    assert "Chief" == person_at(hub).title
    assert catalogue.MEETINGS in person_at(hub).licenses


async def test_a_licence_that_stays_is_not_claimed_to_be_gone(hub: Hub) -> None:
    """
    Webex said yes, and its answer shows that the person still has it.
    """
    kept = license_id(hub, catalogue.MESSAGING)
    held = [license_id(hub, key) for key in person_at(hub).licenses]
    assert kept in held
    hub.sandbox.faults.add(Fault(WrongJson(msgspec.json.encode({"licenses": held}).decode()), to=ASSIGN))

    result = await updated(hub, replaced("licenses", *(each for each in held if each != kept)))

    assert {"licenses": (kept,)} == missed(result)


async def test_sites_are_not_shown_as_they_were_before_the_licences(hub: Hub) -> None:
    """
    A licence brings and takes sites, and Webex's answer does not tell which.
    """
    result = await updated(hub, removed("licenses", license_id(hub, catalogue.MEETINGS)), who=ADMIN)

    assert result.before is not None
    assert result.after is not None
    assert ((SITE,), ()) == (result.before.values("siteUrls"), result.after.values("siteUrls"))


async def test_a_site_comes_after_the_licence_it_needs(hub: Hub) -> None:
    """
    The licence is assigned first, the person read again, then the rest is written.
    """
    result = await updated(
        hub,
        added("licenses", license_id(hub, catalogue.MEETINGS)),
        replaced("siteUrls", SITE),
        replaced("title", "Chief"),
    )

    assert [READ, ASSIGN, READ, REPLACE] == asked(hub)
    assert "Chief" == person_at(hub).title
    assert () == result.not_applied
    assert result.after is not None
    assert (SITE,) == result.after.values("siteUrls")


async def test_a_calling_licence_takes_location_and_extension_along(hub: Hub) -> None:
    """
    Webex wants them in the assignment itself.
    """
    result = await updated(
        hub,
        added("licenses", license_id(hub, catalogue.CALLING_STANDARD)),
        replaced("locationId", BERLIN),
        replaced("extension", "4711"),
    )

    assert [READ, "GET /licenses", ASSIGN, READ, REPLACE] == asked(hub)
    assert ("4711", LOCATIONS[1].uuid) == (person_at(hub).extension, person_at(hub).location_uuid)
    assert () == result.not_applied


async def test_an_attribute_without_its_licence_is_named(hub: Hub) -> None:
    """
    The rest of the change is made.
    """
    result = await updated(hub, replaced("extension", "4711"), replaced("title", "Chief"))
    assert {"extension": ("4711",)} == missed(result)
    assert "Calling licence" in result.not_applied[0].reason
    assert ("Chief", "") == (person_at(hub).title, person_at(hub).extension)


async def test_licences_in_another_order_are_the_same(hub: Hub) -> None:
    """
    Nobody is written for it.
    """
    held = [license_id(hub, key) for key in person_at(hub).licenses]
    await updated(hub, replaced("licenses", *reversed(held)))
    assert [READ] == asked(hub)


async def test_a_licence_without_a_unit_left_is_not_applied(hub: Hub) -> None:
    """
    Webex says only that something is missing; the result says what, and what else was asked for is there.
    """
    exhausted, meetings = license_id(hub, catalogue.EXHAUSTED), license_id(hub, catalogue.MEETINGS)
    result = await updated(hub, added("licenses", exhausted, meetings))
    assert {"licenses": (exhausted,)} == missed(result)
    assert catalogue.MEETINGS in person_at(hub).licenses
    assert catalogue.EXHAUSTED not in person_at(hub).licenses


@pytest.mark.parametrize("no_unit_status", [206, 400])
async def test_one_impossible_licence_does_not_keep_the_others_away(no_unit_status: int, hub: Hub) -> None:
    """
    A set that Webex refuses as a whole is tried one by one.
    """
    hub.sandbox.quirks = Quirks(no_unit_status=no_unit_status)  # type: ignore[arg-type]  # one of the two there are
    impossible = ("licenseId", license_id(hub, catalogue.EXHAUSTED))
    result = await updated(hub, added("licenses", *impossible, license_id(hub, catalogue.MEETINGS)))
    assert set(impossible) == {value for each in result.not_applied for value in each.values}
    assert catalogue.MEETINGS in person_at(hub).licenses


async def test_a_licence_that_webex_insists_on_stays_without_a_word(hub: Hub) -> None:
    """
    Whoever lists the licences they know does not mean to take away those that come along with them.
    """
    for changed in (True, False):
        result = await updated(hub, replaced("licenses", license_id(hub, catalogue.MESSAGING)))
        assert (changed, ()) == (result.changed, result.not_applied)
        assert {catalogue.SCREEN_SHARE, catalogue.BASIC_MESSAGING, catalogue.MESSAGING} == set(person_at(hub).licenses)


async def test_a_licence_that_cannot_be_taken_is_an_error(hub: Hub) -> None:
    """
    Webex's own words and tracking id come with it, and the person has it still.
    """
    held = person_at(hub).licenses
    with pytest.raises(InvalidAttributeValue, match="Screen share is assigned implicitly") as raised:
        await updated(hub, removed("licenses", license_id(hub, catalogue.SCREEN_SHARE)))
    assert "licenses" == raised.value.attribute
    assert raised.value.tracking_id
    assert held == person_at(hub).licenses
