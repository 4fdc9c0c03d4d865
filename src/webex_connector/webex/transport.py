"""
The only place where requests leave the process.

What may leave, when, with which token and how often is decided here, in this order: dry run, pace, token, the exchange
itself, repetition. The rules of each stand elsewhere (`pace`, `tokens`, `wire`, `retry`); this module carries them out.
"""

import asyncio
import logging
import random
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar
from urllib.parse import quote_plus, urlencode
from uuid import uuid4

import httpx2
import msgspec

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.base.secret import MASK, Secret
from webex_connector.webex import retry
from webex_connector.webex.call import Call
from webex_connector.webex.errors import (
    AnswerLost,
    DeadlinePassed,
    NotReached,
    NoTurn,
    Throttled,
    TokenRefused,
    TooStrange,
    Unauthorized,
    WebexError,
    Withheld,
)
from webex_connector.webex.expiry_watch import ExpiryWatch
from webex_connector.webex.headers import lead_of, shown_in, skew_of
from webex_connector.webex.journey import WANTS_LOG_IN, Journey, refused_by_proxy
from webex_connector.webex.pace import Kind, Pacer, TurnTooLate
from webex_connector.webex.settings import ClientSettings
from webex_connector.webex.tls import trust
from webex_connector.webex.tokens import TokenFacts, TokenSource
from webex_connector.webex.wire import TRACKING_HEADER, Answer, Decipher, Deciphered, Request, decipher, resolve

LARGEST_ANSWER = 64 * 1024 * 1024
"""
Bytes, unpacked. A page of a thousand people with everything is a few megabytes.
"""

# Shorter than what gateways usually allow, so that it is we who close: a request into a closed connection is lost.
_KEEP_ALIVE = 30.0

_FIRST_REFUSAL = 400
_UNAUTHORIZED = 401

# Visible ASCII: what both parts of the header may consist of (RFC 9110, section 11.6.2, and RFC 6750, section 2.1).
_WORD = re.compile(r"[!-~]+")

_LOG = logger("webex")
_ENCODER = msgspec.json.Encoder()
_T = TypeVar("_T")


