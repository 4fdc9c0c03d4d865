"""
People by SCIM, over a socket: what a client sees, what the organisation becomes, and which requests that took.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from fakes.scim_calls import patch_of
from fakes.scim_door import ScimDoor, scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.manner import Manner
from webex_connector.gateway.scim.users import ENTERPRISE_URN, USER_URN, WEBEX_USER_URN

ANN = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "externalId": "00u1",
    "userName": "ann@example.com",
    "name": {"givenName": "Ann", "familyName": "Archer"},
    "emails": [{"primary": True, "type": "work", "value": "ann@example.com"}],
    "title": "Engineer",
    "password": "never-kept",
    "groups": [],
    "active": True,
    ENTERPRISE_URN: {"department": "R&D"},
}


async def _made(door: ScimDoor, **more: Any) -> dict[str, Any]:
    answer = await door.send("POST", "/Users", {**ANN, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_created_user_is_in_the_organisation_and_in_the_answer(clock: Clock) -> None:
    """
    A POST makes one person, and answers with everything that is true of it.
    """
    async with scim_door(clock) as door:
        answer = await door.send("POST", "/Users", ANN)
        made = answer.json()
        person = door.person(made["id"])
        assert answer.status_code == 201
        assert answer.headers["content-type"] == "application/scim+json"
        assert answer.headers["location"] == made["meta"]["location"] == f"{door.address}/webex/v2/Users/{made['id']}"
        assert person is not None
        assert ("Ann", "Archer", "Engineer", "R&D") == (
            person.first_name,
            person.last_name,
            person.title,
            person.department,
        )
        assert made["userName"] == "ann@example.com"
        assert made["name"] == {"familyName": "Archer", "givenName": "Ann", "formatted": "Ann Archer"}
        assert made["displayName"] == "Ann Archer"
        assert made["emails"] == [{"value": "ann@example.com", "type": "work", "primary": True}]
        assert made["externalId"] == "00u1"
        assert made["active"] is True
        assert made[ENTERPRISE_URN] == {"department": "R&D"}
        assert made[WEBEX_USER_URN]["invitePending"] is True
        assert made["meta"]["resourceType"] == "User"
        assert "password" not in answer.text
        again = await door.send("GET", f"/Users/{made['id']}")
        assert again.json() == made
        assert again.headers["etag"] == answer.headers["etag"] == made["meta"]["version"]


async def test_a_put_changes_what_it_names_and_nothing_else(clock: Clock) -> None:
    """
    What is missing in the body of a PUT stays; null clears.
    """
    async with scim_door(clock) as door:
        made = await _made(door)
        body = {"schemas": [USER_URN], "userName": "ann@example.com", "name": {"familyName": "Baker"}, "title": None}
        answer = await door.send("PUT", f"/Users/{made['id']}", body)
        person = door.person(made["id"])
        assert answer.status_code == 200
        assert person is not None
        assert ("Ann", "Baker", "", "R&D") == (
            person.first_name,
            person.last_name,
            person.title,
            person.department,
        )
        assert answer.json()["name"] == {"familyName": "Baker", "givenName": "Ann", "formatted": "Ann Baker"}
        assert "title" not in answer.json()
        assert answer.json()["externalId"] == "00u1"


async def test_a_put_that_changes_nothing_writes_nothing(clock: Clock) -> None:
    """
    A client that sends back what it has read costs one request to read.
    """
    async with scim_door(clock) as door:
        made = await _made(door)
        door.requests()
        answer = await door.send("PUT", f"/Users/{made['id']}", made)
        assert answer.json() == made
        assert [each for each in door.requests() if not each.startswith("GET ")] == []


async def test_deactivation_and_reactivation_by_put(clock: Clock) -> None:
    """
    Somebody who is inactive stays visible, and becomes active again.
    """
    async with scim_door(clock) as door:
        uid = door.uid_of(door.people()[3].email)
        body = await door.get(f"/Users/{uid}")
        off = await door.send("PUT", f"/Users/{uid}", {**body, "active": "False"})
        person = door.person(uid)
        assert person is not None
        assert off.json()["active"] is False
        assert not person.active
        assert (await door.get(f"/Users/{uid}"))["active"] is False
        on = await door.send("PUT", f"/Users/{uid}", {**body, "active": True})
        person = door.person(uid)
        assert person is not None
        assert on.json()["active"] is True
        assert person.active


async def test_somebody_made_inactive_is_inactive(clock: Clock) -> None:
    """
    PingOne makes people disabled, which takes the SCIM road: an invitation cannot be disabled by the other.
    """
    async with scim_door(clock, road="scim") as door:
        made = await _made(door, active=False)
        person = door.person(made["id"])
        assert person is not None
        assert made["active"] is False
        assert not person.active


async def test_the_deleted_are_gone(clock: Clock) -> None:
    """
    A DELETE answers 204 with nothing; whatever follows it, 404.
    """
    async with scim_door(clock) as door:
        made = await _made(door)
        gone = await door.send("DELETE", f"/Users/{made['id']}")
        assert (204, b"") == (gone.status_code, gone.content)
        assert door.person(made["id"]) is None
        for method, body in (("GET", None), ("PUT", ANN), ("DELETE", None)):
            answer = await door.send(method, f"/Users/{made['id']}", body)
            assert answer.status_code == 404
            assert answer.json()["status"] == "404"


async def test_a_second_one_of_a_name_is_a_conflict_that_names_the_first(clock: Clock) -> None:
    """
    409 with `uniqueness` and the id of whoever has the address, in any case.
    """
    async with scim_door(clock) as door:
        made = await _made(door)
        answer = await door.send("POST", "/Users", {**ANN, "userName": "ANN@example.com"})
        assert answer.status_code == 409
        assert answer.json()["scimType"] == "uniqueness"
        assert made["id"] in answer.json()["detail"]
        assert len([each for each in door.people() if each.email == "ann@example.com"]) == 1


async def test_somebody_who_exists_is_taken_over_where_the_system_is_set_so(clock: Clock) -> None:
    """
    With `adopt` a POST for an address that somebody has changes them, and answers 201 with their id.
    """
    async with scim_door(clock, Manner(adopt=True)) as door:
        there = door.people()[3]
        answer = await door.send("POST", "/Users", {**ANN, "userName": there.email, "emails": []})
        person = door.person(answer.json()["id"])
        assert answer.status_code == 201
        assert person is not None
        assert (there.uuid, "Engineer", there.email) == (person.uuid, person.title, person.email)
        assert answer.json()["externalId"] == "00u1"


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_somebody_inactive_who_is_taken_over_can_be_active_again(clock: Clock, road: str) -> None:
    """
    With `adopt` a POST with `active` true activates somebody who exists; without a word of it they stay inactive.
    """
    async with scim_door(clock, Manner(adopt=True), road=road) as door:
        there = door.people()[3]
        uid = door.uid_of(there.email)
        answer = await door.send("PATCH", f"/Users/{uid}", patch_of(("replace", "active", False)))
        assert answer.status_code == 200
        answer = await door.send("POST", "/Users", {"userName": there.email})
        assert (201, uid, False) == (answer.status_code, answer.json()["id"], answer.json()["active"])
        answer = await door.send("POST", "/Users", {"userName": there.email, "active": True})
        assert (201, uid, True) == (answer.status_code, answer.json()["id"], answer.json()["active"])
        assert (await door.get(f"/Users/{uid}"))["active"] is True


async def test_licences_and_roles_are_taken_by_id_and_by_name(clock: Clock) -> None:
    """
    Values are ids; a name that one thing has stands for its id. Both are shown with their names.
    """
    async with scim_door(clock) as door:
        profiles = (await door.get("/Profiles"))["Resources"]
        messaging = next(each for each in profiles if "Messaging" in each["displayName"])
        role = (await door.get("/Roles"))["Resources"][0]
        made = await _made(
            door,
            entitlements=[{"value": messaging["displayName"].upper()}],
            roles=[{"value": role["id"]}],
        )
        assert {"value": messaging["id"], "display": messaging["displayName"]} in made["entitlements"]
        assert made["roles"] == [{"value": role["id"], "display": role["displayName"]}]


async def test_an_unknown_licence_is_refused_before_anybody_is_made(clock: Clock) -> None:
    """
    Dropped in silence it would be sent again and again.
    """
    async with scim_door(clock) as door:
        answer = await door.send("POST", "/Users", {**ANN, "entitlements": [{"value": "No such licence"}]})
        assert answer.status_code == 400
        assert answer.json()["scimType"] == "invalidValue"
        assert "No such licence" in answer.json()["detail"]
        assert all(each.email != "ann@example.com" for each in door.people())


async def test_pages_by_index_have_exact_totals(clock: Clock) -> None:
    """
    Every user is on exactly one page; the numbers are integers, and count=0 tells the total alone.
    """
    async with scim_door(clock, people=25) as door:
        pages = [await door.get("/Users", startIndex=start, count=10) for start in (1, 11, 21, 31)]
        uids = [each["id"] for page in pages for each in page["Resources"]]
        assert [page["totalResults"] for page in pages] == [25] * 4
        assert [page["itemsPerPage"] for page in pages] == [10, 10, 5, 0]
        assert sorted(uids) == sorted({door.uid_of(each.email) for each in door.people()})
        nothing = await door.get("/Users", count=0)
        assert (25, 0, []) == (nothing["totalResults"], nothing["itemsPerPage"], nothing["Resources"])


async def test_a_dry_run_tells_what_it_would_send(clock: Clock) -> None:
    """
    With `_dryRun=true` nothing changes.
    """
    async with scim_door(clock) as door:
        answer = await door.send("POST", "/Users?_dryRun=true", ANN)
        assert answer.status_code == 200
        assert answer.json()["withheld"] == ["POST /people", "keep externalId beside __ACCOUNT__"]
        assert all(each.email != "ann@example.com" for each in door.people())


async def test_times_may_be_moved(clock: Clock) -> None:
    """
    One Identity's "Instance DateTime Offset": what is told, and what filters are about.
    """
    async with scim_door(clock) as plain:
        first = (await plain.get("/Users", count=1))["Resources"][0]["meta"]["created"]
    async with scim_door(clock, Manner(offset=timedelta(hours=2))) as door:
        moved = (await door.get("/Users", count=1))["Resources"][0]["meta"]["created"]
        assert datetime.fromisoformat(moved) - datetime.fromisoformat(first) == timedelta(hours=2)
        since = await door.get("/Users", filter=f'meta.created ge "{moved}"', count=1)
        after = await door.get("/Users", filter=f'meta.created gt "{moved}" and userName pr', count=0)
        assert since["totalResults"] > after["totalResults"]
