"""
Making a person on the people road.

`POST /people` may answer 400 and have made the person all the same, and says nothing about licences it left out
(https://developer.webex.com/docs/api/v1/people, "create a person"). So after every answer that leaves a doubt we look
the address up; an address belongs to one person only, which makes a second try safe once nobody was found.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.account_update import AccountUpdate
from webex_connector.connector.control_hub.addresses import holder_of, taken
from webex_connector.connector.control_hub.identity import without
from webex_connector.connector.control_hub.memberships import join_and_leave
from webex_connector.connector.control_hub.person import (
    CALLING_ATTRIBUTES,
    GROUPS,
    account_of,
    body_of,
    not_applied,
    unnoted,
)
from webex_connector.connector.control_hub.recency import made_since
from webex_connector.connector.control_hub.steps import Steps
from webex_connector.connector.faults import attribute_in, meaning, open_question, reading, said, undone
from webex_connector.icf.attributes import Attributes, Value, replaced
from webex_connector.icf.errors import Ambiguous, ConnectorError
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Conflict, NotFound, Refused, WebexError
from webex_connector.webex.ids import decode

BEST_EFFORT = ("licenses", "roles", "siteUrls", "avatar")
"""
What a person is made without, rather than not at all.
"""

_TRIES = 2
_WAITS = (0.5, 1.0, 2.0, 4.0)
_KINDS = {"licenses": "LICENSE", "roles": "ROLE"}


class AccountCreation:
    """
    One person being made.
    """

    def __init__(
        self,
        client: WebexClient,
        info: ObjectClassInfo,
        clock: Clock,
        attributes: Attributes,
        options: OperationOptions,
    ) -> None:
        self._client, self._info, self._clock, self._options = client, info, clock, options
        self._call = call_of(options)
        self._steps = Steps()
        self._asked, unfit = fitting(attributes)
        self._steps.not_applied.extend(unfit)
        self._address = str(self._asked["emails"][0])
        self._subject = f"the creation of {self._address}"
        self._doubt: WebexError | None = None
        self._unseen = False

    async def run(self) -> WriteResult:
        """
        Make the person. Raises AlreadyExists, or any ConnectorError as long as nobody was made.
        """
        if self._options.dry_run:
            await self._refuse_known()
        person = await self._made(body_of(self._asked))
        if person is None:
            await self._join("{id}")
            return self._steps.result(None)
        if not self._unseen:
            self._compare(person)
        joined = await self._join(person["id"])
        groups = tuple(each for each in self._asked.get(GROUPS, ()) if each in joined)
        after = account_of(person, self._info, groups if GROUPS in self._asked else None)
        self._steps.done = True
        return self._steps.result(person["id"], after=None if self._unseen else after)

    def _compare(self, person: dict[str, Any]) -> None:
        compared = {name: values for name, values in self._asked.items() if name != GROUPS}
        doubt = self._doubt
        missing = not_applied(
            compared,
            account_of(person, self._info),
            said=said(doubt) if isinstance(doubt, Refused) else None,
            tracking_id=doubt.tracking_id if doubt else None,
        )
        self._steps.not_applied.extend(unnoted(missing, self._steps.not_applied))

    async def _made(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """
        Make the person, or the person without what Webex may have refused the whole for.
        """
        try:
            return await self._posted(body)
        except Refused as refusal:
            bare = {name: value for name, value in body.items() if name not in BEST_EFFORT}
            if bare == body:
                raise meaning(refusal, attribute=attribute_in(refusal, body)) from refusal
            try:
                person = await self._posted(bare)
            except Refused:
                raise meaning(refusal, attribute=attribute_in(refusal, body)) from refusal
        return None if person is None else await self._completed(person, body)

    async def _posted(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """
        Post, look after every failure that leaves a doubt, and post again when nobody was found.

        If the first try arrives after all, Webex refuses the second. Raises Refused when Webex refused and nobody is
        there, else a ConnectorError.
        """
        began = self._clock.now()
        failures: list[WebexError] = []
        self._doubt = None
        for _ in range(_TRIES):
            try:
                return await self._post(body)
            except WebexError as error:
                failures.append(error)
            if not any(failure.may_have_happened for failure in failures):
                break
            self._doubt = failures[-1]
            found = await self._ours(began, failures)
            if found is not None:
                return found
            if isinstance(failures[-1], Refused):
                raise failures[-1]
        if isinstance(failures[-1], Conflict):
            raise await self._exists(failures[-1], failures) from failures[-1]
        raise undone(failures, self._subject) from failures[-1]

    async def _post(self, body: dict[str, Any]) -> dict[str, Any] | None:
        calling = bool(CALLING_ATTRIBUTES & body.keys())
        return await self._steps.take(self._client.people.create(body, self._call, calling_data=calling))

    async def _completed(self, person: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """
        Give what the person was made without, each by itself, and look at the person at last.
        """
        missed = [each for name in BEST_EFFORT if name in body for each in await self._given_later(person["id"], name)]
        try:
            person = await self._client.people.get(person["id"], self._call, calling_data=True)
        except WebexError:
            self._unseen = True
            self._steps.not_applied.extend(missed)
            return person
        account = account_of(person, self._info)
        for each in missed:
            # What could not be seen then is seen now. Where a picture is kept says nothing about which it is.
            if each.attribute == "avatar" or not_applied({each.attribute: each.values}, account):
                self._steps.not_applied.append(each)
        return person

    async def _given_later(self, uid: str, name: str) -> tuple[NotApplied, ...]:
        values = self._asked[name]
        try:
            result = await AccountUpdate(self._client, self._info, uid, [replaced(name, *values)], self._options).run()
        except ConnectorError as error:
            return (NotApplied(name, values, error.message, error.tracking_id),)
        return result.not_applied

    async def _known(self) -> dict[str, Any] | None:
        holder = await holder_of(self._client, self._address, self._call)
        return holder and await self._client.people.get(holder["id"], self._call, calling_data=True)

    async def _ours(self, began: datetime, failures: Sequence[WebexError]) -> dict[str, Any] | None:
        """
        Return the person that our own request made; None when there is nobody.

        When Webex says that the address is taken, the person may only not be shown yet, so there are several looks.
        Raises AlreadyExists when somebody else's is there, Ambiguous when looking fails.
        """
        person = None
        for wait in (0.0, *_WAITS):
            await self._clock.sleep(wait)
            try:
                person = await self._known()
            except NotFound:
                person = None
            except WebexError as error:
                raise open_question(failures[0], self._subject) from error
            if person is not None or not isinstance(failures[-1], Conflict):
                break
        if person is None:
            return None
        named = [name for name in ("displayName", "firstName", "lastName") if name in self._asked]
        if all(person.get(name) == self._asked[name][0] for name in named) and made_since(person, began):
            return person
        raise taken(self._address, person)

    async def _exists(self, conflict: Conflict, failures: Sequence[WebexError]) -> ConnectorError:
        with reading():
            holder = await holder_of(self._client, self._address, self._call)
        outcome = undone(failures, self._subject)
        if holder is None and isinstance(outcome, Ambiguous):
            return outcome
        return taken(self._address, holder, conflict)

    async def _refuse_known(self) -> None:
        with reading():
            holder = await holder_of(self._client, self._address, self._call)
        if holder is not None:
            raise taken(self._address, holder)

    async def _join(self, uid: str) -> set[str]:
        groups = without(map(str, self._asked.get(GROUPS, ())), ())
        joined, _ = await join_and_leave(self._client, uid, groups, (), self._call, self._steps)
        return joined


def fitting(attributes: Attributes) -> tuple[dict[str, tuple[Value, ...]], list[NotApplied]]:
    """
    Take out what has not even the form of a licence, a role or an avatar's address: the person is made without it.
    """
    fit: dict[str, tuple[Value, ...]] = {}
    unfit: list[NotApplied] = []
    for name, values in attributes.items():
        good = tuple(value for value in values if _has_form(name, str(value)))
        bad = tuple(value for value in values if value not in good)
        if bad:
            unfit.append(NotApplied(name, bad, _FORMS[name]))
        if good:
            fit[name] = good
    return fit, unfit


_FORMS = {
    "licenses": "this is not the id of a licence",
    "roles": "this is not the id of a role",
    "avatar": "this is not the address of a picture; it must begin with https:// or http://",
}


def _has_form(name: str, value: str) -> bool:
    if name == "avatar":
        return value.startswith(("https://", "http://"))
    kind = _KINDS.get(name)
    if kind is None:
        return True
    try:
        return decode(value).kind == kind
    except ValueError:
        return False
