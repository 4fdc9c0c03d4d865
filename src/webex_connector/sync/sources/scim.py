"""
A SCIM 2.0 server as a source: pages by cursor where it has them (RFC 9865), else by index (RFC 7644, section 3.4.2.4).

Pages by index move when somebody is added or removed while they are read. So nothing is handed on before everything has
been read and the server's own total is reached; what moved is read once more, and if it moves again the source failed.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from webex_connector.expressions.values import UNKNOWN, Shape
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.records import Page, Record
from webex_connector.sync.sources.scim_client import ScimClient, ScimRefused
from webex_connector.sync.sources.scim_values import attributes_of
from webex_connector.sync.sources.seen import Seen
from webex_connector.sync.sources.source import Marked

CHANGED: Final = "meta.lastModified"
"""
The attribute that says when a resource changed.
"""

_MOVED: Final = frozenset({"expiredCursor", "invalidCursor"})


@dataclass(frozen=True, slots=True)
class ScimResources:
    """
    Which resources are records.
    """

    path: str = "Users"
    key: str = "id"
    """
    The attribute whose value never changes for one person.
    """
    filter: str | None = None
    attributes: tuple[str, ...] = ()
    """
    Those to ask for; empty for what the server gives by itself.
    """
    count: int = 100
    """
    How many resources a page should have.
    """


class ScimSource:
    """
    Reads the resources of one type.
    """

    def __init__(self, name: str, resources: ScimResources, client: ScimClient) -> None:
        self.name, self._resources, self._client = name, resources, client

    @property
    def shape(self) -> Shape:
        """
        What resources hold is known to their server alone.
        """
        return UNKNOWN

    async def read(self) -> AsyncIterator[Page]:
        """
        Read every resource. Raises SourceFailed when the server does not give all of them.
        """
        async for records in self._whole(self._resources.filter, self._resources.attributes):
            yield Page(records)

    async def aclose(self) -> None:
        """
        Close every connection.
        """
        await self._client.aclose()

    async def _whole(self, node: str | None, attributes: Sequence[str]) -> AsyncIterator[list[Record]]:
        asked: dict[str, str | int] = {"count": self._resources.count}
        if node:
            asked["filter"] = node
        if attributes:
            asked["attributes"] = ",".join(dict.fromkeys((self._resources.key, *attributes)))
        by_cursor = await self._has_cursors()
        for is_last in (False, True):
            with Seen() as seen:
                try:
                    await (self._by_cursor if by_cursor else self._by_index)(asked, seen)
                except _Moved as problem:
                    if is_last:
                        raise SourceFailed(self.name, f"{problem}, twice; read it when less happens there") from problem
                    continue
                for some in seen.changes():
                    yield [record for _, _, record in some if record is not None]
                return

    async def _has_cursors(self) -> bool:
        try:
            offered = await self._client.get("ServiceProviderConfig", {})
        except ScimRefused:
            return False
        pagination = offered.get("pagination")
        return isinstance(pagination, Mapping) and pagination.get("cursor") is True

    async def _by_index(self, asked: Mapping[str, str | int], seen: Seen) -> None:
        total: int | None = None
        got = 0
        while total is None or got < total:
            answer = await self._client.get(self._resources.path, {**asked, "startIndex": got + 1})
            now = answer.get("totalResults")
            if not isinstance(now, int):
                raise SourceFailed(self.name, "a page has no totalResults, so nobody knows whether it was the last one")
            if total is not None and now != total:
                raise _Moved(f"the server had {total} resources, and {now} while they were read")
            total = now
            resources = self._resources_of(answer)
            if not resources and got < total:
                raise _Moved(f"the server says that it has {total} resources, and gave {got}")
            self._keep(resources, seen)
            got += len(resources)
        if got > total:
            raise _Moved(f"the server says that it has {total} resources, and gave {got}")

    async def _by_cursor(self, asked: Mapping[str, str | int], seen: Seen) -> None:
        cursor, total, got = "", None, 0
        while True:
            try:
                answer = await self._client.get(self._resources.path, {**asked, "cursor": cursor})
            except ScimRefused as problem:
                if cursor and problem.kind in _MOVED:
                    raise _Moved(f"its pages ended on the way: {problem.reason}") from problem
                raise
            resources = self._resources_of(answer)
            self._keep(resources, seen)
            got += len(resources)
            total = answer.get("totalResults", total)
            following = answer.get("nextCursor")
            if not following:
                break
            if following == cursor:
                raise SourceFailed(self.name, "the server gives the same cursor again and again")
            cursor = str(following)
        if isinstance(total, int) and got != total:
            raise _Moved(f"the server says that it has {total} resources, and gave {got}")

    def _resources_of(self, answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        found = answer.get("Resources", [])
        if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
            raise SourceFailed(self.name, "a page has Resources that are none")
        return found

    def _keep(self, resources: Sequence[Mapping[str, Any]], seen: Seen) -> None:
        records = [self._record(each) for each in resources]
        repeated = seen.add(records)
        if repeated is not None:
            raise _Moved(f"{self._resources.key} {repeated[0].key} came twice")
        for each in records:
            seen.change(each, b"")

    def _record(self, resource: Mapping[str, Any]) -> Record:
        attributes = attributes_of(resource)
        place = f"{self._resources.path}/{resource.get('id', '')}"
        keys = attributes.get(self._resources.key, ())
        if len(keys) != 1 or isinstance(keys[0], Mapping):
            raise SourceFailed(self.name, f"has no {self._resources.key}, which is the key", place=place)
        return Record(str(keys[0]), attributes, place)


class MarkedScimSource(ScimSource):
    """
    One whose server can be asked for what changed since a moment.
    """

    async def newer(self, mark: str | None) -> AsyncIterator[Marked]:
        """
        Read the resources that were changed at a mark or after it.
        """
        resources = self._resources
        node = resources.filter
        if mark is not None:
            since = f'{CHANGED} ge "{mark}"'
            node = f"({node}) and {since}" if node else since
        attributes = (*resources.attributes, CHANGED) if resources.attributes else ()
        highest = None if mark is None else _moment(mark)
        async for records in self._whole(node, attributes):
            moments = [self._changed(each) for each in records]
            highest = max(moments if highest is None else [*moments, highest])
            yield Marked(records, highest.isoformat())

    async def keys(self) -> AsyncIterator[Sequence[str]]:
        """
        Read the key of every resource.
        """
        async for records in self._whole(self._resources.filter, (self._resources.key,)):
            yield [each.key for each in records]

    def _changed(self, record: Record) -> datetime:
        try:
            return _moment(str(record.values(CHANGED)[0]))
        except (IndexError, ValueError) as problem:
            reason = f"has no {CHANGED}, so it cannot be told what is newer; leave `changed` out"
            raise SourceFailed(self.name, reason, place=record.place) from problem


class _Moved(Exception):
    """
    The resources were others while they were read.
    """


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
