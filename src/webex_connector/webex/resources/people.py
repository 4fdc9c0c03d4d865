"""
People: https://developer.webex.com/docs/api/v1/people.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.errors import NotFound
from webex_connector.webex.ids import uuid_of
from webex_connector.webex.paging import Page, linked_pages
from webex_connector.webex.wire import Answer, Json, Request, path_to

_PATH = path_to("people")
MOST_IDS = 85
"""
How many ids one list request takes.
"""

_LARGEST_PAGE_WITH_CALLING = 100
_LARGEST_PAGE_OF_LOCATION = 50


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """
    Which people are listed, and how much of them. Conditions are joined by "and"; without any, everybody is listed.
    """

    email: str | None = None
    """The whole address, whatever its case."""

    display_name: str | None = None
    """The beginning of the display name."""

    ids: tuple[str, ...] = ()
    """At most `MOST_IDS`. People listed by id come without licences, roles and location."""

    roles: tuple[str, ...] = ()
    """Ids of roles; whoever has one of them is listed."""

    location_id: str | None = None
    calling_data: bool = False
    """Whether extension, location and calling numbers are included."""

    max: int = 1000
    """People on a page, at most. Webex silently lowers it, so less is asked for where its limit is known."""

    exclude_status: bool = False
    """Whether presence is left out, which is faster."""

    def __post_init__(self) -> None:
        """
        Raise ValueError when there are too many ids for one request.
        """
        if len(self.ids) > MOST_IDS:
            raise ValueError(f"{len(self.ids)} ids in one request; at most {MOST_IDS} fit")

    def parameters(self) -> dict[str, str]:
        """
        Return the query of the request.
        """
        size = self.max
        if self.calling_data:
            size = min(size, _LARGEST_PAGE_WITH_CALLING)
        if self.location_id:
            size = min(size, _LARGEST_PAGE_OF_LOCATION)
        asked = {
            "email": self.email,
            "displayName": self.display_name,
            "id": ",".join(self.ids),
            "roles": ",".join(self.roles),
            "locationId": self.location_id,
            "callingData": "true" if self.calling_data else None,
            "excludeStatus": "true" if self.exclude_status else None,
            "max": str(size),
        }
        return {name: value for name, value in asked.items() if value}


class People:
    """
    The people of the organisation. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(self, query: PeopleQuery, call: Call, *, start: str | None = None) -> AsyncIterator[Page]:
        """
        Yield every page, beginning at `start`, the `next_url` of an earlier page, if it is given.
        """
        return linked_pages(self._sender, Request("GET", _PATH, query.parameters(), address=start), call, "items")

    async def gone_among(self, ids: Sequence[str], call: Call) -> set[str]:
        """
        Return those of the ids, `MOST_IDS` at most, that Webex says belong to nobody: it names them.
        """
        query = PeopleQuery(ids=tuple(ids), max=MOST_IDS).parameters()
        answer = await self._sender.send(Request("GET", _PATH, query), call)
        there = {each["id"] for each in answer.resources("items")}
        missing = answer.json().get("notFoundIds") or []
        if not isinstance(missing, list):
            raise answer.strange("notFoundIds is no list")
        return {each for each in ids if each in missing} - there

    async def get(self, person_id: str, call: Call, *, calling_data: bool = False) -> Json:
        """
        Return the person. Raise NotFound when there is none, or no longer.
        """
        request = Request("GET", _path_of(person_id), _flags(callingData=calling_data))
        return _person(await self._sender.send(request, call), person_id)

    async def me(self, call: Call) -> Json:
        """
        Return the person who owns the token. A service app is nobody: it is refused.
        """
        return _person(await self._sender.send(Request("GET", path_to("people", "me")), call))

    async def create(self, body: Json, call: Call, *, calling_data: bool = False) -> Json:
        """
        Return the person created.

        Webex leaves out licences it cannot assign without a word: compare. After Refused the person may exist.
        """
        request = Request("POST", _PATH, _flags(callingData=calling_data), body)
        return _person(await self._sender.send(request, call))

    async def replace(
        self,
        person_id: str,
        body: Json,
        call: Call,
        *,
        calling_data: bool = False,
        show_all_types: bool = False,
    ) -> Json | None:
        """
        Replace the whole person: what `body` leaves out may be cleared.

        Return the person as Webex now sees it, or None when it does not tell (204). After Refused a part of the change
        may be in place.
        """
        query = _flags(callingData=calling_data, showAllTypes=show_all_types)
        answer = await self._sender.send(Request("PUT", _path_of(person_id), query, body), call)
        return None if answer.data is None else _person(answer, person_id)

    async def delete(self, person_id: str, call: Call) -> None:
        """
        Delete the person. Raise NotFound when there is none, or no longer.
        """
        await self._sender.send(Request("DELETE", _path_of(person_id)), call)


def _path_of(person_id: str) -> str:
    """
    Return the path of one person. Raise NotFound for `me`: who owns the token is nobody's id, and may be deleted by it.
    """
    if person_id.lower() == "me":
        raise NotFound("'me' is not an id", request="/people/me")
    return path_to("people", person_id)


def _person(answer: Answer, asked: str | None = None) -> Json:
    person = answer.resource()
    if not person.get("emails") or not isinstance(person["emails"], list):
        raise answer.strange("a person without an address")
    if asked is not None and _uuid(asked) not in {None, _uuid(person["id"])}:
        raise answer.strange("another person than the one asked for")
    return person


def _uuid(id_: str) -> str | None:
    try:
        return uuid_of(id_)
    except ValueError:
        return None


def _flags(**flags: bool) -> dict[str, str]:
    return {name: "true" for name, value in flags.items() if value}
