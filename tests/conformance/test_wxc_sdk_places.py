"""
Teams, locations and audit events of the sandbox seen by wxc-sdk: https://github.com/jeokrohn/wxc_sdk
"""

from collections.abc import AsyncIterator

import pytest
from wxc_sdk.as_api import AsWebexSimpleApi
from wxc_sdk.as_rest import AsRestError, AsRestSession

from fakes.virtual_time import VirtualClock
from webex_connector.sandbox import catalogue, rendering, scenarios
from webex_connector.sandbox.sandbox import Sandbox


@pytest.fixture
def sandbox(clock: VirtualClock) -> Sandbox:
    """
    An organisation of a few people.
    """
    return Sandbox(people=20, clock=clock)


@pytest.fixture
async def webex(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AsWebexSimpleApi]:
    """
    The foreign client, pointed at the sandbox.
    """
    async with sandbox.serving() as address:
        monkeypatch.setattr(AsRestSession, "BASE", f"{address}/v1")
        async with AsWebexSimpleApi(tokens=sandbox.credentials.access_token) as client:
            yield client


async def test_locations(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    Listed page by page, found by name, made, changed and deleted.
    """
    listed = await webex.locations.list(max=3)
    berlin = await webex.locations.by_name("Berlin")
    made = await webex.locations.create(
        name="Basel",
        time_zone="Europe/Zurich",
        preferred_language="de_de",
        announcement_language="de_de",
        address1="Quai 5",
        city="Basel",
        state="BS",
        postal_code="4051",
        country="CH",
        latitude="47.5",
        longitude="7.6",
    )
    basel = await webex.locations.details(made)
    await webex.locations.update(made, basel.model_copy(update={"name": "Basle"}))

    assert [place.name for place in catalogue.LOCATIONS] == [place.name for place in listed]
    assert berlin is not None
    assert berlin.location_id == rendering.location_id(catalogue.LOCATIONS[1].uuid)
    assert ("Basel", 47.5, "Quai 5") == (basel.name, basel.latitude, basel.address and basel.address.address1)
    assert "Basle" == list(sandbox.world.locations.values())[-1].name
    await webex.locations.delete(made)
    with pytest.raises(AsRestError) as used:
        await webex.locations.delete(rendering.location_id(catalogue.LOCATIONS[0].uuid))
    assert (409, len(catalogue.LOCATIONS)) == (used.value.status, len(sandbox.world.locations))


async def test_teams(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    Made, renamed, joined, handed over and deleted.
    """
    made = await webex.teams.create("Choir", description="Thursdays")
    assert made.id is not None
    await webex.teams.update(made.id, "Band")
    joined = await webex.team_memberships.create(made.id, person_email=scenarios.SAMPLE)
    assert joined.id is not None
    moderator = await webex.team_memberships.membership(joined.id, is_moderator=True)
    members = await webex.team_memberships.list(made.id, max=1)

    assert (False, True) == (joined.is_moderator, moderator.is_moderator)
    assert [scenarios.ADMIN, scenarios.SAMPLE] == [member.person_email for member in members]
    assert ["Band"] == [team.name for team in await webex.teams.list()]
    await webex.team_memberships.delete(joined.id)
    await webex.teams.delete(made.id)
    assert {} == sandbox.world.teams


async def test_audit_events(webex: AsWebexSimpleApi, sandbox: Sandbox) -> None:
    """
    What was done is read with its actor and target.
    """
    await webex.teams.create("Choir")
    organisation = rendering.organization_id(sandbox.world)
    span = ("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")
    events = await webex.admin_audit.list_events(organisation, *span, event_categories=["TEAMS"])
    categories = await webex.admin_audit.list_event_categories()

    (event,) = events
    assert event.data is not None
    assert ("Ada Admin", "Choir") == (event.data.actor_name, event.data.target_name)
    assert event.data.event_category in categories
