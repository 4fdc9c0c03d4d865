"""
What Webex does that clients do not expect, by SCIM: each is answered in a way that a client can act on, and settings
may have it otherwise.
"""

from typing import Any

import httpx2
import pytest

from fakes.scim_calls import patch_of
from fakes.scim_door import CAREFUL, ScimDoor, scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.bulk_words import BULK_REQUEST_URN
from webex_connector.gateway.scim.dialects import Groups
from webex_connector.gateway.scim.errors import AMBIGUOUS
from webex_connector.gateway.scim.groups import WEBEX_TEAM_URN
from webex_connector.gateway.scim.manner import LastMember, Manner
from webex_connector.gateway.scim.users import USER_URN
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer
from webex_connector.webex.ids import uuid_of

TEAMS = Manner(groups=Groups.TEAMS)
EMPTYING = Manner(groups=Groups.TEAMS, last_member=LastMember.DELETE)


def _bulk(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [BULK_REQUEST_URN], "Operations": list(operations)}


def _refusal(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["scimType"]


def _teams(door: ScimDoor, name: str) -> list[Any]:
    return [each for each in door.hub.sandbox.world.teams.values() if each.name == name]


async def _crew(door: ScimDoor, *members: str) -> dict[str, Any]:
    body = {"displayName": "Crew", "members": [{"value": uid} for uid in members]}
    made = await door.send("POST", "/Groups", body)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


@pytest.mark.parametrize("road", ["people", "scim"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
async def test_a_403_for_somebody_deleted_is_not_found(clock: Clock, method: str, road: str) -> None:
    """
    Webex may answer 403 for who is gone. Taken for a lack of rights it would be tried for ever; it is 404.
    """
    async with scim_door(clock, road=road) as door:
        made = (await door.send("POST", "/Users", {"userName": "ann@example.com"})).json()
        assert 204 == (await door.send("DELETE", f"/Users/{made['id']}")).status_code
        door.hub.sandbox.faults.add(Fault(Fail(403), to="* *", subject=uuid_of(made["id"])))
        bodies = {"PATCH": patch_of(("replace", "title", "Boss")), "PUT": {"userName": "ann@example.com", "title": "B"}}
        answer = await door.send(method, f"/Users/{made['id']}", bodies.get(method))
        door.hub.sandbox.faults.verify()
        assert (404, "404") == (answer.status_code, answer.json()["status"])


async def test_the_last_member_and_the_last_moderator_stay(clock: Clock) -> None:
    """
    However they are taken out: 400 with the reason, and nothing else of the change is made.
    """
    async with scim_door(clock, TEAMS, teams=True) as door:
        ann = door.uid_of(door.people()[3].email)
        made = await _crew(door, ann)
        path, boss = f"/Groups/{made['id']}", made[WEBEX_TEAM_URN]["moderators"][0]["value"]
        everybody = patch_of(("replace", "displayName", "Crowd"), ("remove", "members"))
        bodies = [
            ("PATCH", everybody),
            ("PATCH", patch_of(("replace", "displayName", "Crowd"), ("remove", f'members[value eq "{boss}"]'))),
            ("PATCH", patch_of(("replace", "displayName", "Crowd"), ("remove", f"{WEBEX_TEAM_URN}:moderators"))),
            ("PUT", {"displayName": "Crowd", "members": []}),
        ]
        for method, body in bodies:
            answer = await door.send(method, path, body)
            assert (400, "invalidValue") == _refusal(answer)
            assert "of a team stays" in answer.json()["detail"]
        rows = (await door.send("POST", "/Bulk", _bulk({"method": "PATCH", "path": path, "data": everybody}))).json()
        assert "400" == rows["Operations"][0]["status"]
        (team,) = _teams(door, "Crew")
        assert 2 == len(team.members)


@pytest.mark.parametrize("way", ["PATCH", "PATCH by value", "PUT", "Bulk"])
async def test_the_last_member_may_take_the_team_along(clock: Clock, way: str) -> None:
    """
    With `last_member = "delete"` a change that leaves nobody deletes the team, and is answered so. Taking out some
    leaves the others.
    """
    async with scim_door(clock, EMPTYING, teams=True) as door:
        ann, bob = (door.uid_of(each.email) for each in door.people()[3:5])
        made = await _crew(door, ann, bob)
        path, uids = f"/Groups/{made['id']}", [each["value"] for each in made["members"] if each["value"] != ann]
        assert 204 == (await door.send("PATCH", path, patch_of(("remove", f'members[value eq "{ann}"]')))).status_code
        assert {uuid_of(each) for each in uids} == set(_teams(door, "Crew")[0].members)
        everybody = patch_of(("remove", "members"))
        if way == "PATCH by value":
            everybody = patch_of(("remove", "members", [{"value": uid} for uid in uids]))
        if way == "PUT":
            answer = await door.send("PUT", path, {"displayName": "Crew", "members": []})
        elif way == "Bulk":
            answer = await door.send("POST", "/Bulk", _bulk({"method": "PATCH", "path": path, "data": everybody}))
            assert "204" == answer.json()["Operations"][0]["status"]
        else:
            answer = await door.send("PATCH", path, everybody)
        assert answer.status_code == (200 if way == "Bulk" else 204), answer.text
        assert _teams(door, "Crew") == []
        assert 404 == (await door.send("GET", path)).status_code


async def test_who_may_not_delete_does_not_delete_by_emptying(clock: Clock) -> None:
    """
    The right to delete holds for a team that would go with its last member, too.
    """
    async with scim_door(clock, EMPTYING, teams=True) as door:
        made = await _crew(door)
        answer = await door.send(
            "PATCH", f"/Groups/{made['id']}", patch_of(("remove", "members")), Authorization=f"Bearer {CAREFUL}"
        )
        assert answer.status_code == 403
        assert len(_teams(door, "Crew")) == 1


async def test_the_acting_administrator_may_leave_a_team_with_others(clock: Clock) -> None:
    """
    The owner of the token goes last, so that nothing else of the change is lost; then the team is seen no more.
    """
    async with scim_door(clock, TEAMS, teams=True) as door:
        ann, bob = (door.uid_of(each.email) for each in door.people()[3:5])
        made = await _crew(door, ann, bob)
        path, owner = f"/Groups/{made['id']}", made[WEBEX_TEAM_URN]["moderators"][0]["value"]
        body = patch_of(
            ("add", f"{WEBEX_TEAM_URN}:moderators", [{"value": ann}]),
            ("remove", "members", [{"value": owner}, {"value": bob}]),
            ("replace", "displayName", "Crowd"),
        )
        answer = await door.send("PATCH", path, body)
        assert answer.status_code == 204, answer.text
        (team,) = _teams(door, "Crowd")
        assert {uuid_of(ann)} == set(team.members)
        assert 404 == (await door.send("GET", path)).status_code
        again = await door.send("PATCH", path, body)
        assert again.status_code == 404


@pytest.mark.parametrize("teams", [False, True])
async def test_two_of_one_name_are_refused_unless_the_settings_allow_them(clock: Clock, teams: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """
    On creation, by renaming and inside Bulk; allowed, each has its own id.
    """
    groups = Groups.TEAMS if teams else Groups.GROUPS
    body = {"displayName": "Sellers"}
    row = {"method": "POST", "path": "/Groups", "bulkId": "g", "data": body}
    async with scim_door(clock, Manner(groups=groups), teams=teams) as door:
        first = (await door.send("POST", "/Groups", body)).json()
        other = (await door.send("POST", "/Groups", {"displayName": "Helpers"})).json()
        renaming = patch_of(("replace", "displayName", "Sellers"))
        for answer in (
            await door.send("POST", "/Groups", body),
            await door.send("PATCH", f"/Groups/{other['id']}", renaming),
            await door.send("PUT", f"/Groups/{other['id']}", body),
        ):
            assert (409, "uniqueness") == _refusal(answer)
            assert first["id"] in answer.json()["detail"]
        assert "409" == (await door.send("POST", "/Bulk", _bulk(row))).json()["Operations"][0]["status"]
    async with scim_door(clock, Manner(groups=groups, duplicate_names=True), teams=teams) as door:
        made = [await door.send("POST", "/Groups", body) for _ in range(2)]
        assert [201, 201] == [each.status_code for each in made]
        other = (await door.send("POST", "/Groups", {"displayName": "Helpers"})).json()
        assert 204 == (await door.send("PATCH", f"/Groups/{other['id']}", renaming)).status_code
        found = (await door.get("/Groups", filter='displayName eq "Sellers"'))["Resources"]
        assert {each["id"] for each in found} == {other["id"], *(each.json()["id"] for each in made)}


@pytest.mark.parametrize("teams", [False, True])
async def test_a_second_one_whose_answer_is_lost_is_not_taken_for_the_first(clock: Clock, teams: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """
    With `duplicate_names`, too, an end that nobody saw is looked for, and what was there before does not count.
    """
    manner = Manner(groups=Groups.TEAMS if teams else Groups.GROUPS, duplicate_names=True)
    async with scim_door(clock, manner, teams=teams) as door:
        first = (await door.send("POST", "/Groups", {"displayName": "Sellers"})).json()
        to = "POST /teams" if teams else "POST /groups"
        door.hub.sandbox.faults.add(Fault(LoseAnswer(), to=to))
        second = await door.send("POST", "/Groups", {"displayName": "Sellers"})
        door.hub.sandbox.faults.verify()
        assert (201, True) == (second.status_code, first["id"] != second.json()["id"])
        door.hub.sandbox.faults.add(Fault(Fail(502), to=to))
        third = await door.send("POST", "/Groups", {"displayName": "Sellers"})
        door.hub.sandbox.faults.verify()
        assert (500, True) == (third.status_code, third.json()["detail"].startswith(AMBIGUOUS))
        assert 2 == len((await door.get("/Groups", filter='displayName eq "Sellers"'))["Resources"])


async def _parts(door: ScimDoor) -> dict[str, Any]:
    """
    Return somebody whose licence, role and picture Webex is made to refuse.
    """
    profile = next(
        each for each in (await door.get("/Profiles"))["Resources"] if each["displayName"] == "Webex Meetings Suite"
    )
    role = (await door.get("/Roles"))["Resources"][0]
    door.hub.sandbox.faults.add(Fault(Fail(400), to="POST /people", body="licenses", times=50, must_fire=0))
    door.hub.sandbox.faults.add(Fault(Fail(400), to="POST /people", body="roles", times=50, must_fire=0))
    door.hub.sandbox.faults.add(Fault(Fail(400), to="PUT /people/{id}", body=role["id"], times=50, must_fire=0))
    door.hub.sandbox.faults.add(Fault(Fail(400), to="PATCH /licenses/users", times=50, must_fire=0))
    return {
        "schemas": [USER_URN],
        "userName": "ann@example.com",
        "entitlements": [{"value": profile["id"]}],
        "roles": [{"value": role["id"]}],
        "photos": [{"value": "ftp://pictures.example.com/ann"}],
    }


async def test_somebody_made_without_a_licence_a_role_and_a_picture(clock: Clock) -> None:
    """
    201 with what is true, and a warning that names each.
    """
    async with scim_door(clock) as door:
        answer = await door.send("POST", "/Users", await _parts(door))
        assert answer.status_code == 201, answer.text
        assert not {"roles", "photos"} & answer.json().keys()
        for part in ("licenses: ", "roles: ", "avatar: "):
            assert part in answer.headers["Warning"]


async def test_strictly_somebody_is_made_in_full_or_not_at_all(clock: Clock) -> None:
    """
    With `strict_create` who was made in part is deleted again, and the answer is 400 with the parts; inside Bulk too.
    Where even that fails, they stay, and the answer is the 201 that says so.
    """
    async with scim_door(clock, Manner(strict_create=True)) as door:
        body = await _parts(door)
        answer = await door.send("POST", "/Users", body)
        assert (400, "invalidValue") == _refusal(answer)
        assert answer.json()["detail"].startswith("Not everything could be done, and nothing was made. ")
        assert "licenses: " in answer.json()["detail"]
        rows = await door.send(
            "POST", "/Bulk", _bulk({"method": "POST", "path": "/Users", "bulkId": "a", "data": body})
        )
        assert "400" == rows.json()["Operations"][0]["status"]
        assert all(each.email != "ann@example.com" for each in door.people())
        door.hub.sandbox.faults.add(Fault(Fail(403), to="DELETE /people/{id}", times=50, must_fire=1))
        stays = await door.send("POST", "/Users", body)
        assert stays.status_code == 201
        assert "strict_create: it stays: " in stays.headers["Warning"]
        assert door.person(stays.json()["id"]) is not None
        door.hub.sandbox.faults.clear()
        whole = await door.send("POST", "/Users", {**body, "userName": "ben@example.com", "photos": []})
        assert (201, None) == (whole.status_code, whole.headers.get("Warning"))


async def test_a_user_name_changes_and_the_id_stays(clock: Clock) -> None:
    """
    By PATCH and by PUT; an address that somebody else has is 409 with their id, and nothing is changed.
    """
    async with scim_door(clock) as door:
        one, other = (door.people()[at].email for at in (3, 4))
        uid = door.uid_of(one)
        for method, body in (
            ("PATCH", patch_of(("replace", "title", "Boss"), ("replace", "userName", other))),
            ("PUT", {"userName": other, "title": "Boss"}),
        ):
            answer = await door.send(method, f"/Users/{uid}", body)
            assert (409, "uniqueness") == _refusal(answer)
            assert door.uid_of(other) in answer.json()["detail"]
        person = door.person(uid)
        assert person is not None
        assert (one, False) == (person.email, person.title == "Boss")
        renamed = await door.send("PATCH", f"/Users/{uid}", patch_of(("replace", "userName", "renamed@example.com")))
        assert (200, uid, "renamed@example.com") == (
            renamed.status_code,
            renamed.json()["id"],
            renamed.json()["userName"],
        )


async def test_a_user_name_that_the_settings_keep(clock: Clock) -> None:
    """
    With `change_user_name = false` another address is 400 `mutability` by whichever attribute and verb, and Schemas
    says so; the same one, in another case too, hinders no other change.
    """
    async with scim_door(clock, Manner(change_user_name=False)) as door:
        there = door.people()[3]
        path = f"/Users/{door.uid_of(there.email)}"
        for method, body in (
            ("PATCH", patch_of(("replace", "userName", "x@example.com"))),
            ("PATCH", patch_of(("replace", 'emails[type eq "work"].value', "x@example.com"))),
            ("PATCH", patch_of(("replace", "emails", [{"value": "x@example.com", "type": "work"}]))),
            ("PUT", {"userName": "x@example.com", "title": "Boss"}),
        ):
            assert (400, "mutability") == _refusal(await door.send(method, path, body)), body
        row = {"method": "PUT", "path": path, "data": {"userName": "x@example.com"}}
        assert "400" == (await door.send("POST", "/Bulk", _bulk(row))).json()["Operations"][0]["status"]
        same = {"userName": there.email.upper(), "title": "Boss"}
        assert 200 == (await door.send("PUT", path, same)).status_code
        patch = patch_of(("replace", "userName", there.email.upper()), ("replace", "title", "Chief"))
        assert 200 == (await door.send("PATCH", path, patch)).status_code
        person = door.person(door.uid_of(there.email))
        assert person is not None
        assert (there.email, "Chief") == (person.email, person.title)
        schema = await door.get(f"/Schemas/{USER_URN}")
        kept = {each["name"]: each["mutability"] for each in schema["attributes"]}
        assert ("immutable", "immutable", "readWrite") == (kept["userName"], kept["emails"], kept["title"])


async def test_the_last_full_administrator_stays(clock: Clock) -> None:
    """
    Webex's own refusal is told in its words, and nothing else of the PATCH is made.
    """
    async with scim_door(clock) as door:
        full = next(each["id"] for each in (await door.get("/Roles"))["Resources"] if "Full" in each["displayName"])
        holders = (await door.get("/Users", filter=f'roles.value eq "{full}"'))["Resources"]
        for other in holders[1:]:
            assert 200 == (await door.send("PATCH", f"/Users/{other['id']}", patch_of(("remove", "roles")))).status_code
        path = f"/Users/{holders[0]['id']}"
        answer = await door.send("PATCH", path, patch_of(("replace", "title", "Guest"), ("remove", "roles")))
        assert (400, "invalidValue") == _refusal(answer), answer.text
        person = door.person(holders[0]["id"])
        assert person is not None
        assert (True, False) == (bool(person.roles), person.title == "Guest")


async def test_the_owner_of_the_token_stays(clock: Clock) -> None:
    """
    Nobody deletes or disables the person whose token opens Webex for everybody who calls: 403, which no client repeats
    as it does a 503, and in bulk the operation's own.
    """
    async with scim_door(clock, TEAMS, teams=True) as door:
        made = await _crew(door)
        owner = made[WEBEX_TEAM_URN]["moderators"][0]["value"]
        before = door.person(owner)
        deletion = {"method": "DELETE", "path": f"/Users/{owner}"}
        answers = [
            await door.send("DELETE", f"/Users/{owner}"),
            await door.send("PATCH", f"/Users/{owner}", patch_of(("replace", "active", False))),
            await door.send("PATCH", f"/Users/{owner}", patch_of(("remove", "roles"))),
        ]
        inside = (await door.send("POST", "/Bulk", _bulk(deletion))).json()["Operations"][0]
        told = [(each.status_code, each.json()["detail"]) for each in answers]
        told.append((int(inside["status"]), inside["response"]["detail"]))
        assert [403] * 4 == [status for status, _ in told], told
        assert all("another administrator's token" in detail for _, detail in told)
        assert before is not None
        assert before == door.person(owner)
