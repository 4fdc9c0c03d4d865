"""
The object classes of a connector elsewhere. Each has the abilities that the schema tells of.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from types import MappingProxyType
from typing import Final

from webex_connector.base.secret import Secret
from webex_connector.gateway.remote import options as wire_options
from webex_connector.gateway.remote import profiles
from webex_connector.gateway.remote.client.calling import Calling, objects_of, understood, writing_options
from webex_connector.gateway.remote.client.filters import translated
from webex_connector.gateway.remote.client.schema import RemoteClass
from webex_connector.gateway.remote.client.values import attribute_of, object_in
from webex_connector.gateway.remote.codec.objects import ObjectClass, SearchResult, Uid
from webex_connector.gateway.remote.codec.objects import OperationOptions as WireOptions
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Array, JavaClass, Map, Set, Value
from webex_connector.icf.attributes import Attributes
from webex_connector.icf.errors import UnknownUid
from webex_connector.icf.filters import Filter
from webex_connector.icf.objects import Batch, ConnectorObject, WriteResult
from webex_connector.icf.operations import Translation
from webex_connector.icf.options import OperationOptions, TotalPolicy
from webex_connector.icf.schema import ObjectClassInfo

PAGE: Final = 500
"""
How many objects are asked for at once where somebody may want to go on in the middle.
"""

BATCH: Final = 200
"""
How many objects of an uninterrupted stream are handed on together.
"""


class OfClass:
    """
    An object class, and how the server is asked about it.
    """

    def __init__(self, remote: RemoteClass, calling: Calling, known: frozenset[str]) -> None:
        self.remote, self.calling, self.known = remote, calling, known
        self.name = ObjectClass(remote.info.name)

    @property
    def info(self) -> ObjectClassInfo:
        """
        The object class and its attributes.
        """
        return self.remote.info

    def shown(self, value: Value) -> ConnectorObject:
        """
        Return an object that came. Raises ConnectionBroken for what is none.
        """
        with understood():
            return object_in(value, self.remote)

    def withheld(self, operation: str, options: OperationOptions) -> tuple[str, ...]:
        """
        Return what a dry run withheld, as far as it is known here: the server alone knows the requests.
        """
        return (f"{operation} {self.info.name} by the connector server",) if options.dry_run else ()


class Creating(OfClass):
    """
    New objects can be made.
    """

    async def create(self, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make an object. Raises what `Server.call` raises for a write.
        """
        given = [attribute_of(name, values, self.remote) for name, values in attributes.items()]
        accompanying = writing_options(options, self.known)
        made = await self.calling.call(
            profiles.CREATE, "create", self.name, Set(tuple(given)), accompanying, writing=True
        )
        if options.dry_run:
            return WriteResult(None, withheld=self.withheld("create", options))
        with understood():
            return WriteResult(_uid(made))


class Deleting(OfClass):
    """
    Objects can be removed.
    """

    async def delete(self, uid: str, options: OperationOptions) -> WriteResult:
        """
        Remove an object. Raises UnknownUid, and what `Server.call` raises for a write.
        """
        accompanying = writing_options(options, self.known)
        await self.calling.call(profiles.DELETE, "delete", self.name, Uid(uid), accompanying, writing=True)
        return WriteResult(uid, withheld=self.withheld("delete", options))


class Getting(OfClass):
    """
    One object can be read by its uid.
    """

    async def get(self, uid: str, wanted: frozenset[str], options: OperationOptions) -> ConnectorObject:  # noqa: ARG002 - the model's signature
        """
        Read an object. Raises UnknownUid, and what `Server.call` raises.
        """
        found = await self.calling.call(profiles.GET, "getObject", self.name, Uid(uid), reading_options(wanted))
        if found is None:
            raise UnknownUid(f"{self.info.name} has no object {uid}")
        return self.shown(found)


class Searching(OfClass):
    """
    Objects can be listed and looked for.
    """

    def translate(self, node: Filter) -> Translation:
        """
        Split a filter into what every connector server means the same by, and the rest.
        """
        return translated(node, self.remote)

    async def search(
        self, native: object, wanted: frozenset[str], resume: str | None, options: OperationOptions
    ) -> AsyncIterator[Batch]:
        """
        Stream what matches: page by page where somebody may go on in the middle, else all at once.
        """
        if not options.page_size and options.total_policy is not TotalPolicy.EXACT and resume is None:
            async for batch in self._at_once(native, wanted):
                yield batch
            return
        cookie = resume
        while True:
            batch = await self._page(native, wanted, cookie, options.page_size or PAGE)
            yield batch
            cookie = batch.resume
            if cookie is None:
                return

    async def _at_once(self, native: object, wanted: frozenset[str]) -> AsyncIterator[Batch]:
        stream = self.calling.stream(profiles.SEARCH, "search", self.name, native, reading_options(wanted))
        gathered: list[ConnectorObject] = []
        async with aclosing(objects_of(stream)) as objects:
            async for each in objects:
                gathered.append(self.shown(each))
                if len(gathered) == BATCH:
                    yield Batch(gathered)
                    gathered = []
        yield Batch(gathered)

    async def _page(self, native: object, wanted: frozenset[str], cookie: str | None, size: int) -> Batch:
        asked = {wire_options.PAGE_SIZE: size, **({} if cookie is None else {wire_options.COOKIE: cookie})}
        stream = self.calling.stream(profiles.SEARCH, "search", self.name, native, reading_options(wanted, asked))
        async with aclosing(objects_of(stream)) as objects:
            page = [self.shown(each) async for each in objects]
        ended = stream.returned
        return Batch(page, (ended.cookie or None) if isinstance(ended, SearchResult) else None)


class Authenticating(OfClass):
    """
    Passwords can be checked.
    """

    async def authenticate(self, name: str, password: str, options: OperationOptions) -> str:  # noqa: ARG002 - the model's signature
        """
        Return the uid. Raises BadCredentials, and what `Server.call` raises.
        """
        found = await self.calling.call(
            profiles.AUTHENTICATE, "authenticate", self.name, name, Secret(password), WireOptions()
        )
        with understood():
            return _uid(found)


def reading_options(wanted: frozenset[str] | None, more: Mapping[str, Value] = MappingProxyType({})) -> WireOptions:
    """
    Return what accompanies a read: the attributes to bring, None for those returned by default.
    """
    names = {} if wanted is None else {wire_options.ATTRIBUTES: Array(JavaClass("String"), tuple(sorted(wanted)))}
    return WireOptions(Map(tuple({**names, **more}.items())))


def _uid(value: Value) -> str:
    if not isinstance(value, Uid):
        raise Malformed(f"a {type(value).__name__} is no uid")
    return value.uid
