"""
Changing a person on the people road.

`PUT /people/{id}` replaces the whole person, and even a refused one may have changed something
(https://developer.webex.com/docs/api/v1/people, "update a person"). So a change reads the person, merges, writes, and
looks at the person again: at Webex's answer if there was one, else by reading. Webex offers no condition for a
replacement, so what somebody else changes between the reading and the writing is overwritten.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.addresses import holder_of, refuse_second, taken
from webex_connector.connector.control_hub.licensing import Calling, NeedsALook, relicensed, relicensed_unseen
from webex_connector.connector.control_hub.memberships import groups_of, join_and_leave
from webex_connector.connector.control_hub.own_account import OwnAccount
from webex_connector.connector.control_hub.person import (
    CALLING_ATTRIBUTES,
    GROUPS,
    account_of,
    not_applied,
    replacement_of,
    same,
)
from webex_connector.connector.faults import attribute_in, open_question, reading, reading_one, said, undone
from webex_connector.connector.identity import identity, without
from webex_connector.connector.scopes import advice
from webex_connector.connector.steps import Steps
from webex_connector.icf.attributes import AttributeDelta, Attributes, Values, after
from webex_connector.icf.errors import AlreadyExists, Ambiguous, ConnectionBroken, ConnectorError, PermissionDenied
from webex_connector.icf.objects import ConnectorObject, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.icf.validation import refuse_cleared, refuse_lacking
from webex_connector.webex.call import Lane
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Conflict, Refused, WebexError

LICENSES = "licenses"
NEEDS_LICENSE_FIRST = frozenset({"siteUrls", "extension", "locationId"})
"""
Attributes that Webex takes only from people who already hold the licence for them.
"""

_TRIES = 3


class AccountUpdate:
    """
    One change of one person; without `own` of somebody new.
    """

    def __init__(
        self,
        client: WebexClient,
        info: ObjectClassInfo,
        uid: str,
        deltas: Sequence[AttributeDelta],
        options: OperationOptions,
        steps: Steps | None = None,
        own: OwnAccount | None = None,
    ) -> None:
        self._client, self._info, self._uid = client, info, uid
        self._deltas = {delta.name: delta for delta in deltas}
        self._call = call_of(options)
        self._steps, self._own = steps or Steps(), own
        self._relicensed = False
        self._subject = f"the update of {uid}"
        self._unseen = False

    async def run(self) -> WriteResult:
        """
        Make the change. Raises UnknownUid, or any ConnectorError as long as nothing was changed.
        """
        if self._needs_no_look():
            with suppress(NeedsALook):
                delta = self._deltas[LICENSES]
                held = await relicensed_unseen(self._client, self._uid, delta, self._call, self._steps)
                return self._steps.result(self._uid, shown={LICENSES: held})
        return await self._seen_and_changed()

    def _needs_no_look(self) -> bool:
        """
        Whether the change is one of licences alone, each given or taken by name, in a run: nobody waits to see the
        person, and what is asked does not depend on what there is.
        """
        if self._call.dry_run or self._call.lane is not Lane.BULK or self._deltas.keys() != {LICENSES}:
            return False
        delta = self._deltas[LICENSES]
        is_told = delta.replace is None and bool(delta.add or delta.remove) and set(delta.add).isdisjoint(delta.remove)
        return is_told and identity(self._uid) != self._uid

    async def _seen_and_changed(self) -> WriteResult:
        person = await self._read()
        before = account_of(person, self._info)
        changes = self._changes(before)
        if self._own is not None:
            await self._own.refuse_loss(self._uid, changes, before.values("roles"), self._call)
        if self._call.dry_run and "emails" in changes:
            await self._refuse_known(changes)
        target = changes.pop(LICENSES, None)
        fields = {name: values for name, values in changes.items() if name != LICENSES}

        async def replace() -> None:
            nonlocal person
            if fields and self._relicensed:
                person = await self._read()  # what Webex added to the licences must be in the replacement
            if fields:
                person = await self._replaced(person, fields)

        async def license_() -> None:
            nonlocal person
            if target is not None:
                calling = self._calling({**before.attributes, **fields}, fields)
                dropped = self._deltas[LICENSES].remove
                person = await relicensed(self._client, person, target, dropped, calling, self._call, self._steps)
                self._relicensed = True

        held, wanted = ([str(each) for each in values] for values in (before.values(LICENSES), target or ()))
        moved = () if target is None else (*without(wanted, held), *without(held, wanted))
        if target is not None and NEEDS_LICENSE_FIRST & fields.keys():
            await self._part({LICENSES: moved}, license_)
            await self._part(fields, replace)
        else:
            await self._part(fields, replace)
            await self._part({LICENSES: moved}, license_)
        groups: Values | None = None

        async def regroup() -> None:
            nonlocal groups
            groups = await self._groups()

        await self._part({GROUPS: self._deltas[GROUPS].values} if GROUPS in self._deltas else {}, regroup)
        unseen = self._unseen or bool(self._steps.withheld)
        after_image = None if unseen else account_of(person, self._info, groups)
        return self._steps.result(person["id"], before=before, after=after_image)

    def _changes(self, before: ConnectorObject) -> dict[str, Values]:
        """
        Return the attributes of the person itself that become others. Raises InvalidAttributeValue.
        """
        asked = {name: after(delta, before.values(name)) for name, delta in self._deltas.items() if name != GROUPS}
        changes = {name: values for name, values in asked.items() if not same(name, values, before.values(name))}
        for name, values in changes.items():
            refuse_cleared(self._info.attribute(name), values)
        refuse_second(changes.get("emails", ()))
        if NEEDS_LICENSE_FIRST & changes.keys():
            refuse_lacking(self._info, {**before.attributes, **changes})
        return changes

    async def _read(self) -> dict[str, Any]:
        with reading_one(self._info.name, self._uid):
            person = await self._client.people.get(self._uid, self._call, calling_data=True)
        if not person.get("displayName"):
            # A replacement made of it would clear what Webex did not show.
            raise ConnectionBroken(f"Webex showed {self._uid} without a name; nothing was written")
        licenses = self._deltas.get(LICENSES)
        if licenses is not None and LICENSES not in person and (licenses.remove or licenses.replace is not None):
            # It shows them to administrators alone. Taken for none, those to be taken away would stay without a word.
            text = f"Webex does not show the licences of {self._uid}. {advice('GET /people')}"
            raise PermissionDenied(text, attribute=LICENSES)
        self._uid = person["id"]
        return person

    async def _part(self, attributes: Attributes, work: Callable[[], Awaitable[None]]) -> None:
        """
        Do one part. Once something was changed, a part that fails is no longer an exception but a partial result.
        """
        try:
            await work()
        except Ambiguous:
            raise
        except ConnectorError as error:
            if not self._steps.done:
                raise
            for name, values in attributes.items():
                self._steps.missed(name, values, error)

    async def _replaced(self, person: dict[str, Any], changes: Attributes) -> dict[str, Any]:
        failures: list[WebexError] = []
        for _ in range(_TRIES):
            body = replacement_of(person, changes)
            try:
                answer = await self._steps.take(
                    self._client.people.replace(self._uid, body, self._call, calling_data=True),
                )
                if self._steps.withheld:
                    return person
                if answer is None:
                    return await self._read_back(person, changes)
                return self._checked(answer, changes, None)
            except WebexError as error:
                failures.append(error)
            if not failures[-1].may_have_happened:
                break
            person = await self._looked(failures)
            if self._missing(person, changes).keys() != changes.keys():
                self._steps.done = True
                return self._checked(person, changes, failures[-1])
            if isinstance(failures[-1], Refused):
                break
        attribute = attribute_in(failures[-1], changes)
        meant = undone(failures, self._subject, attribute=attribute)
        if isinstance(failures[-1], Conflict) and isinstance(meant, AlreadyExists) and "emails" in changes:
            meant = await self._taken(changes, failures[-1])
        raise meant from failures[-1]

    async def _taken(self, changes: Attributes, conflict: Conflict) -> ConnectorError:
        address = str(changes["emails"][0])
        with reading():
            return taken(address, await holder_of(self._client, address, self._call), conflict)

    async def _refuse_known(self, changes: Attributes) -> None:
        """
        Say in a dry run what Webex would say to an address that somebody else has.
        """
        address = str(changes["emails"][0])
        with reading():
            holder = await holder_of(self._client, address, self._call)
        if holder is not None and holder["id"] != self._uid:
            raise taken(address, holder)

    async def _read_back(self, person: dict[str, Any], changes: Attributes) -> dict[str, Any]:
        """
        Webex said that it is done, but not what the person looks like now.
        """
        try:
            seen = await self._client.people.get(self._uid, self._call, calling_data=True)
        except WebexError:
            self._unseen = True
            return person
        return self._checked(seen, changes, None)

    async def _looked(self, failures: Sequence[WebexError]) -> dict[str, Any]:
        try:
            return await self._client.people.get(self._uid, self._call, calling_data=True)
        except WebexError as error:
            raise open_question(failures[0], self._subject) from error

    def _checked(self, person: dict[str, Any], changes: Attributes, failure: WebexError | None) -> dict[str, Any]:
        account = account_of(person, self._info)
        tracking_id = failure.tracking_id if failure else None
        reason = said(failure) if failure else None
        self._steps.not_applied.extend(
            not_applied(changes, account, exactly=True, said=reason, tracking_id=tracking_id),
        )
        return person

    def _missing(self, person: dict[str, Any], changes: Attributes) -> dict[str, Values]:
        account = account_of(person, self._info)
        return {name: values for name, values in changes.items() if not same(name, values, account.values(name))}

    def _calling(self, merged: Attributes, fields: Attributes) -> Calling | None:
        if not CALLING_ATTRIBUTES & fields.keys():
            return None
        first = {name: str(values[0]) for name in ("locationId", "extension") if (values := merged.get(name))}
        return Calling(first.get("locationId"), first.get("extension"))

    async def _groups(self) -> Values | None:
        delta = self._deltas.get(GROUPS)
        if delta is None:
            return None
        join, leave = without(map(str, delta.add), ()), without(map(str, delta.remove), ())
        current: tuple[str, ...] | None = None
        if delta.replace is not None:
            current = await groups_of(self._client, self._uid, self._call)
            wanted = [str(each) for each in delta.replace]
            join, leave = without(wanted, current), without(current, wanted)
        joined, left = await join_and_leave(self._client, self._uid, join, leave, self._call, self._steps)
        if current is None:
            return None
        return tuple(each for each in current if each not in left) + tuple(each for each in join if each in joined)
