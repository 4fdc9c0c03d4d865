"""
Objects of the target as the model sees them, and what a write comes back with.
"""

from dataclasses import dataclass, field, replace
from enum import Enum

from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, LateAttributes, Values
from webex_connector.icf.errors import ConnectorError, TryLater


@dataclass(frozen=True, slots=True)
class ConnectorObject:
    """
    One object of the target. `attributes` holds canonical names without `__UID__` and `__NAME__`.

    An absent attribute was not read or has no value.
    """

    object_class: str
    uid: str
    name: str | None
    attributes: Attributes
    revision: str | None = None

    def values(self, attribute: str) -> Values:
        """
        Return an attribute's values by its canonical name, `__UID__` and `__NAME__` included; empty when it has none.
        """
        if attribute == names.UID:
            return (self.uid,)
        if attribute == names.NAME:
            return () if self.name is None else (self.name,)
        return self.attributes.get(attribute, ())

    def only(self, wanted: frozenset[str]) -> "ConnectorObject":
        """
        Return the object with the wanted attributes alone; uid and name always stay.
        """
        if isinstance(self.attributes, LateAttributes):
            return ConnectorObject(self.object_class, self.uid, self.name, self.attributes.only(wanted), self.revision)
        if self.attributes.keys() <= wanted:
            return self
        return replace(self, attributes={key: values for key, values in self.attributes.items() if key in wanted})


@dataclass(frozen=True, slots=True)
class NotApplied:
    """
    A part of a write that the target did not take, and why. The rest was done.
    """

    attribute: str
    values: Values
    reason: str
    tracking_id: str | None = None
    asked: bool = True
    """
    Whether the caller asked for it. What policies would have added is told too, and no reason to call a write failed.
    """
    temporary: bool = False
    """
    Whether nothing was wrong with it, so that the same request may be taken after a while.
    """

    @classmethod
    def by(cls, attribute: str, values: Values, error: ConnectorError) -> "NotApplied":
        """
        Return the part that failed with this error.
        """
        return cls(attribute, values, error.message, error.tracking_id, temporary=isinstance(error, TryLater))


@dataclass(frozen=True, slots=True)
class WriteResult:
    """
    What a create, update or delete has done.
    """

    uid: str | None
    """
    The object's identifier; absent only when a dry run kept a create from happening.
    """

    after: ConnectorObject | None = None
    """
    The object as read back after the write; of a delete, the object as it was before, or as it is where the target
    keeps it.
    """

    before: ConnectorObject | None = None
    """
    The object as it was, when the target had to be read anyway.
    """

    not_applied: tuple[NotApplied, ...] = ()
    """
    A partial success is a result, never an exception: the caller would write again what is already there.
    """

    withheld: tuple[str, ...] = ()
    """
    The requests that a dry run did not send, in order, one line each.
    """

    changed: bool = True
    """
    False when the object already was as asked, so that nothing was written.
    """

    shown: Attributes = field(default_factory=dict)
    """
    Attributes as they are now, as far as the target's answer shows them; where the object was read back, it shows all.
    """


@dataclass(frozen=True, slots=True)
class Batch:
    """
    Some objects of a search, as the target delivered them, and where the search goes on after them.
    """

    objects: list[ConnectorObject]
    resume: str | None = None
    """
    The connector's own opaque mark of the place after this batch; None when there is no more.
    """
    total: int | None = None
    """
    How many objects the whole native query has, when the target counted them.
    """
    arranged: bool = False
    """
    Whether the objects come in the order of the sort keys, and those that the offset skips are left out already.
    """


@dataclass(frozen=True, slots=True)
class SearchResult:
    """
    What is known once a search has ended or reached its page size.
    """

    cookie: str | None = None
    """
    Hand it in with the same filter for the next page; None on the last one.
    """
    total: int = -1
    """
    How many objects match in all; -1 when that was not counted.
    """
    remaining: int = -1
    """
    How many follow this page; -1 when that was not counted.
    """


class Verdict(Enum):
    """
    What a test says about one thing.
    """

    YES = "yes"
    """It is in order."""

    WARNING = "warning"
    """It works, but somebody should look at it."""

    UNKNOWN = "unknown"
    """It could not be found out without changing something, or not at all."""

    NO = "no"
    """It is not there, or does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that a test of the connector looked at.
    """

    subject: str
    verdict: Verdict = Verdict.YES
    detail: str = ""
    tracking_id: str | None = None
    remedy: str = ""
    """
    What to do about it, in a sentence or two; empty when nothing is to be done.
    """
    needed: bool = True
    """
    Whether the system, as it is configured, cannot do without it.
    """

    @property
    def ok(self) -> bool:
        """
        Whether the system can be used, as far as this is concerned.
        """
        return not self.needed or self.verdict in {Verdict.YES, Verdict.WARNING}


@dataclass(frozen=True, slots=True)
class TestReport:
    """
    What a test of the connector found. It is in order when every finding is.
    """

    findings: tuple[Finding, ...] = field(default=())

    __test__ = False

    @property
    def ok(self) -> bool:
        """
        Whether the system can be used.
        """
        return all(finding.ok for finding in self.findings)

    @property
    def error(self) -> str | None:
        """
        The first thing that is wrong, in one sentence; None when nothing is.
        """
        return next((f"{finding.subject}: {finding.detail}" for finding in self.findings if not finding.ok), None)
