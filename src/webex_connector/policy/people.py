"""
`__ACCOUNT__` with provisioning policies: people get what the policies give, through whichever door they come.

Somebody new is made with what policies give, in the same request where Webex takes it. Should a process die before all
of it is given, the person is there without it; whoever makes or changes them again gives it, where policies follow.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from webex_connector.base.clock import Clock
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values, after
from webex_connector.icf.errors import ConnectorError, InvalidInput, UnknownUid
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.operations import (
    CanApplyMany,
    CanCreate,
    CanGet,
    CanUpdate,
    Change,
    ChangeOutcome,
    ChangeRequest,
    Handler,
)
from webex_connector.icf.options import OperationOptions
from webex_connector.policy.entitlements import entitled
from webex_connector.policy.gift import Gift, missed
from webex_connector.policy.granting import Granting
from webex_connector.policy.judging import Rules
from webex_connector.policy.provisioning import What, ended
from webex_connector.policy.retiring import Retirements, Unremembered, retires
from webex_connector.policy.teams import Teams

GIVEN = frozenset(each.value for each in What) | {"locationId", "extension", "phoneNumbers"}
"""
The attributes that policies may give.
"""


class Writable(Handler, CanCreate, CanUpdate, CanGet, Protocol):
    """
    People who can be read, made and changed.
    """


@dataclass(slots=True)
class _Plan:
    """
    One change with what policies add to it.
    """

    request: ChangeRequest
    gift: Gift = field(default_factory=Gift)
    leaves: tuple[str, ...] = ()
    """
    The uids of teams.
    """
    shown: tuple[str, ...] = ()
    """
    What a dry run shows of it, line by line.
    """
    comes_back: bool = False
    """
    Whether policies hold for the person after it, none of which did before.
    """


class People:
    """
    Makes and changes people by the policies.
    """

    def __init__(
        self,
        inner: Writable,
        rules: Rules,
        granting: Granting,
        teams: Teams,
        clock: Clock,
        retirements: Retirements | None = None,
    ) -> None:
        self._inner, self._rules, self._granting, self._teams, self._clock = inner, rules, granting, teams, clock
        self._retirements = retirements or Unremembered()
        self._following = [policy for policy in rules.policies if policy.follow]
        self._looked_at = rules.looked_at(self._following)

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make a person with what policies give. What could not be given is in `not_applied`, never a reason not to make
        the person.
        """
        (plan,) = await self._planned([ChangeRequest(Change.CREATE, attributes=attributes)], options)

        async def make() -> WriteResult:
            return await self._inner.create(plan.request.attributes or {}, options)

        return await self._done(plan, make, options)

    async def update(self, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions) -> WriteResult:
        """
        Change a person, and what they have by policies that follow. Raises UnknownUid.
        """
        request = ChangeRequest(Change.UPDATE, uid, deltas=tuple(deltas))
        if not self._concerns(request):
            return await self._inner.update(uid, deltas, options)
        (plan,) = await self._planned([request], options)
        return await self._done(plan, lambda: self._inner.update(uid, plan.request.deltas, options), options)

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make many changes of people; see `create` and `update`.
        """
        inner = self._inner
        if not isinstance(inner, CanApplyMany):
            raise TypeError(f"{inner.info.name} takes one change at a time")
        plans = await self._planned(changes, options)
        outcomes = await inner.apply_many([plan.request for plan in plans], options)
        again = {
            place: plan
            for place, (plan, outcome) in enumerate(zip(plans, outcomes, strict=True))
            if _has_telephone(plan) and isinstance(outcome.error, InvalidInput)
        }
        for place, plan in again.items():
            _leave_out(plan, outcomes[place].error)
        if again:
            made = await inner.apply_many([plan.request for plan in again.values()], options)
            for place, outcome in zip(again, made, strict=True):
                outcomes[place] = outcome
        return [
            outcome
            if outcome.result is None
            else replace(outcome, result=await self._finished(plan, outcome.result, options))
            for plan, outcome in zip(plans, outcomes, strict=True)
        ]

    async def _planned(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[_Plan]:
        plans = [_Plan(change) for change in changes]
        made = [plan for plan in plans if plan.request.change is Change.CREATE]
        changed = [plan for plan in plans if self._concerns(plan.request)]
        await self._plan_making(made, options)
        if changed:
            found = await asyncio.gather(*(self._before(plan, options) for plan in changed))
            there = [(plan, before) for plan, before in zip(changed, found, strict=True) if before is not None]
            await self._plan_changing(there, options)
        return plans

    async def _plan_making(self, plans: Sequence[_Plan], options: OperationOptions) -> None:
        people = [(_name(plan.request.attributes or {}), plan.request.attributes or {}) for plan in plans]
        judged = await self._rules.judged(people, self._clock.now()) if people else []
        for plan, verdicts in zip(plans, judged, strict=True):
            plan.gift = await self._granting.gift(entitled(self._rules.policies, verdicts), options)
            whole = self._granting.added_to(plan.request.attributes or {}, plan.gift)
            plan.request = replace(plan.request, attributes=whole)
            self._show(plan, (), options)

    async def _plan_changing(self, plans: Sequence[tuple[_Plan, ConnectorObject]], options: OperationOptions) -> None:
        befores = [(before.uid, before.attributes) for _, before in plans]
        afters = [(before.uid, _changed(before.attributes, plan.request.deltas)) for plan, before in plans]
        judged = await self._rules.judged([*befores, *afters], self._clock.now())
        for number, (plan, before) in enumerate(plans):
            if afters[number][1].get(names.ENABLE) == (False,):
                continue  # whoever is disabled gets nothing, and loses nothing either
            old, new = judged[number], judged[len(plans) + number]
            follows = [policy.follow for policy in self._rules.policies]
            due = [
                verdict if does else replace(verdict, holds=False) for verdict, does in zip(new, follows, strict=True)
            ]
            plan.gift = await self._granting.gift(entitled(self._rules.policies, due), options)
            keeps = await self._granting.gift(entitled(self._rules.policies, new), replace(options, dry_run=False))
            over = [policy for policy in ended(self._rules.policies, old, new) if policy.follow]
            qualifies = any(verdict.holds for verdict in new)
            back, said = await self._granting.taken(before.uid, over, keeps, options, qualifies=qualifies)
            leaves = [policy.name for policy in over if not qualifies and retires(policy)]
            if leaves and not options.dry_run:
                # Before the write: should it fail, they still qualify, and whoever asks will see that.
                await self._retirements.ended(before.uid, leaves)
            plan.comes_back = qualifies and not any(verdict.holds for verdict in old)
            plan.gift.missed += said
            plan.gift.labels.update(keeps.labels)
            more = self._granting.changes(before.attributes, plan.request.deltas, plan.gift, back)
            plan.leaves = tuple(back.get(What.TEAM, ()))
            self._show(plan, more, options)
            plan.request = replace(plan.request, deltas=(*plan.request.deltas, *more))

    def _show(self, plan: _Plan, more: Sequence[AttributeDelta], options: OperationOptions) -> None:
        if options.dry_run:
            self._granting.foreseen(plan.gift)
            plan.shown = plan.gift.lines({delta.name: delta.remove for delta in more})

    async def _before(self, plan: _Plan, options: OperationOptions) -> ConnectorObject | None:
        """
        Return the person whom a change concerns, as they are; None when they cannot be read.
        """
        info = self._inner.info
        looked_at = (
            {fact.name for fact in info.attributes if fact.readable} if self._looked_at is None else self._looked_at
        )
        try:
            return await self._inner.get(plan.request.uid or "", info.defaults_when_read | looked_at, options)
        except UnknownUid:
            return None  # the change says so
        except ConnectorError as error:
            reason = f"the person could not be read, so what policies give was left as it is: {error.message}"
            plan.gift.missed.append(missed("policies", (), reason))
            return None

    def _concerns(self, request: ChangeRequest) -> bool:
        if request.change is not Change.UPDATE or not self._following:
            return False
        named = {delta.name for delta in request.deltas}
        enabled = any(delta.name == names.ENABLE and delta.replace == (True,) for delta in request.deltas)
        return enabled or bool(named if self._looked_at is None else named & self._looked_at)

    async def _done(
        self, plan: _Plan, write: Callable[[], Awaitable[WriteResult]], options: OperationOptions
    ) -> WriteResult:
        try:
            result = await write()
        except InvalidInput as error:
            if not _has_telephone(plan):
                raise
            _leave_out(plan, error)
            result = await write()
        return await self._finished(plan, result, options)

    async def _finished(self, plan: _Plan, result: WriteResult, options: OperationOptions) -> WriteResult:
        """
        Return the result of a write with its teams done and what was missed told.
        """
        if plan.request.change is Change.DELETE:
            return result
        done = self._granting.explained(result, plan.gift)
        if options.dry_run:
            done = replace(done, withheld=(*done.withheld, *plan.shown))
        elif plan.comes_back and any(retires(policy) for policy in self._following):
            await self._retirements.over(plan.request.uid or "")
        return await self._teams.moved(done, plan.gift, plan.leaves, options)


def _has_telephone(plan: _Plan) -> bool:
    return not plan.gift.values.keys().isdisjoint(plan.gift.added)


def _leave_out(plan: _Plan, error: ConnectorError | None) -> None:
    """
    Take out of a plan the telephone that policies would give: nobody is refused for it. A change that was refused has
    changed nothing, so it can be asked for again.
    """
    request, added = plan.request, plan.gift.added.keys() & plan.gift.values.keys()
    said = "it was refused" if error is None else error.message
    plan.gift.missed += [missed(name, plan.gift.values[name], said) for name in sorted(added)]
    kept = {name: values for name, values in (request.attributes or {}).items() if name not in added}
    deltas = tuple(delta for delta in request.deltas if delta.name not in added)
    plan.request = replace(request, attributes=None if request.attributes is None else kept, deltas=deltas)
    for name in added:
        del plan.gift.added[name]


def _name(attributes: Attributes) -> str:
    values: Values = attributes.get("emails") or attributes.get("displayName") or ("somebody new",)
    return str(values[0])


def _changed(attributes: Mapping[str, Values], deltas: Sequence[AttributeDelta]) -> dict[str, Values]:
    return {**attributes, **{delta.name: after(delta, attributes.get(delta.name, ())) for delta in deltas}}
