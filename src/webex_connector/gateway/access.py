"""
Who may call: clients with passwords or tokens, and a limit on wrong ones. Every door asks here; `rights.py` says what
those may do whom it lets in.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.failed_logins import FailedLogins, FailureLimit
from webex_connector.gateway.rights import Client

log = logger("gateway")


class NotAdmitted(Exception):
    """
    Name and password, or the token, fit no client.
    """


class TooManyFailures(NotAdmitted):
    """
    The caller's address was wrong too often; `retry_after` says in whole seconds when it may try again.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many failed log-ins; try again in {retry_after} seconds")
        self.retry_after = retry_after


class Access:
    """
    Admits clients by name and password, or by token. Without clients nobody is admitted.
    """

    def __init__(self, clients: Iterable[Client], clock: Clock, limit: FailureLimit | None = None) -> None:
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

    async def admit(self, name: str, password: str, address: str) -> Client:
        """
        Return the client. It takes as long for an unknown name as for a wrong password.

        Raises TooManyFailures, whatever the password, while the address has failed too often, and NotAdmitted.
        """
        self._refuse_if_many(address)
        right = hmac.compare_digest(self._digest(password), self._digests.get(name, self._nobody))
        if not right or name not in self._digests:
            self._failures.add(address)
            log.warning("gateway.login_failed", client=name, address=address)
            raise NotAdmitted("Name and password fit no client")
        return self._clients[name]

    async def admit_token(self, token: str, address: str) -> Client:
        """
        Return the client that has this token. Raises as `admit` does; both count together.
        """
        self._refuse_if_many(address)
        # Looking up a keyed digest tells nobody how much of the token was right.
        client = self._by_token.get(self._digest(token))
        if client is None:
            self._failures.add(address)
            log.warning("gateway.login_failed", client="by token", address=address)
            raise NotAdmitted("The token fits no client")
        return client

    def _refuse_if_many(self, address: str) -> None:
        wait = self._failures.wait(address)
        if wait:
            raise TooManyFailures(wait)

    def _digest(self, password: str) -> bytes:
        # Digests of one length: comparing the passwords themselves would tell how long the right one is.
        return hashlib.blake2b(password.encode("utf-8", "surrogatepass"), key=self._key).digest()
