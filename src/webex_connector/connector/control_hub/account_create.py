"""
Making a person on the people road.

`POST /people` may answer 400 and have made the person all the same, and says nothing about licences it left out
(https://developer.webex.com/docs/api/v1/people, "create a person"). So after every answer that leaves a doubt we look
the address up; an address belongs to one person only, which makes a second try safe once nobody was found.
"""

from datetime import datetime, timedelta
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.account_update import AccountUpdate
from webex_connector.connector.control_hub.memberships import join_and_leave
from webex_connector.connector.control_hub.person import CALLING_ATTRIBUTES, GROUPS, account_of, body_of, not_applied
from webex_connector.connector.control_hub.steps import Steps
from webex_connector.connector.faults import attribute_in, meaning, open_question, reading, said
from webex_connector.icf.attributes import Attributes, Value, replaced
from webex_connector.icf.errors import AlreadyExists, ConnectorError
from webex_connector.icf.names import folded_text
from webex_connector.icf.objects import NotApplied, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import AnswerLost, Conflict, NotFound, Refused, ServerFailed, TooStrange, WebexError
from webex_connector.webex.ids import decode
from webex_connector.webex.resources.people import PeopleQuery

BEST_EFFORT = ("licenses", "roles", "siteUrls", "avatar")
"""
What a person is made without, rather than not at all.
"""

_CLOCKS_DIFFER = timedelta(minutes=5)
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
        self._doubt: WebexError | None = None

    async def run(self) -> WriteResult:
        """
        Make the person. Raises AlreadyExists, or any ConnectorError as long as nobody was made.
        """
        if self._options.dry_run:
            await self._refuse_known()
        body = body_of(self._asked)
        person = await self._made(body)
        if person is None:
            await self._join("{id}")
            return self._steps.result(None)
        compared = {name: values for name, values in self._asked.items() if name != GROUPS}
        doubt = self._doubt
        self._steps.not_applied.extend(
            each
            for each in not_applied(
                compared,
                account_of(person, self._info),
                said=said(doubt) if isinstance(doubt, Refused) else None,
                tracking_id=doubt.tracking_id if doubt else None,
            )
            if each.attribute not in {known.attribute for known in self._steps.not_applied}
        )
        joined = await self._join(person["id"])
        groups = tuple(each for each in self._asked.get(GROUPS, ()) if each in joined)
        after = account_of(person, self._info, groups if GROUPS in self._asked else None)
        self._steps.done = True
        return self._steps.result(person["id"], after=after)

    async def _made(self, body: dict[str, Any]) -> dict[str, Any] | None:
        began = self._clock.now()
        try:
            return await self._post(body)
        except Conflict as error:
            raise await self._exists(error) from error
        except (AnswerLost, ServerFailed, TooStrange, Refused) as error:
            self._doubt = error
        except WebexError as error:
            raise meaning(error) from error
        found = await self._ours(began)
        if found is not None:
            return found
        if isinstance(self._doubt, Refused):
            return await self._made_bare(body, self._doubt)
        return await self._made_again(body, began)

    async def _made_again(self, body: dict[str, Any], began: datetime) -> dict[str, Any] | None:
        """
        Post again after a lost answer, when nobody was found.

        If the first try arrives after all, Webex refuses the second.
        """
        try:
            return await self._post(body)
        except Conflict as error:
            for wait in _WAITS:
                found = await self._ours(began)
                if found is not None:
                    return found
                await self._clock.sleep(wait)
            raise await self._exists(error) from error
        except WebexError as error:
            found = await self._ours(began)
            if found is not None:
                return found
            raise open_question(error, f"the creation of {self._address}") from error

    async def _post(self, body: dict[str, Any]) -> dict[str, Any] | None:
        calling = bool(CALLING_ATTRIBUTES & body.keys())
        return await self._steps.take(self._client.people.create(body, self._call, calling_data=calling))

    async def _made_bare(self, body: dict[str, Any], refusal: Refused) -> dict[str, Any] | None:
        """
        Webex refused: try without what a person may lack, then give each of these by itself.
        """
        bare = {name: value for name, value in body.items() if name not in BEST_EFFORT}
        if bare == body:
            raise meaning(refusal, attribute=attribute_in(refusal, body)) from refusal
        try:
            person = await self._post(bare)
        except WebexError as error:
            found = await self._known()
            if found is None:
                raise meaning(refusal, attribute=attribute_in(refusal, body)) from error
            person = found
        if person is None:
            return None
        self._doubt = None
        for name in BEST_EFFORT:
            if name in body:
                await self._given_later(person["id"], name)
        with reading():
            return await self._client.people.get(person["id"], self._call, calling_data=True)

    async def _given_later(self, uid: str, name: str) -> None:
        values = self._asked[name]
        deltas = [replaced(name, *values)]
        try:
            result = await AccountUpdate(self._client, self._info, uid, deltas, self._options).run()
            self._steps.not_applied.extend(result.not_applied)
        except ConnectorError as error:
            self._steps.not_applied.append(NotApplied(name, values, error.message, error.tracking_id))

    async def _known(self) -> dict[str, Any] | None:
        async for page in self._client.people.list(PeopleQuery(email=self._address, max=10), self._call):
            for person in page.items:
                if any(folded_text(each) == folded_text(self._address) for each in person.get("emails", ())):
                    return await self._client.people.get(person["id"], self._call, calling_data=True)
        return None

    async def _ours(self, began: datetime) -> dict[str, Any] | None:
        """
        Return the person that our own request made; None when there is nobody.

        Raises AlreadyExists when somebody else's is there, Ambiguous when looking fails.
        """
        try:
            person = await self._known()
        except NotFound:
            return None
        except WebexError as error:
            raise open_question(self._doubt or error, f"the creation of {self._address}") from error
        if person is None:
            return None
        named = [name for name in ("displayName", "firstName", "lastName") if name in self._asked]
        alike = all(person.get(name) == self._asked[name][0] for name in named)
        created = datetime.fromisoformat(str(person.get("created", began.isoformat())))
        if alike and created >= began - _CLOCKS_DIFFER:
            return person
        raise AlreadyExists(f"{self._address} belongs to a person of this organisation", uid=person["id"])

    async def _exists(self, error: Conflict) -> AlreadyExists:
        with reading():
            person = await self._known()
        if person is None:
            text = f"{self._address} exists outside this organisation, or was deleted only recently. {said(error)}"
            return AlreadyExists(text, tracking_id=error.tracking_id)
        text = f"{self._address} belongs to a person of this organisation"
        return AlreadyExists(text, uid=person["id"], tracking_id=error.tracking_id)

    async def _refuse_known(self) -> None:
        with reading():
            person = await self._known()
        if person is not None:
            raise AlreadyExists(f"{self._address} belongs to a person of this organisation", uid=person["id"])

    async def _join(self, uid: str) -> set[str]:
        groups = dict.fromkeys(map(str, self._asked.get(GROUPS, ())))
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
