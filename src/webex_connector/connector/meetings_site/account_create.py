"""
Making a user.

WebEx ID and address belong to one user each, also to one who is deactivated, so a user is never made twice: a create
that was repeated after a lost answer is refused, and then it is looked whether the user there is the one asked for.
"""

from webex_connector.base.clock import Clock
from webex_connector.connector.calls import call_of
from webex_connector.connector.faults import said
from webex_connector.connector.meetings_site.doubts import settled
from webex_connector.connector.meetings_site.password_rules import refused_with_rules
from webex_connector.connector.meetings_site.refusals import reading
from webex_connector.connector.meetings_site.user import account_of, differing, elements_of
from webex_connector.connector.steps import Steps
from webex_connector.icf import names
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import AlreadyExists, ConnectorError, InvalidAttributeValue
from webex_connector.icf.objects import ConnectorObject, NotApplied, WriteResult
from webex_connector.icf.options import OperationOptions
from webex_connector.webex.errors import Conflict, NotFound, WebexError
from webex_connector.webex.meetings_xml.site import MeetingsSite
from webex_connector.webex.meetings_xml.users import UserQuery

# By these a user who is there is known as the one who was to be made.
_WHO = ("webExId", "email", "firstName", "lastName")


class AccountCreation:
    """
    One user being made.
    """

    def __init__(self, site: MeetingsSite, clock: Clock, attributes: Attributes, options: OperationOptions) -> None:
        self._site, self._clock, self._asked, self._options = site, clock, attributes, options
        self._call, self._steps = call_of(options), Steps()
        self._webex_id, self._email = str(attributes["webExId"][0]), str(attributes["email"][0])

    async def run(self) -> WriteResult:
        """
        Make the user. Raises AlreadyExists, InvalidAttributeValue, or any ConnectorError as long as nobody was made.
        """
        written = elements_of(self._asked)
        if names.ENABLE not in self._asked:
            written["active"] = "ACTIVATED"
        if self._options.dry_run:
            await self._refuse_known()
        try:
            found = await settled(
                lambda: self._steps.take(self._site.users.create(written, self._call)),
                self._mine,
                f"the creation of {self._webex_id}",
                self._clock,
            )
        except Conflict as error:
            raise await self._taken(error) from error
        except WebexError as error:
            raise await refused_with_rules(self._site, error, self._call, written) from error
        if self._steps.withheld:
            return self._steps.result(None)
        return await self._read_back() if found is None else self._seen(found)

    async def _mine(self) -> ConnectorObject | None:
        """
        Return the user, if there is one who is the one asked for.
        """
        try:
            found = account_of(await self._site.users.get(self._webex_id, self._call))
        except NotFound:
            return None
        return None if differing(found, {name: self._asked[name] for name in _WHO}) else found

    async def _read_back(self) -> WriteResult:
        try:
            user = await self._site.users.get(self._webex_id, self._call)
        except WebexError:
            # The user was made; that it cannot be seen now is no reason to say otherwise.
            return self._steps.result(self._webex_id)
        return self._seen(account_of(user))

    def _seen(self, found: ConnectorObject) -> WriteResult:
        self._steps.done = True
        for name in differing(found, self._asked):
            reason = f"the site shows {', '.join(map(str, found.values(name))) or 'nothing'}"
            self._steps.not_applied.append(NotApplied(name, self._asked[name], reason))
        return self._steps.result(found.uid, after=found)

    async def _refuse_known(self) -> None:
        """
        Raise AlreadyExists where a create would be refused; a dry run sends none.
        """
        holder, whose = await self._holder()
        if holder is not None:
            raise self._exists(holder, whose)

    async def _taken(self, error: Conflict) -> ConnectorError:
        try:
            holder, whose = await self._holder()
        except ConnectorError:
            holder, whose = None, ""
        if holder is not None:
            return self._exists(holder, whose, error.tracking_id)
        if error.codes[:1] == ("030051",):
            return InvalidAttributeValue(said(error), attribute="mpProfileNumber", tracking_id=error.tracking_id)
        return AlreadyExists(said(error), tracking_id=error.tracking_id)

    def _exists(self, holder: ConnectorObject, whose: str, tracking_id: str | None = None) -> AlreadyExists:
        state = "" if holder.values(names.ENABLE) == (True,) else ", who is deactivated: enable them instead"
        text = f"{whose} is taken on this site by {holder.uid}{state}"
        return AlreadyExists(text, uid=holder.uid, tracking_id=tracking_id)

    async def _holder(self) -> tuple[ConnectorObject | None, str]:
        """
        Return who has the WebEx ID, else who has the address.
        """
        with reading():
            try:
                return account_of(await self._site.users.get(self._webex_id, self._call)), self._webex_id
            except NotFound:
                pass
            async for page in self._site.users.pages(UserQuery(email=self._email), self._call):
                for each in page.users:
                    if names.folded_text(each.email or "") == names.folded_text(self._email):
                        return account_of(await self._site.users.get(each.webex_id, self._call)), self._email
        return None, ""
