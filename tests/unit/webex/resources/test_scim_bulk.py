"""
Bulk requests: each operation has an outcome of its own, and none is guessed.
"""

from typing import Any

import pytest

from fakes.scripted_webex import Reply, ScriptedWebex
from fakes.webex_stage import Stage
from webex_connector.webex import scim_wire
from webex_connector.webex.call import Call
from webex_connector.webex.errors import (
    AnswerLost,
    Conflict,
    Forbidden,
    NotFound,
    Refused,
    ServerFailed,
    Throttled,
    TooStrange,
    WebexError,
    Withheld,
)
from webex_connector.webex.resources.scim_bulk import BulkOperation, Kind, Outcome, create, delete, patch

ORG = "5c1f0b8e-2a47-4d5e-9a3c-71d0e8b4f2a6"
ANA = "a6b0d2f4-18c3-4e79-8f25-0c9e7d314b58"
BEN = "d19f3c77-5e0a-4b62-b8d4-6a2f90c1e83d"
FINANCE = "3e7a9c15-b04d-4f68-82d1-f5c6a09e7b24"
ROOT = f"https://webexapis.com/identity/scim/{ORG}/v2"
EXTENSION = "urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error"

NEW = create(Kind.USER, "row-1", {"userName": "new@acme.example"})
OFF = patch(Kind.USER, ANA, [scim_wire.replace("active", value=False)])
GONE = delete(Kind.GROUP, FINANCE)


async def answering(stage: Stage, *told: Any, key: str = "Operations", headers: dict[str, str] | None = None) -> None:
    """
    Serve a bulk answer of these parts.
    """
    await stage.server(lambda _seen: Reply(200, {key: list(told)}, headers or {}))


async def run(stage: Stage, *operations: BulkOperation, **options: Any) -> list[Outcome]:
    """
    Send the operations.
    """
    return await stage.client().scim(ORG).bulk.run(operations, Call(), **options)


def done(method: str, path: str, status: object, **more: object) -> dict[str, Any]:
    """
    A part of an answer.
    """
    return {"method": method, "location": ROOT + path, "status": status} | more


async def test_a_request_has_the_documented_form(stage: Stage) -> None:
    """
    Methods, paths, names and bodies; a creation has no id, a deletion no body.
    """
    server = await stage.server(lambda _seen: Reply(200, {"Operations": []}))
    await run(stage, NEW, OFF, GONE)
    await run(stage, GONE, fail_on_errors=1)
    assert [("POST", f"/identity/scim/{ORG}/v2/Bulk")] * 2 == [(seen.method, seen.target) for seen in server.seen]
    deletion = {"method": "DELETE", "path": f"/Groups/{FINANCE}"}
    first, third = {"bulkId": "change-1"}, {"bulkId": "change-3"}
    switched = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": False}],
    }
    assert {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "failOnErrors": 100,
        "Operations": [
            {"method": "POST", "path": "/Users", "bulkId": "row-1", "data": {"userName": "new@acme.example"}},
            {"method": "PATCH", "path": f"/Users/{ANA}", "bulkId": "change-2", "data": switched},
            deletion | third,
        ],
    } == server.seen[0].json()
    assert (1, [deletion | first]) == (server.seen[1].json()["failOnErrors"], server.seen[1].json()["Operations"])


@pytest.mark.parametrize("key", ["Operations", "operations"])
async def test_each_success_tells_its_id(stage: Stage, key: str) -> None:
    """
    In the order of the operations, whatever the order of the answer, and with either spelling of its key.
    """
    told = [
        done("DELETE", f"/Groups/{FINANCE}", "204"),
        done("PATCH", f"/Users/{ANA.upper()}", 200),
        done("POST", f"/Users/{BEN}", "201", bulkId="row-1"),
    ]
    await answering(stage, *told, key=key)
    assert [
        Outcome(NEW, 201, BEN),
        Outcome(OFF, 200, ANA),
        Outcome(GONE, 204, FINANCE),
    ] == await run(stage, NEW, OFF, GONE)


