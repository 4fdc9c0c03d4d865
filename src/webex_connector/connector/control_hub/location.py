"""
`LOCATIONS`: the places of the organisation (https://developer.webex.com/docs/api/v1/locations). People get one together
with a Calling licence. They are read only here.
"""

from collections.abc import AsyncIterator

from webex_connector.connector.by_uid import present
from webex_connector.connector.calls import call_of
from webex_connector.connector.faults import read_all, reading_one
from webex_connector.connector.queries import ByUid, Listing, translated
from webex_connector.icf.attributes import Values
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject
from webex_connector.icf.operations import Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import AttributeInfo, AttributeType, ObjectClassInfo
from webex_connector.webex.client import WebexClient
from webex_connector.webex.wire import Json


def _fact(name: str, text: str) -> AttributeInfo:
    return AttributeInfo(name, text, creatable=False, updateable=False)


LOCATION = ObjectClassInfo(
    "LOCATIONS",
    "Places of the organisation.",
    (
        _fact("name", "The location's name."),
        _fact("orgId", "Id of the organisation."),
        AttributeInfo("address", "Where it is.", AttributeType.MAP, creatable=False, updateable=False),
        _fact("timeZone", "IANA name."),
        _fact("preferredLanguage", "Language of telephones and portals."),
        _fact("announcementLanguage", "Language of announcements."),
        _fact("latitude", "Degrees, as text."),
        _fact("longitude", "Degrees, as text."),
        _fact("notes", "Free text."),
    ),
    name_attribute="name",
)


class Locations:
    """
    The handler of `LOCATIONS`.
    """

    info = LOCATION

    def __init__(self, client: WebexClient) -> None:
        self._client = client

    async def get(
        self,
        uid: str,
        wanted: frozenset[str],  # noqa: ARG002 - everything comes at once
        options: OperationOptions,
    ) -> ConnectorObject:
        """
        Read a location.
        """
        with reading_one(LOCATION.name, uid):
            return location_of(await self._client.locations.get(uid, call_of(options)))

    def translate(self, node: Filter) -> Translation:
        """
        Webex finds locations by uid; there are few enough to look for names ourselves.
        """
        return translated(node, {}, LOCATION.name_attribute)

    async def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        Stream locations page by page.
        """
        if isinstance(native, ByUid):
            yield await present(lambda uid: self.get(uid, wanted, options), native.uids)
        elif isinstance(native, Listing):
            async for page in read_all(self._client.locations.list(call_of(options), start=resume)):
                yield Batch([location_of(sent) for sent in page.items], page.next_url)


def location_of(sent: Json) -> ConnectorObject:
    """
    Return the object for a location.
    """
    attributes: dict[str, Values] = {
        fact.name: (sent[fact.name],) for fact in LOCATION.attributes if sent.get(fact.name) is not None
    }
    return ConnectorObject(LOCATION.name, sent["id"], sent.get("name"), attributes)
