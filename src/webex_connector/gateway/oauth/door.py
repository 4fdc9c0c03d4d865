"""
The door itself: the token endpoint, and where it says what it can do (RFC 8414).
"""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from webex_connector.base.log import logger
from webex_connector.gateway.access import Access
from webex_connector.gateway.admission import NotAdmitted, TooManyFailures
from webex_connector.gateway.arriving import address_of
from webex_connector.gateway.assertions import ALGORITHMS
from webex_connector.gateway.http import BodyTooLarge, body_of, encoded
from webex_connector.gateway.issuing import LIFE, SCOPES, Given, Issued, ScopeRefused, UsedBefore
from webex_connector.gateway.oauth.asking import Asked, Grant, asked_in
from webex_connector.gateway.oauth.problems import Fault, Problem, refused_client
from webex_connector.gateway.rights import Client
from webex_connector.icf.errors import ConnectorError
from webex_connector.store.access_tokens import Use

TOKEN_PATH: Final = "/oauth2/token"  # noqa: S105 - an address, not a token
METADATA_PATH: Final = "/.well-known/oauth-authorization-server"

_LARGEST: Final = 64 * 1024
_USUAL_WAIT: Final = 30
_FIXED: Final = {"Cache-Control": "no-store", "Pragma": "no-cache", "X-Content-Type-Options": "nosniff"}

log = logger("gateway")


def routes(access: Access, issued: Issued, public_address: str | None) -> list[Route]:
    """
    Return the routes of the token endpoint. `public_address` is where clients reach it, if that is not the address they
    ask at.
    """
    door = Door(access, issued, public_address)
    # All methods come here: another door, behind this one, would answer the others in its own form.
    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    return [Route(TOKEN_PATH, door.token, methods=methods), Route(METADATA_PATH, door.metadata, methods=["GET"])]


class Door:
    """
    Gives access tokens.
    """

    def __init__(self, access: Access, issued: Issued, public_address: str | None) -> None:
        self._access, self._issued, self._public_address = access, issued, public_address

    async def token(self, request: Request) -> Response:
        """
        Answer a token request.
        """
        try:
            client, given = await self._given(request)
        except Problem as error:
            problem = error
        except BodyTooLarge as error:
            problem = Problem(Fault.INVALID_REQUEST, str(error), 413, {"Connection": "close"})
        except TooManyFailures as error:
            headers = {"Retry-After": str(error.retry_after)}
            problem = Problem(Fault.TEMPORARILY_UNAVAILABLE, str(error), 429, headers)
        except ConnectorError as error:
            headers = {"Retry-After": str(int(error.retry_after or _USUAL_WAIT))}
            problem = Problem(Fault.TEMPORARILY_UNAVAILABLE, error.message, 503, headers)
        except ClientDisconnect:
            problem = Problem(Fault.INVALID_REQUEST, "The body ended too early")
        except Exception:
            log.exception("oauth.broken")
            problem = Problem(Fault.TEMPORARILY_UNAVAILABLE, "The connector is at fault; its log says more", 500)
        else:
            log.info("oauth.token", client=client.name, scope=given.scope)
            answer = {"token_type": "Bearer", "expires_in": int(LIFE.total_seconds()), "scope": given.scope}
            return _answered(200, {"access_token": given.token.reveal(), **answer})
        log.warning("oauth.no_token", error=problem.fault.value, reason=problem.description)
        return _answered(problem.status, problem.body, problem.headers)

    async def metadata(self, request: Request) -> Response:
        """
        Say what the token endpoint can do.
        """
        base = self._public_address or f"{request.url.scheme}://{request.url.netloc}"
        found = {
            "issuer": base,
            "token_endpoint": f"{base}{TOKEN_PATH}",
            "grant_types_supported": [each.value for each in Grant],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(ALGORITHMS),
            "scopes_supported": list(SCOPES),
            "response_types_supported": [],
        }
        return _answered(200, found)

    async def _given(self, request: Request) -> tuple[Client, Given]:
        if request.method != "POST":
            raise Problem(Fault.INVALID_REQUEST, "Tokens are asked for by POST", 405, {"Allow": "POST"})
        body = await body_of(request, _LARGEST)
        asked = asked_in(request.headers.get("content-type", ""), body, request.headers)
        address = address_of(request)
        client, credential, uses = await self._client(asked, address)
        try:
            return client, await self._issued.give(client, asked.scope, credential, uses)
        except ScopeRefused as error:
            raise Problem(Fault.INVALID_SCOPE, str(error)) from None
        except UsedBefore:
            why = "The assertion was used before: each one with a jti is good for one token"
            raise _refused_assertion(asked, why) from None

    async def _client(self, asked: Asked, address: str) -> tuple[Client, int | None, list[Use]]:
        """
        Return who gets a token, the number of the secret that was shown, and the assertions used up. Raises Problem.
        """
        shown: Client | None = None
        credential: int | None = None
        uses: list[Use] = []
        try:
            if asked.login is not None:
                found = await self._access.admit_secret(asked.login.name, asked.login.password.reveal(), address)
                shown, credential = found.client, found.credential
            elif asked.client_assertion is not None:
                shown, uses = await self._access.admit_assertion(asked.client_assertion, address)
        except TooManyFailures:
            raise
        except NotAdmitted as error:
            raise refused_client(str(error)) from None
        if asked.assertion is None:
            if shown is None:
                raise refused_client("The client does not show who it is")
            _refuse_other(asked, shown)
            return shown, credential, uses
        try:
            client, once = await self._access.admit_assertion(asked.assertion, address)
        except TooManyFailures:
            raise
        except NotAdmitted as error:
            raise Problem(Fault.INVALID_GRANT, str(error)) from None
        if shown is not None and shown.name != client.name:
            raise Problem(Fault.INVALID_GRANT, f"The assertion speaks for {client.name}, and {shown.name} shows it")
        _refuse_other(asked, client)
        return client, credential, uses + once


def _refuse_other(asked: Asked, client: Client) -> None:
    """
    Raise Problem when the request names another client than the one it proves to be from (RFC 7521, section 4.2).
    """
    names = {client.name} | ({client.trusted.subject} if client.trusted is not None else set())
    if asked.client_id is not None and asked.client_id not in names:
        raise refused_client(f"client_id is not the client that was proven, {client.name}")


def _refused_assertion(asked: Asked, why: str) -> Problem:
    return Problem(Fault.INVALID_GRANT, why) if asked.assertion is not None else refused_client(why)


def _answered(status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(encoded(body), status, {**_FIXED, **(headers or {})}, "application/json")
