"""
The one way to call a connector. It validates, limits, journals, asks the guard and filters the remainder, so that
neither doors nor engine nor connectors have to.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from webex_connector.base.clock import Clock
from webex_connector.icf import names, validation
from webex_connector.icf.attributes import AttributeDelta, Attributes
from webex_connector.icf.coalescing import InFlight
from webex_connector.icf.denials import NOTHING_DENIED, Denials
from webex_connector.icf.errors import InvalidOption, UnknownObjectClass, UnsupportedOperation
from webex_connector.icf.filters import Filter, checked
from webex_connector.icf.limits import Limiter, Limits, Streaming
from webex_connector.icf.objects import ConnectorObject, TestReport, WriteResult
from webex_connector.icf.operations import (
    CanAnswer,
    CanAuthenticate,
    CanDiscover,
    CanGet,
    CanRunScript,
    CanSearch,
    CanSync,
    CanTest,
    Change,
    ChangeOutcome,
    ChangeRequest,
    Connector,
    Handler,
    SyncDelta,
    schema_of,
)
from webex_connector.icf.options import OperationOptions, SortKey
from webex_connector.icf.ports import Guard, Journal
from webex_connector.icf.schema import ObjectClassInfo, Operation, Schema
from webex_connector.icf.search import Cookies, Question, Search
from webex_connector.icf.writing import ReadKey, Writer


class Facade:
    """
    A named system: a connector with everything around it that callers rely on.
    """

    def __init__(
        self,
        system: str,
        connector: Connector,
        *,
        journal: Journal,
        guard: Guard,
        clock: Clock,
        cookie_key: bytes,
        limits: Limits | None = None,
        denials: Denials = NOTHING_DENIED,
    ) -> None:
        self.system = system
        self.denials = denials
        self.schema: Schema = schema_of(connector)
        self._connector = connector
        self._limiter = Limiter(limits or Limits(), clock)
        self._reads: InFlight[ReadKey, ConnectorObject] = InFlight()
        self._cookies = Cookies(cookie_key)
        self._writer = Writer(system, journal, guard, self._limiter, self._reads, denials)
        self._handlers = {names.folded(name): handler for name, handler in connector.handlers.items()}
        # Asking a handler what it can takes a while, so it is done once, not for each read.
        handlers = list(self._handlers.values())
        self._readable = {each.info.name: each for each in handlers if isinstance(each, CanGet)}
        self._copied = {each.info.name: each for each in handlers if isinstance(each, CanAnswer)}
        self._searchable = {
            each.info.name: Streaming(each, self._limiter) for each in handlers if isinstance(each, CanSearch)
        }

    async def create(self, object_class: str, attributes: Attributes, options: OperationOptions) -> WriteResult:
        """
        Make an object. Raises InvalidInput, AlreadyExists or any ConnectorError; then nothing was made, except that
        Ambiguous says that nobody knows.
        """
        request = ChangeRequest(Change.CREATE, attributes=attributes)
        return await self._writer.one(self._handler(object_class), request, options)

    async def update(
        self,
        object_class: str,
        uid: str,
        deltas: Sequence[AttributeDelta],
        options: OperationOptions,
    ) -> WriteResult:
        """
        Change an object. Raises InvalidInput, UnknownUid, GuardRefused when it would be disabled, or any
        ConnectorError.
        """
        request = ChangeRequest(Change.UPDATE, uid, deltas=tuple(deltas))
        return await self._writer.one(self._handler(object_class), request, options)

    async def delete(self, object_class: str, uid: str, options: OperationOptions) -> WriteResult:
        """
        Remove an object. Raises UnknownUid, GuardRefused or any ConnectorError.
        """
        return await self._writer.one(self._handler(object_class), ChangeRequest(Change.DELETE, uid), options)

    async def apply_many(
        self,
        object_class: str,
        changes: Sequence[ChangeRequest],
        options: OperationOptions,
    ) -> list[ChangeOutcome]:
        """
        Make many changes; one outcome for each, in order. Where the target has no bulk they are made one by one.
        """
        return await self._writer.many(self._handler(object_class), changes, options)

    async def get(self, object_class: str, uid: str, options: OperationOptions) -> ConnectorObject:
        """
        Read an object. Identical reads in flight are one, unless something was written since they began.

        Raises UnknownUid when it is not there.
        """
        info = self._handler(object_class).info
        handler = self._readable.get(info.name)
        if handler is None:
            raise _unsupported(info, Operation.GET)
        self._refuse_denied(Operation.GET, info.name, options)
        wanted = validation.wanted(info, options, single=True)
        copy = self._copied.get(info.name)
        if copy is not None:
            known = await copy.held(uid, wanted, options)
            if known is not None:
                return known.only(wanted)
        found = await self._reads.read(
            (info.name, uid, wanted),
            lambda: self._limiter.read(Operation.GET, lambda: handler.get(uid, wanted, options)),
        )
        return found.only(wanted)

    def search(self, object_class: str, node: Filter, options: OperationOptions) -> Search:
        """
        Look for objects. Nothing is read before the search is iterated; wrong input is refused at once.
        """
        info = self._handler(object_class).info
        streaming = self._searchable.get(info.name)
        if streaming is None:
            raise _unsupported(info, Operation.SEARCH)
        self._refuse_denied(Operation.SEARCH, info.name, options)
        if options.page_size < 0 or options.offset < 0:
            raise InvalidOption("Page size and offset are zero or more")
        if options.cookie is not None and options.offset:
            raise InvalidOption("A cookie and an offset exclude each other")
        keys = tuple(SortKey(info.attribute(key.attribute).name, key.ascending) for key in options.sort_keys)
        asked = replace(options, sort_keys=keys) if keys else options
        question = Question(info, checked(node, info), validation.wanted(info, options), asked)
        return Search(streaming, question, self._cookies)

    async def test(self, options: OperationOptions) -> TestReport:
        """
        Test the connector: what is wrong is in the report. Raises UnsupportedOperation when it cannot be tested.
        """
        connector = self._connector
        if not isinstance(connector, CanTest):
            raise self._incapable(Operation.TEST)
        self.denials.refuse_at_all(Operation.TEST, self.system)
        options.actor.denials.refuse_at_all(Operation.TEST, self.system)
        return await self._limiter.read(Operation.TEST, lambda: connector.test(options))

    def sync(self, object_class: str, token: str | None, options: OperationOptions) -> AsyncIterator[SyncDelta]:
        """
        Stream what changed since the token, everything without one. Each delta has a token at which one may stop.

        Raises InvalidOption for a token that cannot be gone on from.
        """
        deltas = self._syncing(object_class, options).sync(token, options)
        return self._limiter.stream(Operation.SYNC, deltas)

    async def latest_token(self, object_class: str, options: OperationOptions) -> str | None:
        """
        Return the sync token of now.
        """
        handler = self._syncing(object_class, options)
        return await self._limiter.read(Operation.SYNC, lambda: handler.latest_token(options))

    async def authenticate(self, object_class: str, name: str, password: str, options: OperationOptions) -> str:
        """
        Check somebody's password and return the uid. Raises BadCredentials.
        """
        handler = self._handler(object_class)
        if not isinstance(handler, CanAuthenticate):
            raise _unsupported(handler.info, Operation.AUTHENTICATE)
        self._refuse_denied(Operation.AUTHENTICATE, handler.info.name, options)
        return await self._limiter.read(
            Operation.AUTHENTICATE,
            lambda: handler.authenticate(name, password, options),
        )

    async def run_script(
        self, language: str, text: str, arguments: Mapping[str, object], options: OperationOptions
    ) -> object:
        """
        Run a script on the connector. What it reads and writes goes through this facade, with these options.

        Raises UnsupportedOperation when the connector runs none, or none in this language; ScriptFailed.
        """
        connector = self._connector
        if not isinstance(connector, CanRunScript):
            raise self._incapable(Operation.SCRIPT_ON_CONNECTOR)
        self.denials.refuse_at_all(Operation.SCRIPT_ON_CONNECTOR, self.system)
        options.actor.denials.refuse_at_all(Operation.SCRIPT_ON_CONNECTOR, self.system)
        return await connector.run_script(language, text, arguments, self, options)

    async def discover(self) -> Mapping[str, Sequence[object]]:
        """
        Return suggested values of configuration properties. Raises UnsupportedOperation when there are none.
        """
        connector = self._connector
        if not isinstance(connector, CanDiscover):
            raise self._incapable(Operation.DISCOVER)
        self.denials.refuse_at_all(Operation.DISCOVER, self.system)
        return await self._limiter.read(Operation.DISCOVER, connector.discover)

    async def aclose(self) -> None:
        """
        Release the connector.
        """
        await self._connector.aclose()

    def _handler(self, object_class: str) -> Handler:
        found = self._handlers.get(names.folded(object_class))
        if found is None:
            raise UnknownObjectClass(f"Not found: {object_class}")
        return found

    def _refuse_denied(self, operation: Operation, object_class: str, options: OperationOptions) -> None:
        self.denials.refuse(operation, object_class)
        options.actor.denials.refuse(operation, object_class)

    def _syncing(self, object_class: str, options: OperationOptions) -> CanSync:
        handler = self._handler(object_class)
        if not isinstance(handler, CanSync):
            raise _unsupported(handler.info, Operation.SYNC)
        self._refuse_denied(Operation.SYNC, handler.info.name, options)
        return handler

    def _incapable(self, operation: Operation) -> UnsupportedOperation:
        return UnsupportedOperation(f"{self.system} does not support {operation.value}")


def _unsupported(info: ObjectClassInfo, operation: Operation) -> UnsupportedOperation:
    return UnsupportedOperation(f"{info.name} does not support {operation.value}")
