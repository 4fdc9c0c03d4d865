"""
A bearer token for a platform that the connector server calls, fetched by OAuth 2 client credentials (RFC 6749,
section 4.4) and kept until it is about to end.
"""

import asyncio
import ssl
from typing import Final

import httpx2
import msgspec

from webex_connector.app.settings import Bearer
from webex_connector.base.clock import Clock
from webex_connector.icf.errors import ConnectionFailed

_SECONDS: Final = 20.0
_EARLY: Final = 60.0
_DEFAULT_LIFE: Final = 300.0
"""
Seconds that a token is gone by when its answer does not say how long it lives.
"""


class _Answer(msgspec.Struct):
    access_token: str
    expires_in: float = _DEFAULT_LIFE


class BearerToken:
    """
    The token in use. `tls` says whom to trust, in place of this computer's authorities.
    """

    def __init__(
        self, bearer: Bearer, clock: Clock, *, tls: ssl.SSLContext | None = None, proxy: str | None = None
    ) -> None:
        self._bearer, self._clock = bearer, clock
        self._tls, self._proxy = tls, proxy
        self._token, self._ends = "", 0.0
        self._fetching = asyncio.Lock()

    async def header(self) -> str:
        """
        Return the `Authorization` header. Raises ConnectionFailed when no token is to be had.
        """
        async with self._fetching:
            if not self._token or self._clock.monotonic() >= self._ends:
                answer = await self._fetched()
                self._token = answer.access_token
                self._ends = self._clock.monotonic() + answer.expires_in - _EARLY
        return f"Bearer {self._token}"

    async def _fetched(self) -> _Answer:
        bearer = self._bearer
        try:
            async with (
                asyncio.timeout(_SECONDS),
                httpx2.AsyncClient(timeout=None, verify=self._tls or True, proxy=self._proxy) as http,
            ):
                answer = await http.post(
                    bearer.endpoint,
                    data={"grant_type": "client_credentials", "scope": bearer.scope},
                    auth=(bearer.client_id, bearer.client_secret.reveal()),
                )
        except (httpx2.HTTPError, TimeoutError) as problem:
            raise ConnectionFailed(f"{bearer.endpoint} was not reached: {type(problem).__name__}") from problem
        if answer.status_code != httpx2.codes.OK:
            raise ConnectionFailed(f"{bearer.endpoint} gives no token: HTTP {answer.status_code}")
        try:
            return msgspec.json.decode(answer.content, type=_Answer)
        except msgspec.DecodeError:
            raise ConnectionFailed(f"{bearer.endpoint} answers with something that is no token") from None
