"""
What was asked of the organisation, request by request.
"""

from collections import deque
from collections.abc import Callable

import msgspec

_READS = frozenset({"GET", "HEAD"})
_KEPT = 100_000


class Entry(msgspec.Struct, frozen=True, rename="camel"):
    """
    One request.
    """

    n: int
    """Its number, from one."""
    at: str
    """When it came, by the organisation's clock."""
    method: str
    template: str
    """The path with names in braces, without the root; empty for an unknown path."""
    path: str
    query: str
    subject: str
    """The identifier in the path, as its value (a UUID or a key) where it can be read."""
    status: int
    """The status that was or would have been answered; zero when the request had no effect and no answer."""
    actor: str
    """Whose token it was: a person's UUID or the machine account's name; empty without a valid token."""
    tracking_id: str
    received: int
    """Bytes of the request's body."""
    sent: int
    """Bytes of the answer's body."""
    fault: str = ""
    """The kind of fault that befell it."""
    within: int = 0
    """The number of the bulk request it was an operation of; zero for a request of its own."""
    code: str = ""
    """What a classic site refused it with (`exceptionID`)."""


def _is_read(entry: Entry) -> bool:
    return entry.method in _READS


class Trace:
    """
    The last hundred thousand requests, and as many operations of bulk requests, and counters of all requests.
    """

    def __init__(self, is_read: Callable[[Entry], bool] = _is_read) -> None:
        self._is_read = is_read
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._operations: deque[Entry] = deque(maxlen=_KEPT)
        self.reads = 0
        """Requests that could change nothing."""
        self.writes = 0
        """Requests that could change something, carried out or not."""

    @property
    def count(self) -> int:
        """
        How many requests there were.
        """
        return self.reads + self.writes

    def add(self, entry: Entry) -> None:
        """
        Note a request, or an operation of the bulk request noted before it: it is no request of its own.
        """
        if entry.within:
            self._operations.append(entry)
            return
        self._entries.append(entry)
        if self._is_read(entry):
            self.reads += 1
        else:
            self.writes += 1

    def clear(self) -> None:
        """
        Forget everything and count from zero.
        """
        self._entries.clear()
        self._operations.clear()
        self.reads = self.writes = 0

    def requests(
        self,
        *,
        method: str | None = None,
        template: str | None = None,
        path: str | None = None,
        status: int | None = None,
        since: int = 0,
    ) -> list[Entry]:
        """
        Return the requests for which everything given is true, oldest first; `since` is a number they exceed.
        """
        return [
            entry
            for entry in self._entries
            if entry.n > since
            and method in {None, entry.method}
            and template in {None, entry.template}
            and path in {None, entry.path}
            and status in {None, entry.status}
        ]

    def operations(
        self, *, within: int | None = None, method: str | None = None, template: str | None = None
    ) -> list[Entry]:
        """
        Return the operations of bulk requests for which everything given is true, oldest first. Each counts from one.
        """
        return [
            entry
            for entry in self._operations
            if within in {None, entry.within} and method in {None, entry.method} and template in {None, entry.template}
        ]
