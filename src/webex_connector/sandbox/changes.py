"""
What happens to the organisation, as told to whoever watches it: the audit log, the templates, the clocks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from webex_connector.sandbox.records import Group, Location, Person, Team


class Happened(Enum):
    """
    What became of something.
    """

    CREATED = "created"
    CHANGED = "updated"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Caller:
    """
    On whose behalf something is done.
    """

    actor: str
    """The UUID of a person, or a name for a machine account."""
    name: str = ""
    email: str = ""
    roles: tuple[str, ...] = ()
    """Keys of the administrative roles at that time."""
    agent: str = ""
    tracking_id: str = ""


ITSELF = Caller("webex", "Webex")
"""
The organisation, when nobody asks for what it does.
"""


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """
    Somebody was added (nothing before), changed, or deleted (nothing after).
    """

    before: Person | None
    after: Person | None


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """
    A group was added, changed or deleted; `joined` are the UUIDs of those who are new in it.
    """

    group: Group
    happened: Happened
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamChanged:
    """
    A team or its membership changed.
    """

    team: Team
    happened: Happened


@dataclass(frozen=True, slots=True)
class LocationChanged:
    """
    A location was added, changed or deleted.
    """

    location: Location
    happened: Happened


@dataclass(frozen=True, slots=True)
class OrganizationChanged:
    """
    Something about the organisation as a whole was changed: a setting, a domain, its name.
    """

    what: str


Change = PersonChanged | GroupChanged | TeamChanged | LocationChanged | OrganizationChanged
"""
One change.
"""

Watcher = Callable[[Change], None]
"""
Is told of every change after it was made.
"""
