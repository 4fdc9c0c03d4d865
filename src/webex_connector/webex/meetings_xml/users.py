"""
The users of a site: https://developer.cisco.com/docs/webex-xml-api-reference-guide (user service).
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from webex_connector.webex.call import Call
from webex_connector.webex.errors import NotFound, TooStrange
from webex_connector.webex.meetings_xml.markup import Node, Unreadable
from webex_connector.webex.meetings_xml.operations import Asked, Field, Operation
from webex_connector.webex.meetings_xml.reasons import NO_RECORD
from webex_connector.webex.meetings_xml.user_fields import Values, elements

PAGE = 500
"""
Users on a page. No limit is published; this many is what public clients ask for.
"""

MOST_DELETED = 50
"""
How many users one DelUser takes.
"""

MOMENT = "%m/%d/%Y %H:%M:%S"
"""
How the API writes a moment.
"""


@dataclass(frozen=True, slots=True)
class UserQuery:
    """
    Which users to list. Every condition that is given must hold.

    Whether a site compares texts in whole or in part is not published, so that what it returns has to be looked at.
    """

    webex_id: str | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    active: str | None = None
    registered_from: datetime | None = None
    registered_until: datetime | None = None

    @property
    def is_for_everybody(self) -> bool:
        """
        Whether it has no condition, so that nobody leaves its listing: a site erases nobody.
        """
        return self == UserQuery()


@dataclass(frozen=True, slots=True)
class UserSummary:
    """
    A user as the listing shows it.
    """

    webex_id: str
    email: str | None
    first_name: str | None
    last_name: str | None
    active: str | None
    registration_date: str | None
    """`MM/DD/YYYY HH:MM:SS`, of no stated time zone."""

    time_zone_id: int | None
    object_guid: str | None
    """The person in Control Hub; only sites that it manages show it."""


@dataclass(frozen=True, slots=True)
class UserPage:
    """
    One page of a listing.
    """

    users: tuple[UserSummary, ...]
    start: int
    """The place of its first user; 1 is the first of all."""

    total: int | None
    next_start: int | None
    """Where the next page starts; None after the last."""


@dataclass(frozen=True, slots=True)
class User:
    """
    A user with everything that the site shows of it.
    """

    webex_id: str
    node: Node
    """The answer, whose elements `USER_FIELDS` names by their paths."""

    @property
    def user_id(self) -> int | None:
        """
        The number that stays when everything else of the user changes.
        """
        return self.node.number("userId")

    def word(self, path: str) -> str | None:
        """
        Return the text at a path; None when there is none, or it is empty.
        """
        return self.node.word(*path.split("/"))

    def number(self, path: str) -> int | None:
        """
        Return the number at a path; None where there is none, or something else.
        """
        try:
            return self.node.number(*path.split("/"))
        except Unreadable:
            return None

    def flag(self, path: str) -> bool | None:
        """
        Return the yes or no at a path; None where there is none, or something else.
        """
        try:
            return self.node.flag(*path.split("/"))
        except Unreadable:
            return None

    def words(self, path: str) -> tuple[str, ...]:
        """
        Return each text at a path.
        """
        *parents, name = path.split("/")
        parent = self.node.at(*parents)
        return tuple(each.text for each in parent.all(name) if each.text) if parent else ()


class Users:
    """
    The drawer of the users.
    """

    def __init__(self, site: Asked) -> None:
        self._site = site

    async def get(self, webex_id: str, call: Call) -> User:
        """
        Return a user. Raise NotFound when the site has none of that WebEx ID.
        """
        body = await self._site.call(Operation.GET_USER, {"webExId": webex_id}, call)
        found = body.word("webExId")
        if found is None:
            raise _strange(Operation.GET_USER, "a user without a WebEx ID")
        return User(found, body)

    async def pages(self, query: UserQuery, call: Call, *, start: int = 1, size: int = PAGE) -> AsyncIterator[UserPage]:
        """
        Yield the pages of a listing from a place on; none when nobody fits.

        Who is changed may leave a listing with conditions while it is read, as one who is disabled leaves that of the
        active; then all others move up, and the next page would begin too late. So there each page begins with the last
        user of the one before, and goes back until it begins with one who was met. Nobody comes twice.

        Raise TooStrange when a page cannot be read, or is empty before the end.
        """
        met: set[str] = set()
        overlap = 0 if query.is_for_everybody else 1
        total: int | None = None
        back = 0
        while True:
            behind = overlap + back if met else 0
            place = max(1, start - behind)
            page = await self._page(query, call, place, size, size + behind)
            joined = place == 1 or not met or bool(page and page.users and page.users[0].webex_id in met)
            if overlap and not joined:
                back = 2 * back or size
                continue
            if page is None:
                if total is not None and not overlap:
                    raise _strange(Operation.LIST_SUMMARY_USER, f"nobody at {place} of {total}")
                return
            total = page.total
            fresh = tuple(each for each in page.users if each.webex_id not in met)
            met.update(each.webex_id for each in fresh)
            yield replace(page, users=fresh, start=place)
            if page.next_start is None:
                return
            start, back = page.next_start, 0

    async def _page(self, query: UserQuery, call: Call, start: int, size: int, asked: int) -> UserPage | None:
        """
        Return a page of as many users as are asked for, of which a site may give fewer: `size` of them fill it.
        """
        operation = Operation.LIST_SUMMARY_USER
        try:
            body = await self._site.call(operation, _listing(query, start, asked), call)
        except NotFound as error:
            if error.codes[:1] == (NO_RECORD,):
                return None
            raise
        users = tuple(_summary(each) for each in body.all("user"))
        try:
            total = body.number("matchingRecords", "total")
            returned = body.number("matchingRecords", "returned")
        except Unreadable as error:
            raise _strange(operation, str(error)) from error
        if returned is not None and returned != len(users):
            raise _strange(operation, f"{len(users)} users on a page of {returned}")
        following = start + len(users)
        more = following <= total if total is not None else len(users) >= size
        if more and not users:
            raise _strange(operation, f"an empty page at {start} of {total}")
        return UserPage(users, start, total, following if more else None)

    async def create(self, values: Values, call: Call) -> None:
        """
        Make a user; `webExId`, `email`, `firstName`, `lastName` and `password` are needed.

        Raise Conflict when WebEx ID or address are taken.
        """
        await self._site.call(Operation.CREATE_USER, elements(values), call)

    async def change(self, webex_id: str, values: Values, call: Call) -> None:
        """
        Change what is given, and nothing else. `meetingTypes` are given in whole. Raise NotFound without such a user.
        """
        await self._site.call(Operation.SET_USER, elements({**values, "webExId": webex_id}), call)

    async def deactivate(self, webex_ids: Sequence[str], call: Call) -> frozenset[str]:
        """
        Deactivate users by DelUser, which erases nobody, and return those with whom it succeeded.

        Raise ValueError for more than `MOST_DELETED`.
        """
        if not 0 < len(webex_ids) <= MOST_DELETED:
            raise ValueError(f"DelUser takes 1 to {MOST_DELETED} users, not {len(webex_ids)}")
        body = await self._site.call(Operation.DELETE_USER, {"webExId": list(webex_ids)}, call)
        done = (each.word("webExId") for each in body.all("user") if each.word("status") == "SUCCESS")
        return frozenset(webex_id for webex_id in done if webex_id is not None)


def _listing(query: UserQuery, start: int, size: int) -> dict[str, Field]:
    conditions = {
        "firstName": query.first_name,
        "lastName": query.last_name,
        "email": query.email,
        "active": query.active,
        "webExId": query.webex_id,
    }
    fields: dict[str, Field] = {name: value for name, value in conditions.items() if value is not None}
    fields["listControl"] = {"serv:startFrom": start, "serv:maximumNum": size, "serv:listMethod": "AND"}
    # The order in which users were made: whoever is new comes last.
    fields["order"] = {"orderBy": "UID", "orderAD": "ASC"}
    scope: dict[str, Field] = {}
    if query.registered_from is not None:
        scope["regDateStart"] = query.registered_from.strftime(MOMENT)
    if query.registered_until is not None:
        scope["regDateEnd"] = query.registered_until.strftime(MOMENT)
    if scope:
        fields["dataScope"] = scope
    return fields


def _summary(node: Node) -> UserSummary:
    webex_id = node.word("webExId")
    if webex_id is None:
        raise _strange(Operation.LIST_SUMMARY_USER, "a user without a WebEx ID")
    try:
        time_zone = node.number("timeZoneID")
    except Unreadable:
        time_zone = None
    return UserSummary(
        webex_id,
        node.word("email"),
        node.word("firstName"),
        node.word("lastName"),
        node.word("active"),
        node.word("registrationDate"),
        time_zone,
        node.word("objectGUID"),
    )


def _strange(operation: Operation, detail: str) -> TooStrange:
    return TooStrange(detail, request=f"POST /{operation.title}", status=200)
