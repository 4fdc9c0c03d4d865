"""
Bulk by SCIM, over a socket.
"""

from typing import Any

import pytest

from fakes.scim_calls import patch_of
from fakes.scim_door import scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.bulk_words import BULK_REQUEST_URN, BULK_RESPONSE_URN
from webex_connector.gateway.scim.manner import Manner
from webex_connector.gateway.scim.patch import PATCH_URN
from webex_connector.sandbox.faults import Fail, Fault
from webex_connector.webex.ids import uuid_of


def _bulk(*operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"schemas": [BULK_REQUEST_URN], "Operations": list(operations), **more}


def _user(name: str, **more: Any) -> dict[str, Any]:
    return {"method": "POST", "path": "/Users", "bulkId": name, "data": {"userName": f"{name}@example.com", **more}}


async def test_a_hundred_users_are_one_request_to_webex(clock: Clock) -> None:
    """
    On the SCIM road, whose bulk takes them all.
    """
    async with scim_door(clock, road="scim") as door:
        await door.get("/Users", count=1)
        door.requests()
        answer = await door.send("POST", "/Bulk", _bulk(*(_user(f"u{number}") for number in range(100))))
        rows = answer.json()["Operations"]
        assert answer.status_code == 200, answer.text
        assert answer.json()["schemas"] == [BULK_RESPONSE_URN]
        assert {"201"} == {row["status"] for row in rows}
        assert [f"u{number}" for number in range(100)] == [row["bulkId"] for row in rows]
        assert 100 == len([each for each in door.people() if each.email.startswith("u")])
        assert 1 == len([each for each in door.requests() if each.startswith("POST /Bulk")])


async def test_what_names_what_is_made_waits_for_it(clock: Clock) -> None:
    """
    A group whose members are made in the same request has them.
    """
    async with scim_door(clock) as door:
        body = _bulk(
            _user("anna"),
            _user("ben"),
            {
                "method": "POST",
                "path": "/Groups",
                "bulkId": "g",
                "data": {"displayName": "Sellers", "members": [{"value": "bulkId:anna"}, {"value": "bulkId:ben"}]},
            },
            {"method": "DELETE", "path": "/Users/bulkId:ben"},
        )
        rows = (await door.send("POST", "/Bulk", body)).json()["Operations"]
        group = door.group("Sellers")
        assert ["201", "201", "201", "204"] == [row["status"] for row in rows], rows
        assert group is not None
        assert {uuid_of(door.uid_of("anna@example.com"))} == set(group.members)
        assert rows[0]["location"] == f"{door.address}/webex/v2/Users/{door.uid_of('anna@example.com')}"


