"""
SCIM `/Bulk` (https://developer.webex.com/docs/api/v1/scim-2-bulk, RFC 7644 section 3.7).
"""

import re
from typing import Any

import msgspec

from webex_connector.sandbox import problems, urns
from webex_connector.sandbox.exchange import Reply, Request, json_reply
from webex_connector.sandbox.problems import Detail, Problem, bad_request, invalid_value
from webex_connector.sandbox.quirks import BulkKey
from webex_connector.sandbox.records import FULL_ADMIN, GROUP_ADMIN, USER_ADMIN
from webex_connector.sandbox.scim_rendering import Json, Scene
from webex_connector.sandbox.scim_routes import scim_route
from webex_connector.sandbox.world import World

_AT_ONCE = 100
_REFERENCE = re.compile(r"(/Users/|/Groups/|)bulkId:(.+)")
_PATHS = {
    "POST": re.compile(r"/(?:Users|Groups)"),
    "PATCH": re.compile(r"/(?:Users|Groups)/[^/]+"),
    "DELETE": re.compile(r"/(?:Users|Groups)/[^/]+"),
}
_REFUSED = 400


class Operation(msgspec.Struct, frozen=True, rename="camel"):
    """
    One operation as a caller writes it.
    """

    method: str
    path: str
    bulk_id: str | None = None
    data: Any = None


class BulkDraft(msgspec.Struct, frozen=True, rename="camel"):
    """
    The body of the request, with both spellings of the key.
    """

    fail_on_errors: int | None = None
    lower: tuple[Operation, ...] | None = msgspec.field(name=BulkKey.LOWER.value, default=None)
    upper: tuple[Operation, ...] | None = msgspec.field(name=BulkKey.UPPER.value, default=None)


def bulk(world: World, request: Request) -> Reply:
    """
    Carry operations out one after another and answer 200, whatever became of them.

    It ends early once as many failed as `failOnErrors` says; those not tried are missing in the answer. Raises a 400
    without operations or for an impossible `failOnErrors`, a 413 for more than a hundred operations.
    """
    draft = request.json(BulkDraft)
    operations = _operations(world, draft)
    most = _AT_ONCE if draft.fail_on_errors is None else draft.fail_on_errors
    if not 1 <= most <= _AT_ONCE:
        raise invalid_value(f"failOnErrors must be between 1 and {_AT_ONCE}.")
    made: dict[str, str] = {}
    outcomes: list[Json] = []
    failed = 0
    for operation in operations:
        outcome = _outcome(world, request, operation, made)
        outcomes.append(outcome)
        failed += "response" in outcome
        if failed >= most:
            break
    return json_reply(200, {"schemas": [urns.BULK_RESPONSE], world.quirks.bulk_answer_key: outcomes})


def _operations(world: World, draft: BulkDraft) -> tuple[Operation, ...]:
    key = world.quirks.bulk_key
    lower = draft.lower if key is not BulkKey.UPPER else None
    upper = draft.upper if key is not BulkKey.LOWER else None
    operations = lower if lower is not None else upper
    if operations is None:
        raise bad_request("The operations are missing.")
    if len(operations) > _AT_ONCE:
        # The status is that of RFC 7644 section 3.7.4; Cisco says only that it is an error.
        raise Problem(413, Detail(f"At most {_AT_ONCE} operations can be carried out in one request."))
    return operations


def _outcome(world: World, request: Request, operation: Operation, made: dict[str, str]) -> Json:
    shown: Json = {"method": operation.method}
    if operation.bulk_id is not None:
        shown["bulkId"] = operation.bulk_id
    reply = _carried_out(world, request, operation, made)
    content = msgspec.json.decode(reply.body) if reply.body else {}
    if reply.status < _REFUSED:
        if operation.method == "POST" and operation.bulk_id is not None:
            made[operation.bulk_id] = content["id"]
        return {**shown, **_place(world, request, operation, content, made), "status": str(reply.status)}
    if existing := _existing(world, request, operation, reply.status):
        return {**shown, "location": existing, "status": "200"}
    return {**shown, "status": str(reply.status), "response": content}


def _carried_out(world: World, request: Request, operation: Operation, made: dict[str, str]) -> Reply:
    try:
        _require_sound(operation, made)
        path = f"{request.path.removesuffix('/Bulk')}{_resolved(operation.path, made)}"
        body = msgspec.json.encode(_resolved(operation.data, made)) if operation.data is not None else b""
    except Problem as problem:
        tracking = request.headers.get("trackingid", "")
        return Reply(problem.status, problems.scim_body_of(problem, tracking, world.quirks.scim_errors))
    if request.within is None:
        raise NotImplementedError("a bulk request needs a way to carry its operations out")
    return request.within(operation.method, path, body)


def _require_sound(operation: Operation, made: dict[str, str]) -> None:
    path = _PATHS.get(operation.method)
    if path is None:
        raise Problem(405)
    if path.fullmatch(operation.path) is None:
        raise invalid_value(f"Impossible path: {operation.path}")
    if operation.method != "DELETE" and not isinstance(operation.data, dict):
        raise invalid_value("data is required.")
    if operation.method == "POST" and (not operation.bulk_id or operation.bulk_id in made):
        raise invalid_value("bulkId is required, and a new one for each POST.")


def _resolved(value: Any, made: dict[str, str]) -> Any:
    match value:
        case dict():
            return {name: _resolved(inner, made) for name, inner in value.items()}
        case list():
            return [_resolved(inner, made) for inner in value]
        case str() if found := _REFERENCE.fullmatch(value):
            return found[1] + _made(found[2], made)
        case _:
            return value


def _made(bulk_id: str, made: dict[str, str]) -> str:
    if bulk_id not in made:
        raise invalid_value(f"Nothing was created as {bulk_id}.")
    return made[bulk_id]


def _place(world: World, request: Request, operation: Operation, content: Json, made: dict[str, str]) -> Json:
    if "meta" in content:
        return {"location": content["meta"]["location"], "version": content["meta"]["version"]}
    _, kind, uuid = _resolved(operation.path, made).split("/")
    return {"location": Scene(world, request.base_url).location(kind, uuid)}


def _existing(world: World, request: Request, operation: Operation, status: int) -> str:
    if (status, operation.path) != (409, "/Users") or world.quirks.bulk_existing_status == status:
        return ""
    person = world.person_at(str(operation.data.get("userName", "")))
    return Scene(world, request.base_url).location("Users", person.uuid) if person else ""


ROUTES = (scim_route("POST", "/Bulk", bulk, frozenset({FULL_ADMIN, USER_ADMIN, GROUP_ADMIN})),)
"""
The calls of this resource.
"""
