"""
Groups and teams by SCIM, over a socket.
"""

from fakes.scim_door import ScimDoor, scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.dialects import Groups
from webex_connector.gateway.scim.groups import GROUP_URN, WEBEX_GROUP_URN, WEBEX_TEAM_URN
from webex_connector.gateway.scim.manner import Manner
from webex_connector.webex.ids import uuid_of

TEAMS = Manner(groups=Groups.TEAMS)


def _members(*uids: str) -> list[dict[str, object]]:
    return [{"value": uid, "$ref": None} for uid in uids]


def _uids(door: ScimDoor, number: int) -> list[str]:
    return [door.uid_of(each.email) for each in door.people()[:number]]


async def test_a_created_group_has_its_members(clock: Clock) -> None:
    """
    A POST makes the group with its members, and answers with it as a GET does.
    """
    async with scim_door(clock) as door:
        ann, bob = _uids(door, 2)
        body = {
            "schemas": [GROUP_URN, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "displayName": "Sellers",
            "externalId": "g-1",
            "members": _members(ann, bob),
            "meta": {"resourceType": "Group"},
        }
        answer = await door.send("POST", "/Groups", body)
        made, group = answer.json(), door.group("Sellers")
        assert answer.status_code == 201, answer.text
        assert group is not None
        assert {uuid_of(ann), uuid_of(bob)} == set(group.members)
        assert made["externalId"] == "g-1"
        assert {ann, bob} == {each["value"] for each in made["members"]}
        assert made["members"][0]["type"] == "User"
        assert made["members"][0]["$ref"] == f"{door.address}/webex/v2/Users/{made['members'][0]['value']}"
        assert made[WEBEX_GROUP_URN]["memberSize"] == 2
        assert made == await door.get(f"/Groups/{made['id']}")


async def test_members_that_are_not_wanted_are_not_read(clock: Clock) -> None:
    """
    `excludedAttributes=members`, which Entra sends with every read, spares reading them.
    """
    async with scim_door(clock, people=30) as door:
        body = {"displayName": "Sellers", "members": _members(*_uids(door, 20))}
        made = (await door.send("POST", "/Groups", body)).json()
        door.requests()
        slim = await door.get(f"/Groups/{made['id']}", excludedAttributes="members")
        assert "members" not in slim
        assert slim["displayName"] == "Sellers"
        assert door.requests() == ["GET /groups/{id}"]


async def test_a_put_of_members_puts_in_and_takes_out(clock: Clock) -> None:
    """
    Replacing the list of members becomes one membership call with the difference; nobody is lost on the way.
    """
    async with scim_door(clock) as door:
        ann, bob, cem = _uids(door, 3)
        made = (await door.send("POST", "/Groups", {"displayName": "Sellers", "members": _members(ann, bob)})).json()
        door.requests()
        body = {"schemas": [GROUP_URN], "displayName": "Sellers", "members": _members(bob, cem)}
        answer = await door.send("PUT", f"/Groups/{made['id']}", body)
        group = door.group("Sellers")
        assert answer.status_code == 200
        assert group is not None
        assert {uuid_of(bob), uuid_of(cem)} == set(group.members)
        assert {bob, cem} == {each["value"] for each in answer.json()["members"]}
        assert 1 == len([each for each in door.requests() if each.startswith("PATCH")])


async def test_a_put_without_members_keeps_them_and_an_empty_list_clears(clock: Clock) -> None:
    """
    Absent is not the same as empty.
    """
    async with scim_door(clock) as door:
        (ann,) = _uids(door, 1)
        made = (await door.send("POST", "/Groups", {"displayName": "Sellers", "members": _members(ann)})).json()
        renamed = await door.send("PUT", f"/Groups/{made['id']}", {"displayName": "Selling"})
        assert [ann] == [each["value"] for each in renamed.json()["members"]]
        cleared = await door.send("PUT", f"/Groups/{made['id']}", {"displayName": "Selling", "members": []})
        group = door.group("Selling")
        assert group is not None
        assert group.members == {}
        assert "members" not in cleared.json()


async def test_two_groups_of_one_name_are_refused(clock: Clock) -> None:
    """
    Webex would take both; a client that looks groups up by their name would find two. That goes for renaming too.
    """
    async with scim_door(clock) as door:
        first = (await door.send("POST", "/Groups", {"displayName": "Sellers"})).json()
        second = (await door.send("POST", "/Groups", {"displayName": "Helpers"})).json()
        again = await door.send("POST", "/Groups", {"displayName": "SELLERS"})
        renamed = await door.send("PUT", f"/Groups/{second['id']}", {"displayName": "Sellers"})
        for answer in (again, renamed):
            assert answer.status_code == 409
            assert answer.json()["scimType"] == "uniqueness"
            assert first["id"] in answer.json()["detail"]
        assert door.group("Helpers") is not None


async def test_a_deleted_group_is_gone(clock: Clock) -> None:
    """
    DELETE answers 204, and a second one 404.
    """
    async with scim_door(clock) as door:
        made = (await door.send("POST", "/Groups", {"displayName": "Sellers"})).json()
        first = await door.send("DELETE", f"/Groups/{made['id']}")
        second = await door.send("DELETE", f"/Groups/{made['id']}")
        assert (204, 404) == (first.status_code, second.status_code)
        assert door.group("Sellers") is None


async def test_teams_stand_for_groups_where_the_system_is_set_so(clock: Clock) -> None:
    """
    A team is a Group with moderators.
    """
    async with scim_door(clock, TEAMS, teams=True) as door:
        ann, bob = _uids(door, 2)
        body = {"displayName": "Crew", "members": _members(ann, bob), WEBEX_TEAM_URN: {"moderators": [{"value": ann}]}}
        answer = await door.send("POST", "/Groups", body)
        made = answer.json()
        team = next(each for each in door.hub.sandbox.world.teams.values() if each.name == "Crew")
        assert answer.status_code == 201, answer.text
        assert team.members[uuid_of(ann)].is_moderator
        assert not team.members[uuid_of(bob)].is_moderator
        assert {ann, bob} <= {each["value"] for each in made["members"]}
        assert ann in {each["value"] for each in made[WEBEX_TEAM_URN]["moderators"]}


async def test_the_last_member_of_a_team_stays(clock: Clock) -> None:
    """
    Webex would delete the team with its last member: a change must not delete a resource. The answer says why not.
    """
    async with scim_door(clock, TEAMS, teams=True) as door:
        made = (await door.send("POST", "/Groups", {"displayName": "Crew"})).json()
        answer = await door.send("PUT", f"/Groups/{made['id']}", {"displayName": "Crew", "members": []})
        assert answer.status_code == 400
        assert answer.json()["scimType"] == "invalidValue"
        assert "The last moderator of a team stays" in answer.json()["detail"]
        assert any(each.name == "Crew" for each in door.hub.sandbox.world.teams.values())


async def test_groups_and_teams_beside_each_other(clock: Clock) -> None:
    """
    Asked for both, teams are a resource type of their own.
    """
    async with scim_door(clock, Manner(groups=Groups.BOTH), teams=True) as door:
        await door.send("POST", "/Groups", {"displayName": "Sellers"})
        await door.send("POST", "/Teams", {"displayName": "Crew"})
        types = await door.get("/ResourceTypes")
        assert ["User", "Group", "Team", "Role", "Profiles"] == [each["id"] for each in types["Resources"]]
        assert "Crew" in {each["displayName"] for each in (await door.get("/Teams"))["Resources"]}
        assert "Crew" not in {each["displayName"] for each in (await door.get("/Groups"))["Resources"]}


async def test_what_is_granted_cannot_be_written(clock: Clock) -> None:
    """
    Roles and licences are read only: 405 with the methods there are.
    """
    async with scim_door(clock) as door:
        for endpoint in ("/Roles", "/Profiles"):
            one = (await door.get(endpoint, count=1, startIndex=1))["Resources"][0]
            refused = await door.send("POST", endpoint, {"displayName": "X"})
            assert (405, "GET") == (refused.status_code, refused.headers["allow"])
            assert one == await door.get(f"{endpoint}/{one['id']}")
