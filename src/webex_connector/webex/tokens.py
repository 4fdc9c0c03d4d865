"""
Where access tokens come from, and how they are renewed: early, once at a time, and stored before they are used.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.base.secret import Secret
from webex_connector.webex.errors import NotReached, WebexError
from webex_connector.webex.oauth import OAuthClient, Tokens, no_token, tokens_in
from webex_connector.webex.wire import Answer, Request

Exchange = Callable[[Request], Awaitable[Answer]]
"""
Sends one request to the token endpoint, once, without an access token; given by the transport.
"""

_LOG = logger("webex")


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """
    What is known of the tokens in use. Nothing of it is secret, and asking for it sends nothing.
    """

    renews: bool
    """Whether the source gets another access token by itself when one ends."""

    ends: datetime | None = None
    """When the access token ends, as far as it was said."""

    refresh_ends: datetime | None = None
    """When the refresh token ends, as far as it was said."""

    scopes: frozenset[str] = frozenset()
    """What the access token may do; empty when nobody said."""


class TokenSource(Protocol):
    """
    Gives the transport its access token.
    """

    async def token(self, exchange: Exchange) -> Secret:
        """
        Return a token that is believed to be good.

        Raise TokenRefused when there is none to get, NotReached when that cannot be told: in both cases the request
        that needs the token has not left.
        """
        ...

    async def renew(self, refused: Secret, exchange: Exchange) -> Secret | None:
        """
        Return another token than the one Webex just refused, or None when this source has no other.

        Raise like `token`.
        """
        ...

    @property
    def facts(self) -> TokenFacts:
        """
        Return what is known of the tokens in use; of a source that was not yet asked for one, that may be nothing.
        """
        ...


@dataclass(frozen=True, slots=True)
class StaticToken:
    """
    A token that somebody else looks after.
    """

    secret: Secret
    ends: datetime | None = None
    """When it ends, if somebody said so."""

    async def token(self, exchange: Exchange) -> Secret:  # noqa: ARG002 - the protocol's parameter
        """
        Return the token.
        """
        return self.secret

    async def renew(self, refused: Secret, exchange: Exchange) -> Secret | None:  # noqa: ARG002 - as above
        """
        Return None: there is no other.
        """
        return None

    @property
    def facts(self) -> TokenFacts:
        """
        Return that it is not renewed here, and when it ends.
        """
        return TokenFacts(renews=False, ends=self.ends)


@dataclass(frozen=True, slots=True)
class VaultKey:
    """
    Whose tokens they are. A new refresh token in the configuration is a new key, hence a new beginning.
    """

    endpoint: str
    client_id: str
    fingerprint: str
    """A digest of the configured refresh token; the token cannot be told from it."""


def grant_key(client: OAuthClient, refresh_token: Secret) -> VaultKey:
    """
    Return where the vault keeps what a refresh token brings, and what that brings in turn.
    """
    fingerprint = hashlib.sha256(refresh_token.reveal().encode()).hexdigest()
    return VaultKey(client.endpoint, client.client_id, fingerprint)


class TokenVault(Protocol):
    """
    Keeps tokens across restarts and for every process. What it holds beats the configuration: it is the later rotation.
    """

    async def get(self, key: VaultKey) -> Tokens | None:
        """
        Return the tokens stored last, or None.
        """
        ...

    async def put(self, key: VaultKey, tokens: Tokens) -> None:
        """
        Store the tokens; when this returns they survive a crash.
        """
        ...

    async def remove(self, key: VaultKey) -> None:
        """
        Forget the tokens; it is no error when there are none.
        """
        ...

    def renewing(self, key: VaultKey) -> AbstractAsyncContextManager[None]:
        """
        Wait until nobody else renews these tokens, in any process, and keep others from it while the block runs.
        """
        ...


class MemoryVault:
    """
    A vault that forgets when the process ends. Enough where Webex gives the same refresh token again and again.
    """

    def __init__(self) -> None:
        self._tokens: dict[VaultKey, Tokens] = {}
        self._locks: defaultdict[VaultKey, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, key: VaultKey) -> Tokens | None:
        """
        Return the tokens stored last, or None.
        """
        return self._tokens.get(key)

    async def put(self, key: VaultKey, tokens: Tokens) -> None:
        """
        Keep the tokens in memory.
        """
        self._tokens[key] = tokens

    async def remove(self, key: VaultKey) -> None:
        """
        Forget the tokens.
        """
        self._tokens.pop(key, None)

    def renewing(self, key: VaultKey) -> AbstractAsyncContextManager[None]:
        """
        Wait until nobody else in this process renews these tokens.
        """
        return self._locks[key]


class _Freshness:
    """
    Keeps one access token fresh for any number of callers.

    A renewal is a task of its own, which all callers of the moment await: one that gives up does not take the rotated
    refresh token with it.
    """

    def __init__(
        self,
        known: Callable[[], Awaitable[Tokens | None]],
        obtain: Callable[[Tokens | None, Exchange], Awaitable[Tokens]],
        clock: Clock,
    ) -> None:
        self._known, self._obtain, self._clock = known, obtain, clock
        self._tokens: Tokens | None = None
        self._renewal: asyncio.Task[Tokens] | None = None

    async def token(self, exchange: Exchange) -> Secret:
        known = None if self._tokens else await self._known()
        held = self._tokens = self._tokens or known
        if held is not None and not held.is_due(self._clock.now()):
            return held.access
        try:
            return (await self._renewed(exchange)).access
        except NotReached as error:
            if held is None or held.has_ended(self._clock.now()):
                raise
            _LOG.warning("webex.early_renewal_failed", error=type(error).__name__, tracking_id=error.tracking_id)
            return held.access

    async def renew(self, refused: Secret, exchange: Exchange) -> Secret:
        if self._tokens is not None and self._tokens.access != refused:
            return self._tokens.access
        return (await self._renewed(exchange)).access

    @property
    def facts(self) -> TokenFacts:
        held = self._tokens
        if held is None:
            return TokenFacts(renews=True)
        return TokenFacts(renews=True, ends=held.ends, refresh_ends=held.refresh_ends, scopes=held.scopes)

    async def _renewed(self, exchange: Exchange) -> Tokens:
        if self._renewal is None:
            self._renewal = asyncio.create_task(self._renew_once(exchange))
            self._renewal.add_done_callback(self._settle)
        return await asyncio.shield(self._renewal)

    async def _renew_once(self, exchange: Exchange) -> Tokens:
        try:
            self._tokens = await self._obtain(self._tokens, exchange)
        except WebexError as error:
            raise no_token(error) from error
        return self._tokens

    def _settle(self, renewal: asyncio.Task[Tokens]) -> None:
        self._renewal = None
        if not renewal.cancelled():
            # Asked for, so that a failure which nobody waits for any more is not reported as forgotten.
            renewal.exception()


class RefreshGrant:
    """
    Access tokens by a refresh token, which Webex may replace at each use (https://developer.webex.com/docs/integrations).

    `given` is an access token of the configuration; it is used first, unless the vault has a later one.
    """

    def __init__(
        self,
        client: OAuthClient,
        refresh_token: Secret,
        *,
        vault: TokenVault,
        clock: Clock,
        given: Tokens | None = None,
    ) -> None:
        self._key = grant_key(client, refresh_token)
        self._client, self._refresh_token, self._vault = client, refresh_token, vault
        self._clock, self._given = clock, given
        self._fresh = _Freshness(self._known, self._obtain, clock)

    async def token(self, exchange: Exchange) -> Secret:
        """
        Return the access token, renewed if it is about to end.

        While the old one still works, a token endpoint that cannot be reached is no error.
        """
        return await self._fresh.token(exchange)

    async def renew(self, refused: Secret, exchange: Exchange) -> Secret:
        """
        Return another access token than `refused`.
        """
        return await self._fresh.renew(refused, exchange)

    @property
    def facts(self) -> TokenFacts:
        """
        Return what is known of the tokens used last.
        """
        return self._fresh.facts

    async def _known(self) -> Tokens | None:
        return await self._vault.get(self._key) or self._given

    async def _obtain(self, held: Tokens | None, exchange: Exchange) -> Tokens:
        async with self._vault.renewing(self._key):
            stored = await self._vault.get(self._key)
            is_other = stored is not None and (held is None or stored.access != held.access)
            if stored is not None and is_other and not stored.is_due(self._clock.now()):
                return stored  # another process renewed it
            refresh = (stored.refresh if stored else None) or self._refresh_token
            answer = await exchange(self._client.ask({"grant_type": "refresh_token", "refresh_token": refresh}))
            tokens = tokens_in(answer, refresh, self._clock.now())
            await self._vault.put(self._key, tokens)
        return tokens


class DirectGrant:
    """
    Access tokens for what can be shown as often as one likes: the client's own credentials (RFC 6749, section 4.4), or
    an assertion that it signs itself (RFC 7523, section 2.1). `show` returns the form of one request.
    """

    def __init__(
        self,
        client: OAuthClient,
        show: Callable[[], Mapping[str, str | Secret]],
        *,
        clock: Clock,
        given: Tokens | None = None,
    ) -> None:
        self._client, self._show, self._clock, self._given = client, show, clock, given
        self._fresh = _Freshness(self._known, self._obtain, clock)

    async def token(self, exchange: Exchange) -> Secret:
        """
        Return the access token, renewed if it is about to end.
        """
        return await self._fresh.token(exchange)

    async def renew(self, refused: Secret, exchange: Exchange) -> Secret:
        """
        Return another access token than `refused`.
        """
        return await self._fresh.renew(refused, exchange)

    @property
    def facts(self) -> TokenFacts:
        """
        Return what is known of the tokens used last.
        """
        return self._fresh.facts

    async def _known(self) -> Tokens | None:
        return self._given

    async def _obtain(self, _held: Tokens | None, exchange: Exchange) -> Tokens:
        answer = await exchange(self._client.ask(self._show()))
        return tokens_in(answer, None, self._clock.now())
