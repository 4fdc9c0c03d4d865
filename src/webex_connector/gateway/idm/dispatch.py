"""
Which operation a method means, on an object class and on one of its objects.

Source: `HttpAdapter` in commons, `ObjectClassResourceProvider` in OpenIDM.
"""

from starlette.responses import Response

from webex_connector.gateway.idm import reading, writing
from webex_connector.gateway.idm.actions import unsupported
from webex_connector.gateway.idm.call import Call
from webex_connector.gateway.idm.errors import Problem, problem_of
from webex_connector.gateway.idm.headers import refuse_preconditions
from webex_connector.gateway.idm.live_sync import natively, synced
from webex_connector.gateway.idm.query import KINDS
from webex_connector.icf.errors import UnknownUid
from webex_connector.icf.schema import Operation

ACTIONS = ("create", "liveSync", "authenticate")
"""
The actions that an object class has.
"""

_ASKED = {"livesync": Operation.SYNC, "activesync": Operation.SYNC, "authenticate": Operation.AUTHENTICATE}


def operation_of(call: Call, method: str) -> Operation:
    """
    Return what a request asks for, in the words of the model; for one that makes no sense, what it comes closest to.
    """
    match method:
        case "GET":
            return Operation.SEARCH if call.path.uid is None else Operation.GET
        case "POST" if call.path.uid is None:
            return _ASKED.get((call.parameters.text("_action") or "").lower(), Operation.CREATE)
        case "DELETE":
            return Operation.DELETE
        case _:
            return Operation.UPDATE


async def dispatched(call: Call, method: str) -> Response:
    """
    Answer a request to an object class or to one of its objects. Raises Problem and ConnectorError.
    """
    if method != "GET":
        call.parameters.refuse_unknown()
    try:
        return await (_on_collection(call, method) if call.path.uid is None else _on_instance(call, method))
    except UnknownUid as error:
        problem = problem_of(error)
        text = f"Object {call.path.uid} not found on {call.info.name}"
        raise Problem(problem.code, text, detail=problem.detail) from None


async def _on_collection(call: Call, method: str) -> Response:
    action = (call.parameters.text("_action") or "").lower()
    match method:
        case "GET" if any(call.parameters.has(kind) for kind in KINDS):
            return await reading.query(call)
        case "GET":
            raise reading.unreadable(call)
        case "POST" if action in {"", "create"}:
            return await writing.create(call)
        case "POST":
            refuse_preconditions(call.preconditions, "action")
            return await _acted(call, action)
        case _:
            done = {"PUT": "updated", "PATCH": "patched"}.get(method, "deleted")
            raise Problem(400, f"The resource collection {call.info.name} cannot be {done}")


async def _acted(call: Call, action: str) -> Response:
    match action:
        case "livesync" | "activesync":
            system = call.path.system or ""
            stage = await synced(system, call.facade, call.info, call.parameters, call.options)
            return call.answer(natively(stage, call.native))
        case "authenticate":
            return call.answer({"_id": await _authenticated(call)})
        case _:
            raise unsupported(action, call.info.name, ACTIONS)


async def _authenticated(call: Call) -> str:
    """
    Return the identifier of the person whose password this is. Raises UnsupportedOperation where the target checks no
    passwords, as Webex does not, and BadCredentials.
    """
    body = call.body if isinstance(call.body, dict) else {}
    given = {name: call.parameters.text(name) or body.get(name) for name in ("username", "password")}
    missing = [name for name, value in given.items() if not isinstance(value, str)]
    if missing:
        raise Problem(400, f"authenticate needs {' and '.join(missing)}", detail={"parameter": missing[0]})
    return await call.facade.authenticate(
        call.info.name,
        str(given["username"]),
        str(given["password"]),
        call.options,
    )


async def _on_instance(call: Call, method: str) -> Response:
    match method:
        case "GET" if any(call.parameters.has(kind) for kind in KINDS):
            raise Problem(400, f"The resource instance {call.uid} cannot be queried")
        case "GET":
            return await reading.read(call)
        case "PUT":
            return await writing.update(call)
        case "PATCH":
            return await writing.patched(call)
        case "DELETE":
            return await writing.delete(call)
        case _:
            action = call.parameters.text("_action")
            refuse_preconditions(call.preconditions, "action")
            raise Problem(400, f"Unsupported action on {call.uid}: {action or 'none'}. Supported: none")
