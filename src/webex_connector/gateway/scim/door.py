"""
The door itself: from an HTTP request to the one function that answers it, and from whatever goes wrong to an error in
the form of the standard.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.access import Access
from webex_connector.gateway.arriving import Arrivals, address_of, raw_path_of
from webex_connector.gateway.client_pace import ClientPace
from webex_connector.gateway.http import BodyTooLarge, NotUnderstood, body_of, decoded, parameters_of, site_of
from webex_connector.gateway.rights import Client, NotPermitted
from webex_connector.gateway.scim.asked import asked_in_address
from webex_connector.gateway.scim.bulk import Bulk
from webex_connector.gateway.scim.call import Call, answered
from webex_connector.gateway.scim.credentials import admitted
from webex_connector.gateway.scim.discovery import MOST_BULK_BYTES
from webex_connector.gateway.scim.dispatch import DISCOVERY, answer_of, described, right_of
from webex_connector.gateway.scim.errors import Kind, Problem, later, problem_of, refused
from webex_connector.gateway.scim.paths import SEARCH, Path, path_of
from webex_connector.gateway.scim.systems import System
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.options import OperationOptions

log = logger("gateway")

NAME: Final = "scim"
"""
What the journal calls this door.
"""

_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
_MEDIA_TYPES: Final = frozenset({"", "application/scim+json", "application/json"})


def application(systems: Mapping[str, System], access: Access, clock: Clock, pace: ClientPace) -> ASGIApp:
    """
    Return the SCIM door to some systems, by name, as an ASGI application for HTTP. Mount it where its addresses are to
    begin.
    """
    return Door(systems, access, clock, pace)


class Door:
    """
    An ASGI application.
    """

    def __init__(self, systems: Mapping[str, System], access: Access, clock: Clock, pace: ClientPace) -> None:
        self._systems, self._access, self._clock = systems, access, clock
        self._arrivals = Arrivals(NAME, clock, pace)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """
        Answer one request. Raises ValueError when it is none, as for the start of an application.
        """
        await self._arrivals.attend(scope, receive, send, self._answer)

    async def _answer(self, request: Request) -> Response:
        try:
            return await self._carried_out(request)
        except Problem as error:
            problem = error
        except NotPermitted as error:
            problem = Problem(403, str(error))
        except NotUnderstood as error:
            problem = refused(Kind.INVALID_SYNTAX, f"The request cannot be read: {error}")
        except BodyTooLarge as error:
            # What is left of the body is not read, so the connection cannot carry another request.
            problem = Problem(413, str(error), headers={"Connection": "close"})
        except ConnectorError as error:
            problem = problem_of(error)
        except ClientDisconnect:
            problem = refused(Kind.INVALID_SYNTAX, "The body ended too early")
        except Exception:
            log.exception("scim.broken", method=request.method, path=request.scope["path"])
            problem = Problem(500, "The connector is at fault; its log says more")
        return answered(problem.status, problem.body, problem.headers)

    async def _carried_out(self, request: Request) -> Response:
        path = path_of(raw_path_of(request))
        if path is None:
            raise Problem(404, f"There is nothing at {request.scope['path']}")
        client = await admitted(self._access, request.headers, address_of(request))
        self._arrivals.known(request, client)
        client.require(right_of(request.method, path), path.system)
        system = self._systems.get(path.system)
        if system is None:
            raise Problem(404, f"There is no system {path.system}")
        base = _base(request, path)
        parameters = parameters_of(request)
        endpoint = path.endpoint.lower()
        if endpoint in DISCOVERY:
            filtered = any(key.lower() == "filter" for key, _ in parameters)
            return described(system, path, request.method, base, filtered=filtered)
        if endpoint == "me":
            raise Problem(501, "/Me is not offered: a client of this server is no person of the organisation")
        if not endpoint or endpoint == SEARCH:
            raise Problem(501, "All resource types at once cannot be searched; name one, as in /Users")
        options = self._options(client, parameters, system)
        if endpoint == "bulk":
            if request.method != "POST":
                raise Problem(405, "/Bulk takes POST alone", headers={"Allow": "POST"})
            return await Bulk(system, options, base).run(await _body(request, path))
        resource = system.resource(path.endpoint)
        asked = asked_in_address(parameters)
        call = Call(system, resource, options, base, asked, request.headers, path.uid)
        answer = answer_of(call, request.method)
        call = replace(call, body=await _body(request, path))
        if request.method != "GET":
            return await answer(call)
        try:
            async with asyncio.timeout(system.manner.patience):
                return await answer(call)
        except TimeoutError:
            seconds = f"{system.manner.patience:g} seconds"
            raise Problem(429, f"Webex did not answer within {seconds}; try later", headers=later(None)) from None

    def _options(self, client: Client, parameters: list[tuple[str, str]], system: System) -> OperationOptions:
        dry_run = any(key.lower() == "_dryrun" and value.lower() == "true" for key, value in parameters)
        deadline = self._clock.monotonic() + system.manner.patience
        return OperationOptions(
            actor=client.actor(NAME), dry_run=dry_run, deadline=deadline, namesakes=system.manner.duplicate_names
        )


async def _body(request: Request, path: Path) -> Any:
    """
    Return what the body says; None where the method has none. Raises Problem (415) for what is no JSON by its own
    account, and (400) without one.
    """
    if request.method not in _WITH_BODY:
        return None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _MEDIA_TYPES:
        raise Problem(415, f"The body must be application/scim+json, not {kind}")
    content = await (body_of(request, MOST_BULK_BYTES) if path.endpoint.lower() == "bulk" else body_of(request))
    if not content:
        raise refused(Kind.INVALID_SYNTAX, "The body is missing")
    return decoded(content)


def _base(request: Request, path: Path) -> str:
    """
    Return the address of the door for a system, as the client knows it.
    """
    mounted: str = request.scope.get("root_path", "")
    return f"{site_of(request.scope)}{mounted}/{path.system}/v2"
