"""
What a mapping makes of records, and what stands on the other side: the two halves that a plan compares.
"""

from dataclasses import dataclass, field
from datetime import datetime

from webex_connector.icf.attributes import Attributes
from webex_connector.sync.decide.definition import DEFAULT_QUALIFIER


@dataclass(frozen=True, slots=True)
class Mapped:
    """
    A record as the target should have it. An attribute with no values is to be cleared; one that is not named is left
    alone.
    """

    key: str
    attributes: Attributes = field(default_factory=dict)
    on_create: Attributes = field(default_factory=dict)
    """
    Given when the target is made, and never looked at again.
    """
    references: Attributes = field(default_factory=dict)
    """
    Attributes whose values are keys of this source; the target gets the uids of what they are linked to.
    """
    matches: tuple[tuple[int, str], ...] = ()
    """
    By which targets correlate: the number of the rule and the folded value.
    """
    qualifies: bool = True
    qualifier: str = DEFAULT_QUALIFIER
    problem: str | None = None
    """
    Why nothing can be said about this record; then the rest counts for nothing.
    """
    place: str | None = None
    """
    Where the record stands, for messages.
    """
    record: Attributes = field(default_factory=dict)
    """
    The record itself, where conditions of policies ask for it.
    """
    elsewhere: Attributes = field(default_factory=dict)
    """
    Attributes whose values are keys of another mapping's records; once these were looked up, those that lead nowhere.
    """


@dataclass(frozen=True, slots=True)
class Target:
    """
    An object of the target, with the attributes that a mapping speaks of.
    """

    uid: str
    name: str | None
    attributes: Attributes
    matches: tuple[tuple[int, str], ...] = ()
    valid: bool = True
    """
    Whether it is one of those that count.
    """


@dataclass(frozen=True, slots=True)
class Link:
    """
    That a record and an object are the same person, or group, to us.
    """

    key: str
    uid: str
    qualifier: str = DEFAULT_QUALIFIER
    condemned: datetime | None = None
    """
    Since when the object is disabled, to be deleted later.
    """
    dead: datetime | None = None
    """
    Since when the object was gone. Should it and its record both be there again, they belong together again.
    """
