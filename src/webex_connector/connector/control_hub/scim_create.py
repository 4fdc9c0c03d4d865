"""
Making a person by SCIM (https://developer.webex.com/docs/api/v1/scim2-user/create-a-user).

One request carries everything that SCIM can write. Licences are given by a request of their own, and so is what only
the people API can write: the person is there by then, and what fails is a part that was not applied.
"""

from collections.abc import Mapping

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.account_create import fitting
from webex_connector.connector.control_hub.account_plan import ROLES
from webex_connector.connector.control_hub.account_update import LICENSES, AccountUpdate
from webex_connector.connector.control_hub.licensing import relicensed
from webex_connector.connector.control_hub.making import Making
from webex_connector.connector.control_hub.memberships import join_and_leave
from webex_connector.connector.control_hub.person import GROUPS, account_of, enabled, not_applied, unnoted
from webex_connector.connector.control_hub.scim_lookup import holders_of
from webex_connector.connector.control_hub.scim_update import ScimUpdate
from webex_connector.connector.control_hub.scim_user import CAPABLE, body_of, person_of
from webex_connector.connector.faults import attribute_in, meaning, said
from webex_connector.connector.identity import without
from webex_connector.connector.steps import Steps
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes, Values, replaced
from webex_connector.icf.errors import ConnectorError, Verdict
from webex_connector.icf.names import folded_text
from webex_connector.icf.objects import WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.call import Call
from webex_connector.webex.client import Scim, WebexClient
from webex_connector.webex.errors import Refused
from webex_connector.webex.wire import Json

UNKNOWN = "{id}"
"""
Stands for the id of somebody whom a dry run did not make.
"""


class _Users:
    """
    SCIM as a register of people.
    """

    def __init__(self, scim: Scim, call: Call, steps: Steps) -> None:
        self._scim, self._call, self._steps = scim, call, steps

    async def post(self, body: Json) -> Json | None:
        user = await self._steps.take(self._scim.users.create(body, self._call))
        return None if user is None else person_of(user)

    async def holder(self, address: str) -> Json | None:
        found = await holders_of(self._scim, [address], self._call)
        return found.get(folded_text(address))

    async def whole(self, holder: Json) -> Json:
        return holder


class ScimCreation:
    """
    One person being made by SCIM.
    """

    def __init__(
        self,
        client: WebexClient,
        organization: str,
        info: ObjectClassInfo,
        clock: Clock,
        attributes: Attributes,
        options: OperationOptions,
    ) -> None:
        self._client, self._organization, self._info, self._options = client, organization, info, options
        self._call = call_of(options)
        self.steps = Steps()
        self._asked, unfit = fitting(attributes)
        self.steps.not_applied.extend(unfit)
        self.stopped: ConnectorError | None = None
        """
        What failed after the person was made, if it is of a kind that ends the run.
        """
        self._making = Making(_Users(client.scim(organization), self._call, self.steps), clock, self._asked)

    async def run(self) -> WriteResult:
        """
        Make the person. Raises AlreadyExists, or any ConnectorError as long as nobody was made.
        """
        if self._options.dry_run:
            await self._making.refuse_known()
        made = await self._made()
        if made is not None:
            self._compare(made)
            self.steps.done = True
        person = await self.completed({"id": UNKNOWN} if made is None else made)
        groups = without(map(str, self._asked.get(GROUPS, ())), ())
        joined, _ = await join_and_leave(self._client, person["id"], groups, (), self._call, self.steps)
        if made is None:
            return self.steps.result(None)
        shown: Values | None = tuple(each for each in groups if each in joined) if GROUPS in self._asked else None
        return self.steps.result(person["id"], after=account_of(person, self._info, shown))

    async def completed(self, person: Json) -> Json:
        """
        Give what SCIM's creation could not; return the person as they are then. What fails is noted in the steps.

        Whether a creation obeys `active` is not published: somebody who is not seen disabled is disabled now.
        """
        if self._asked.get(names.ENABLE) == (False,) and enabled(person) and person["id"] != UNKNOWN:
            person = await self._disabled(person)
        rest = {name: values for name, values in self._asked.items() if name not in CAPABLE | {GROUPS}}
        licenses = rest.pop(LICENSES, ())
        if licenses:
            person = await self._licensed(person, licenses)
        if rest and person["id"] == UNKNOWN:
            self.steps.withheld.append(f"PUT /people/{UNKNOWN}")
        elif rest:
            person = await self._replaced(person, rest)
        return person

    async def _made(self) -> Json | None:
        """
        Make the person, or the person without the roles that Webex may have refused the whole for.
        """
        body = body_of(self._asked)
        try:
            return await self._making.posted(body)
        except Refused as refusal:
            meant = meaning(refusal, attribute=attribute_in(refusal, body))
            if ROLES not in body:
                raise meant from refusal
            try:
                person = await self._making.posted({name: part for name, part in body.items() if name != ROLES})
            except Refused:
                raise meant from refusal
        if person is not None:
            steps = Steps()
            steps.done = True
            await self._noted(person["id"], {ROLES: self._asked[ROLES]}, steps)
            missed = {each.attribute for each in steps.not_applied}
            self.steps.not_applied.extend(steps.not_applied)
            person = person if ROLES in missed else {**person, ROLES: list(self._asked[ROLES])}
        return person

    def _compare(self, person: Json) -> None:
        carried = {name: values for name, values in self._asked.items() if name in CAPABLE - {names.ENABLE}}
        doubt = self._making.doubt
        missing = not_applied(
            carried,
            account_of(person, self._info),
            said=said(doubt) if isinstance(doubt, Refused) else None,
            tracking_id=doubt.tracking_id if doubt else None,
        )
        self.steps.not_applied.extend(unnoted(missing, self.steps.not_applied))

    async def _disabled(self, person: Json) -> Json:
        before = len(self.steps.not_applied)
        await self._noted(person["id"], {names.ENABLE: (False,)}, self.steps)
        seen = len(self.steps.not_applied) == before
        return {**person, "loginEnabled": False} if seen else person

    async def _noted(self, uid: str, attributes: Mapping[str, Values], steps: Steps) -> None:
        deltas = [replaced(name, *values) for name, values in attributes.items()]
        try:
            await ScimUpdate(self._client, self._organization, uid, self._call, steps).run(deltas)
        except ConnectorError as error:
            self._missed(attributes, error, steps)

    async def _licensed(self, person: Json, licenses: Values) -> Json:
        try:
            return await relicensed(self._client, person, licenses, (), None, self._call, self.steps)
        except ConnectorError as error:
            self._missed({LICENSES: licenses}, error, self.steps)
            return person

    async def _replaced(self, person: Json, rest: Attributes) -> Json:
        deltas = [replaced(name, *values) for name, values in rest.items()]
        try:
            result = await AccountUpdate(self._client, self._info, person["id"], deltas, self._options).run()
        except ConnectorError as error:
            self._missed(rest, error, self.steps)
            return person
        self.steps.not_applied.extend(result.not_applied)
        missed = {each.attribute for each in result.not_applied}
        given = {name: self._written(name, values) for name, values in rest.items() if name not in missed}
        return {**person, **given}

    def _missed(self, attributes: Attributes, error: ConnectorError, steps: Steps) -> None:
        if error.verdict is Verdict.STOP_RUN:
            self.stopped = error
        for name, values in attributes.items():
            steps.missed(name, values, error)

    def _written(self, name: str, values: Values) -> object:
        return list(values) if self._info.attribute(name).many else values[0]
