"""
Who did what: the last hundred thousand events, each in a few hundred bytes.
"""

from collections import deque
from collections.abc import Iterator
from enum import Enum

import msgspec

from webex_connector.sandbox.changes import Caller

KEPT = 100_000
"""
How many events are kept; older ones are forgotten.
"""


class Category(Enum):
    """
    What an event is about. Webex has some thirty of these; the sandbox has those it can cause.
    """

    USERS = "USERS"
    LICENSE = "LICENSE"
    GROUPS = "GROUPS"
    LOCATIONS = "LOCATIONS"
    TEAMS = "TEAMS"
    ORG_SETTINGS = "ORG_SETTINGS"


class Target(Enum):
    """
    What was acted on.
    """

    PERSON = "PERSON"
    GROUP = "GROUP"
    LOCATION = "LOCATION"
    TEAM = "TEAM"
    ORG = "ORG"


class Event(msgspec.Struct, frozen=True, gc=False):
    """
    One event.
    """

    number: int
    """Counts all events, from one."""
    created: int
    """Milliseconds since 1970."""
    caller: Caller
    category: Category
    did: str
    """What was done, in the past tense: `created`."""
    target: Target
    uuid: str
    """The target's; empty for something that does not exist."""
    name: str
    """How people call the target."""
    error: str = ""
    """Why it was refused; empty for what was done."""
    error_code: str = ""


class AuditLog:
    """
    The events, oldest first.
    """

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=KEPT)
        self.count = 0
        """How many there ever were."""

    def __iter__(self) -> Iterator[Event]:
        return iter(self._events)

    def add(
        self,
        created: int,
        caller: Caller,
        category: Category,
        did: str,
        of: tuple[Target, str, str],
        *,
        error: tuple[str, str] = ("", ""),
    ) -> None:
        """
        Note an event; `of` is the kind, the UUID and the name of the target, `error` a reason with its code.
        """
        self.count += 1
        self._events.append(Event(self.count, created, caller, category, did, *of, *error))