async def test_one_that_fails_keeps_no_other_from_happening(clock: Clock) -> None:
    """
    Each has its own end: made, refused by Webex, wrong, not there.
    """
    async with scim_door(clock) as door:
        there = door.people()[3]
        body = _bulk(
            {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": there.email}},
            {"method": "POST", "path": "/Users", "bulkId": "b", "data": {}},
            {"method": "DELETE", "path": "/Users/none"},
            {"method": "PUT", "path": "/Roles/x", "data": {}},
            {
                "method": "PATCH",
                "path": f"/Users/{door.uid_of(there.email)}",
                "data": {"schemas": [PATCH_URN], "Operations": [{"op": "replace", "path": "title", "value": "Boss"}]},
            },
            _user("anna"),
        )
        rows = (await door.send("POST", "/Bulk", body)).json()["Operations"]
        person = door.person(door.uid_of(there.email))
        assert ["409", "400", "404", "405", "200", "201"] == [row["status"] for row in rows]
        assert rows[0]["response"]["scimType"] == "uniqueness"
        assert rows[1]["response"]["detail"] == "userName is required"
        assert person is not None
        assert person.title == "Boss"


async def test_it_stops_after_as_many_errors_as_the_client_says(clock: Clock) -> None:
    """
    What comes after is not begun, and not in the answer.
    """
    async with scim_door(clock) as door:
        wrong = {"method": "DELETE", "path": "/Users/none"}
        body = _bulk(_user("anna"), wrong, _user("ben"), wrong, _user("cem"), failOnErrors=2)
        rows = (await door.send("POST", "/Bulk", body)).json()["Operations"]
        assert ["201", "404", "201", "404"] == [row["status"] for row in rows]
        assert all(each.email != "cem@example.com" for each in door.people())


async def test_what_is_wrong_as_a_whole(clock: Clock) -> None:
    """
    Only POST, and not too many operations.
    """
    async with scim_door(clock) as door:
        read = await door.send("GET", "/Bulk")
        many = await door.send("POST", "/Bulk", _bulk(*([{}] * 1001)))
        assert [405, 413] == [each.status_code for each in (read, many)]
        assert read.headers["allow"] == "POST"


async def test_half_of_an_operation_does_not_pass_for_a_whole_one(clock: Clock) -> None:
    """
    The second five hundred members could not be put in: the operation says so. The others are untouched by it.
    """
    async with scim_door(clock, people=620) as door:
        members = [{"value": door.uid_of(each.email)} for each in door.people()[:600]]
        made = (await door.send("POST", "/Groups", {"displayName": "Everybody"})).json()
        door.hub.sandbox.faults.add(Fault(Fail(503), to="PATCH /groups/{id}", attempt=2, times=50, must_fire=1))
        data = {"schemas": [PATCH_URN], "Operations": [{"op": "add", "path": "members", "value": members}]}
        body = _bulk({"method": "PATCH", "path": f"/Groups/{made['id']}", "data": data}, _user("anna"))
        rows = (await door.send("POST", "/Bulk", body)).json()["Operations"]
        door.hub.sandbox.faults.verify()
        assert ["503", "201"] == [row["status"] for row in rows]
        assert rows[0]["response"]["detail"].startswith("Not everything could be done")


async def test_an_operation_on_a_version_that_is_gone(clock: Clock) -> None:
    """
    It is refused, and so is a PUT of what is only read; a PUT of the present version is carried out.
    """
    async with scim_door(clock) as door:
        made = (await door.send("POST", "/Users", {"userName": "anna@example.com"})).json()
        path, version = f"/Users/{made['id']}", made["meta"]["version"]
        body = _bulk(
            {
                "method": "PUT",
                "path": path,
                "data": {"userName": "anna@example.com", "title": "Boss"},
                "version": version,
            },
            {"method": "DELETE", "path": path, "version": version},
        )
        rows = (await door.send("POST", "/Bulk", body)).json()["Operations"]
        person = door.person(made["id"])
        assert ["200", "412"] == [row["status"] for row in rows]
        assert person is not None
        assert person.title == "Boss"


async def test_what_a_creation_cannot_carry_follows_it(clock: Clock) -> None:
    """
    The people road makes nobody inactive: a change follows, and the creation stands whatever becomes of that.
    """
    async with scim_door(clock) as door:
        door.requests()
        door.hub.sandbox.faults.add(Fault(Fail(400), to="PUT /people/{id}", times=50, must_fire=1))
        rows = (await door.send("POST", "/Bulk", _bulk(_user("anna", active=False)))).json()["Operations"]
        alone = await door.send("POST", "/Users", {"userName": "ben@example.com", "active": False})
        door.hub.sandbox.faults.verify()
        assert ["201"] == [row["status"] for row in rows]
        assert rows[0]["response"]["detail"].startswith("Not applied: __ENABLE__: ")
        assert (201, True) == (alone.status_code, alone.json()["active"])
        assert alone.headers["Warning"].startswith('299 - "Not applied: __ENABLE__: ')
        assert {"anna@example.com", "ben@example.com"} <= {each.email for each in door.people()}


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_somebody_who_exists_is_taken_over_inside_bulk_too(clock: Clock, road: str) -> None:
    """
    With `adopt`, as by a POST of its own: people and groups keep their ids, what refers to them is led there, and the
    others in the request are made.
    """
    async with scim_door(clock, Manner(adopt=True), road=road) as door:
        there = door.people()[3]
        uid = door.uid_of(there.email)
        assert (await door.send("PATCH", f"/Users/{uid}", patch_of(("replace", "active", False)))).status_code == 200
        group = (await door.send("POST", "/Groups", {"displayName": "Sellers"})).json()["id"]
        known = {"userName": there.email, "title": "Boss", "active": True}
        body = _bulk(
            {"method": "POST", "path": "/Users", "bulkId": "known", "data": known},
            _user("anna"),
            {
                "method": "POST",
                "path": "/Groups",
                "bulkId": "g",
                "data": {"displayName": "Sellers", "members": [{"value": "bulkId:known"}]},
            },
        )
        rows = (await door.send("POST", "/Bulk", body)).json()["Operations"]
        sellers = door.group("Sellers")
        assert ["201"] * 3 == [row["status"] for row in rows], rows
        assert [uid, group] == [rows[at]["location"].rpartition("/")[2] for at in (0, 2)]
        person = door.person(uid)
        assert person is not None
        assert ("Boss", True) == (person.title, person.active)
        assert sellers is not None
        assert {there.uuid} == set(sellers.members)
        assert len([each for each in door.hub.sandbox.world.groups.values() if each.display_name == "Sellers"]) == 1
