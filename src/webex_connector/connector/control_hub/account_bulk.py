"""
Many changes of people at once.

People are made, changed and deleted without their groups first, in whichever way the road has for it, and then each
group is changed once for each 500 of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.gathered_memberships import GatheredMemberships
from webex_connector.connector.control_hub.memberships import groups_by_member
from webex_connector.connector.control_hub.person import GROUPS
from webex_connector.connector.identity import identity, without
from webex_connector.icf.attributes import AttributeDelta, Values, replaced
from webex_connector.icf.errors import Ambiguous, ConnectorError
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.operations import Change, ChangeOutcome, ChangeRequest, Fate
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.client import WebexClient


class Fields(Protocol):
    """
    What makes changes of people apart from their groups.
    """

    @property
    def stopped(self) -> ConnectorError | None:
        """
        Why nothing more may be sent.
        """
        ...

    async def run(self, changes: Mapping[int, ChangeRequest]) -> dict[int, ChangeOutcome]:
        """
        Make the changes; one outcome for each, under the same key.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Wish:
    """
    The groups one person is to join and to leave.
    """

    person: str
    join: Sequence[str]
    leave: Sequence[str]
    current: Sequence[str] | None
    """The groups the person is in, where all are known."""

    @property
    def groups(self) -> list[str]:
        """
        Every group that changes for this person.
        """
        return [*self.join, *self.leave]


class AccountBulk:
    """
    Some changes of people being made.
    """

    def __init__(
        self,
        client: WebexClient,
        fields: Fields,
        changes: Sequence[ChangeRequest],
        options: OperationOptions,
    ) -> None:
        self._client, self._fields, self._changes, self._options = client, fields, changes, options
        self._outcomes: dict[int, ChangeOutcome] = {}

    async def run(self) -> list[ChangeOutcome]:
        """
        Make the changes; one outcome for each, in order.

        After an error that ends the run, what has not begun is refused with the same error.
        """
        alone = {place: _without_groups(change) for place, change in enumerate(self._changes)}
        self._outcomes.update(await self._fields.run(alone))
        await self._regroup()
        return [self._outcomes[place] for place in range(len(self._changes))]

    async def _regroup(self) -> None:
        """
        Change the groups of everybody who was made or changed, and say so in the outcomes.
        """
        asked: dict[int, tuple[WriteResult, AttributeDelta]] = {}
        for place, change in enumerate(self._changes):
            result, delta = self._outcomes[place].result, _groups_in(change)
            if result is not None and delta is not None:
                asked[place] = (result, delta)
        try:
            index = await self._index(asked)
        except ConnectorError as error:
            for place, (result, delta) in asked.items():
                missed = [(str(each), error) for each in delta.values]
                self._outcomes[place] = _outcome(result, missed, changed=result.changed)
            return
        wishes = {place: _wish(place, result, delta, index) for place, (result, delta) in asked.items()}
        gathered = GatheredMemberships(self._client, call_of(self._options), self._fields.stopped)
        for wish in wishes.values():
            gathered.add(wish.person, wish.join, wish.leave)
        await gathered.carry_out()
        for place, wish in wishes.items():
            self._outcomes[place] = _regrouped(asked[place][0], wish, gathered)

    async def _index(self, places: Iterable[int]) -> Mapping[str, tuple[str, ...]]:
        """
        Walk the groups once for all people whose groups are replaced; somebody new is in none. People are told by what
        all spellings of their ids have in common.
        """
        replacing = [each for place in places for each in self._changes[place].deltas if each.name == GROUPS]
        if self._fields.stopped is not None or all(delta.replace is None for delta in replacing):
            return {}
        found = await groups_by_member(self._client, call_of(self._options))
        return {identity(person): groups for person, groups in found.items()}


def _without_groups(change: ChangeRequest) -> ChangeRequest:
    attributes = change.attributes and {name: each for name, each in change.attributes.items() if name != GROUPS}
    return replace(change, attributes=attributes, deltas=tuple(each for each in change.deltas if each.name != GROUPS))


def _groups_in(change: ChangeRequest) -> AttributeDelta | None:
    """
    Return how the groups of a person change; somebody new gets exactly those that were asked for.
    """
    if change.change is Change.CREATE:
        groups = (change.attributes or {}).get(GROUPS)
        return replaced(GROUPS, *groups) if groups else None
    return next((delta for delta in change.deltas if delta.name == GROUPS), None)


def _wish(place: int, result: WriteResult, delta: AttributeDelta, index: Mapping[str, tuple[str, ...]]) -> _Wish:
    # In a dry run nobody new has a uid.
    person = result.uid or f"new {place}"
    join, leave = without(map(str, delta.add), ()), without(map(str, delta.remove), ())
    current: Sequence[str] | None = None
    if delta.replace is not None:
        current, wanted = index.get(identity(person), ()), [str(each) for each in delta.replace]
        join, leave = without(wanted, current), without(current, wanted)
    return _Wish(person, join, leave, current)


def _regrouped(result: WriteResult, wish: _Wish, gathered: GatheredMemberships) -> ChangeOutcome:
    missed = [(group, error) for group in wish.groups if (error := gathered.missed(wish.person, group)) is not None]
    withheld = tuple(line for group in wish.groups for line in gathered.withheld(wish.person, group))
    failed = {group for group, _ in missed}
    done = [] if withheld else [group for group in wish.groups if group not in failed]
    after = result.after
    if after is not None and wish.current is not None:
        kept = [group for group in wish.current if group not in wish.leave or group not in done]
        groups: Values = (*kept, *(group for group in wish.join if group in done))
        after = replace(after, attributes={**after.attributes, GROUPS: groups})
    told = replace(result, after=after, withheld=result.withheld + withheld)
    return _outcome(told, missed, changed=result.changed or bool(done))


def _outcome(result: WriteResult, missed: Sequence[tuple[str, ConnectorError]], *, changed: bool) -> ChangeOutcome:
    """
    Return the outcome of a change and its groups: an error when nothing was done and something failed, as in a single
    change.
    """
    errors = [error for _, error in missed]
    if errors and not changed and not result.withheld:
        error = next((each for each in errors if isinstance(each, Ambiguous)), errors[0])
        return ChangeOutcome(Fate.AMBIGUOUS if isinstance(error, Ambiguous) else Fate.REFUSED, error=error)
    parts = tuple(NotApplied.by(GROUPS, (group,), error) for group, error in missed)
    return ChangeOutcome(Fate.DONE, replace(result, not_applied=result.not_applied + parts, changed=changed))