async def test_one_bad_operation_spoils_no_other(stage: Stage) -> None:
    """
    It fails with what a single request would have raised, and with Webex's code and tracking id.
    """
    refusal = {"status": "409", EXTENSION: {"trackingId": "ROUTER_9", "errorCode": "100200", "details": "taken"}}
    failed = {"method": "POST", "bulkId": "row-1", "status": "409", "response": refusal}
    await answering(stage, failed, done("PATCH", f"/Users/{ANA}", "200"))
    first, second = await run(stage, NEW, OFF)
    assert Outcome(OFF, 200, ANA) == second
    assert (409, None) == (first.status, first.id)
    assert isinstance(first.error, Conflict)
    assert ("ROUTER_9", ("100200",), ("taken",)) == (
        first.error.tracking_id,
        first.error.codes,
        first.error.descriptions,
    )
    assert "POST /Users" == first.error.request


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("300", Refused),
        ("400", Refused),
        ("404", NotFound),
        ("429", Throttled),
        ("500", ServerFailed),
        (503, ServerFailed),
    ],
)
async def test_every_failure_is_of_its_kind(stage: Stage, status: object, kind: type[WebexError]) -> None:
    """
    Also without a word about the reason; then the answer's own tracking id is told.
    """
    await answering(stage, done("PATCH", f"/Users/{ANA}", status), headers={"Trackingid": "ROUTER_3"})
    (outcome,) = await run(stage, OFF)
    assert (kind, "ROUTER_3") == (type(outcome.error), outcome.error and outcome.error.tracking_id)
    assert (int(str(status)), ANA) == (outcome.status, outcome.id)


@pytest.mark.parametrize(
    "told",
    [
        [],
        [done("PATCH", f"/Users/{BEN}", "200")],
        [done("DELETE", f"/Users/{ANA}", "204")],
        [done("PATCH", f"/Users/{BEN}", "200", bulkId="change-1")],
        [done("PATCH", f"/Users/{ANA}", "200", bulkId="change-2")],
        [done("DELETE", f"/Users/{ANA}", "204", bulkId="change-1")],
        [done("PATCH", f"/Groups/{ANA}", "200")],
        [{"method": "PATCH", "status": "200"}],
        [done("PATCH", f"/Users/{ANA}", None)],
        [done("PATCH", f"/Users/{ANA}", "fine")],
    ],
)
async def test_an_operation_that_the_answer_leaves_out_may_have_happened(stage: Stage, told: list[object]) -> None:
    """
    About somebody else, of another kind, without a place or a status: none of that is a success, and none a failure.
    """
    await answering(stage, *told)
    (outcome,) = await run(stage, OFF)
    assert (None, ANA) == (outcome.status, outcome.id)
    assert isinstance(outcome.error, AnswerLost)
    assert outcome.error.may_have_happened


async def test_a_failure_is_known_by_its_name(stage: Stage) -> None:
    """
    It need not tell where the thing is.
    """
    told = [{"method": "PATCH", "bulkId": f"change-{number}", "status": 402 + number} for number in (2, 1)]
    await answering(stage, *told)
    first, second = await run(stage, OFF, OFF)
    assert [(403, Forbidden), (404, NotFound)] == [(each.status, type(each.error)) for each in (first, second)]


async def test_after_the_last_error_allowed_the_rest_is_open(stage: Stage) -> None:
    """
    Webex stops there and says nothing of what follows.
    """
    await answering(stage, done("PATCH", f"/Users/{ANA}", "404"))
    first, second = await run(stage, OFF, GONE, fail_on_errors=1)
    assert [NotFound, AnswerLost] == [type(first.error), type(second.error)]


