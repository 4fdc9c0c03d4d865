"""
Making a person on the people road.

`POST /people` may answer 400 and have made the person all the same, see `making`; and it says nothing about licences it
left out (https://developer.webex.com/docs/api/v1/people, "create a person").
"""

from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.account_update import AccountUpdate
from webex_connector.connector.control_hub.addresses import holder_of
from webex_connector.connector.control_hub.making import Making
from webex_connector.connector.control_hub.memberships import join_and_leave
from webex_connector.connector.control_hub.person import (
    CALLING_ATTRIBUTES,
    GROUPS,
    account_of,
    body_of,
    not_applied,
    unnoted,
)
from webex_connector.connector.faults import attribute_in, meaning, said
from webex_connector.connector.identity import without
from webex_connector.connector.steps import Steps
from webex_connector.icf.attributes import Attributes, Value, replaced
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Refused, WebexError
from webex_connector.webex.ids import decode
from webex_connector.webex.wire import Json

BEST_EFFORT = ("licenses", "roles", "siteUrls", "avatar")
"""
What a person is made without, rather than not at all.
"""

_KINDS = {"licenses": "LICENSE", "roles": "ROLE"}


class _People:
    """
    The people API.
    """

    def __init__(self, client: WebexClient, call: Call, steps: Steps) -> None:
        self._client, self._call, self._steps = client, call, steps

    async def post(self, body: Json) -> Json | None:
        calling = bool(CALLING_ATTRIBUTES & body.keys())
        return await self._steps.take(self._client.people.create(body, self._call, calling_data=calling))

    async def holder(self, address: str) -> Json | None:
        return await holder_of(self._client, address, self._call)

    async def whole(self, holder: Json) -> Json:
        return await self._client.people.get(holder["id"], self._call, calling_data=True)


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
        self._client, self._info, self._options = client, info, options
        self._call = call_of(options)
        self._steps = Steps()
        self._asked, unfit = fitting(attributes)
        self._steps.not_applied.extend(unfit)
        self._making = Making(_People(client, self._call, self._steps), clock, self._asked)
        self._unseen = False

    async def run(self) -> WriteResult:
        """
        Make the person. Raises AlreadyExists, or any ConnectorError as long as nobody was made.
        """
        if self._options.dry_run:
            await self._making.refuse_known()
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
        doubt = self._making.doubt
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
            return await self._making.posted(body)
        except Refused as refusal:
            bare = {name: value for name, value in body.items() if name not in BEST_EFFORT}
            if bare == body:
                raise meaning(refusal, attribute=attribute_in(refusal, body)) from refusal
            try:
                person = await self._making.posted(bare)
            except Refused:
                raise meaning(refusal, attribute=attribute_in(refusal, body)) from refusal
        return None if person is None else await self._completed(person, body)

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
            return (NotApplied.by(name, values, error),)
        return result.not_applied

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
