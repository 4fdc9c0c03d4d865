"""
Writes and lists by SCIM while Webex fails in the middle of them; over a socket.
"""

from typing import Any

import httpx2
import pytest

from fakes.scim_calls import patch_of
from fakes.scim_door import ScimDoor, scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.bulk_words import BULK_REQUEST_URN
from webex_connector.gateway.scim.dialects import Groups
from webex_connector.gateway.scim.manner import Manner
from webex_connector.gateway.scim.partial import NOT_APPLIED_URN
from webex_connector.gateway.scim.patch import PATCH_URN
from webex_connector.sandbox.faults import Fail, Fault, HalfBody, LoseAnswer, RefuseButApplied, Reset, Throttle
from webex_connector.webex.ids import uuid_of


def _patch(*operations: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [PATCH_URN], "Operations": list(operations)}


@pytest.mark.parametrize(
    ("effect", "status"), [(Fail(503), 503), (Throttle(3600), 429), (Reset(), 503), (HalfBody(), 503)]
)
@pytest.mark.parametrize("parameters", [{"count": 50}, {"count": 1000, "cursor": ""}, {"filter": "name.formatted pr"}])
async def test_a_list_that_breaks_on_its_way_is_an_error(
    clock: Clock, effect: Any, status: int, parameters: dict[str, str | int]
) -> None:
    """
    Whatever was read before: a short list would have people deleted.
    """
    async with scim_door(clock, people=250) as door:
        door.hub.sandbox.faults.add(Fault(effect, to="GET /people", page=2, times=100, must_fire=1))
        answer = await door.http.get(f"{door.address}/webex/v2/Users", params=parameters)
        door.hub.sandbox.faults.verify()
        assert answer.status_code == status
        assert "Resources" not in answer.json()


@pytest.mark.parametrize("effect", [LoseAnswer(), RefuseButApplied(status=502)])
async def test_a_change_whose_answer_is_lost_is_looked_for(clock: Clock, effect: Any) -> None:
    """
    The client is told that it is done, since it is.
    """
    async with scim_door(clock) as door:
        uid = door.uid_of(door.people()[3].email)
        door.hub.sandbox.faults.add(Fault(effect, to="PUT /people/{id}"))
        body = _patch({"op": "replace", "path": "title", "value": "Boss"})
        answer = await door.send("PATCH", f"/Users/{uid}", body)
        door.hub.sandbox.faults.verify()
        person = door.person(uid)
        assert answer.status_code == 200
        assert answer.json()["title"] == "Boss"
        assert person is not None
        assert person.title == "Boss"


async def test_a_deletion_whose_answer_is_lost_is_done(clock: Clock) -> None:
    """
    204, and nobody is there any more.
    """
    async with scim_door(clock) as door:
        uid = door.uid_of(door.people()[3].email)
        door.hub.sandbox.faults.add(Fault(LoseAnswer(), to="DELETE /people/{id}"))
        answer = await door.send("DELETE", f"/Users/{uid}")
        assert answer.status_code == 204
        assert door.person(uid) is None


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_half_a_change_of_members_does_not_pass_for_a_whole_one(clock: Clock, method: str) -> None:
    """
    The second five hundred could not be put in while Webex was down: the answer says so, and when to come back, and
    asking again finishes it.
    """
    async with scim_door(clock, people=620) as door:
        members = [door.uid_of(each.email) for each in door.people()[:600]]
        made = (await door.send("POST", "/Groups", {"displayName": "Everybody"})).json()
        value = [{"value": uid} for uid in members]
        patch = _patch({"op": "add", "path": "members", "value": value})
        body = patch if method == "PATCH" else {"displayName": "Everybody", "members": value}
        door.hub.sandbox.faults.add(Fault(Fail(503), to="PATCH /groups/{id}", attempt=2, times=50, must_fire=1))
        answer = await door.send(method, f"/Groups/{made['id']}", body)
        door.hub.sandbox.faults.verify()
        group = door.group("Everybody")
        assert group is not None
        assert (503, "30") == (answer.status_code, answer.headers["Retry-After"])
        assert "scimType" not in answer.json()
        assert answer.json()["detail"].startswith(
            "Not everything could be done, and what could be stays done. members: "
        )
        assert len(group.members) == 500
        door.hub.sandbox.faults.clear()
        again = await door.send(method, f"/Groups/{made['id']}", body)
        assert again.status_code == (204 if method == "PATCH" else 200)
        assert "Warning" not in again.headers
        assert {uuid_of(uid) for uid in members} == set(group.members)


