"""
Changing a user. `SetUser` changes what is given and leaves the rest, except that session types are given in whole.

So a change reads the user, writes what differs in one request, and looks again. A write whose answer was lost is
repeated, since it comes to the same, unless it holds what must not happen twice: a password, or its reset.
"""

from collections.abc import Sequence

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.faults import open_question
from webex_connector.connector.meetings_site.attributes import ACCOUNT
from webex_connector.connector.meetings_site.doubts import settled
from webex_connector.connector.meetings_site.own_user import refuse_own
from webex_connector.connector.meetings_site.password_rules import refused_with_rules
from webex_connector.connector.meetings_site.refusals import is_open, reading_one
from webex_connector.connector.meetings_site.user import account_of, differing, elements_of, is_hidden, same
from webex_connector.connector.steps import Steps
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Values, after
from webex_connector.icf.errors import AlreadyExists
from webex_connector.icf.objects import ConnectorObject, NotApplied, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.validation import refuse_cleared
from webex_connector.webex.errors import Conflict, WebexError
from webex_connector.webex.meetings_xml.site import MeetingsSite


class AccountUpdate:
    """
    One change of one user.
    """

    def __init__(
        self, site: MeetingsSite, clock: Clock, uid: str, deltas: Sequence[AttributeDelta], options: OperationOptions
    ) -> None:
        self._site, self._clock, self._uid, self._options = site, clock, uid, options
        self._deltas = {delta.name: delta for delta in deltas}
        self._call, self._steps = call_of(options), Steps()

    async def run(self) -> WriteResult:
        """
        Make the change. Raises UnknownUid, InvalidAttributeValue, or any ConnectorError as long as nothing was changed.
        """
        with reading_one(names.ACCOUNT, self._uid):
            before = account_of(await self._site.users.get(self._uid, self._call))
        changes = self._changes(before)
        refuse_own(self._site, before, changes)
        if not changes:
            return self._steps.result(before.uid, before=before, after=before)
        seen = await self._written(before, changes)
        if self._steps.withheld:
            return self._steps.result(before.uid, before=before)
        if seen is None and self._options.read_back:
            seen = await self._look()
        if seen is not None:
            for name in differing(seen, changes):
                reason = f"the site shows {', '.join(map(str, seen.values(name))) or 'nothing'}"
                self._steps.not_applied.append(NotApplied(name, changes[name], reason))
        return self._steps.result(before.uid, before=before, after=seen)

    def _changes(self, before: ConnectorObject) -> dict[str, Values]:
        changes: dict[str, Values] = {}
        for name, delta in self._deltas.items():
            values = after(delta, before.values(name))
            if is_hidden(name) or not same(name, values, before.values(name)) or _is_country(name, before):
                refuse_cleared(ACCOUNT.attribute(name), values)
                changes[name] = values
        if changes.get("resetPassword") == (False,):
            del changes["resetPassword"]
        return changes

    async def _written(self, before: ConnectorObject, changes: dict[str, Values]) -> ConnectorObject | None:
        """
        Write, and return the user where it had to be looked at afterwards.
        """
        written, subject = elements_of(changes, before), f"the update of {self._uid}"

        async def write() -> None:
            try:
                await self._steps.take(self._site.users.change(self._uid, written, self._call))
            except WebexError as error:
                if is_open(error) and any(map(is_hidden, changes)):
                    raise open_question(error, subject) from error
                raise

        async def look() -> ConnectorObject | None:
            found = account_of(await self._site.users.get(self._uid, self._call))
            return None if differing(found, changes) else found

        try:
            seen = await settled(write, look, subject, self._clock)
        except Conflict as error:
            text = f"{error.detail}: another user has it"
            raise AlreadyExists(text, tracking_id=error.tracking_id) from error
        except WebexError as error:
            raise await refused_with_rules(self._site, error, self._call, written) from error
        if seen is not None:
            self._steps.done = True
        return seen

    async def _look(self) -> ConnectorObject | None:
        try:
            return account_of(await self._site.users.get(self._uid, self._call))
        except WebexError:
            # What was written is written; that it cannot be seen now is no reason to say otherwise.
            return None


def _is_country(name: str, before: ConnectorObject) -> bool:
    """
    Say whether the name of a country is to be written where the site shows a number, which tells nothing.
    """
    return name == "country" and any(str(each).isdigit() for each in before.values(name))
