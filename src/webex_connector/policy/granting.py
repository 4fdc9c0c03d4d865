"""
What policies add to a write, and what is said of it. Nothing is written here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from webex_connector.icf.attributes import AttributeDelta, Attributes, Values, after
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.icf.validation import lacking
from webex_connector.policy.entitlements import EXTENSION, LOCATION, PHONES, Entitlements, Grant, difference
from webex_connector.policy.gift import Gift, missed
from webex_connector.policy.named import CLASSES, LOCATIONS, Directory, Found, Unresolved
from webex_connector.policy.provisioning import Beside, Policy, Step, What, step_of

NO_UNIT = "no unit of it is left"


class Granting:
    """
    Turns entitlements into changes for a system.
    """

    def __init__(
        self,
        info: ObjectClassInfo,
        directory: Directory,
        policies: Sequence[Policy],
        by_template: Sequence[str] = (),
    ) -> None:
        self._info, self._directory, self._policies, self._by_template = info, directory, policies, by_template
        self._by_name = {policy.name: policy for policy in policies}

    async def gift(self, entitlements: Entitlements, options: OperationOptions) -> Gift:
        """
        Return what is to be given, with every name looked up. What cannot be found is missed, and the rest is given.
        """
        gift = Gift()
        templates = await self.by_template(options)
        for grant in entitlements.grants:
            found = await self._found(gift, grant, options)
            if found is not None and not (grant.what is What.LICENSE and found.uid in templates):
                gift.uids.setdefault(grant.what, {})[found.uid] = grant
                gift.labels[found.uid] = found.name
                if found.free is not None and found.free <= 0:
                    gift.used_up.add(found.uid)
        await self._place(gift, entitlements, options)
        for conflict in entitlements.conflicts:
            gift.missed.append(missed(conflict.attribute, tuple(conflict.values.values()), str(conflict)))
        for policy, problem in entitlements.problems.items():
            reason = f"it cannot be told whether policy {policy} holds: {problem}"
            gift.missed.append(missed(f"policies.{policy}", (), reason))
        return gift

    async def by_template(self, options: OperationOptions) -> frozenset[str]:
        """
        Return the uids of the licences that Control Hub gives by a template of its own.
        """
        found = set[str]()
        for name in self._by_template:
            try:
                found.add((await self._directory.find(CLASSES[What.LICENSE], name, options)).uid)
            except Unresolved:
                continue  # the test of the system says so
        return frozenset(found)

    def added_to(self, given: Attributes, gift: Gift) -> dict[str, Values]:
        """
        Return a new person's attributes with what policies give. What the caller gave stays.
        """
        whole = dict(given)
        for what, grants in gift.uids.items():
            if what is What.TEAM:
                continue
            mine = given.get(what.value, ())
            chosen = [uid for uid, grant in grants.items() if not mine or self._adds(grant)]
            more = tuple(uid for uid in chosen if uid not in mine)
            if more:
                whole[what.value] = (*mine, *more)
                gift.added[what.value] = more
        for name, values in gift.values.items():
            clash = [other for other in self._info.attribute(name).excludes if whole.get(other)]
            if name in given:
                continue
            if clash:
                gift.missed.append(missed(name, values, f"it cannot stand beside {clash[0]}, which is given"))
            else:
                whole[name] = values
                gift.added[name] = values
        while (lone := lacking(self._info, whole)) is not None and lone[0] in gift.values and lone[0] not in given:
            name, companions = lone
            del gift.added[name]
            gift.missed.append(missed(name, whole.pop(name), f"it needs {' or '.join(companions)} too"))
        return whole

    def changes(
        self,
        held: Attributes,
        deltas: Sequence[AttributeDelta],
        gift: Gift,
        taken: Mapping[What, Mapping[str, Policy]],
    ) -> list[AttributeDelta]:
        """
        Return what is added to the changes of a person, so that they have what policies give them now and nothing of
        what is `taken`. Attributes that the caller changes are the caller's.
        """
        mine = {delta.name for delta in deltas}
        found = []
        for what in (What.LICENSE, What.ROLE, What.GROUP):
            if what.value in mine:
                continue
            back = frozenset(taken.get(what, ()))
            have = frozenset(str(each) for each in held.get(what.value, ()))
            if what is What.GROUP and what.value not in held:
                # To learn somebody's groups all groups are walked. Putting them in where they are costs one request.
                have = back
            moved = difference(have, gift.due(what), back)
            if moved.gains:
                gift.added[what.value] = moved.gains
            if moved.gains or moved.losses:
                found.append(AttributeDelta(what.value, None, moved.gains, moved.losses))
        whole = {**held, **{delta.name: after(delta, held.get(delta.name, ())) for delta in deltas}}
        # A telephone is given to whoever has none; one that is there is not taken for another.
        free = {name: values for name, values in gift.values.items() if name not in mine and not whole.get(name)}
        added = self.added_to(whole, replace(gift, uids={}, values=free))
        found += [AttributeDelta(name, replace=added[name]) for name in free if name in added]
        return found

    async def taken(
        self, person: str, over: Sequence[Policy], gift: Gift, options: OperationOptions, *, qualifies: bool
    ) -> tuple[dict[What, dict[str, Policy]], list[NotApplied]]:
        """
        Return what is taken back from a person because policies ended, by kind and uid, and what is only to be said.

        A door disables and deletes nobody by itself: who is to be disabled is said. A role that nobody else holds is
        not taken back: it may be what the organisation is managed with.
        """
        back: dict[What, dict[str, Policy]] = {}
        said: list[NotApplied] = []
        templates = await self.by_template(options)
        for policy in over:
            step = step_of(policy, 0, qualifies_elsewhere=qualifies)
            if step is Step.TAKE_BACK:
                for what in What:
                    for name in policy.named(what):
                        found = await self._found(gift, Grant(what, name, (policy.name,)), options)
                        if found is None or found.uid in gift.due(what) or found.uid in templates:
                            continue
                        kept = await self._kept(found.uid, person, options) if what is What.ROLE else None
                        if kept is not None:
                            reason = f"policy {policy.name} holds no more, and {found.name} is kept: {kept}"
                            said.append(missed(what.value, (found.uid,), reason))
                            continue
                        back.setdefault(what, {})[found.uid] = policy
                        gift.labels[found.uid] = found.name
            elif step is not Step.NOTHING:
                said.append(missed(f"policies.{policy.name}", (), _ENDED[step]))
        return back, said

    def explained(self, result: WriteResult, gift: Gift) -> WriteResult:
        """
        Return the result with what was missed of the gift, by names that people know.
        """
        found: list[NotApplied] = []
        for each in result.not_applied:
            ours = [(value, grant) for value in each.values if (grant := gift.grant(each.attribute, value)) is not None]
            theirs = tuple(value for value in each.values if gift.grant(each.attribute, value) is None)
            if theirs or not ours:
                asked = each.attribute not in gift.values or each.attribute not in gift.added
                found.append(replace(each, values=theirs, asked=asked))
            for value, grant in ours:
                reason = _of(grant, gift.label(str(value)), each.reason)
                found.append(replace(each, values=(value,), reason=reason, asked=False))
        return replace(result, not_applied=(*found, *gift.missed))

    def foreseen(self, gift: Gift) -> None:
        """
        Note of what is to be given that there is not enough of, which Webex does not say in a dry run.
        """
        for uid in gift.added.get(What.LICENSE.value, ()):
            grant = gift.grant(What.LICENSE.value, uid)
            if uid in gift.used_up and grant is not None:
                reason = _of(grant, gift.label(str(uid)), NO_UNIT)
                gift.missed.append(missed(What.LICENSE.value, (uid,), reason))

    def _adds(self, grant: Grant) -> bool:
        return any(self._by_name[name].beside is Beside.ADD for name in grant.policies)

    async def _kept(self, role: str, person: str, options: OperationOptions) -> str | None:
        """
        Say why a role is not taken from a person; None when somebody else holds it too.
        """
        try:
            return None if await self._directory.has_other(role, person, options) else "nobody else holds it"
        except ConnectorError as error:
            return f"who else holds it cannot be read: {error.message}"

    async def _found(self, gift: Gift, grant: Grant, options: OperationOptions) -> Found | None:
        try:
            return await self._directory.find(CLASSES[grant.what], grant.name, options)
        except Unresolved as problem:
            reason = f"policy {', '.join(grant.policies)}: {problem}"
            gift.missed.append(missed(grant.what.value, (grant.name,), reason))
            return None

    async def _place(self, gift: Gift, entitlements: Entitlements, options: OperationOptions) -> None:
        values = entitlements.values
        if LOCATION in values:
            try:
                uid = (await self._directory.find(LOCATIONS, values[LOCATION], options)).uid
                gift.values[LOCATION] = (uid,)
            except Unresolved as problem:
                reason = f"policy {', '.join(entitlements.sources[LOCATION])}: {problem}"
                gift.missed.append(missed(LOCATION, (values[LOCATION],), reason))
        if EXTENSION in values:
            gift.values[EXTENSION] = (values[EXTENSION],)
        if PHONES in values:
            gift.values[PHONES] = ({"type": "work", "value": values[PHONES]},)


_ENDED: Mapping[Step, str] = {
    Step.REPORT: "it holds no more; what it gave stays",
    Step.DISABLE: "it holds no more; this person is to be disabled",
    Step.DELETE: "it holds no more; this person is to be deleted",
}


def _of(grant: Grant, label: str, reason: str) -> str:
    return f"policy {', '.join(grant.policies)} gives {label}: {reason}"
