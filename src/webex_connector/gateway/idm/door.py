"""
The door itself: from an HTTP request to the one function that answers it, and from whatever goes wrong to an envelope.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.access import Access
from webex_connector.gateway.admission import Lapsed, NotAdmitted, TooManyFailures
from webex_connector.gateway.arriving import Arrivals, address_of, raw_path_of
from webex_connector.gateway.authorization import bearer_of, challenge
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.http import BodyTooLarge, NotUnderstood, body_of, decoded, parameters_of, wants_live
from webex_connector.gateway.idm.actions import Actions
from webex_connector.gateway.idm.asked import Asked
from webex_connector.gateway.idm.call import Call, answered
from webex_connector.gateway.idm.catalogue import Offer
from webex_connector.gateway.idm.dispatch import dispatched, operation_of
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
from webex_connector.gateway.idm.info import PAGES, page_of
from webex_connector.gateway.idm.parameters import Parameters
from webex_connector.gateway.idm.paths import belongs_here, info_of, path_of, runs_of
from webex_connector.gateway.idm.recon_asked import Request as AskedOfRuns
from webex_connector.gateway.idm.recons import Reconciliations, Refused
from webex_connector.gateway.idm.runs import Runs
from webex_connector.gateway.idm.systems import System
from webex_connector.gateway.rights import NEEDED, Client, NotPermitted, Right
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.options import Freshness, OperationOptions
from webex_connector.icf.schema import Operation

log = logger("gateway")

NAME: Final = "idm"
"""
What the journal calls this door.
"""

_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


def application(
    systems: Mapping[str, System],
    access: Access,
    clock: Clock,
    pace: ClientPace,
    offers: Sequence[Offer] = (),
    *,
    patience: float,
    recons: Reconciliations | None = None,
) -> ASGIApp:
    """
    Return the REST door to some systems, by name, as an ASGI application for HTTP; `offers` are the connectors that a
    caller may have configured and tested. `patience` is the seconds that anything but a list may wait to begin.
    `recons` reconciles, where there is anything to reconcile.

    It answers every path, and 404 for those that are not its own; put it behind the other doors.
    """
    return Door(systems, access, clock, pace, Actions(systems, offers), Runs(recons), patience)


class Door:
    """
    An ASGI application.
    """

    def __init__(
        self,
        systems: Mapping[str, System],
        access: Access,
        clock: Clock,
        pace: ClientPace,
        actions: Actions,
        runs: Runs,
        patience: float,
    ) -> None:
        self._systems = systems
        self._actions = actions
        self._runs = runs
        self._access = access
        self._clock, self._patience = clock, patience
        self._arrivals = Arrivals(NAME, clock, pace)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer one request. Raises ValueError when it is none, as for the start of an application, and StreamCut when a
        list breaks after it has begun.
        """
        await self._arrivals.attend(scope, receive, send, self._answer)

    async def _answer(self, request: Request) -> Response:
        try:
            return await self._carried_out(request)
        except Problem as error:
            problem = error
        except NotPermitted as error:
            problem = Problem(403, str(error))
        except Refused as error:
            problem = Problem(409, str(error))
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
        raw = raw_path_of(request)
        if not belongs_here(raw):
            raise _not_found(raw)
        client = await self._admitted(request)
        self._arrivals.known(request, client)
        version = version_of(request.headers)
        method = method_of(request.method, request.headers)
        parameters = Parameters(parameters_of(request))
        options = OperationOptions(actor=client.actor(NAME), dry_run=parameters.flag("_dryRun"))
        page = info_of(raw)
        if page in PAGES and method == "GET":
            content: object = page_of(page, client, self._systems)
            return answered(content, version, pretty=parameters.flag("_prettyPrint"))
        about_runs = runs_of(raw)
        if about_runs is not None:
            refuse_preconditions(preconditions_of(request.headers), "action")
            body = await _body(request) if method in _WITH_BODY else None
            asked = AskedOfRuns(
                client, options.actor, method, about_runs, parameters, version, body, dry=options.dry_run
            )
            return await self._runs.answer(asked)
        path = path_of(raw)
        if path is None:
            raise _not_found(raw)
        if path.system is not None:
            client.require(Right.READ, path.system)
        body = await _body(request) if method in _WITH_BODY else None
        preconditions = preconditions_of(request.headers)
        if path.object_class is None:
            refuse_preconditions(preconditions, "action")
            content = await self._actions.answer(Asked(client, path, parameters, options, body), method)
            return answered(content, version, pretty=parameters.flag("_prettyPrint"))
        system = self._actions.system(path.system or "")
        target = system.usable()
        info = target.schema.object_class(path.object_class)
        path = replace(path, object_class=info.name)
        root = request.scope.get("root_path", "")
        call = Call(
            target,
            info,
            path,
            parameters,
            preconditions,
            version,
            options,
            self._clock.now,
            body,
            system.native(info.name),
            system.ignored(info.name),
            root,
        )
        operation = operation_of(call, method)
        client.require(NEEDED[operation], path.system)
        if operation in {Operation.GET, Operation.SEARCH}:
            live = operation is Operation.GET and wants_live(request.headers)
            call = replace(call, options=replace(options, live=live, freshness=Freshness()))
        if operation is not Operation.SEARCH:
            # A list takes the time it takes, and sends as it goes; behind anything else somebody waits in silence.
            call = replace(call, options=replace(call.options, deadline=self._clock.monotonic() + self._patience))
        return await dispatched(call, method)

    async def _admitted(self, request: Request) -> Client:
        login, token = login_of(request.headers), bearer_of(request.headers)
        address = address_of(request)
        try:
            if login is None and token is not None:
                return await self._access.admit_token(token.reveal(), address)
            if login is None:
                raise Problem(401, "Access Denied", headers=challenge(request.headers, basic_first=True))
            return await self._access.admit(login.name, login.password.reveal(), address)
        except TooManyFailures as error:
            wait = error.retry_after
            raise Problem(
                429,
                str(error),
                detail={"retryAfter": wait},
                headers={"Retry-After": str(wait)},
            ) from None
        except Lapsed as error:
            raise Problem(401, str(error), headers=challenge(request.headers, basic_first=True)) from None
        except NotAdmitted:
            raise Problem(401, "Access Denied", headers=challenge(request.headers, basic_first=True)) from None


async def _body(request: Request) -> Any:
    """
    Return what the body says; None when there is none. Raises Problem (400) when it is not JSON.
    """
    content = await body_of(request)
    if not content:
        return None
    refuse_content_type(request.headers)
    return decoded(content)


def _not_found(path: str) -> Problem:
    return Problem(404, f"Resource '{path}' not found")
