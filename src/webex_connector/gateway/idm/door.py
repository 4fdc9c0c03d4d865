"""
The door itself: from an HTTP request to the one function that answers it, and from whatever goes wrong to an envelope.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.access import Access, Client, NotAdmitted, TooManyFailures
from webex_connector.gateway.http import BodyTooLarge, NotUnderstood, body_of, decoded, parameters_of
from webex_connector.gateway.idm.call import Call, answered
from webex_connector.gateway.idm.dispatch import dispatched
from webex_connector.gateway.idm.errors import Problem, problem_of
from webex_connector.gateway.idm.headers import (
    Version,
    login_of,
    method_of,
    preconditions_of,
    refuse_content_type,
    refuse_preconditions,
    version_of,
)
from webex_connector.gateway.idm.parameters import Parameters
from webex_connector.gateway.idm.paths import ROOT, Path, belongs_here, path_of
from webex_connector.gateway.idm.systems import System, status_of
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.options import OperationOptions

log = logger("gateway")

NAME: Final = "idm"
"""
What the journal calls this door.
"""

_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="webex-connector", charset="UTF-8"'}
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


def application(systems: Mapping[str, System], access: Access, clock: Clock) -> ASGIApp:
    """
    Return the REST door to some systems, by name, as an ASGI application for HTTP.

    It answers every path, and 404 for those that are not its own; put it behind the other doors.
    """
    return Door(systems, access, clock)


class Door:
    """
    An ASGI application.
    """

    def __init__(self, systems: Mapping[str, System], access: Access, clock: Clock) -> None:
        self._systems = systems
        self._access = access
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer one request. Raises ValueError when it is none, as for the start of an application, and StreamCut when a
        list breaks after it has begun.
        """
        if scope["type"] != "http":
            raise ValueError(f"the REST door does not speak {scope['type']}")
        request = Request(scope, receive)
        started = self._clock.monotonic()
        response = await self._answer(request)
        log.info(
            "idm.request",
            method=request.method,
            path=scope["path"],
            status=response.status_code,
            seconds=round(self._clock.monotonic() - started, 3),
        )
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            return await self._carried_out(request)
        except Problem as error:
            problem = error
        except NotUnderstood as error:
            problem = Problem(400, f"The request could not be processed because it cannot be read: {error}")
        except BodyTooLarge as error:
            # What is left of the body is not read, so the connection cannot carry another request.
            problem = Problem(413, str(error), detail={"limit": error.limit}, headers={"Connection": "close"})
        except ConnectorError as error:
            problem = problem_of(error)
        except ClientDisconnect:
            problem = Problem(400, "The body ended too early")
        except Exception:
            log.exception("idm.broken", method=request.method, path=request.scope["path"])
            problem = Problem(500, "The connector is at fault; its log says more")
        return answered(problem.envelope, Version(), status=problem.code, headers=problem.headers)

    async def _carried_out(self, request: Request) -> Response:
        raw = _raw_path(request)
        if not belongs_here(raw):
            raise _not_found(raw)
        client = self._admitted(request)
        version = version_of(request.headers)
        method = method_of(request.method, request.headers)
        parameters = Parameters(parameters_of(request))
        options = OperationOptions(actor=client.actor(NAME), dry_run=parameters.flag("_dryRun"))
        path = path_of(raw)
        if path is None:
            raise _not_found(raw)
        if path.system is not None and not client.may_use(path.system):
            raise Problem(403, f"{client.name} may not use {path.system}")
        body = await _body(request) if method in _WITH_BODY else None
        preconditions = preconditions_of(request.headers)
        if path.object_class is None:
            refuse_preconditions(preconditions, "action")
            content = await self._tested(client, method, path, parameters, body, options)
            return answered(content, version, pretty=parameters.flag("_prettyPrint"))
        facade = self._system(path.system or "").facade
        info = facade.schema.object_class(path.object_class)
        path = replace(path, object_class=info.name)
        root = request.scope.get("root_path", "")
        call = Call(facade, info, path, parameters, preconditions, version, options, body, root)
        if client.read_only and method != "GET":
            raise Problem(403, f"{client.name} may only read")
        return await dispatched(call, method)

    def _admitted(self, request: Request) -> Client:
        login = login_of(request.headers)
        if login is None:
            raise Problem(401, "Access Denied", headers=_CHALLENGE)
        address = request.client.host if request.client else "unknown"
        try:
            return self._access.admit(login.name, login.password.reveal(), address)
        except TooManyFailures as error:
            wait = error.retry_after
            raise Problem(
                429,
                str(error),
                detail={"retryAfter": wait},
                headers={"Retry-After": str(wait)},
            ) from None
        except NotAdmitted:
            raise Problem(401, "Access Denied", headers=_CHALLENGE) from None

    def _system(self, name: str) -> System:
        if name not in self._systems:
            raise Problem(404, f"System: {name} is not available.")
        return self._systems[name]

    async def _tested(
        self,
        client: Client,
        method: str,
        path: Path,
        parameters: Parameters,
        body: Any,
        options: OperationOptions,
    ) -> object:
        """
        Return the status of the system that the path or `id` names, else of every one that the client may use.
        """
        if path.system is not None:
            self._system(path.system)
        _refuse_all_but_test(method, path, parameters)
        given = body.get("id") if isinstance(body, dict) else None
        name = path.system or parameters.text("id") or given
        if name is None:
            mine = [each for each in self._systems if client.may_use(each)]
            return [await status_of(each, self._systems[each], options) for each in mine]
        if not client.may_use(str(name)):
            raise Problem(403, f"{client.name} may not use {name}")
        return await status_of(str(name), self._system(str(name)), options)


def _refuse_all_but_test(method: str, path: Path, parameters: Parameters) -> None:
    place = ROOT if path.system is None else f"{ROOT}/{path.system}"
    if method != "POST":
        raise Problem(501, f"Method {method} not supported on {place}; POST with _action=test is")
    action = parameters.text("_action")
    if (action or "").lower() != "test":
        raise Problem(400, f"Unsupported action on {place}: {action or 'none'}. Supported: test")


async def _body(request: Request) -> Any:
    """
    Return what the body says; None when there is none. Raises Problem (400) when it is not JSON.
    """
    content = await body_of(request)
    if not content:
        return None
    refuse_content_type(request.headers)
    return decoded(content)


def _raw_path(request: Request) -> str:
    """
    Return the path still percent-encoded, so that an encoded slash stays part of a name.
    """
    raw: bytes = request.scope["raw_path"]
    root: str = request.scope.get("root_path", "")
    return raw.decode("latin-1").partition("?")[0].removeprefix(root)


def _not_found(path: str) -> Problem:
    return Problem(404, f"Resource '{path}' not found")
