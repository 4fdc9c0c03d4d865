"""
Requests to a SCIM server that is a source: read only, with patience, and nothing taken for an answer that is none.
"""

import asyncio
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final, Protocol

import httpx2
import msgspec

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.sync.errors import SourceFailed

TRIES: Final = 6
"""
How often one page is asked for before the source has failed.
"""

_SECONDS: Final = 60.0
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 300.0
_MEDIA: Final = "application/scim+json"
_PASSING: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Authorization(Protocol):
    """
    Something that knows the header by which we are let in.
    """

    async def header(self) -> str:
        """
        Return the value of `Authorization`. Raises SourceFailed when there is none to be had.
        """
        ...


class Held:
    """
    A bearer token that somebody gave us.
    """

    def __init__(self, token: Secret) -> None:
        self._token = token

    async def header(self) -> str:
        """
        Return the value of `Authorization`.
        """
        return f"Bearer {self._token.reveal()}"


class ScimRefused(SourceFailed):
    """
    The server has refused a request.
    """

    def __init__(self, source: str, reason: str, status: int, kind: str | None) -> None:
        super().__init__(source, reason)
        self.status, self.kind = status, kind


class ScimClient:
    """
    Asks one server. `tls` says whom to trust, in place of this computer's authorities.
    """

    def __init__(
        self,
        name: str,
        base: str,
        authorization: Authorization,
        clock: Clock,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._name, self._base = name, base.rstrip("/")
        self._authorization, self._clock, self._tls = authorization, clock, tls
        self._http: httpx2.AsyncClient | None = None

    async def get(self, path: str, parameters: Mapping[str, str | int]) -> dict[str, Any]:
        """
        Return the object at a path. What may pass is waited for, as long as `Retry-After` says (RFC 9110, section
        10.2.3).

        Raises ScimRefused when the server says no, and SourceFailed when it does not answer, or not with an object.
        """
        pause = _FIRST_PAUSE
        for left in reversed(range(TRIES)):
            try:
                return await self._got(path, parameters)
            except _Passing as problem:
                wait = pause if problem.wait is None else problem.wait
                if not left or wait > _LONGEST_PAUSE:
                    raise SourceFailed(self._name, problem.reason) from problem
                await self._clock.sleep(wait)
                pause *= 2
        raise AssertionError("the last try returns or raises")

    async def aclose(self) -> None:
        """
        Close every connection.
        """
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    async def _got(self, path: str, parameters: Mapping[str, str | int]) -> dict[str, Any]:
        if self._http is None:
            self._http = httpx2.AsyncClient(timeout=None, verify=self._tls or True, headers={"Accept": _MEDIA})
        headers = {"Authorization": await self._authorization.header()}
        address = f"{self._base}/{path}"
        try:
            async with asyncio.timeout(_SECONDS):
                answer = await self._http.get(address, params=dict(parameters), headers=headers)
        except (httpx2.HTTPError, TimeoutError) as problem:
            raise _Passing(f"{address} was not reached: {str(problem) or type(problem).__name__}") from problem
        if answer.status_code in _PASSING:
            raise _Passing(f"{address} answers {_told(answer)}", _wait(answer, self._clock.now()))
        if answer.status_code != HTTPStatus.OK:
            reason, kind = f"{address} answers {_told(answer)}", str(_body(answer).get("scimType", "")) or None
            raise ScimRefused(self._name, reason, answer.status_code, kind)
        try:
            return _decode(answer.content)
        except msgspec.DecodeError as problem:
            raise SourceFailed(self._name, f"{address} answers with something that is no SCIM: {problem}") from problem


class _Passing(Exception):
    """
    It may be otherwise in a moment, or in `wait` seconds.
    """

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.reason, self.wait = reason, wait


def _body(answer: httpx2.Response) -> dict[str, Any]:
    try:
        return _decode(answer.content)
    except msgspec.DecodeError:
        return {}


def _told(answer: httpx2.Response) -> str:
    detail = _body(answer).get("detail")
    return f"HTTP {answer.status_code}{f': {detail}' if detail else ''}"


def _wait(answer: httpx2.Response, now: datetime) -> float | None:
    given = answer.headers.get("Retry-After")
    if given is None:
        return None
    if given.isdecimal():
        return float(given)
    try:
        then = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max(0.0, (then.replace(tzinfo=then.tzinfo or UTC) - now).total_seconds())
