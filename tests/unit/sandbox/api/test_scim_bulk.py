"""
SCIM bulk requests.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx2
import msgspec
import pytest

from webex_connector.sandbox import faults, urns
from webex_connector.sandbox.faults import Effect, Fault
from webex_connector.sandbox.grants import ADMIN_SCOPES, AccessToken
from webex_connector.sandbox.problems import SCIM_REASON
from webex_connector.sandbox.quirks import BulkKey
from webex_connector.sandbox.records import GROUP_ADMIN
from webex_connector.sandbox.sandbox import Sandbox

Client = httpx2.AsyncClient
Serve = Callable[..., AbstractAsyncContextManager[Client]]


def _create(number: int, **changes: Any) -> dict[str, Any]:
    data = {"schemas": [urns.USER], "userName": f"new{number}@acme.example", "userType": "user", **changes}
    return {"method": "POST", "path": "/Users", "bulkId": f"row-{number}", "data": data}


def _request(*operations: dict[str, Any], **changes: Any) -> dict[str, Any]:
    schemas = ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]
    return {"schemas": schemas, "failOnErrors": 100, "Operations": operations, **changes}


async def _outcomes(scim: Client, *operations: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    answer = await scim.post("/Bulk", json=_request(*operations, **changes))
    assert (200, [urns.BULK_RESPONSE]) == (answer.status_code, answer.json()["schemas"])
    outcomes: list[dict[str, Any]] = answer.json()["Operations"]
    return outcomes


async def test_users_are_created_changed_and_deleted(scim: Client, sandbox: Sandbox) -> None:
    """
    One request, one outcome for each operation, the statuses as texts, and where what was made is to be found.
    """
    john, other = (person for _, person in list(sandbox.world.people())[1:3])

    made, changed, deleted, missing = await _outcomes(
        scim,
        _create(1),
        {
            "method": "PATCH",
            "path": f"/Users/{john.uuid}",
            "data": {"Operations": [{"op": "replace", "path": "active", "value": False}]},
        },
        {"method": "DELETE", "path": f"/Users/{other.uuid}"},
        {"method": "DELETE", "path": f"/Users/{other.uuid}"},
    )

    person = sandbox.world.person_at("new1@acme.example")
    assert person is not None
    assert ("POST", "row-1", "201") == (made["method"], made["bulkId"], made["status"])
    assert made["location"] == f"{scim.base_url}Users/{person.uuid}"
    assert made["version"] == (await scim.get(made["location"])).json()["meta"]["version"]
    assert ("200", "204") == (changed["status"], deleted["status"])
    assert "bulkId" not in changed
    assert (sandbox.world.person(john.uuid) or john).login_enabled is False
    assert sandbox.world.person(other.uuid) is None
    assert ("404", "404") == (missing["status"], missing["response"]["status"])
    assert "User not found" == missing["response"][SCIM_REASON]["details"]


async def test_what_was_made_can_be_referred_to(scim: Client, sandbox: Sandbox) -> None:
    """
    Later operations name what an earlier one makes, in their data and in their path; a failed one cannot be named.
    """
    taken = next(person for _, person in sandbox.world.people()).email
    outcomes = await _outcomes(
        scim,
        _create(1),
        _create(2, userName=taken),
        {
            "method": "POST",
            "path": "/Groups",
            "bulkId": "g",
            "data": {"schemas": [urns.GROUP], "displayName": "Made", "members": [{"value": "bulkId:row-1"}]},
        },
        {
            "method": "PATCH",
            "path": "/Groups/bulkId:g",
            "data": {"Operations": [{"op": "replace", "path": "displayName", "value": "Renamed"}]},
        },
        {"method": "DELETE", "path": "/Users/bulkId:row-2"},
        {"method": "DELETE", "path": "/Users/bulkId:row-1"},
    )

    group = next(group for group in sandbox.world.groups.values() if group.display_name == "Renamed")
    assert ["201", "409", "201", "200", "400", "204"] == [outcome["status"] for outcome in outcomes]
    assert {} == group.members
    assert sandbox.world.person_at("new1@acme.example") is None


@pytest.mark.parametrize(("most", "tried"), [(1, 1), (2, 3), (100, 4)])
async def test_it_ends_after_so_many_errors(most: int, tried: int, scim: Client, sandbox: Sandbox) -> None:
    """
    `failOnErrors` counts failures; what was not tried has no outcome and no effect.
    """
    bad = {"method": "DELETE", "path": "/Users/nobody"}

    outcomes = await _outcomes(scim, bad, _create(1), bad, _create(2), failOnErrors=most)

    assert tried == len(outcomes)
    assert tried - 1 - (tried >= 3) == sandbox.world.writes  # the second failure


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ({**_create(1), "bulkId": None}, "400"),
        ({**_create(1), "path": "/People"}, "400"),
        ({**_create(1), "path": "/Users/x"}, "400"),
        ({**_create(1), "data": None}, "400"),
        ({**_create(1), "data": "text"}, "400"),
        ({"method": "PUT", "path": "/Users/x", "data": {}}, "405"),
        ({"method": "PATCH", "path": "/Users/x"}, "400"),
        ({"method": "DELETE", "path": "/Bulk/x"}, "400"),
    ],
)
async def test_impossible_operations(operation: dict[str, Any], status: str, scim: Client, sandbox: Sandbox) -> None:
    """
    Each is an outcome of its own; the operations beside it are carried out.
    """
    refused, made = await _outcomes(scim, operation, _create(2))

    assert (status, status, "201") == (refused["status"], refused["response"]["status"], made["status"])
    assert 1 == sandbox.world.writes


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (_request(*[_create(number) for number in range(101)]), 413),
        (_request(_create(1), failOnErrors=0), 400),
        (_request(_create(1), failOnErrors=101), 400),
        ({"failOnErrors": 1}, 400),
        ({"failOnErrors": 1, "Operations": [{"path": "/Users"}]}, 400),
    ],
)
async def test_refused_as_a_whole(request_: dict[str, Any], status: int, scim: Client, sandbox: Sandbox) -> None:
    """
    Too many operations, none at all, or an impossible number of errors: nothing is carried out.
    """
    answer = await scim.post("/Bulk", json=request_)

    assert (status, str(status), 0) == (answer.status_code, answer.json()["status"], sandbox.world.writes)


async def test_a_hundred_operations_and_no_limit_of_errors(scim: Client, sandbox: Sandbox) -> None:
    """
    A hundred are carried out, and `failOnErrors` may be left out.
    """
    request = _request(*[_create(number) for number in range(100)])
    del request["failOnErrors"]

    assert 200 == (await scim.post("/Bulk", json=request)).status_code

    assert (200, 1) == (sandbox.world.people_count, sandbox.trace.writes)


@pytest.mark.parametrize(
    ("key", "lower", "upper"), [(BulkKey.EITHER, 200, 200), (BulkKey.LOWER, 200, 400), (BulkKey.UPPER, 400, 200)]
)
async def test_the_spelling_of_the_key(key: BulkKey, lower: int, upper: int, scim_served: Serve) -> None:
    """
    Which spelling Webex takes is unconfirmed; answers always have the capital letter.
    """
    async with scim_served(bulk_key=key) as scim:
        small = await scim.post("/Bulk", json={"failOnErrors": 1, "operations": [_create(1)]})
        large = await scim.post("/Bulk", json={"failOnErrors": 1, "Operations": [_create(2)]})

    assert (lower, upper) == (small.status_code, large.status_code)
    assert all("Operations" in answer.json() for answer in (small, large) if answer.status_code == 200)  # HTTP


@pytest.mark.parametrize("status", [409, 200])
async def test_somebody_who_is_there_already(status: int, sandbox: Sandbox, scim_served: Serve) -> None:
    """
    A create of somebody existing was seen to succeed with the old account's location; of strangers it is a 409.
    """
    john = sandbox.world.person_at("john@example.wbx.ai")
    assert john is not None
    sandbox.world.foreign_addresses.add("far@else.example")
    async with scim_served(bulk_existing_status=status) as scim:
        known, strange = await _outcomes(scim, _create(1, userName=john.email), _create(2, userName="far@else.example"))
    assert (str(status), "409") == (known["status"], strange["status"])
    assert (status == 200) is known.get("location", "").endswith(john.uuid)  # HTTP
    assert 0 == sandbox.world.writes


async def test_rights_are_those_of_each_operation(sandbox: Sandbox, scim_served: Serve) -> None:
    """
    A group administrator makes groups in bulk, and no users.
    """
    person = next(who for _, who in sandbox.world.people() if not who.roles)
    sandbox.world.put_person(msgspec.structs.replace(person, roles=(GROUP_ADMIN,)))
    sandbox.world.grants.grant(AccessToken("groups", person.uuid, person.uuid, ADMIN_SCOPES))
    group = {"schemas": [urns.GROUP], "displayName": "Made"}
    async with scim_served(token="groups") as scim:  # a token of this test
        outcomes = await _outcomes(
            scim, _create(1), {"method": "POST", "path": "/Groups", "bulkId": "g", "data": group}
        )
    assert ["403", "201"] == [outcome["status"] for outcome in outcomes]


@pytest.mark.parametrize(
    ("effect", "statuses", "created"),
    [
        (faults.Fail(503), ["201", "503", "201"], {1, 3}),
        (faults.Throttle(), ["201", "429", "201"], {1, 3}),
        (faults.RefuseButApplied(500), ["201", "500", "201"], {1, 2, 3}),
        (faults.Delay(3), ["201", "201", "201"], {1, 2, 3}),
        (faults.ExpireToken(), ["201", "401", "201"], {1, 3}),
    ],
)
async def test_an_operation_has_a_fault_of_its_own(
    effect: Effect, statuses: list[str], created: set[int], scim: Client, sandbox: Sandbox
) -> None:
    """
    It befalls the operation it fits, by its own method, path and data, and no other.
    """
    sandbox.faults.add(Fault(effect, to="POST /Users", body="new2@"))
    began = sandbox.clock.monotonic()

    outcomes = await _outcomes(scim, _create(1), _create(2), _create(3))

    assert statuses == [outcome["status"] for outcome in outcomes]
    assert created == {number for number in (1, 2, 3) if sandbox.world.person_at(f"new{number}@acme.example")}
    assert sandbox.clock.monotonic() - began >= (3 if isinstance(effect, faults.Delay) else 0)
    sandbox.faults.verify()


@pytest.mark.parametrize(
    ("effect", "created"),
    [
        (faults.Reset(), {1}),
        (faults.LoseAnswer(), {1, 2}),
        (faults.HalfBody(), {1, 2}),
        (faults.WrongJson(), {1, 2}),
    ],
)
async def test_a_request_can_end_in_the_middle(
    effect: Effect, created: set[int], scim: Client, sandbox: Sandbox
) -> None:
    """
    A fault that breaks the answer at one operation leaves those before it done and those after it not.
    """
    sandbox.faults.add(Fault(effect, to="POST /Users", body="new2@"))

    try:
        answer = await scim.post("/Bulk", json=_request(_create(1), _create(2), _create(3)))
        broken = b"Operations" not in answer.content
    except httpx2.TransportError:
        broken = True

    assert broken
    assert created == {number for number in (1, 2, 3) if sandbox.world.person_at(f"new{number}@acme.example")}
    assert [("POST", "/Bulk")] == [(entry.method, entry.template) for entry in sandbox.trace.requests()]
    assert all(entry.fault for entry in sandbox.trace.requests())
    sandbox.faults.verify()


async def test_the_trace_tells_of_each_operation(scim: Client, sandbox: Sandbox) -> None:
    """
    Beside the one request stands each operation that was tried, with its own call, outcome and fault.
    """
    person = next(person for _, person in sandbox.world.people(5))
    sandbox.faults.add(Fault(faults.LoseAnswer(), to="DELETE /Users/{id}"))
    with pytest.raises(httpx2.RemoteProtocolError):
        await scim.post(
            "/Bulk",
            json=_request(
                _create(1),
                {"method": "PATCH", "path": "/Users/nobody", "data": {"Operations": []}},
                {"method": "DELETE", "path": f"/Users/{person.uuid}"},
                _create(2),
            ),
        )

    (bulk,) = sandbox.trace.requests()
    done = sandbox.trace.operations(within=bulk.n)
    assert ["POST /Users", "PATCH /Users/{id}", "DELETE /Users/{id}"] == [
        f"{one.method} {one.template}" for one in done
    ]
    assert [(1, 201, ""), (2, 404, ""), (3, 204, "lose-answer")] == [(one.n, one.status, one.fault) for one in done]
    assert person.uuid == done[2].subject
    assert [done[0]] == sandbox.trace.operations(method="POST", template="/Users")
    assert (1, bulk.tracking_id, bulk.actor) == (sandbox.trace.writes, done[0].tracking_id, done[0].actor)
    assert [] == sandbox.trace.operations(within=bulk.n + 1)
    sandbox.trace.clear()
    assert [] == sandbox.trace.operations()
