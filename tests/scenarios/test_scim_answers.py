"""
What the SCIM door answers to requests that are wrong, not allowed, or met by a Webex that fails; over a socket.
"""

from typing import Any

import pytest

from fakes.scim_door import READER, ScimDoor, scim_door
from webex_connector.base.clock import Clock
from webex_connector.gateway.scim.errors import AMBIGUOUS, ERROR_URN
from webex_connector.sandbox.faults import Fail, Fault, LoseAnswer, RefuseButApplied, Reset

ANN = {"userName": "ann@example.com"}


def _error(status: int, detail: str, kind: str | None = None) -> dict[str, Any]:
    scim_type = {} if kind is None else {"scimType": kind}
    return {"schemas": [ERROR_URN], "status": str(status), **scim_type, "detail": detail}


def _count(door: ScimDoor, address: str) -> int:
    return len([each for each in door.people() if each.email == address])


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        ("GET", "/Users?startIndex=x", None, _error(400, 'startIndex must be an integer, not "x"', "invalidValue")),
        ("GET", "/Users?sortBy=x", None, _error(400, "User has no attribute x to sort by", "invalidPath")),
        ("GET", "/Users?sortBy=addresses", None, _error(501, "Sorting by addresses is not offered")),
        (
            "GET",
            "/Users?sortBy=title&sortOrder=up",
            None,
            _error(400, 'sortOrder is ascending or descending, not "up"', "invalidValue"),
        ),
        (
            "GET",
            "/Users?attributes=id&excludedAttributes=title",
            None,
            _error(400, "attributes and excludedAttributes exclude each other", "invalidValue"),
        ),
        (
            "GET",
            "/Nothing",
            None,
            _error(404, "There is no endpoint /Nothing; there are /Users, /Groups, /Roles, /Profiles"),
        ),
        (
            "GET",
            "/Me",
            None,
            _error(501, "/Me is not offered: a client of this server is no person of the organisation"),
        ),
        ("GET", "/", None, _error(501, "All resource types at once cannot be searched; name one, as in /Users")),
        ("PUT", "/Users", ANN, _error(405, "User does not have PUT here")),
        ("POST", "/Users/x", ANN, _error(405, "User does not have POST here")),
        ("DELETE", "/Roles/x", None, _error(405, "Role does not have DELETE here")),
        ("POST", "/Schemas", {}, _error(405, "/Schemas can only be read")),
        ("GET", "/Schemas?filter=x", None, _error(403, "/Schemas cannot be filtered (RFC 7644, section 4)")),
        ("GET", "/ResourceTypes/X", None, _error(404, "There is no X; there are User, Group, Role, Profiles")),
        ("POST", "/Users", [], _error(400, "The body must be a User, a JSON object", "invalidSyntax")),
        ("POST", "/Users", {}, _error(400, "userName is required", "invalidValue")),
        (
            "POST",
            "/Users",
            {"userName": "ann"},
            _error(400, 'userName must be an e-mail address, not "ann"', "invalidValue"),
        ),
        (
            "POST",
            "/Users",
            {**ANN, "active": "maybe"},
            _error(400, 'active takes true or false, not "maybe"', "invalidValue"),
        ),
        ("POST", "/Users/.search", [], _error(400, "The body must be a SearchRequest, a JSON object", "invalidSyntax")),
        ("POST", "/Users/.search", {"count": {}}, _error(400, "count cannot be {}", "invalidSyntax")),
    ],
)
async def test_what_is_wrong_is_said_exactly(
    clock: Clock, method: str, path: str, body: Any, expected: dict[str, Any]
) -> None:
    """
    Status, kind and a sentence that says what to do differently; nothing is changed.
    """
    async with scim_door(clock, people=3) as door:
        before = len(door.people())
        answer = await door.send(method, path, body)
        assert answer.json() == expected
        assert answer.status_code == int(expected["status"])
        assert answer.headers["content-type"] == "application/scim+json"
        assert len(door.people()) == before


@pytest.mark.parametrize(
    ("content", "kind", "status", "detail"),
    [
        (b"", "application/scim+json", 400, "The body is missing"),
        (b"{", "application/json; charset=utf-8", 400, "The request cannot be read: "),
        (b"<a/>", "application/xml", 415, "The body must be application/scim+json, not application/xml"),
        (b"[" * 100_000, "application/json", 400, "The request cannot be read: "),
        (b" " * (1024 * 1024 + 1), "application/json", 413, "The body is larger than 1048576 bytes"),
    ],
)
async def test_bodies_that_are_none(clock: Clock, content: bytes, kind: str, status: int, detail: str) -> None:
    """
    Whatever is sent, the answer is an error in the form of the standard.
    """
    async with scim_door(clock, people=3) as door:
        address = f"{door.address}/webex/v2/Users"
        answer = await door.http.post(address, content=content, headers={"Content-Type": kind})
        assert answer.status_code == status
        assert answer.json()["status"] == str(status)
        assert answer.json()["detail"].startswith(detail)


