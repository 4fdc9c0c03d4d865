"""
The mapping tables of other products' Webex connectors, row by row, over a socket: what is told of a person or a team,
and what becomes of one that is written.

One Identity, Starling Connect for Webex (https://support.oneidentity.com/technical-documents/starling-connect), and the
six attributes of the integration with Okta that Webex's help centre describes (https://help.webex.com).
"""

from collections.abc import Callable
from typing import Any

import pytest

from fakes.scim_calls import patch_of
from fakes.scim_door import ScimDoor, scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.dialects import Dialect, Groups
from webex_connector.gateway.scim.groups import WEBEX_TEAM_URN
from webex_connector.gateway.scim.manner import Manner
from webex_connector.gateway.scim.users import ENTERPRISE_URN
from webex_connector.sandbox import rendering
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.world import World

Row = dict[str, Any]

TOLD: dict[str, tuple[Callable[[Row], Any], Callable[[World, Person], Any]]] = {
    "id": (lambda row: row["id"], lambda _, person: rendering.person_id(person.uuid)),
    "userName": (lambda row: row["userName"], lambda _, person: person.email),
    "name.familyName": (lambda row: row["name"]["familyName"], lambda _, person: person.last_name),
    "name.givenName": (lambda row: row["name"]["givenName"], lambda _, person: person.first_name),
    "name.formatted": (
        lambda row: row["name"]["formatted"],
        lambda _, person: f"{person.first_name} {person.last_name}",
    ),
    "displayName": (lambda row: row["displayName"], lambda _, person: person.display_name),
    "nickName": (lambda row: row.get("nickName", ""), lambda _, person: person.nick_name),
    "emails[0].value": (lambda row: row["emails"][0]["value"], lambda _, person: person.email),
    "timezone": (lambda row: row.get("timezone", ""), lambda _, person: person.timezone),
    "active": (lambda row: row["active"], lambda _, person: person.active),
    "userType": (lambda row: row["userType"], lambda *_: "person"),
    "roles[].value": (
        lambda row: [each["value"] for each in row.get("roles", [])],
        lambda _, person: [rendering.role_id(each) for each in person.roles],
    ),
    "entitlements[].value": (
        lambda row: {each["value"] for each in row.get("entitlements", [])},
        lambda world, person: {rendering.license_id(world, each) for each in person.licenses},
    ),
    "photos[].value": (
        lambda row: [each["value"] for each in row.get("photos", [])],
        lambda _, person: [person.avatar] if person.avatar else [],
    ),
    "userExtension.organization": (
        lambda row: row[ENTERPRISE_URN]["organization"],
        lambda world, _: rendering.organization_id(world),
    ),
    "userExtension.status": (lambda row: row[ENTERPRISE_URN]["status"], lambda _, person: person.status),
    "meta.created": (lambda row: row["meta"]["created"], lambda _, person: rendering.moment(person.created)),
    "meta.lastModified": (
        lambda row: row["meta"]["lastModified"],
        lambda _, person: rendering.moment(person.last_modified),
    ),
}
"""
One Identity's table of users: what the door tells, and what the organisation has.
"""

STARLING = Manner(dialect=Dialect.ONE_IDENTITY, groups=Groups.TEAMS)


def _of(door: ScimDoor, uid: str) -> Person:
    person = door.person(uid)
    assert person is not None
    return person


async def test_every_row_of_one_identitys_users_is_told(clock: Clock) -> None:
    """
    Of everybody in a small organisation, as it is there.
    """
    async with scim_door(clock, STARLING, people=60) as door:
        world = door.hub.sandbox.world
        users = [await door.get(f"/Users/{door.uid_of(each.email)}") for each in door.people()[:40]]
        for name, (told, held) in TOLD.items():
            pairs = [(told(row), held(world, _of(door, row["id"]))) for row in users if row.get("name")]
            assert [] == [pair for pair in pairs if pair[0] != pair[1]], name


