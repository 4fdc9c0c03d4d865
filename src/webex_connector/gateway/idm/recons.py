"""
Reconciliations as this door knows them: what may be asked, and what is told. Whoever wires the door serves the port.

Source: PingIDM, "Manage reconciliation":
https://docs.pingidentity.com/pingidm/8.1/synchronization-guide/manage-recon.html
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from webex_connector.icf.options import Actor


class State(Enum):
    """
    What a reconciliation has come to.
    """

    ACTIVE = "ACTIVE"
    CANCELED = "CANCELED"
    FAILED = "FAILED"
    SUCCESS = "SUCCESS"


class Stage(Enum):
    """
    How far a reconciliation is.
    """

    INITIALIZED = "ACTIVE_INITIALIZED"
    QUERYING = "ACTIVE_QUERY_ENTRIES"
    WRITING = "ACTIVE_RECONCILING_SOURCE"
    CANCELING = "ACTIVE_CANCELING"
    SUCCESS = "COMPLETED_SUCCESS"
    CANCELED = "COMPLETED_CANCELED"
    FAILED = "COMPLETED_FAILED"


class Refused(Exception):
    """
    What was asked for cannot be done; the message says why, and what to do.
    """


@dataclass(frozen=True, slots=True)
class Wish:
    """
    What is to be reconciled.
    """

    mapping: str
    ids: tuple[str, ...] | None = None
    """
    The records that anything is done about; None for all of them.
    """
    analyze: bool = False
    """
    Only say what would be done.
    """
    target_phase: bool | None = None
    """
    Whether objects without a record are looked at; None: as the mapping says.
    """
    allow_empty_source: bool | None = None
    """
    Whether a source without records can be right; None: as the mapping says.
    """
    wait: bool | None = None
    """
    Whether a plan that a gate stops waits for a yes; otherwise it fails, which is what callers of this door expect.
    """


@dataclass(frozen=True, slots=True)
class MappingFacts:
    """
    A mapping, as far as callers see it.
    """

    name: str
    source: str
    system: str
    object_class: str
    enabled: bool
    links: str
    properties: tuple[Mapping[str, object], ...] = ()
    policies: tuple[Mapping[str, object], ...] = ()

    @property
    def target(self) -> str:
        """
        The target's address.
        """
        return f"system/{self.system}/{self.object_class}"


@dataclass(frozen=True, slots=True)
class Seen:
    """
    How many records or objects were looked at, and how many there are; None while nobody knows.
    """

    processed: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Did:
    """
    What was done, or in an analysis would be, in numbers.
    """

    created: int = 0
    updated: int = 0
    deleted: int = 0
    unchanged: int = 0
    linked: int = 0
    succeeded: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """
    One reconciliation.
    """

    id: str
    mapping: str
    state: State
    stage: Stage
    started: datetime
    ended: datetime | None = None
    analysis: bool = False
    source: Seen = field(default_factory=Seen)
    target: Seen = field(default_factory=Seen)
    did: Did = field(default_factory=Did)
    situations: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    """
    How long a part took, by upstream's name for it.
    """
    message: str | None = None
    """
    Why it failed, or what it waits for.
    """
    wish: Wish | None = None
    """
    None when it was not asked for at this door.
    """


@dataclass(frozen=True, slots=True)
class Entry:
    """
    What was decided about one record or object, and what became of it.
    """

    number: int
    situation: str
    action: str
    is_of_source: bool
    qualifier: str
    source_key: str | None
    target_uid: str | None
    candidates: tuple[str, ...]
    failed: bool
    error: str | None
    message: str
    detail: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """
    An object that belongs to another one by a mapping's link.
    """

    mapping: MappingFacts
    qualifier: str
    resource: str
    """
    The side that was not asked about: where its objects are.
    """
    id: str


@dataclass(frozen=True, slots=True)
class Pair:
    """
    A record, and the object that it is to belong to; None for none.
    """

    key: str
    uid: str | None
    qualifier: str


class Reconciliations(Protocol):
    """
    Reconciles. Every method raises ConnectionFailed when the store does not answer.
    """

    def mappings(self) -> Sequence[MappingFacts]:
        """
        Return the mappings there are.
        """
        ...

    async def begin(self, wish: Wish, by: str) -> str:
        """
        Begin and return the id. Raises Refused when there is no such mapping, or it is being reconciled already.
        """
        ...

    async def ended(self, id_: str) -> None:
        """
        Return when it has ended.
        """
        ...

    async def cancel(self, id_: str, by: str) -> None:
        """
        Have it end after what it is doing just now.
        """
        ...

    async def one(self, id_: str) -> Reconciliation | None:
        """
        Return one of them, those that were not asked for at this door included.
        """
        ...

    async def latest(self) -> Sequence[Reconciliation]:
        """
        Return the latest, the newest first.
        """
        ...

    async def remove(self, id_: str) -> None:
        """
        Forget one with its entries. Raises Refused while it is active.
        """
        ...

    def entries(self, id_: str, after: int) -> AsyncIterator[Sequence[Entry]]:
        """
        Stream its entries, those of higher numbers than `after`.
        """
        ...

    async def linked(self, resource: str, id_: str) -> Sequence[Linked]:
        """
        Return what a record of a source, or an object of a system, belongs to.
        """
        ...

    async def link(self, mapping: str, pair: Pair, by: Actor) -> None:
        """
        Make a record and an object belong together, or, without an object, to nobody; the journal has who did. Raises
        Refused.
        """
        ...
