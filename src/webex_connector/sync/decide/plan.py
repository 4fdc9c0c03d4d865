"""
A plan: what would be done to each object and why, as sorted data that can be shown, stored, compared and approved.
"""

import hashlib
from dataclasses import dataclass, field
from enum import Enum

import msgspec

from webex_connector.icf.attributes import Values
from webex_connector.policy.safety import Harm
from webex_connector.sync.decide.situation import Action, Situation


class Mark(Enum):
    """
    What an item makes of a link beside everything else.
    """

    CONDEMNED = "condemned"
    """The object is disabled now and deleted later."""

    PARDONED = "pardoned"
    """It was to be deleted, and is not any more."""


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """
    One attribute of the target, before and after.
    """

    attribute: str
    old: Values
    new: Values


@dataclass(frozen=True, slots=True)
class PlanItem:
    """
    What would be done about one pair of source and target.
    """

    mapping: str
    situation: Situation
    action: Action
    reason: str
    link_qualifier: str = "default"
    source_key: str | None = None
    target_uid: str | None = None
    target_name: str | None = None
    """
    What people know the object by.
    """
    candidates: tuple[str, ...] = ()
    """
    The targets among which somebody has to decide.
    """
    changes: tuple[AttributeChange, ...] = ()
    harms: frozenset[Harm] = field(default_factory=frozenset)
    rank: int = 0
    """
    Items of a lower rank are applied first: a group before its members, a manager before the reports.
    """
    mark: Mark | None = None
    problem: str | None = None
    """
    What makes this record fail, such as an expression's error.
    """

    @property
    def writes(self) -> bool:
        """
        Whether applying it changes the target.
        """
        return self.action in {Action.CREATE, Action.DELETE} or (
            self.action in {Action.UPDATE, Action.DISABLE} and bool(self.changes)
        )

    @property
    def acts(self) -> bool:
        """
        Whether applying it does anything: changes the target, or what is known of who belongs together.
        """
        links = self.action in {Action.LINK, Action.UNLINK} or (
            self.action is Action.UPDATE and self.situation is not Situation.CONFIRMED
        )
        return self.problem is None and (self.writes or links or self.mark is not None)

    @property
    def is_as_it_should_be(self) -> bool:
        """
        Whether a look at the values showed that nothing is to be done or said.
        """
        is_settled = self.situation is Situation.CONFIRMED and self.action is Action.UPDATE
        return is_settled and not self.changes and self.mark is None and self.problem is None


class Fingerprint:
    """
    What approval binds to: the same for two plans that would do the same, whatever the time of their making. Items are
    added in the plan's own order.
    """

    def __init__(self) -> None:
        self._whole = hashlib.blake2b(digest_size=16)

    def add(self, item: PlanItem) -> None:
        """
        Take one more item.
        """
        self._whole.update(msgspec.json.encode(_essence(item)))

    def text(self) -> str:
        """
        Return the fingerprint of the items so far.
        """
        return self._whole.hexdigest()


def _essence(item: PlanItem) -> tuple[object, ...]:
    changes = sorted((change.attribute, change.old, change.new) for change in item.changes)
    return (
        item.mapping,
        item.situation,
        item.action,
        item.link_qualifier,
        item.source_key,
        item.target_uid,
        changes,
        item.mark,
        item.problem,
    )
