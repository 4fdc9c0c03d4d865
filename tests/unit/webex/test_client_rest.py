"""
Teams, locations and audit events of the simulated organisation, through the client.
"""

import pytest

from fakes.visit import BULK, NOW, Visit
from webex_connector.webex.errors import Conflict, NotFound, Refused
from webex_connector.webex.ids import encode, uuid_of
from webex_connector.webex.resources.audit_events import AuditEvent, read_event

HALL = {
    "name": "Hall",
    "timeZone": "Europe/Berlin",
    "preferredLanguage": "de_DE",
    "announcementLanguage": "de_DE",
    "address": {"address1": "Lindenstr. 7", "city": "Berlin", "state": "BE", "postalCode": "10969", "country": "DE"},
}


async def test_a_team_lives_and_ends(visit: Visit) -> None:
    """
    Made, renamed, filled, led by another, left by the first, and deleted.
    """
    teams, memberships = visit.client.teams, visit.client.team_memberships
    me = await visit.client.people.me(NOW)
    other = next(
        encode("PEOPLE", person.uuid) for _, person in visit.sandbox.world.people() if person.email != me["emails"][0]
    )
    team = (await teams.create({"name": "Build"}, NOW))["id"]
    assert "Built" == (await teams.replace(team, {"name": "Built"}, NOW))["name"]
    assert "Built" == (await teams.get(team, NOW))["name"]
    (first,) = [each async for page in memberships.list(team, BULK) for each in page.items]
    assert (uuid_of(me["id"]), True) == (uuid_of(first["personId"]), first["isModerator"])
    with pytest.raises(Refused):
        await memberships.delete(first["id"], NOW)
    second = await memberships.create(team, other, NOW)
    with pytest.raises(Conflict):
        await memberships.create(team, other, NOW)
    assert (await memberships.update(second["id"], NOW, is_moderator=True))["isModerator"] is True
    assert (await memberships.get(second["id"], NOW))["isModerator"] is True
    await memberships.delete(second["id"], NOW)
    assert 1 == len([each async for page in memberships.list(team, BULK) for each in page.items])
    await teams.delete(team, NOW)
    with pytest.raises(NotFound):
        await teams.get(team, NOW)


async def test_all_teams_and_members_are_listed_once(visit: Visit) -> None:
    """
    However small the pages.
    """
    teams, memberships = visit.client.teams, visit.client.team_memberships
    made = [(await teams.create({"name": f"Team {number}"}, NOW))["id"] for number in range(5)]
    assert sorted(made) == sorted([team["id"] async for page in teams.list(BULK, max=2) for team in page.items])
    people = [encode("PEOPLE", person.uuid) for _, person in visit.sandbox.world.people()][1:8]
    me = (await visit.client.people.me(NOW))["id"]
    for person in set(people) - {me}:
        await memberships.create(made[0], person, NOW)
    found = [each["personId"] async for page in memberships.list(made[0], BULK, max=3) for each in page.items]
    assert sorted({me, *people}) == sorted(found)


async def test_a_location_lives_and_ends(visit: Visit) -> None:
    """
    Made, found by a part of its name, changed, deleted.
    """
    locations = visit.client.locations
    place = await locations.create(HALL, NOW)
    assert "Hall" == (await locations.get(place, NOW))["name"]
    await locations.update(place, HALL | {"name": "Great hall"}, NOW)
    assert [place] == [each["id"] async for page in locations.list(BULK, name="EAT HA") for each in page.items]
    listed = [each["id"] async for page in locations.list(BULK, max=2) for each in page.items]
    assert len(visit.sandbox.world.locations) == len(set(listed)) == len(listed)
    await locations.delete(place, NOW)
    with pytest.raises(NotFound):
        await locations.get(place, NOW)


async def test_what_was_done_can_be_read(visit: Visit) -> None:
    """
    More than a page of it, deletions included.
    """
    people, since = visit.client.people, visit.clock.now()
    bodies = [{"emails": [f"n{n}@acme.example"], "displayName": f"N {n}"} for n in range(205)]
    made = [(await people.create(body, BULK))["id"] for body in bodies]
    await people.delete(made[0], NOW)
    await visit.clock.sleep(1)
    organization = (await visit.client.organizations.list(NOW))[0]["id"]
    pages = visit.client.audit_events.list(organization, since, visit.clock.now(), BULK, categories=("USERS",))
    events = [read_event(item) async for page in pages for item in page.items]
    assert {AuditEvent("USERS", "PERSON", uuid_of(id_), failed=False) for id_ in made} == set(events)
    assert 206 == len(events)
    assert "USERS" in await visit.client.audit_events.categories(NOW)