async def test_a_creation_is_known_by_its_name(stage: Stage) -> None:
    """
    Two creations are never mixed up; one without a place is no success.
    """
    other = create(Kind.USER, "row-2", {})
    await answering(
        stage,
        {"method": "POST", "bulkId": "row-1", "status": "201"},
        done("POST", f"/Users/{BEN}", "201", bulkId="row-2"),
    )
    first, second = await run(stage, NEW, other)
    assert (201, None, TooStrange) == (first.status, first.id, type(first.error))
    assert Outcome(other, 201, BEN) == second


async def test_two_changes_of_one_group_have_two_outcomes(stage: Stage) -> None:
    """
    In the order in which Webex took them.
    """
    operations = [patch(Kind.GROUP, FINANCE, [scim_wire.add("members", [{"value": who}])]) for who in (ANA, BEN)]
    await answering(stage, *(done("PATCH", f"/Groups/{FINANCE}", status) for status in ("200", "400")))
    assert [200, 400] == [outcome.status for outcome in await run(stage, *operations)]


@pytest.mark.parametrize("body", [{}, {"Operations": "x"}, {"Operations": [1]}])
async def test_an_answer_without_operations_is_too_strange(stage: Stage, body: dict[str, object]) -> None:
    """
    Anything may have happened.
    """
    await stage.server(lambda _seen: Reply(200, body))
    with pytest.raises(TooStrange):
        await run(stage, OFF)


@pytest.mark.parametrize("reply", [Reply(502), Reply(504), Reply(200, {"Operations": []}, cut_after=10), Reply(500)])
async def test_a_bulk_request_is_never_repeated_blindly(stage: Stage, reply: Reply) -> None:
    """
    A hundred people may have been created: the caller looks first.
    """
    server = await stage.server(lambda _seen: reply)
    with pytest.raises((ServerFailed, AnswerLost)) as caught:
        await run(stage, NEW)
    assert caught.value.may_have_happened
    assert 1 == len(server.seen)


async def test_a_429_of_the_whole_is_waited_out(stage: Stage) -> None:
    """
    Nothing of it was looked at.
    """
    replies = [
        Reply(429, headers={"Retry-After": "2"}),
        Reply(200, {"Operations": [done("DELETE", f"/Users/{ANA}", "204")]}),
    ]
    server: ScriptedWebex = await stage.server(lambda _seen: replies[len(server.seen) - 1])
    (outcome,) = await run(stage, delete(Kind.USER, ANA))
    assert (204, None, 2) == (outcome.status, outcome.error, len(server.seen))


async def test_more_than_webex_takes_is_not_sent(stage: Stage) -> None:
    """
    Nor are two creations that could not be told apart, nor nothing at all, nor a path that leads elsewhere.
    """
    server = await stage.server(lambda _seen: Reply(500))
    with pytest.raises(ValueError, match="at most 100 fit"):
        await run(stage, *[OFF] * 101)
    with pytest.raises(ValueError, match="its own bulkId"):
        await run(stage, NEW, NEW)
    with pytest.raises(NotFound):
        await run(stage, delete(Kind.USER, ""))
    assert [] == await run(stage)
    assert [] == server.seen


async def test_a_hundred_operations_fit(stage: Stage) -> None:
    """
    That many Webex takes, and each has its outcome.
    """
    operations = [delete(Kind.USER, f"u{n}") for n in range(100)]
    await answering(stage, *(done("DELETE", f"/Users/u{n}", "204") for n in reversed(range(100))))
    assert [Outcome(operation, 204, operation.id) for operation in operations] == await run(stage, *operations)


async def test_a_dry_run_sends_no_bulk_request(stage: Stage) -> None:
    """
    It is shown instead.
    """
    server = await stage.server(lambda _seen: Reply(500))
    with pytest.raises(Withheld) as caught:
        await stage.client().scim(ORG).bulk.run([GONE], Call(dry_run=True))
    assert [GONE.wire("change-1")] == (caught.value.body or {})["Operations"]
    assert [] == server.seen
