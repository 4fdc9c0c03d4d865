"""
Licences: which there are, who holds them, and giving and taking them (https://developer.webex.com/docs/api/v1/licenses).
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import Enum

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.paging import Page, linked_pages
from webex_connector.webex.wire import Answer, Json, Request, path_to

_PATH = path_to("licenses")
_MOST_HOLDERS = 300
_PARTLY_DONE = 206


class Operation(Enum):
    """
    What happens to a licence or a site.
    """

    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class LicenseChange:
    """
    One licence given to a person, or taken away.
    """

    license_id: str
    operation: Operation = Operation.ADD
    location_id: str | None = None
    """Calling licences only, as the next two; required there unless `phone_number` is given."""

    phone_number: str | None = None
    extension: str | None = None

    def wire(self) -> Json:
        """
        Return the change as Webex wants it.
        """
        calling = {"locationId": self.location_id, "phoneNumber": self.phone_number, "extension": self.extension}
        properties = {name: value for name, value in calling.items() if value is not None}
        change: Json = {"id": self.license_id, "operation": self.operation.value}
        return change | ({"properties": properties} if properties else {})


@dataclass(frozen=True, slots=True)
class SiteChange:
    """
    The right to attend meetings of a site, given or taken away. Hosting comes with the site's licence instead.
    """

    site_url: str
    """Without a suffix: `acme.webex.com`."""

    operation: Operation = Operation.ADD

    def wire(self) -> Json:
        """
        Return the change as Webex wants it.
        """
        return {"siteUrl": self.site_url, "accountType": "attendee", "operation": self.operation.value}


@dataclass(frozen=True, slots=True)
class Assignment:
    """
    What a person holds after an assignment.
    """

    licenses: tuple[str, ...]
    """The ids of every licence the person has now, not only of those just given."""

    site_urls: tuple[str, ...]
    """As a person's `siteUrls` show them: `acme.webex.com#attendee`."""

    pending_licenses: tuple[str, ...]
    """Ids of licences that wait for a person of another organisation to accept them."""

    complete: bool
    """False when Webex said that a part was not applied."""


class Licenses:
    """
    The licences of the organisation. Every method raises the WebexError that fits.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def list(self, call: Call) -> list[Json]:
        """
        Return all licences; Webex gives them in one answer.
        """
        return (await self._sender.send(Request("GET", _PATH), call)).items("items")

    async def get(self, license_id: str, call: Call) -> Json:
        """
        Return the licence. Raise NotFound when there is none.
        """
        return (await self._sender.send(Request("GET", path_to("licenses", license_id)), call)).json()

    def holders(self, license_id: str, call: Call) -> AsyncIterator[Page]:
        """
        Yield every page of the people who hold the licence (`id`, `type`, `displayName`, `email`).
        """
        query = {"includeAssignedTo": "user", "limit": str(_MOST_HOLDERS)}
        return linked_pages(self._sender, Request("GET", path_to("licenses", license_id), query), call, "users")

    async def assign(
        self,
        person_id: str,
        licenses: Sequence[LicenseChange],
        sites: Sequence[SiteChange],
        call: Call,
    ) -> Assignment:
        """
        Give and take licences and attendee rights; return what the person holds then.

        Webex does what it can and says when that was not all: look at `complete` and compare the licences. Raise
        Refused, with Webex's code, for combinations it does not allow.
        """
        body: Json = {"personId": person_id}
        if licenses:
            body["licenses"] = [change.wire() for change in licenses]
        if sites:
            body["siteUrls"] = [change.wire() for change in sites]
        return _assignment(await self._sender.send(Request("PATCH", path_to("licenses", "users"), body=body), call))


def _assignment(answer: Answer) -> Assignment:
    content = answer.json()
    sites = answer.items("siteUrls") if content.get("siteUrls") else []
    return Assignment(
        licenses=_ids(answer, content.get("licenses")),
        site_urls=tuple(f"{site.get('siteUrl')}#{str(site.get('accountType', 'attendee')).lower()}" for site in sites),
        pending_licenses=_ids(answer, content.get("pendingLicenses") or []),
        complete=answer.status != _PARTLY_DONE,
    )


def _ids(answer: Answer, listed: object) -> tuple[str, ...]:
    if not isinstance(listed, list) or not all(isinstance(id_, str) for id_ in listed):
        raise answer.strange("no list of licence ids")
    return tuple(listed)
