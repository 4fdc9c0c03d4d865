"""
Who may call: clients with passwords or tokens, and a limit on wrong ones. Every door asks here; `rights.py` says what
those may do whom it lets in.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.admission import NotAdmitted, TooManyFailures
from webex_connector.gateway.credentials import NOBODYS_PASSWORD, PREFIX, password_fits
from webex_connector.gateway.failed_logins import FailedLogins, FailureLimit
from webex_connector.gateway.rights import Client
from webex_connector.gateway.stored_clients import Found, StoredClients
from webex_connector.store.clients import ClientTable

Aside = Callable[[Callable[[str, str], bool], str, str], Awaitable[bool]]
"""
Does some computing without holding up everybody else.
"""

log = logger("gateway")


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
        self._one_by_one = asyncio.Lock()
        self._proven: dict[str, tuple[str, bytes]] = {}

    async def admit(self, name: str, password: str, address: str) -> Client:
        """
        Return the client. It takes as long for an unknown name as for a wrong password.

        Raises TooManyFailures, whatever the password, while the address has failed too often, NotAdmitted, Lapsed, and
        ConnectionFailed when the store does not answer.
        """
        self._refuse_if_many(address)
        right = hmac.compare_digest(self._digest(password), self._digests.get(name, self._nobody))
        if right and name in self._digests:
            return self._clients[name]
        if self._stored is not None:
            # Two of one name are never both asked: a client of the settings has no other password.
            found = None if name in self._clients else await self._stored.password_of(name)
            if await self._is_right(password, found, address) and found is not None:
                return await self._stored.admitted(*found)
        raise self._failed(name, address, "Name and password fit no client")

    async def admit_token(self, token: str, address: str) -> Client:
        """
        Return the client that has this token. Raises as `admit` does; both count together.
        """
        self._refuse_if_many(address)
        # Looking up a digest tells nobody how much of the token was right.
        client = self._by_token.get(self._digest(token))
        if client is not None:
            return client
        if self._stored is not None and token.startswith(PREFIX):
            found = await self._stored.by_token(token)
            if found is not None and found[0].name not in self._clients:
                return await self._stored.admitted(*found)
        raise self._failed("by token", address, "The token fits no client")

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

    def _failed(self, name: str, address: str, why: str) -> NotAdmitted:
        self._failures.add(address)
        log.warning("gateway.login_failed", client=name, address=address)
        return NotAdmitted(why)

    def _digest(self, password: str) -> bytes:
        # Digests of one length: comparing the passwords themselves would tell how long the right one is.
        return hashlib.blake2b(password.encode("utf-8", "surrogatepass"), key=self._key).digest()
