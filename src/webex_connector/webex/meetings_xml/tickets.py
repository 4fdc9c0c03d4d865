"""
How we log in to a site: by a session ticket where the site makes one, else by what the ticket is made from.

Cisco advises to turn a password into a ticket once (https://developer.cisco.com/docs/webex-xml-api-reference-guide,
request authentication); some operations of some sites take the password alone (release notes of XML API 9.0 SP2).
A site counts failed log-ins and locks the account, so that a log-in it refused is not tried again for a while.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.webex.errors import NotFound, Refused, TokenRefused, Unauthorized, WebexError
from webex_connector.webex.meetings_xml.envelope import Proof
from webex_connector.webex.meetings_xml.markup import Node, Unreadable
from webex_connector.webex.meetings_xml.operations import Fields, Operation

QUIET = 600.0
"""
Seconds for which a log-in that the site refused is not tried again.
"""

# Cisco's own pages renew a ticket this many seconds before its end.
_AHEAD = 100.0

_DEFAULT_LIFE = 1800.0

Ask = Callable[[Operation, Fields, Proof], Awaitable[Node]]
"""
Asks the site once with this proof, and repeats nothing that has to do with the log-in.
"""


class Credential(Protocol):
    """
    What the configuration gives us to log in with.
    """

    async def proof(self) -> Proof:
        """
        Return it as a request shows it.
        """
        ...


@dataclass(frozen=True, slots=True)
class Password:
    """
    The caller's password on the site.
    """

    secret: Secret

    async def proof(self) -> Proof:
        """
        Return it as a request shows it.
        """
        return Proof("password", self.secret)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """
    An access token with the scope `spark:all`, for sites whose users have no passwords.
    """

    secret: Secret

    async def proof(self) -> Proof:
        """
        Return it as a request shows it.
        """
        return Proof("webExAccessToken", self.secret)


@dataclass(frozen=True, slots=True)
class _Held:
    proof: Proof
    ends: float | None
    """In the clock's monotonic seconds; None for what does not end."""


class Tickets:
    """
    Keeps one log-in for any number of callers: whoever comes while it is made waits for it.
    """

    def __init__(self, credential: Credential, webex_id: str, clock: Clock) -> None:
        self._credential, self._webex_id, self._clock = credential, webex_id, clock
        self._held: _Held | None = None
        self._refused: tuple[float, WebexError] | None = None
        self._without_ticket: set[Operation] = set()
        self._turn = asyncio.Lock()

    @property
    def makes_tickets(self) -> bool | None:
        """
        Whether the site gave us a session ticket; None before we logged in.
        """
        return None if self._held is None else self._held.proof.element == "sessionTicket"

    async def proof(self, operation: Operation, ask: Ask) -> Proof:
        """
        Return what to show for this operation, after logging in where that is due.

        Raise Unauthorized when the site does not accept us, also when it said so less than `QUIET` seconds ago.
        """
        held = await self._login(ask)
        return await self._credential.proof() if operation in self._without_ticket else held.proof

    async def renewed(self, refused: Proof, operation: Operation, ask: Ask) -> Proof:
        """
        Return what to show in the place of a session ticket that is over.
        """
        if self._held is not None and self._held.proof == refused:
            self._held = None
        return await self.proof(operation, ask)

    async def by_credential(self, operation: Operation) -> Proof:
        """
        Return what to show for an operation that takes no tickets, now and from now on.
        """
        self._without_ticket.add(operation)
        return await self._credential.proof()

    def refused(self, error: Unauthorized) -> None:
        """
        Note that the site did not accept us.
        """
        self._held, self._refused = None, (self._clock.monotonic() + QUIET, error)

    async def _login(self, ask: Ask) -> _Held:
        async with self._turn:
            now = self._clock.monotonic()
            if self._held is not None and (self._held.ends is None or now < self._held.ends):
                return self._held
            if self._refused is not None and now < self._refused[0]:
                before = self._refused[1]
                detail = f"not tried again so soon, so that the account is not locked; before, {before.detail}"
                raise Unauthorized(detail, request=before.request, codes=before.codes, tracking_id=before.tracking_id)
            try:
                self._held = await self._made(ask)
            except (Unauthorized, NotFound, Refused, TokenRefused) as error:
                failure = Unauthorized(
                    error.detail,
                    request=error.request,
                    codes=error.codes,
                    descriptions=error.descriptions,
                    tracking_id=error.tracking_id,
                )
                self.refused(failure)
                raise failure from error
            self._refused = None
            return self._held

    async def _made(self, ask: Ask) -> _Held:
        shown = await self._credential.proof()
        try:
            if shown.element == "password":
                body = await ask(Operation.AUTHENTICATE_USER, {}, shown)
            else:
                body = await ask(Operation.AUTHENTICATE_USER, {"accessToken": shown.secret}, Proof(None, shown.secret))
        except TokenRefused:
            # A site that makes no ticket may still take what a ticket is made from.
            await ask(Operation.GET_USER, {"webExId": self._webex_id}, shown)
            return _Held(shown, None)
        ticket = body.word("sessionTicket")
        if ticket is None:
            return _Held(shown, None)
        return _Held(Proof("sessionTicket", Secret(ticket)), self._end(body))

    def _end(self, body: Node) -> float:
        try:
            life = float(body.number("timeToLive") or _DEFAULT_LIFE)
        except Unreadable:
            life = _DEFAULT_LIFE
        return self._clock.monotonic() + max(life - _AHEAD, life / 2)