class Transport:
    """
    Sends requests to one Webex service. `luck` gives random numbers from 0 to 1; without `tokens` the requests
    themselves say who sends them.
    """

    def __init__(
        self,
        settings: ClientSettings,
        tokens: TokenSource | None,
        pacer: Pacer,
        clock: Clock,
        luck: Callable[[], float] = random.random,
    ) -> None:
        self._settings, self._tokens, self._pacer, self._clock, self._luck = settings, tokens, pacer, clock, luck
        self._roots = settings.roots
        self._line = _Line(settings, clock)
        self._watch = ExpiryWatch(clock)

    async def send(self, request: Request, call: Call) -> Answer:
        """
        Return the answer of a success; raise the WebexError that fits anything else. What `retry` allows is repeated.

        Raise Withheld, in a dry run, for a request that could change something, and NoTurn or DeadlinePassed when the
        request could not leave in time.
        """
        return await self.ask(request, call, decipher)

    async def ask(self, request: Request, call: Call, read: Decipher[Deciphered]) -> Deciphered:
        """
        Do the same for an API whose answers are read in another way.
        """
        if call.dry_run and not request.is_safe:
            raise Withheld(request.method, request.path, request.body)
        tries = 0
        while True:
            try:
                return await self._try(request, call, read)
            except WebexError as error:
                tries += 1
                remaining = _remaining(call, self._clock)
                pause = retry.pause(request, error, tries, luck=self._luck(), remaining=remaining)
                if pause is None:
                    if isinstance(error, Throttled):
                        # Others may line up behind the pause that Webex asked for.
                        error.wait = max(error.wait or 0.0, self._pacer.wait(_kind(request), call.lane))
                    raise
                name, tracking_id = type(error).__name__, error.tracking_id
            _LOG.info("webex.repeat", request=request.title, error=name, tries=tries, pause=pause, after=tracking_id)
            await self._clock.sleep(pause)

    @property
    def connections(self) -> int:
        """
        How many requests can be on their way at the same time.
        """
        return self._settings.maximum_connections

    @property
    def lead(self) -> timedelta | None:
        """
        How far Webex's clock was ahead of ours in its last answer; None before there was one with a date.
        """
        return self._line.lead

    @property
    def token(self) -> TokenFacts:
        """
        What is known of the access token in use.
        """
        return TokenFacts(renews=False) if self._tokens is None else self._tokens.facts

    async def aclose(self) -> None:
        """
        Close every connection.
        """
        await self._line.aclose()

    async def _try(self, request: Request, call: Call, read: Decipher[Deciphered]) -> Deciphered:
        address = resolve(self._roots, request)
        await self._turn(request, call)
        if self._tokens is None:
            return await self._carry(request, address, (), call, read)
        token = await self._in_time(self._tokens.token(self._ask_for_token), request, call)
        self._watch.look(self._tokens.facts)
        try:
            return await self._carry(self._signed(request, token), address, (token,), call, read)
        except Unauthorized:
            renewed = await self._in_time(self._tokens.renew(token, self._ask_for_token), request, call)
            if renewed is None:
                raise
        await self._turn(request, call)
        return await self._carry(self._signed(request, renewed), address, (renewed,), call, read)

    async def _turn(self, request: Request, call: Call) -> None:
        if call.limit is not None and call.limit <= self._clock.monotonic():
            raise DeadlinePassed(request=request.title)
        try:
            await self._pacer.turn(_kind(request), call.lane, call.limit)
        except TurnTooLate as error:
            detail = f"its turn would come in {error.wait:.0f} seconds, which is too late"
            raise NoTurn(detail, request=request.title, wait=error.wait) from error

    async def _in_time(self, token: Awaitable[_T], request: Request, call: Call) -> _T:
        try:
            async with asyncio.timeout(_remaining(call, self._clock)):
                return await token
        except TimeoutError as error:
            raise DeadlinePassed("the access token came too late", request=request.title) from error

    def _signed(self, request: Request, token: Secret) -> Request:
        words = [word for word in (self._settings.authorization_prefix, token.reveal()) if word]
        if not token or not all(_WORD.fullmatch(word) for word in words):
            # Told here, because the library's own error would show the token.
            raise TokenRefused("the access token is empty or holds what no header can carry", request=request.title)
        return replace(request, headers={**request.headers, "Authorization": Secret(" ".join(words))})

    async def _carry(
        self,
        request: Request,
        address: str,
        secrets: Iterable[Secret],
        call: Call,
        read: Decipher[Deciphered],
    ) -> Deciphered:
        course, begins = call.course, not request.is_safe
        if course is not None and begins:
            if call.limit is not None and call.limit <= self._clock.monotonic():
                raise DeadlinePassed(request=request.title)
            # Cutting it off from now on would leave a question open that its answer settles.
            call = replace(call, deadline=None)
        try:
            answer = await self._line.carry(request, address, call, secrets, read)
        except Throttled as error:
            self._pacer.throttled(_kind(request), error.wait)
            raise
        except WebexError as error:
            if error.status is not None:
                self._pacer.answered(_kind(request))
            if course is not None and begins and error.may_have_happened:
                course.has_begun = True
            raise
        self._pacer.answered(_kind(request))
        if course is not None and begins:
            course.has_begun = True
        return answer

    async def _ask_for_token(self, request: Request) -> Answer:
        # Neither paced nor withheld: it is no request to the organisation, and a dry run may read.
        return await self._line.exchange(request)


async def exchanged(settings: ClientSettings, request: Request, clock: Clock) -> Answer:
    """
    Send one request to the token endpoint, once, over a connection of its own: where there is no token yet, there is
    no client. Raise the WebexError that fits.
    """
    line = _Line(settings, clock)
    try:
        return await line.exchange(request)
    finally:
        await line.aclose()


