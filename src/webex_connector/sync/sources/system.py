"""
Another named system as a source: the objects of one class, read by its own operations. What it can follow, it follows.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Final, Protocol, Self

from webex_connector.expressions.values import Shape
from webex_connector.icf import names
from webex_connector.icf.calling import Operations
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.filters import EVERYTHING, Filter, attributes_of, checked, matcher
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.operations import DeltaType, SyncDelta
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.icf.schema import ObjectClassInfo
from webex_connector.policy.judging import shape_of
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.records import Kind, Page, Record, RecordChange

DOOR: Final = "sync"
"""
The door under which the system's journal and limits know who reads.
"""


class SourceSystem(Operations, Protocol):
    """
    A system that can be read, and perhaps followed.
    """

    def sync(self, object_class: str, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Stream what changed since the token.
        """
        ...

    async def latest_token(self, object_class: str, options: OperationOptions) -> str | None:
        """
        Return the token of now.
        """
        ...


@dataclass(frozen=True, slots=True)
class SystemPart:
    """
    Which objects of a system are records. Their key is their uid.
    """

    system: str
    info: ObjectClassInfo
    attributes: tuple[str, ...] = ()
    """
    Those to read; empty for the ones that come by default.
    """
    filter: Filter = EVERYTHING


class SystemSource:
    """
    Reads one class of objects. `target` is None while the system is not open; then it only has its shape.
    """

    def __init__(self, name: str, part: SystemPart, target: SourceSystem | None) -> None:
        self.name, self._part, self._target = name, part, target
        judged = sorted(attributes_of(part.filter) - {names.UID, names.NAME})
        self._options = OperationOptions(
            attributes_to_get=(*part.attributes, *judged) if part.attributes or judged else None,
            return_default_attributes=not part.attributes,
            actor=Actor(name, DOOR),
            lane=Lane.BULK,
            live=True,
        )
        self._fits = matcher(checked(part.filter, part.info), part.info)

    def asked_for(self, used: frozenset[str]) -> Self:
        """
        Return the source as it is read where these attributes are used; the same where it says itself which ones are.
        """
        if self._part.attributes:
            return self
        facts = [self._part.info.attribute(each) for each in sorted(used) if self._part.info.has(each)]
        asked = tuple(each.name for each in facts if each.readable)
        return type(self)(self.name, replace(self._part, attributes=asked), self._target)

    @property
    def shape(self) -> Shape:
        """
        The attributes of the object class that are read.
        """
        found = dict(shape_of(self._part.info).attributes or {})
        wanted = {names.UID, names.NAME, *(self._part.attributes or found)}
        return Shape({name: field for name, field in found.items() if name in wanted})

    async def read(self) -> AsyncIterator[Page]:
        """
        Read every object that the filter lets through. Raises SourceFailed when the system fails on the way.
        """
        try:
            found = self._open().search(self._part.info.name, self._part.filter, self._options)
            async for objects in found:
                yield Page([self._record(each) for each in objects])
        except ConnectorError as problem:
            raise self._failed(problem) from problem

    async def aclose(self) -> None:
        """
        Do nothing: the system is closed by whoever opened it.
        """

    def _record(self, found: ConnectorObject) -> Record:
        plain = {name: values for name, values in found.attributes.items() if values}
        plain[names.UID] = (found.uid,)
        if found.name is not None:
            plain[names.NAME] = (found.name,)
        return Record(found.uid, plain, f"{self._part.system}/{self._part.info.name}/{found.uid}")

    def _open(self) -> SourceSystem:
        if self._target is None:
            raise SourceFailed(self.name, f"the system {self._part.system} is not open")
        return self._target

    def _failed(self, problem: ConnectorError) -> SourceFailed:
        return SourceFailed(self.name, f"{self._part.system} could not be read: {problem}")


class FollowedSystemSource(SystemSource):
    """
    Follows the objects by what the system tells of its changes.
    """

    async def latest(self) -> str:
        """
        Return the system's token of now. Raises SourceFailed, also when it cannot be followed.
        """
        try:
            token = await self._open().latest_token(self._part.info.name, self._options)
        except ConnectorError as problem:
            raise self._failed(problem) from problem
        if token is None:
            raise SourceFailed(self.name, f"{self._part.system} has no token to go on from")
        return token

    async def changes(self, token: str) -> AsyncIterator[RecordChange]:
        """
        Stream what changed since a token. An object that the filter does not let through any more is gone.

        Raises SourceFailed, also for a token that cannot be gone on from.
        """
        try:
            async for delta in self._open().sync(self._part.info.name, token, self._options):
                if delta.previous_uid is not None and delta.previous_uid != delta.uid:
                    yield RecordChange(Kind.GONE, delta.previous_uid, token)
                token = delta.token
                yield self._change(delta)
        except ConnectorError as problem:
            raise self._failed(problem) from problem

    def _change(self, delta: SyncDelta) -> RecordChange:
        found = delta.object
        if delta.type is DeltaType.DELETE or found is None or not self._fits(found):
            return RecordChange(Kind.GONE, delta.uid, delta.token)
        return RecordChange(Kind.CHANGED, delta.uid, delta.token, self._record(found))
