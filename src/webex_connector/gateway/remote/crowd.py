"""
How many are served at the same time. Strangers keep no platform out.
"""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from webex_connector.base.log import logger

_log = logger("gateway")
_T = TypeVar("_T")


class Guest(Protocol):
    """
    One who is served.
    """

    @property
    def proven(self) -> bool:
        """
        Whether the key was shown.
        """
        ...


class Crowd:
    """
    Keeps the number of connections in bounds, and tells the log once when too many come.
    """

    def __init__(self, at_most: int) -> None:
        self._at_most = at_most
        self._crowded = False

    def has_room(self, guests: Mapping[_T, Guest], let_go: Callable[[_T], None]) -> bool:
        """
        Whether one more may come to those who are served, oldest first. `let_go` is called with the oldest stranger
        when there are too many; there is no room when everybody has shown the key.
        """
        if len(guests) < self._at_most:
            return True
        if not self._crowded:
            self._crowded = True
            _log.warning("remote.crowded", served=len(guests))
        stranger = next((each for each, guest in guests.items() if not guest.proven), None)
        if stranger is None:
            return False
        let_go(stranger)
        return True

    def left(self, served: int) -> None:
        """
        Take note of how many are served after somebody has gone.
        """
        self._crowded = self._crowded and served > self._at_most // 2
