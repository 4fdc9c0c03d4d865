"""
Writes and lists through the SCIM door while Webex fails, and the checker of what the client is told.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from fakes.fault_kinds import KINDS
from fakes.scim_calls import patch_of
from fakes.scim_door import ScimDoor
from webex_connector.gateway.scim.bulk_words import BULK_REQUEST_URN
from webex_connector.gateway.scim.errors import AMBIGUOUS, ERROR_URN
from webex_connector.gateway.scim.manner import USUAL, Manner
from webex_connector.gateway.scim.writing import UNSEEN
from webex_connector.sandbox.faults import Effect, Fail, Fault
from webex_connector.sandbox.records import Person

ALL_ARRIVED = 120.0
"""
Seconds after which whatever was delayed has arrived. More of them would only be computed: the server looks about ten
times in each.
"""

KINDS_HERE: Mapping[str, Effect] = {**KINDS, "forbidden": Fail(403), "not let in": Fail(401), "gateway": Fail(504)}
"""
Everything that can go wrong with one request to Webex.
"""

HALF = "Not everything could be done, and what could be stays done. "

LASTING = (
    *("too slow", "throttled", "unavailable", "reset", "answer lost", "not JSON", "failed but applied"),
    *("forbidden", "not let in"),
)
"""
The kinds that are also tried for as long as a request lasts.
"""

# 401, 403 and 404 are about the client and its user, not about our access to Webex: clients give up on those, or take
# the user for gone. 409 would have them link somebody.
_NEVER = frozenset({401, 403, 404, 409, 412})
_LATER = frozenset({429, 503})
_OK = frozenset({200, 201, 204})

State = object
"""
What a trial looks at in the organisation.
"""


@dataclass(frozen=True)
class Trial:
    """
    A request by SCIM about one of many subjects, the requests to Webex that may go wrong with it, and what it makes.
    """

    name: str
    to: tuple[str, ...]
    send: Callable[[ScimDoor, int], Awaitable[httpx2.Response]]
    state: Callable[[ScimDoor, int], State]
    wanted: Callable[[ScimDoor, int], State]
    road: str = "people"
    manner: Manner = USUAL
    teams: bool = False
    before: Callable[[ScimDoor, int], Awaitable[object]] | None = None
    """
    What is done before anything goes wrong.
    """
    blind: tuple[Fault, ...] = ()
    """
    What goes wrong besides, so that nobody can look what became of the write.
    """
    shown: Callable[[ScimDoor, int], Awaitable[State]] | None = None
    """
    The state as the door shows it. With it there is a mirror in between, which has to show the truth in the end.
    """


def uid(door: ScimDoor, number: int) -> str:
    """
    Return the id of one of those who have accepted their invitation.
    """
    return door.uid_of(_active(door)[number].email)


def _active(door: ScimDoor) -> list[Person]:
    return [each for each in door.people() if not each.invite_pending and each.email.endswith("example")][2:]


def _title(door: ScimDoor, number: int) -> State:
    return _active(door)[number].title


async def _patched(door: ScimDoor, number: int) -> httpx2.Response:
    body = patch_of(("replace", "title", f"Boss {number}"))
    return await door.send("PATCH", f"/Users/{uid(door, number)}", body)


async def _put(door: ScimDoor, number: int) -> httpx2.Response:
    person = _active(door)[number]
    body = {"userName": person.email, "title": f"Boss {number}"}
    return await door.send("PUT", f"/Users/{uid(door, number)}", body)


def _address(number: int) -> str:
    return f"new{number}@example.com"


async def _made(door: ScimDoor, number: int) -> httpx2.Response:
    body = {"userName": _address(number), "displayName": "New One", "active": True, "locale": "de_DE"}
    return await door.send("POST", "/Users", body)


def _there(door: ScimDoor, number: int) -> State:
    return len([each for each in door.people() if each.email == _address(number)])


def _group(number: int) -> str:
    return f"Group {number}"


async def _group_made(door: ScimDoor, number: int) -> httpx2.Response:
    return await door.send("POST", "/Groups", {"displayName": _group(number)})


def _groups_there(door: ScimDoor, number: int) -> State:
    return len([each for each in door.hub.sandbox.world.groups.values() if each.display_name == _group(number)])


def _first_group(door: ScimDoor) -> str:
    return min(door.hub.sandbox.world.groups)


async def _joined(door: ScimDoor, number: int) -> httpx2.Response:
    listed = await door.get("/Groups", attributes="displayName")
    first = min(listed["Resources"], key=lambda each: str(each["displayName"]))
    body = patch_of(("add", "members", [{"value": uid(door, number)}]))
    return await door.send("PATCH", f"/Groups/{first['id']}", body)


def _is_in(door: ScimDoor, number: int) -> State:
    groups = sorted(door.hub.sandbox.world.groups.values(), key=lambda each: each.display_name)
    return _active(door)[number].uuid in groups[0].members


async def _members_put(door: ScimDoor, number: int) -> httpx2.Response:
    listed = await door.get("/Groups", attributes="displayName")
    first = min(listed["Resources"], key=lambda each: str(each["displayName"]))
    body = {"displayName": first["displayName"], "members": [{"value": uid(door, number)}]}
    return await door.send("PUT", f"/Groups/{first['id']}", body)


def _all_in(door: ScimDoor, _number: int) -> State:
    groups = sorted(door.hub.sandbox.world.groups.values(), key=lambda each: each.display_name)
    return set(groups[0].members)


def _alone(door: ScimDoor, number: int) -> State:
    return {_active(door)[number].uuid}


_LICENCE = "Advanced Messaging"


def _licensed(door: ScimDoor, number: int) -> Person:
    return [each for each in _active(door) if each.licenses][number]


def _held(door: ScimDoor, number: int) -> State:
    names = {licence.key: licence.name for licence in door.hub.sandbox.world.licenses.values()}
    person = _licensed(door, number)
    return person.title, _LICENCE in {names[each] for each in person.licenses}


async def _unlicensed(door: ScimDoor, number: int) -> httpx2.Response:
    person = _licensed(door, number)
    path = f"/Users/{door.uid_of(person.email)}"
    kept = [each for each in (await door.get(path))["entitlements"] if each["display"] != _LICENCE]
    return await door.send("PUT", path, {"userName": person.email, "title": f"Boss {number}", "entitlements": kept})


async def _in_bulk(door: ScimDoor, number: int) -> httpx2.Response:
    users = [
        {"method": "POST", "path": "/Users", "bulkId": name, "data": {"userName": f"{name}{number}@example.com"}}
        for name in ("new", "another")
    ]
    answer = await door.send("POST", "/Bulk", {"schemas": [BULK_REQUEST_URN], "Operations": users})
    if answer.status_code != httpx2.codes.OK:
        return answer
    row = answer.json()["Operations"][0]
    # The operation's own end, as if it had been sent alone; one that asks to come back has no header of its own.
    body = row.get("response")
    headers = {"Retry-After": "1"} if row["status"] in {"429", "503"} else {}
    return httpx2.Response(int(row["status"]), json=body, headers=headers)


async def _to_go(door: ScimDoor, number: int) -> httpx2.Response:
    return await door.send("POST", "/Users", {"userName": f"gone{number}@example.com"})


async def _deleted(door: ScimDoor, number: int) -> httpx2.Response:
    return await door.send("DELETE", f"/Users/{door.uid_of(f'gone{number}@example.com')}")


def _left(door: ScimDoor, number: int) -> State:
    return len([each for each in door.people() if each.email == f"gone{number}@example.com"])


def _boss(_door: ScimDoor, number: int) -> State:
    return f"Boss {number}"


def _boss_without(door: ScimDoor, number: int) -> State:
    return _boss(door, number), False


WRITES = (
    Trial("PATCH", ("GET /people/{id}", "PUT /people/{id}"), _patched, _title, _boss),
    Trial("PATCH by SCIM", ("PATCH /Users/{id}", "GET /people/{id}"), _patched, _title, _boss, "scim"),
    Trial("PUT", ("GET /people/{id}", "PUT /people/{id}"), _put, _title, _boss),
    Trial("POST", ("POST /people",), _made, _there, lambda *_: 1),
    Trial("POST by SCIM", ("POST /Users",), _made, _there, lambda *_: 1, "scim"),
    Trial("POST of a group", ("POST /groups", "GET /groups"), _group_made, _groups_there, lambda *_: 1),
    Trial("PATCH of members", ("PATCH /groups/{id}",), _joined, _is_in, lambda *_: True),
    Trial("PUT of members", ("PATCH /groups/{id}",), _members_put, _all_in, _alone),
    Trial("PUT of a licence", ("PATCH /licenses/users",), _unlicensed, _held, _boss_without),
    Trial("Bulk", ("POST /people",), _in_bulk, _there, lambda *_: 1),
    Trial("Bulk by SCIM", ("POST /Bulk",), _in_bulk, _there, lambda *_: 1, "scim"),
    Trial("DELETE", ("DELETE /people/{id}",), _deleted, _left, lambda *_: 0, before=_to_go),
)
"""
Every kind of write that clients send.
"""


def fault(effect: Effect, to: str, *, for_good: bool) -> Fault:
    """
    Return the fault that strikes once, or for as long as the request lasts.
    """
    return Fault(effect, to=to, times=1000, must_fire=1) if for_good else Fault(effect, to=to)


def _open(detail: str) -> bool:
    return detail.startswith((AMBIGUOUS, HALF, UNSEEN))


def checked(answer: httpx2.Response, before: State, after: State, wanted: State) -> None:
    """
    Raise AssertionError unless the client was told the truth, and something that it can act on.
    """
    status = answer.status_code
    body: dict[str, Any] = answer.json() if answer.content else {}
    if status in _OK:
        assert after == wanted, f"{status}, and the organisation has {after}"
        return
    assert status not in _NEVER, answer.text
    assert body["schemas"] == [ERROR_URN]
    assert body["status"] == str(status)
    assert body["detail"]
    if status in _LATER:
        assert int(answer.headers["Retry-After"]) >= 1
    open_end = _open(body["detail"])
    assert status != httpx2.codes.INTERNAL_SERVER_ERROR or open_end, answer.text
    assert open_end or after == before, f"{answer.text}, and the organisation has {after}"
