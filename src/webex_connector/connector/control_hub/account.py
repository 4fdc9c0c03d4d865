"""
`__ACCOUNT__`: the people of the organisation, by the people API (https://developer.webex.com/docs/api/v1/people).

It needs only the admin scopes for people; every update is a full replace, see `account_update`.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from webex_connector.base.clock import Clock
from webex_connector.connector.by_uid import present
from webex_connector.connector.calls import call_of
from webex_connector.connector.control_hub.account_bulk import AccountBulk
from webex_connector.connector.control_hub.account_create import AccountCreation
from webex_connector.connector.control_hub.account_one_by_one import OneByOne
from webex_connector.connector.control_hub.account_update import AccountUpdate
from webex_connector.connector.control_hub.addresses import refuse_second
from webex_connector.connector.control_hub.deletion import deleted
from webex_connector.connector.control_hub.existence import gone_if_unknown
from webex_connector.connector.control_hub.memberships import groups_by_member, groups_of
from webex_connector.connector.control_hub.own_account import OwnAccount
from webex_connector.connector.control_hub.person import CALLING_ATTRIBUTES, GROUPS, account_of
from webex_connector.connector.faults import meaning, read_all, reading_one
from webex_connector.connector.one_at_a_time import OneAtATime
from webex_connector.connector.queries import PEOPLE_CONDITIONS, ByUid, Listing, Nobody, translated
from webex_connector.connector.scopes import advice
from webex_connector.connector.steps import Steps
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.errors import InvalidAttributeValue, UnknownUid
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject, WriteResult
from webex_connector.icf.operations import ChangeOutcome, ChangeRequest, Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.webex.client import WebexClient
from webex_connector.webex.errors import Refused, WebexError
from webex_connector.webex.resources.people import PeopleQuery

CALLING = "Webex Calling"
MEETINGS = "Webex Meetings"

_PHONE_FIELDS = (
    AttributeInfo(
        "type",
        "work, mobile, fax, work_extension; only work can be written.",
        required=True,
        allowed=("work", "mobile", "fax", "work_extension"),
    ),
    AttributeInfo("value", "The number, best in E.164 form.", required=True),
    AttributeInfo("primary", "Whether it is the first to call.", AttributeType.BOOLEAN),
)
_ADDRESS_FIELDS = (
    AttributeInfo("type", "work, home, other.", allowed=("work", "home", "other")),
    AttributeInfo("country", "Two-letter country code."),
    AttributeInfo("locality", "City."),
    AttributeInfo("region", "State or province."),
    AttributeInfo("streetAddress", "Street and number."),
    AttributeInfo("postalCode", "Postal code."),
)


def _computed(
    name: str, text: str, kind: AttributeType = AttributeType.STRING, *, looked_up: bool = False
) -> AttributeInfo:
    return AttributeInfo(name, text, kind, creatable=False, updateable=False, looked_up=looked_up)


ATTRIBUTES = (
    AttributeInfo("firstName", "Given name."),
    AttributeInfo("lastName", "Family name."),
    AttributeInfo("displayName", "The name shown in Webex.", required=True),
    AttributeInfo("emails", "The address people sign in with. Webex takes one.", many=True, required=True),
    AttributeInfo("avatar", "Address of the picture."),
    AttributeInfo("licenses", "Ids of the licences held.", many=True, case_sensitive=True, refers_to="LICENSES"),
    AttributeInfo(
        "groups",
        "Ids of the groups the person is in. Reading it walks all groups once.",
        many=True,
        case_sensitive=True,
        refers_to=names.GROUP,
        inverse="members",
        returned_by_default=False,
    ),
    AttributeInfo("roles", "Ids of the administrator roles held.", many=True, case_sensitive=True, refers_to="ROLES"),
    AttributeInfo(
        "extension",
        "Extension, without the routing prefix.",
        needs_license=CALLING,
        returned_by_default=False,
        returned_when_read=True,
    ),
    AttributeInfo(
        "locationId",
        "Id of the person's calling location; set once.",
        case_sensitive=True,
        needs_license=CALLING,
        requires=("extension",),
        excludes=("phoneNumbers",),
        returned_by_default=False,
        returned_when_read=True,
    ),
    AttributeInfo("orgId", "Id of the organisation.", case_sensitive=True),
    AttributeInfo("department", "Department."),
    AttributeInfo("manager", "The manager's name, as free text."),
    AttributeInfo("managerId", "The manager's id.", case_sensitive=True, refers_to=names.ACCOUNT),
    AttributeInfo("title", "Job title."),
    AttributeInfo("siteUrls", "Meeting sites; #attendee marks a guest.", many=True, needs_license=MEETINGS),
    AttributeInfo(
        "phoneNumbers",
        "Telephone numbers. Work numbers need a Calling licence.",
        AttributeType.MAP,
        many=True,
        returned_by_default=False,
        returned_when_read=True,
        fields=_PHONE_FIELDS,
    ),
    AttributeInfo("addresses", "Postal addresses.", AttributeType.MAP, many=True, fields=_ADDRESS_FIELDS),
    AttributeInfo(
        names.ENABLE,
        "Whether the person may use Webex. Webex deletes people who stay disabled for 30 days.",
        AttributeType.BOOLEAN,
        creatable=False,
    ),
    _computed("userName", "The name to sign in with; normally the address.", looked_up=True),
    _computed("nickName", "Set by Webex to the given name."),
    _computed("timezone", "IANA name, if the person set one."),
    _computed("type", "person, bot or appuser."),
    _computed("status", "Presence; pending for somebody who never signed in."),
    _computed("invitePending", "Whether the invitation waits to be accepted.", AttributeType.BOOLEAN),
    _computed("created", "When the person was made.", AttributeType.TIMESTAMP),
    _computed("lastModified", "When the person was changed last.", AttributeType.TIMESTAMP),
    _computed("lastActivity", "When the person was last seen.", AttributeType.TIMESTAMP),
)


def account_info(name_attribute: str = "emails") -> ObjectClassInfo:
    """
    Return the object class, with the attribute that is to be its name.
    """
    return ObjectClassInfo(
        names.ACCOUNT,
        "People of the organisation.",
        ATTRIBUTES,
        name_attribute,
        # https://help.webex.com/article/nikzbgy says what becomes of inactive people.
        when_disabled="Webex deletes people who stay inactive for 30 days; enable the account before that to keep it.",
        when_deleted="Webex does not bring a deleted person back, and may refuse the same address for 7 days.",
    )


class Accounts:
    """
    The handler of `__ACCOUNT__`.
    """

    def __init__(self, client: WebexClient, clock: Clock, own: OwnAccount, name_attribute: str = "emails") -> None:
        self.info = account_info(name_attribute)
        self._client = client
        self._clock = clock
        self.own = own
        """
        Whom nothing is done to that would end the access of this system.
        """
        self.turns = OneAtATime()
        """
        Who changes a person by another way must hold the turn too.
        """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make a person, without what Webex would not take; that is in the result.

        Raises InvalidAttributeValue for a second address: Webex takes one.
        """
        refuse_second(attributes["emails"])
        return await AccountCreation(self._client, self.info, self._clock, attributes, options).run()

    async def update(
        self,
        uid: str,
        deltas: Sequence[AttributeDelta],
        options: OperationOptions,
        steps: Steps | None = None,
    ) -> WriteResult:
        """
        Change a person: read, merge, write, look. One change at a time for each person.

        `steps` are those of a change of which this is the rest: if something of it is done, a part that fails does not
        keep the others from happening.
        """
        _refuse_alias(uid)
        async with self.turns.turn(uid), gone_if_unknown(self._client, uid, call_of(options)):
            return await AccountUpdate(self._client, self.info, uid, deltas, options, steps, self.own).run()

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Delete a person for good. Webex keeps the address from being used again for some days.

        Raises CallerRefused for the person whose token this is.
        """
        call, steps, people = call_of(options), Steps(), self._client.people
        async with self.turns.turn(uid):
            before = await self.get(uid, self.info.defaults_when_read, options)
            if before.values("roles"):
                await self.own.refuse_deletion(before.uid, call)
            subject = f"the deletion of {before.uid}"
            async with gone_if_unknown(self._client, uid, call):
                await deleted(
                    lambda: people.delete(before.uid, call), lambda: people.get(before.uid, call), subject, steps
                )
        return steps.result(before.uid, before=before, after=before if steps.done else None)

    async def apply_many(self, changes: Sequence[ChangeRequest], options: OperationOptions) -> list[ChangeOutcome]:
        """
        Make many changes of people: one request for each person, and for each group one for 500 of them.
        """
        fields = OneByOne(self._client, self, self._clock, options)
        return await AccountBulk(self._client, fields, changes, options).run()

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read a person; with `groups` wanted, all groups are walked once.
        """
        _refuse_alias(uid)
        call = call_of(options)
        async with gone_if_unknown(self._client, uid, call):
            with reading_one(self.info.name, uid):
                person = await self._client.people.get(uid, call, calling_data=bool(CALLING_ATTRIBUTES & wanted))
        groups = await groups_of(self._client, person["id"], call) if GROUPS in wanted else None
        return account_of(person, self.info, groups)

    def translate(self, node: Filter) -> Translation:
        """
        Webex finds people by uid, address, beginning of the display name, role and location.
        """
        return translated(node, PEOPLE_CONDITIONS, self.info.name_attribute)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream people page by page. With `groups` wanted, all groups are walked once before the first page.
        """
        match native:
            case Nobody():
                return
            case ByUid(uids):
                yield await present(lambda uid: self.get(uid, wanted, options), uids)
            case Listing() as listing:
                async for batch in self._listed(listing, wanted, resume, options):
                    yield batch

    async def _listed(
        self,
        listing: Listing,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        call = call_of(options)
        index = await groups_by_member(self._client, call) if GROUPS in wanted else None
        pages = self._client.people.list(_people_query(listing, wanted, options), call, start=resume)
        seen = resume is not None
        if listing.parameter is not None and not seen:
            # Webex refuses what is not the id of a role or location, and perhaps short texts: the smallest length is
            # not published. A filter by such a value is not wrong.
            try:
                first = await anext(pages, None)
            except Refused:
                pages, first = self._client.people.list(_people_query(Listing(), wanted, options), call), None
            except WebexError as error:
                raise meaning(error) from error
            if first is not None:
                seen = True
                yield self._batch(first.items, first.next_url, index)
        try:
            async for page in read_all(pages):
                seen = True
                yield self._batch(page.items, page.next_url, index)
        except InvalidAttributeValue as error:
            if seen:
                raise
            # Nothing was asked that could be wrong: so Webex refuses who may look for people but not list them.
            text = f"{error.message.rstrip('.')}. {advice('GET /people')}"
            raise InvalidAttributeValue(text, tracking_id=error.tracking_id) from error

    def _batch(
        self,
        people: list[dict[str, Any]],
        resume: str | None,
        index: dict[str, tuple[str, ...]] | None,
    ) -> Batch:
        if index is None:
            return Batch([account_of(person, self.info) for person in people], resume)
        return Batch([account_of(person, self.info, index.get(person["id"], ())) for person in people], resume)


def _refuse_alias(uid: str) -> None:
    # Webex takes `me` in the place of an id for whoever owns the token: nobody may delete or disable them by accident.
    if uid == "me":
        raise UnknownUid(f"There is no {uid} in {names.ACCOUNT}")


def _people_query(listing: Listing, wanted: frozenset[str], options: OperationOptions) -> PeopleQuery:
    query = PeopleQuery(
        calling_data=bool(CALLING_ATTRIBUTES & wanted),
        exclude_status=not {"status", "lastActivity"} & wanted,
        max=min(options.page_size, 1000) if options.page_size else 1000,
    )
    match listing.parameter:
        case "email":
            return replace(query, email=listing.value)
        case "display_name":
            return replace(query, display_name=listing.value)
        case "role":
            return replace(query, roles=(listing.value,))
        case "location_id":
            return replace(query, location_id=listing.value, calling_data=True)
        case _:
            return query
