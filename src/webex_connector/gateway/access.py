"""
Who may call: clients with passwords or tokens, and a limit on wrong ones.
"""

import hashlib
import hmac
import ipaddress
import math
import secrets
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.base.secret import Secret
from webex_connector.icf.options import Actor

log = logger("gateway")


@dataclass(frozen=True, slots=True)
class Client:
    """
    Somebody who may call.
    """

    name: str
    password: Secret | None
    """
    None: this client cannot log in with a password. There is no default.
    """
    systems: frozenset[str] | None = None
    """
    The systems it may use; None for all of them.
    """
    read_only: bool = False
    token: Secret | None = None
    """
    What the client may show instead of name and password, as a bearer token (RFC 6750).
    """

    def may_use(self, system: str) -> bool:
        """
        Whether the client may use a system, be there one of this name or not.
        """
        return self.systems is None or system in self.systems

    @property
    def may_configure(self) -> bool:
        """
        Whether the client may have this server try configurations that are none of its systems. They name addresses
        that the server then speaks to, so it takes the right to write to every system.
        """
        return self.systems is None and not self.read_only

    def actor(self, door: str) -> Actor:
        """
        Return the client as the one on whose behalf a door acts.
        """
        return Actor(self.name, door)


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


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """
    How many log-ins of one address may fail within how many seconds.
    """

    failures: int = 10
    seconds: float = 60.0
    addresses: int = 10_000
    """
    How many addresses are remembered; beyond that the one that failed longest ago is forgotten.
    """


class Access:
    """
    Admits clients by name and password, or by token. Without clients nobody is admitted.
    """

    def __init__(self, clients: Iterable[Client], clock: Clock, limit: FailureLimit | None = None) -> None:
        self._clients = {client.name: client for client in clients}
        self._failures = _Failures(clock, limit or FailureLimit())
        self._key = secrets.token_bytes(32)
        self._nobody = self._digest(secrets.token_hex(16))
        self._digests = {
            client.name: self._digest(client.password.reveal()) for client in self._clients.values() if client.password
        }
        self._by_token = {
            self._digest(client.token.reveal()): client for client in self._clients.values() if client.token
        }

    def admit(self, name: str, password: str, address: str) -> Client:
        """
        Return the client. It takes as long for an unknown name as for a wrong password.

        Raises TooManyFailures, whatever the password, while the address has failed too often, and NotAdmitted.
        """
        self._failures.refuse_if_many(address)
        right = hmac.compare_digest(self._digest(password), self._digests.get(name, self._nobody))
        if not right or name not in self._digests:
            self._failures.add(address)
            log.warning("gateway.login_failed", client=name, address=address)
            raise NotAdmitted("Name and password fit no client")
        return self._clients[name]

    def admit_token(self, token: str, address: str) -> Client:
        """
        Return the client that has this token. Raises as `admit` does; both count together.
        """
        self._failures.refuse_if_many(address)
        # Looking up a keyed digest tells nobody how much of the token was right.
        client = self._by_token.get(self._digest(token))
        if client is None:
            self._failures.add(address)
            log.warning("gateway.login_failed", client="by token", address=address)
            raise NotAdmitted("The token fits no client")
        return client

    def _digest(self, password: str) -> bytes:
        # Digests of one length: comparing the passwords themselves would tell how long the right one is.
        return hashlib.blake2b(password.encode("utf-8", "surrogatepass"), key=self._key).digest()


class _Failures:
    """
    The moments of failed log-ins by address.
    """

    def __init__(self, clock: Clock, limit: FailureLimit) -> None:
        self._clock = clock
        self._limit = limit
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    def refuse_if_many(self, address: str) -> None:
        moments = self._moments.get(_neighbourhood(address), deque())
        now = self._clock.monotonic()
        while moments and moments[0] <= now - self._limit.seconds:
            moments.popleft()
        if len(moments) >= self._limit.failures:
            raise TooManyFailures(math.ceil(moments[0] + self._limit.seconds - now))

    def add(self, address: str) -> None:
        key = _neighbourhood(address)
        self._moments.setdefault(key, deque(maxlen=self._limit.failures)).append(self._clock.monotonic())
        self._moments.move_to_end(key)
        if len(self._moments) > self._limit.addresses:
            self._moments.popitem(last=False)


def _neighbourhood(address: str) -> str:
    """
    Return what is counted together: an IPv4 address, or the /64 network that one IPv6 host may roam in.
    """
    try:
        host = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(host, ipaddress.IPv4Address):
        return str(host)
    # A socket for both families shows IPv4 callers as ::ffff:192.0.2.1; they share a /64 with all the others.
    return str(host.ipv4_mapped or ipaddress.ip_network((host, 64), strict=False))