async def test_a_group_that_is_made_with_half_its_members_is_made(clock: Clock) -> None:
    """
    201, since there is a group now, with a warning that says what is missing; the same POST makes no second one.
    """
    async with scim_door(clock, people=620) as door:
        members = [{"value": door.uid_of(each.email)} for each in door.people()[:600]]
        door.hub.sandbox.faults.add(Fault(Fail(503), to="PATCH /groups/{id}", times=50, must_fire=1))
        body = {"displayName": "Everybody", "members": members}
        answer = await door.send("POST", "/Groups", body)
        door.hub.sandbox.faults.verify()
        group = door.group("Everybody")
        assert group is not None
        assert (201, 500) == (answer.status_code, len(group.members))
        assert len(answer.json()["members"]) == 500
        assert answer.headers["Warning"].startswith('299 - "Not applied: members: ')
        again = await door.send("POST", "/Groups", body)
        assert (409, True) == (again.status_code, answer.json()["id"] in again.json()["detail"])


async def _a_licence(door: ScimDoor) -> str:
    profiles = (await door.get("/Profiles"))["Resources"]
    wanted: str = next(each["id"] for each in profiles if each["displayName"] == "Webex Meetings Suite")
    return wanted


async def test_a_licence_that_webex_refuses_of_somebody_new_is_missing_in_the_answer(clock: Clock) -> None:
    """
    The person is there, so it is 201; the answer shows what is true, its warning what is not, and in Bulk the operation
    has both. Nobody is made twice.
    """
    async with scim_door(clock) as door:
        wanted = await _a_licence(door)
        door.hub.sandbox.faults.add(Fault(Fail(400), to="POST /people", body="licenses", times=50))
        door.hub.sandbox.faults.add(Fault(Fail(400), to="PATCH /licenses/users", times=50))
        body = {"userName": "ann@example.com", "entitlements": [{"value": wanted}]}
        answer = await door.send("POST", "/Users", body)
        assert answer.status_code == 201
        assert wanted not in {each["value"] for each in answer.json().get("entitlements", [])}
        assert answer.headers["Warning"].startswith('299 - "Not applied: licenses: ')
        assert door.person(answer.json()["id"]) is not None
        bulk = {"method": "POST", "path": "/Users", "bulkId": "b", "data": {**body, "userName": "ben@example.com"}}
        both = await door.send("POST", "/Bulk", {"schemas": [BULK_REQUEST_URN], "Operations": [bulk]})
        (row,) = both.json()["Operations"]
        assert ("201", [NOT_APPLIED_URN]) == (row["status"], row["response"]["schemas"])
        assert row["response"]["detail"].startswith("Not applied: licenses: ")
        door.hub.sandbox.faults.clear()
        again = await door.send("POST", "/Users", body)
        assert (409, True) == (again.status_code, answer.json()["id"] in again.json()["detail"])
        assert 2 == len([each for each in door.people() if each.email in {"ann@example.com", "ben@example.com"}])


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(("more", "status"), [({}, 503), ({"type": "mobile", "value": "+4930123"}, 400)])
async def test_only_what_repeating_finishes_is_to_be_repeated(
    clock: Clock, method: str, more: dict[str, str], status: int
) -> None:
    """
    A licence that Webex failed to give is 503; with a mobile number besides, which nobody can be given by the
    people API, it is 400: the client would repeat that for ever.
    """
    async with scim_door(clock) as door:
        person, licences = door.people()[6], [{"value": await _a_licence(door)}]
        path = f"/Users/{door.uid_of(person.email)}"
        before = (await door.get(path)).get("entitlements", [])
        data: dict[str, Any] = {"userName": person.email, "title": "Boss", "entitlements": [*before, *licences]}
        edits = [("replace", "title", "Boss"), ("add", "entitlements", licences)]
        if more:
            data["phoneNumbers"] = [more]
            edits.append(("add", "phoneNumbers", [more]))
        body = data if method == "PUT" else patch_of(*edits)
        door.hub.sandbox.faults.add(Fault(Fail(503), to="PATCH /licenses/users", times=50, must_fire=1))
        answer = await door.send(method, path, body)
        door.hub.sandbox.faults.verify()
        changed = door.person(door.uid_of(person.email))
        assert changed is not None
        assert (status, "Boss") == (answer.status_code, changed.title), answer.text
        assert answer.headers.get("Retry-After") == ("30" if status == 503 else None)
        assert answer.json().get("scimType") == (None if status == 503 else "invalidValue")
        door.hub.sandbox.faults.clear()
        assert (await door.send(method, path, body)).is_success != bool(more)