async def test_every_writable_row_of_one_identitys_users_is_written(clock: Clock) -> None:
    """
    By PUT, the only way that Starling Connect knows.
    """
    async with scim_door(clock, STARLING, road="scim") as door:
        made = (await door.send("POST", "/Users", {"userName": "ann@example.com"})).json()
        role = (await door.get("/Roles", filter='displayName eq "Read-only Administrator"'))["Resources"][0]["id"]
        licence = (await door.get("/Profiles", filter='displayName co "Messaging"'))["Resources"][0]["id"]
        body = {
            "userName": "anna@example.com",
            "name": {"familyName": "Archer", "givenName": "Anna"},
            "displayName": "Anna A.",
            "active": False,
            "roles": [{"value": role}],
            "entitlements": [{"value": licence}],
            "photos": [{"value": "https://acme.example/anna.png", "type": "photo"}],
        }
        answer = await door.send("PUT", f"/Users/{made['id']}", body)
        person, world = _of(door, made["id"]), door.hub.sandbox.world
        assert answer.status_code == 200, answer.text
        assert ("anna@example.com", "Archer", "Anna") == (person.email, person.last_name, person.first_name)
        assert ("Anna A.", False) == (person.display_name, person.active)
        assert [role] == [rendering.role_id(each) for each in person.roles]
        assert licence in {rendering.license_id(world, each) for each in person.licenses}
        assert answer.json()["photos"][0]["value"]


async def test_every_row_of_one_identitys_groups(clock: Clock) -> None:
    """
    A team with its members, told as it is, and its name written.
    """
    async with scim_door(clock, STARLING, teams=True) as door:
        member = door.people()[3]
        body = {"displayName": "Crew", "members": [{"value": door.uid_of(member.email)}]}
        made = (await door.send("POST", "/Groups", body)).json()
        row = await door.get(f"/Groups/{made['id']}")
        team = next(each for each in door.hub.sandbox.world.teams.values() if each.name == "Crew")
        assert rendering.moment(team.created) == row["meta"]["created"]
        shown = {each["value"]: each["display"] for each in row["members"]}
        assert {rendering.person_id(uuid) for uuid in team.members} == shown.keys()
        assert member.display_name == shown[door.uid_of(member.email)]
        await door.send("PUT", f"/Groups/{made['id']}", {"displayName": "Crew 2"})
        assert "Crew 2" in {each.name for each in door.hub.sandbox.world.teams.values()}


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_oktas_six_attributes(clock: Clock, road: str) -> None:
    """
    Made, changed and told: userName, displayName, name.familyName, name.givenName, externalId, title.
    """
    async with scim_door(clock, road=road) as door:
        body = {
            "userName": "ann@example.com",
            "displayName": "Ann",
            "name": {"familyName": "Archer", "givenName": "Ann"},
            "externalId": "00u1",
            "title": "Engineer",
        }
        made = (await door.send("POST", "/Users", body)).json()
        name = made.pop("name")
        assert body["name"] == {key: name[key] for key in ("familyName", "givenName")}
        assert {**body, "name": {}} == {**{key: made[key] for key in body if key != "name"}, "name": {}}
        changes = {"displayName": "Anna", "name": {"familyName": "Bow", "givenName": "Anna"}, "title": "Boss"}
        answer = await door.send("PUT", f"/Users/{made['id']}", {**body, **changes, "externalId": "00u2"})
        person = _of(door, made["id"])
        assert ("Anna", "Bow", "Anna", "Boss") == (
            person.display_name,
            person.last_name,
            person.first_name,
            person.title,
        )
        assert "00u2" == answer.json()["externalId"]
        known = await door.get("/Users", filter='externalId eq "00u2"')
        assert [made["id"]] == [each["id"] for each in known["Resources"]]


async def test_a_group_that_is_deleted_cannot_be_changed(clock: Clock) -> None:
    """
    404, where Starling Connect has the 403 of Webex.
    """
    async with scim_door(clock, STARLING, teams=True) as door:
        made = (await door.send("POST", "/Groups", {"displayName": "Crew"})).json()
        await door.send("DELETE", f"/Groups/{made['id']}")
        for method, body in (("PUT", {"displayName": "X"}), ("PATCH", patch_of(("replace", "displayName", "X")))):
            assert 404 == (await door.send(method, f"/Groups/{made['id']}", body)).status_code


async def test_a_team_that_the_tokens_owner_leaves_is_out_of_sight(clock: Clock) -> None:
    """
    Webex shows teams to their members alone: the answer says that the change is made.
    """
    async with scim_door(clock, STARLING, teams=True) as door:
        made = (await door.send("POST", "/Groups", {"displayName": "Crew"})).json()
        uid = door.uid_of(door.people()[3].email)
        body = {"members": [{"value": uid}], WEBEX_TEAM_URN: {"moderators": [{"value": uid}]}}
        answer = await door.send("PUT", f"/Groups/{made['id']}", body)
        team = next(each for each in door.hub.sandbox.world.teams.values() if each.name == "Crew")
        assert [uid] == [rendering.person_id(each) for each in team.members]
        assert 404 == answer.status_code
        assert answer.json()["detail"].startswith("The change is made, and the resource cannot be seen any more")