@pytest.mark.parametrize(
    ("authorization", "status", "detail"),
    [
        ("", 401, "The Authorization header with a bearer token is missing"),
        ("Bearer wrong", 401, "The token fits no client"),
        ("Basic !", 401, "The Authorization header cannot be read"),
        ("Bearer other-token", 403, "elsewhere may not use webex"),
        (f"Bearer {READER}", 403, "reader may not write: the role reader does not allow it"),
    ],
)
async def test_who_may_not(clock: Clock, authorization: str, status: int, detail: str) -> None:
    """
    401 with a challenge for whom nobody knows, 403 for who may not; nothing is asked of Webex.
    """
    async with scim_door(clock, people=3) as door:
        answer = await door.send("POST", "/Users", ANN, Authorization=authorization)
        assert answer.json() == _error(status, detail)
        assert ("www-authenticate" in answer.headers) is (status == 401)
        assert door.requests() == []


async def test_a_reader_may_read_and_search(clock: Clock) -> None:
    """
    With a token, or with name and password.
    """
    async with scim_door(clock, people=3) as door:
        for authorization in (f"Bearer {READER}", "Basic cmVhZGVyOnJlYWRlcg=="):
            listed = await door.send("GET", "/Users", Authorization=authorization)
            searched = await door.send("POST", "/Users/.search", {"count": 1}, Authorization=authorization)
            assert (200, 200) == (listed.status_code, searched.status_code)


async def test_a_version_that_is_not_the_present_one(clock: Clock) -> None:
    """
    If-Match refuses with 412 what was read before a change; If-None-Match answers 304 to who has the present version.
    """
    async with scim_door(clock, people=3) as door:
        made = (await door.send("POST", "/Users", ANN)).json()
        version = made["meta"]["version"]
        known = await door.send("GET", f"/Users/{made['id']}", If_None_Match=version)
        right = await door.send("PUT", f"/Users/{made['id']}", {**ANN, "title": "Boss"}, If_Match=version)
        wrong = await door.send("PUT", f"/Users/{made['id']}", {**ANN, "title": "Chief"}, If_Match=version)
        kept = await door.send("DELETE", f"/Users/{made['id']}", If_Match=version)
        person = door.person(made["id"])
        assert [304, 200, 412, 412] == [each.status_code for each in (known, right, wrong, kept)]
        assert known.content == b""
        assert person is not None
        assert person.title == "Boss"


@pytest.mark.parametrize("road", ["people", "scim"])
async def test_a_version_that_a_write_tells_is_the_one_that_is_read(clock: Clock, road: str) -> None:
    """
    Webex tells less of somebody new by SCIM than a read does: there is no version then, rather than one that would be
    refused although nobody has changed anything.
    """
    async with scim_door(clock, people=3, road=road) as door:
        body = {**ANN, "externalId": "00u1"}
        made = await door.send("POST", "/Users", body)
        path = f"/Users/{made.json()['id']}"
        assert ("etag" in made.headers) is ("version" in made.json()["meta"]) is (road == "people")
        read = await door.send("GET", path, If_None_Match=made.headers.get("etag", '"none"'))
        assert read.status_code == (304 if road == "people" else 200)
        changed = await door.send("PUT", path, {**body, "title": "Boss"}, If_Match=read.headers["etag"])
        assert changed.status_code == 200
        assert 304 == (await door.send("GET", path, If_None_Match=changed.headers["etag"])).status_code


@pytest.mark.parametrize("effect", [LoseAnswer(), RefuseButApplied()])
async def test_a_creation_whose_answer_is_lost_is_found_again(clock: Clock, effect: Any) -> None:
    """
    Webex may refuse, or say nothing, and have made the person all the same: the client is told the truth, 201.
    """
    async with scim_door(clock, people=3) as door:
        door.hub.sandbox.faults.add(Fault(effect, to="POST /people"))
        answer = await door.send("POST", "/Users", ANN)
        door.hub.sandbox.faults.verify()
        assert answer.status_code == 201
        assert _count(door, "ann@example.com") == 1


async def test_who_is_not_there_is_not_found(clock: Clock) -> None:
    """
    Webex's tracking id, which its support asks for, is in the answer.
    """
    async with scim_door(clock, people=3) as door:
        answer = await door.send("GET", "/Users/none")
        assert answer.status_code == 404
        assert answer.json()["detail"].startswith("There is no resource with this id (tracking id WXC_")


@pytest.mark.parametrize(
    ("effect", "status", "beginning"),
    [(Fail(503), 503, ""), (Fail(502, html=True), 500, AMBIGUOUS), (Reset(), 500, AMBIGUOUS)],
)
async def test_a_creation_that_fails_makes_nobody(clock: Clock, effect: Any, status: int, beginning: str) -> None:
    """
    The client is told when to come back, or, where Webex may still be at it, to look first.
    """
    async with scim_door(clock, people=3) as door:
        door.hub.sandbox.faults.add(Fault(effect, to="POST /people", times=100, must_fire=1))
        answer = await door.send("POST", "/Users", ANN)
        assert answer.status_code == status
        assert ("retry-after" in answer.headers) is (status == 503)
        assert answer.json()["detail"].startswith(beginning)
        assert _count(door, "ann@example.com") == 0


async def test_a_webex_that_lets_us_in_no_more_is_no_fault_of_the_client(clock: Clock) -> None:
    """
    503 and not 401 or 403: those would tell the client that its own token is bad, or that the user does not exist.
    """
    async with scim_door(clock, people=3) as door:
        door.hub.sandbox.faults.add(Fault(Fail(403), to="GET /people", times=100))
        answer = await door.send("GET", "/Users")
        assert answer.status_code == 503