@pytest.mark.parametrize("road", ["people", "scim"])
@pytest.mark.parametrize("way", ["PUT", "PATCH", "PUT in Bulk", "PATCH in Bulk"])
async def test_a_licence_that_webex_refuses_of_somebody_who_is_there_is_no_success(
    clock: Clock, way: str, road: str
) -> None:
    """
    Whichever way it is asked for: 400 with what is missing; the rest is done, and asking again finishes it.
    """
    method = way.partition(" ")[0]
    async with scim_door(clock, road=road) as door:
        wanted, person = await _a_licence(door), door.people()[6]
        path, licences = f"/Users/{door.uid_of(person.email)}", [{"value": wanted}]
        before = (await door.get(path)).get("entitlements", [])
        assert wanted not in {each["value"] for each in before}
        data: dict[str, Any] = {"userName": person.email, "title": "Boss", "entitlements": [*before, *licences]}
        if method == "PATCH":
            data = patch_of(("replace", "title", "Boss"), ("add", "entitlements", licences))
        bulk = {"schemas": [BULK_REQUEST_URN], "Operations": [{"method": method, "path": path, "data": data}]}
        sent = ("POST", "/Bulk", bulk) if "Bulk" in way else (method, path, data)
        door.hub.sandbox.faults.add(Fault(Fail(400), to="PATCH /licenses/users", times=50, must_fire=1))
        status, detail = _end(await door.send(*sent))
        door.hub.sandbox.faults.verify()
        assert status == 400, detail
        assert detail.startswith("Not everything could be done, and what could be stays done. licenses: ")
        changed = door.person(door.uid_of(person.email))
        assert changed is not None
        assert changed.title == "Boss"
        door.hub.sandbox.faults.clear()
        assert (200, "") == _end(await door.send(*sent))
        assert wanted in {each["value"] for each in (await door.get(path))["entitlements"]}


def _end(answer: httpx2.Response) -> tuple[int, str]:
    """
    Return the status and the detail of an answer; those of its one operation when it is to a Bulk.
    """
    body = answer.json()
    if "Operations" not in body:
        return answer.status_code, body.get("detail", "")
    (row,) = body["Operations"]
    return int(row["status"]), row.get("response", {}).get("detail", "")


async def test_a_team_that_is_made_or_changed_in_part(clock: Clock) -> None:
    """
    Made: 201 with a warning that names who is missing. Changed: 400, and the rest of the PATCH is done.
    """
    async with scim_door(clock, Manner(groups=Groups.TEAMS), teams=True) as door:
        ann, bob = (door.uid_of(each.email) for each in door.people()[3:5])
        door.hub.sandbox.faults.add(Fault(Fail(400), to="POST /team/memberships", times=2))
        made = await door.send("POST", "/Groups", {"displayName": "Crew", "members": [{"value": ann}]})
        assert made.status_code == 201
        assert made.headers["Warning"].startswith('299 - "Not applied: members: ')
        path = f"/Groups/{made.json()['id']}"
        patch = patch_of(("replace", "displayName", "Crowd"), ("add", "members", [{"value": bob}]))
        answer = await door.send("PATCH", path, patch)
        door.hub.sandbox.faults.verify()
        assert (400, "invalidValue") == (answer.status_code, answer.json()["scimType"])
        assert "Crowd" == (await door.get(path))["displayName"]
        assert 204 == (await door.send("PATCH", path, patch)).status_code
        assert bob in {each["value"] for each in (await door.get(path))["members"]}
