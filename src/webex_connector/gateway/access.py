"""
Who may call: clients with passwords or tokens, and a limit on wrong ones. Every door asks here; `rights.py` says what
those may do whom it lets in.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.admission import Lapsed, NotAdmitted, TooManyFailures, Unproven
from webex_connector.gateway.credentials import ACCESS_PREFIX, NOBODYS_PASSWORD, PREFIX, password_fits
from webex_connector.gateway.failed_logins import FailedLogins, FailureLimit
from webex_connector.gateway.issuing import Issued
from webex_connector.gateway.rights import Client
from webex_connector.gateway.stored_clients import Found, StoredClients
from webex_connector.gateway.trust import Trust
from webex_connector.store.access_tokens import Use
from webex_connector.store.clients import ClientTable

Aside = Callable[[Callable[[str, str], bool], str, str], Awaitable[bool]]
"""
Does some computing without holding up everybody else.
"""

log = logger("gateway")

_DOTS: Final = 2
"""
How many there are in a signed token.
"""


@dataclass(frozen=True, slots=True)
class Admitted:
    """
    A client that was let in, and the number of what it showed when that is in the store.
    """

    client: Client
    credential: int | None = None


class Access:
    """
    Admits the clients of the settings and those of the store, by name and password or by token. Without clients nobody
    is admitted. What the store says is read at each log-in, so that what is revoked there counts at once.
    """

    def __init__(
        self,
        clients: Iterable[Client],
        clock: Clock,
        limit: FailureLimit | None = None,
        stored: ClientTable | None = None,
        aside: Aside = asyncio.to_thread,
        issued: Issued | None = None,
        trust: Trust | None = None,
    ) -> None:
        self._clock = clock
        self._clients = {client.name: client for client in clients}
        self._failures = FailedLogins(clock, limit or FailureLimit())
        self._key = secrets.token_bytes(32)
        self._nobody = self._digest(secrets.token_hex(16))
        self._digests = {
            client.name: self._digest(client.password.reveal()) for client in self._clients.values() if client.password
        }
        self._by_token = {
            self._digest(client.token.reveal()): client for client in self._clients.values() if client.token
        }
        self._stored = None if stored is None else StoredClients(stored, clock)
        self._aside = aside
        self._issued = issued
        self._trust = trust
        self._one_by_one = asyncio.Lock()
        self._proven: dict[str, tuple[str, bytes]] = {}

    async def admit(self, name: str, password: str, address: str) -> Client:
        """
        Return the client. It takes as long for an unknown name as for a wrong password.

        Raises TooManyFailures, whatever the password, while the address has failed too often, NotAdmitted, Lapsed, and
        ConnectionFailed when the store does not answer.
        """
        return (await self._by_password(name, password, address)).client

    async def admit_token(self, token: str, address: str) -> Client:
        """
        Return the client that has this token: one of its own, an access token of ours, or one that an issuer signed
        whose tokens are taken at the doors. Raises as `admit` does; both count together.
        """
        if token.startswith(ACCESS_PREFIX) and self._issued is not None:
            self._refuse_if_many(address)
            try:
                return await self._issued.client_of(token, self._clients)
            except Lapsed:
                raise
            except NotAdmitted as problem:
                raise self._failed("by access token", address, str(problem)) from None
        if token.count(".") == _DOTS and self._trust is not None and self._digest(token) not in self._by_token:
            return (await self.admit_assertion(token, address, at_door=True))[0]
        return (await self._by_own_token(token, address)).client

    async def admit_secret(self, name: str, secret: str, address: str) -> Admitted:
        """
        Return the client of this name when the secret is its token or its password. Raises as `admit` does.
        """
        if secret.startswith(PREFIX) or self._digest(secret) in self._by_token:
            found = await self._by_own_token(secret, address)
            if found.client.name == name:
                return found
            raise self._failed(name, address, "The client's name and its secret do not fit together")
        return await self._by_password(name, secret, address)

    async def admit_assertion(self, text: str, address: str, *, at_door: bool = False) -> tuple[Client, list[Use]]:
        """
        Return the client that a signed assertion speaks for, and its use if it may be used once. Raises Unproven, and
        as `admit` does.
        """
        self._refuse_if_many(address)
        if self._trust is None:
            raise self._failed("by assertion", address, "No issuer of assertions is trusted here", Unproven)
        try:
            spoken = await self._trust.heard(text, at_door=at_door)
        except Unproven as problem:
            raise self._failed("by assertion", address, str(problem), Unproven) from None
        client = next((each for each in self._clients.values() if each.trusted == spoken.trusted), None)
        if client is None and self._stored is not None:
            client = await self._stored.trusting(spoken.trusted)
            client = None if client is None or client.name in self._clients else client
        if client is None:
            who = f"{spoken.trusted.issuer} speaks for no client as {spoken.trusted.subject[:200]}"
            raise self._failed("by assertion", address, who, Unproven)
        proof = spoken.proof
        once = [] if proof.identifier is None else [Use(spoken.trusted.issuer, proof.identifier, proof.ends)]
        return client, once

    async def again(self, name: str, since: datetime) -> Client:
        """
        Return a client that logged in with its password at a moment, as it is now: for sessions.

        Raises NotAdmitted when its password is another one since, Lapsed, and ConnectionFailed.
        """
        if name in self._digests:
            return self._clients[name]
        found = None if self._stored is None else await self._stored.password_of(name)
        if self._stored is None or found is None or found[1].made > since:
            raise NotAdmitted("Name and password fit no client")
        return await self._stored.admitted(*found)

    async def _by_password(self, name: str, password: str, address: str) -> Admitted:
        self._refuse_if_many(address)
        right = hmac.compare_digest(self._digest(password), self._digests.get(name, self._nobody))
        if right and name in self._digests:
            return Admitted(self._clients[name])
        if self._stored is not None:
            # Two of one name are never both asked: a client of the settings has no other password.
            found = None if name in self._clients else await self._stored.password_of(name)
            if await self._is_right(password, found, address) and found is not None:
                return Admitted(await self._stored.admitted(*found), found[1].key)
        raise self._failed(name, address, "Name and password fit no client")

    async def _by_own_token(self, token: str, address: str) -> Admitted:
        self._refuse_if_many(address)
        # Looking up a digest tells nobody how much of the token was right.
        client = self._by_token.get(self._digest(token))
        if client is not None:
            return Admitted(client)
        if self._stored is not None and token.startswith(PREFIX):
            found = await self._stored.by_token(token)
            if found is not None and found[0].name not in self._clients:
                return Admitted(await self._stored.admitted(*found), found[1].key)
        raise self._failed("by token", address, "The token fits no client")

    async def _is_right(self, password: str, found: Found | None, address: str) -> bool:
        """
        Whether it is the password; worked out one after the other, so that guesses sent at once are limited too, and
        once only for each password.
        """
        digest = NOBODYS_PASSWORD if found is None else found[1].digest
        shown = self._digest(password)
        if found is not None:
            proven, by = self._proven.get(found[0].name, ("", b""))
            if proven == digest and hmac.compare_digest(by, shown):
                return True
        async with self._one_by_one:
            self._refuse_if_many(address)
            if not await self._aside(password_fits, password, digest):
                # It is counted before the next one has its turn: nothing is waited for on the way.
                return False
        if found is not None:
            self._proven[found[0].name] = (digest, shown)
        return True

    def _refuse_if_many(self, address: str) -> None:
        wait = self._failures.wait(address)
        if wait:
            raise TooManyFailures(wait)

    def _failed(self, name: str, address: str, why: str, kind: type[NotAdmitted] = NotAdmitted) -> NotAdmitted:
        self._failures.add(address)
        log.warning("gateway.login_failed", client=name, address=address)
        return kind(why)

    def _digest(self, password: str) -> bytes:
        # Digests of one length: comparing the passwords themselves would tell how long the right one is.
        return hashlib.blake2b(password.encode("utf-8", "surrogatepass"), key=self._key).digest()
