"""
A limit on wrong log-ins, by the address that they come from.
"""

import ipaddress
import math
from collections import OrderedDict, deque
from dataclasses import dataclass

from webex_connector.base.clock import Clock


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


class FailedLogins:
    """
    The moments of failed log-ins by address.
    """

    def __init__(self, clock: Clock, limit: FailureLimit) -> None:
        self._clock = clock
        self._limit = limit
        self._moments: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, address: str) -> int:
        """
        Return in how many whole seconds an address may try again; 0 for now.
        """
        if not self._moments:
            return 0
        moments = self._moments.get(_neighbourhood(address), deque())
        now = self._clock.monotonic()
        while moments and moments[0] <= now - self._limit.seconds:
            moments.popleft()
        return 0 if len(moments) < self._limit.failures else math.ceil(moments[0] + self._limit.seconds - now)

    def add(self, address: str) -> None:
        """
        Remember that a log-in of this address has failed now.
        """
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
