"""
Where the changes of an object class come from: the list of everything, the newest first by SCIM, and single reads.

SCIM sorts by `meta.lastModified` (https://developer.webex.com/docs/api/v1/scim-2-users), and that is the only cheap way
to what changed; there is no such filter, and the lists of `/v1` have no such order.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from webex_connector.connector.calls import call_of
from webex_connector.connector.change_sighting import OVERLAP, Sighting, met, met_by_scim
from webex_connector.connector.control_hub.change_hints import AuditHints, Subject
from webex_connector.connector.control_hub.road import Roads
from webex_connector.connector.faults import read_all, reading
from webex_connector.connector.identity import identity
from webex_connector.connector.properties import Road
from webex_connector.connector.queries import Listing
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectionBroken, UnknownUid
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject
from webex_connector.icf.operations import Translation
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.webex.call import Call
from webex_connector.webex.client import Scim, WebexClient
from webex_connector.webex.ids import decode, encode
from webex_connector.webex.paging import Page
from webex_connector.webex.resources.people import MOST_IDS
from webex_connector.webex.scim_wire import Search, SortBy

MOST_SINGLE_READS = 50
"""
Up to that many changed objects are always read one by one; more only if a list of everything takes more requests.
"""

_SCIM_PAGE = 500
_TRIES = 3
_MOMENTS = frozenset({"created", "lastModified"})


class Read(Protocol):
    """
    An object class that can be listed and read.
    """

    info: ObjectClassInfo

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:
        """
        Read one object. Raises UnknownUid.
        """
        ...

    def translate(self, node: Filter) -> Translation:
        """
        Split a filter.
        """
        ...

    def search(
        self,
        native: object,
        wanted: frozenset[str],
        resume: str | None,
        options: OperationOptions,
    ) -> AsyncIterator[Batch]:
        """
        List objects.
        """
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """
    What differs between the object classes.
    """

    id_kind: str
    """
    The kind in an id of `/v1`.
    """
    newest: Callable[[Scim, Search, Call], AsyncIterator[Page]]
    subject: Subject
    details: frozenset[str]
    """
    Attributes that may change without moving `lastModified`.
    """
    list_page: int
    """
    How many objects the list of everything gives in a request.
    """


KINDS: Mapping[str, Kind] = {
    names.ACCOUNT: Kind(
        "PEOPLE",
        lambda scim, search, call: scim.users.search(search, call),
        Subject("PERSON", ("USERS", "LICENSE")),
        frozenset({"licenses", "roles"}),
        1000,
    ),
    names.GROUP: Kind(
        "SCIM_GROUP",
        lambda scim, search, call: scim.groups.search(search, call),
        Subject("GROUP", ("GROUPS",)),
        frozenset({"memberSize"}),
        100,
    ),
}
"""
The object classes whose changes can be told.
"""


@dataclass(frozen=True, slots=True)
class Newest:
    """
    What SCIM shows as modified since a moment, the newest first, and how many objects there are in all.
    """

    sightings: list[Sighting]
    total: int


class Source:
    """
    One object class of one organisation, as a source of changes.
    """

    def __init__(self, handler: Read, client: WebexClient, roads: Roads, hints: AuditHints) -> None:
        self.info = handler.info
        self.kind = KINDS[handler.info.name]
        self._handler, self._client, self._roads, self._hints = handler, client, roads, hints
        self._region, self._tail = "us", ""

    async def sorts(self, call: Call) -> bool:
        """
        Say whether SCIM, which sorts by modification, may be asked.
        """
        return (await self._roads.taken(call)).road is Road.SCIM

    async def newest(self, since: int, call: Call) -> Newest | None:
        """
        Return what was modified since that moment or shortly before; None when SCIM does not sort as it should.

        Raises ConnectionBroken when so much is deleted meanwhile that no walk comes to its end undisturbed.
        """
        for _ in range(_TRIES):
            found: list[Sighting] = []
            total = 0
            async for page in self._newest_pages(call):
                if page.total is None:
                    return None
                if page.total < total:
                    # Something was deleted between two pages, and what followed has moved up: one was not seen.
                    break
                total = page.total
                found += map(met_by_scim, page.items)
                order = [each.sight.modified for each in found]
                if order != sorted(order, reverse=True):
                    return None
                if order and order[-1] < since - OVERLAP:
                    return Newest([each for each in found if each.sight.modified >= since - OVERLAP], total)
            else:
                return Newest(found, total)
        raise ConnectionBroken(f"{self.info.name} changed too fast for a list of what changed; try again")

    async def _newest_pages(self, call: Call) -> AsyncIterator[Page]:
        taken = await self._roads.taken(call)
        self._tail = f":{taken.organization}" if self.kind.id_kind == "SCIM_GROUP" else ""
        search = Search(attributes=("id", "meta"), sort_by=SortBy.LAST_MODIFIED, descending=True, count=_SCIM_PAGE)
        async for page in read_all(self.kind.newest(self._client.scim(taken.organization), search, call)):
            yield page

    async def hinted(self, since: int, call: Call) -> dict[str, int] | None:
        """
        Return whom audit events are about, with the moment of the newest; None when they cannot be read.
        """
        taken = await self._roads.taken(call)
        if taken.road is not Road.SCIM:
            return None
        organization = encode("ORGANIZATION", taken.organization)
        return await self._hints.about(self.kind.subject, organization, since, call)

    async def everything(self, wanted: frozenset[str], options: OperationOptions) -> AsyncIterator[list[Sighting]]:
        """
        Yield every page of the list of everything, with at least the wanted attributes. Raises ConnectorError when it
        cannot be read to its end, or is shorter than it says itself.
        """
        seen = 0
        batch = None
        async for batch in self._handler.search(Listing(), wanted | _MOMENTS | self.kind.details, None, options):
            seen += len(batch.objects)
            self._learn(batch.objects)
            yield [met(each, self.kind.details) for each in batch.objects]
        if batch is not None and batch.total is not None and seen < batch.total:
            raise ConnectionBroken(f"The list of {self.info.name} ended after {seen} of {batch.total}")

    async def read(self, key: str, wanted: frozenset[str], options: OperationOptions) -> Sighting:
        """
        Read an object. Raises UnknownUid when it is gone.
        """
        found = await self._handler.get(self.uid_of(key), wanted | _MOMENTS | self.kind.details, options)
        self._learn([found])
        return met(found, self.kind.details)

    async def gone_among(self, keys: Sequence[str], options: OperationOptions) -> set[str]:
        """
        Return those of the objects that Webex, asked for this very id, says it does not know. Raises ConnectorError
        when Webex cannot be asked: then nothing is known to be gone.
        """
        gone: set[str] = set()
        if self.info.name == names.ACCOUNT and len(keys) > 1:
            call = call_of(options)
            for first in range(0, len(keys), MOST_IDS):
                uids = {self.uid_of(key): key for key in keys[first : first + MOST_IDS]}
                with reading():
                    missing = await self._client.people.gone_among(list(uids), call)
                gone.update(uids[uid] for uid in missing)
            return gone
        for key in keys:
            try:
                await self._handler.get(self.uid_of(key), frozenset(), options)
            except UnknownUid:
                gone.add(key)
        return gone

    def uid_of(self, key: str) -> str:
        """
        Return the id of `/v1` for an object's identity, in the region of those that were seen.
        """
        try:
            UUID(key)
        except ValueError:
            return key
        return encode(self.kind.id_kind, f"{key}{self._tail}", self._region)

    def _learn(self, found: Sequence[ConnectorObject]) -> None:
        for each in found[:1]:
            try:
                parts = decode(each.uid)
            except ValueError:
                return
            self._region, self._tail = parts.region, parts.value.removeprefix(identity(each.uid))