class _Line:
    """
    One exchange at a time over a pool of connections: a request out, its answer or its error back, one line in the log.
    """

    def __init__(self, settings: ClientSettings, clock: Clock) -> None:
        self._settings, self._clock = settings, clock
        self._client = _http_client(settings)
        self.lead: timedelta | None = None

    async def carry(
        self,
        request: Request,
        address: str,
        call: Call,
        secrets: Iterable[Secret],
        read: Decipher[Deciphered],
    ) -> Deciphered:
        sent_id = f"WXC_{uuid4()}"
        request = replace(request, headers={**request.headers, TRACKING_HEADER: sent_id})
        values = [*(request.form or {}).values(), *request.headers.values()]
        secrets = [*secrets, *(each for value in values if isinstance(value, Secret) for each in shown_in(value))]
        began, outcome, status, webex_id = self._clock.monotonic(), "interrupted", None, None
        try:
            status, headers, body = await self._bytes(request, address, _remaining(call, self._clock))
            lead = lead_of(headers.get("date"), self._clock.now())
            self.lead = self.lead if lead is None else lead
            if status >= _FIRST_REFUSAL:
                # A refusal may quote what it refuses. A success may not be touched: it may hold the same token again.
                body = _without(secrets, body)
            answer = read(request, status, headers, body, self._clock.now())
            outcome, webex_id = "ok", answer.tracking_id
        except WebexError as error:
            error.tracking_id = error.tracking_id or sent_id
            if status == WANTS_LOG_IN:
                outcome, webex_id = NotReached.__name__, error.tracking_id
                raise refused_by_proxy(error, self._settings) from error
            if status == _UNAUTHORIZED or (request.form is not None and status == _FIRST_REFUSAL):
                error.detail += skew_of(self.lead)
            outcome, webex_id = type(error).__name__, error.tracking_id
            raise
        finally:
            _LOG.info(
                "webex.request",
                method=request.method,
                path=request.path,
                status=status,
                outcome=outcome,
                ms=round((self._clock.monotonic() - began) * 1000),
                lane=call.lane.value,
                tracking_id=sent_id,
                webex_tracking_id=webex_id,
            )
        return answer

    async def exchange(self, request: Request) -> Answer:
        """
        Ask the token endpoint, once.
        """
        return await self.carry(request, request.address or request.path, Call(), [], decipher)

    async def aclose(self) -> None:
        await self._client.aclose()

    async def _bytes(
        self,
        request: Request,
        address: str,
        remaining: float | None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        journey = Journey()
        if remaining is not None and remaining <= 0:
            raise DeadlinePassed(request=request.title)
        try:
            async with (
                asyncio.timeout(remaining),
                self._client.stream(
                    request.method,
                    address,
                    headers=_revealed(request.headers) | _content_type(request),
                    content=_content(request),
                    extensions={"trace": journey.note},
                ) as response,
            ):
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > LARGEST_ANSWER:
                        detail = f"the answer is longer than {LARGEST_ANSWER} bytes"
                        raise TooStrange(detail, request=request.title, status=response.status_code)
                return response.status_code, response.headers, bytes(body)
        except TimeoutError as error:
            late = AnswerLost if journey.left else DeadlinePassed
            raise late("the caller's deadline came", request=request.title) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            # The library lets some errors of TLS through as they are.
            by_proxy = isinstance(error, httpx2.ProxyError)
            raise journey.failure(error, self._settings, request.title, by_proxy=by_proxy) from error


def _http_client(settings: ClientSettings) -> httpx2.AsyncClient:
    # They log whole addresses, and those hold e-mail addresses.
    for noisy in ("httpx2", "httpcore2"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    proxy = None
    if settings.proxy is not None:
        username, password = settings.proxy.username, settings.proxy.password
        credentials = (username, password.reveal() if password else "") if username else None
        proxy = httpx2.Proxy(settings.proxy.address, auth=credentials)
    headers = {"Accept": "application/json", "User-Agent": "webex-connector"}
    if settings.disable_compression:
        headers["Accept-Encoding"] = "identity"
    return httpx2.AsyncClient(
        verify=trust(settings),
        headers=headers,
        proxy=proxy,
        # The token says who we are; a session that a cookie keeps could say something else.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        trust_env=settings.trust_environment,
        # Waiting for a free connection ends with the caller's deadline; the others free theirs in bounded time.
        timeout=httpx2.Timeout(settings.read_timeout, connect=settings.connection_timeout, pool=None),
        limits=httpx2.Limits(
            max_connections=settings.maximum_connections,
            max_keepalive_connections=settings.maximum_connections,
            keepalive_expiry=_KEEP_ALIVE,
        ),
    )


def _remaining(call: Call, clock: Clock) -> float | None:
    return None if call.limit is None else call.limit - clock.monotonic()


def _kind(request: Request) -> Kind:
    return Kind.READ if request.is_safe else Kind.WRITE


def _revealed(values: Mapping[str, str | Secret]) -> dict[str, str]:
    return {name: value.reveal() if isinstance(value, Secret) else value for name, value in values.items()}


def _content_type(request: Request) -> dict[str, str]:
    if request.form is not None:
        return {"Content-Type": "application/x-www-form-urlencoded"}
    if request.document is not None:
        return {"Content-Type": request.document.media_type}
    return {"Content-Type": "application/json"} if request.body is not None else {}


def _content(request: Request) -> bytes | None:
    if request.form is not None:
        return urlencode(_revealed(request.form)).encode()
    if request.document is not None:
        return request.document.content.reveal().encode()
    return None if request.body is None else _ENCODER.encode(request.body)


def _without(secrets: Iterable[Secret], body: bytes) -> bytes:
    texts = {secret.reveal() for secret in secrets if secret}
    # As it is, within JSON, and within a form.
    forms = {form for text in texts for form in (text.encode(), _ENCODER.encode(text)[1:-1], quote_plus(text).encode())}
    for form in sorted(forms, key=len, reverse=True):
        body = body.replace(form, MASK.encode())
    return body
