"""
What is said on one connection: requests one after the other, each with the key, and their answers.

Source: `ConnectionProcessor` in ConnId and OpenICF.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from webex_connector.base.secret import Secret
from webex_connector.gateway.remote import errors
from webex_connector.gateway.remote.codec.exceptions import ExceptionName, PlainException
from webex_connector.gateway.remote.codec.framing import STRANGER, TRUSTED
from webex_connector.gateway.remote.codec.messages import (
    EchoMessage,
    HelloRequest,
    HelloResponse,
    OperationRequest,
    OperationRequestMoreData,
    OperationRequestStopData,
    OperationResponseEnd,
    OperationResponsePart,
    OperationResponsePause,
)
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Long, Map, Value
from webex_connector.gateway.remote.description import connectors_of
from webex_connector.gateway.remote.key import Lock
from webex_connector.gateway.remote.operations import Operations, failure
from webex_connector.gateway.remote.streaming import Flow
from webex_connector.gateway.remote.wire import Wire
from webex_connector.icf.errors import InvalidCredential

_T = TypeVar("_T")

_SERVER, _KEYS, _CONNECTORS = 4, 16, 20
_WRONG_KEY: Final = "The key is not the connector server's"


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How long is waited for whom, in seconds.
    """

    greeting: float = 20.0
    """
    For a whole request, and for the next one on the same connection.
    """
    quiet: float = 20.0
    """
    How long a stream says nothing before it asks whether to go on, which keeps the platform waiting.
    """
    handling: float = 3_600.0
    """
    For a platform to deal with what it got, and say whether to go on.
    """
    pause: int = 200
    """
    After so many objects a platform is asked whether to go on. It gets as many again before its answer is waited for,
    so that neither side stands still; one that wants no more passes over them.
    """


@dataclass(frozen=True, slots=True)
class House:
    """
    What every conversation goes by.
    """

    lock: Lock
    operations: Operations
    started: datetime
    patience: Patience = Patience()


class Conversation:
    """
    One connection.
    """

    def __init__(self, house: House, wire: Wire, peer: str) -> None:
        self._house, self._wire, self._peer = house, wire, peer
        self._asked = False
        self.proven = False
        """
        Whether the peer has shown the key.
        """
        self.busy = False
        """
        Whether the peer waits for an answer.
        """

    async def held(self) -> None:
        """
        Answer requests until the peer ends the connection. Raises Malformed, TimeoutError, ConnectionError.
        """
        while True:
            within = self._house.patience.greeting
            try:
                await self._wire.read(STRANGER, within, {"Locale"})
            except EOFError:
                return
            key = await self._wire.read(STRANGER, within, {"GuardedString"})
            known = isinstance(key, Secret) and self._house.lock.opens(key, self._peer)
            self.proven = known
            request = await self._wire.read(TRUSTED if known else STRANGER, within)
            self.busy = True
            await self._answered(request, known=known)
            await self._wire.flush()
            self.busy = False
            try:
                await self._goes_on()
            except EOFError:
                return

    async def _answered(self, request: Value, *, known: bool) -> None:
        match request:
            case HelloRequest(level):
                await self._wire.write(self._hello(level) if known else _refused_hello())
            case OperationRequest() if known:
                await self._operation(request)
            case OperationRequest():
                await self._wire.write(OperationResponsePart(errors.wrapped(InvalidCredential(_WRONG_KEY))))
            case EchoMessage(value) if known:
                await self._wire.write(EchoMessage(value))
            case _:
                raise Malformed(f"a {type(request).__name__} is no request")

    def _hello(self, level: int) -> HelloResponse:
        server: Map = Map()
        if level & _SERVER == _SERVER:
            server = Map((("SERVER_START_TIME", Long(int(self._house.started.timestamp() * 1000))),))
        kinds = self._house.operations.facades.kinds
        connectors = connectors_of(kinds, self._house.operations.profile) if level & _CONNECTORS == _CONNECTORS else []
        keys = [key for kind in kinds for key in kind.keys] if level & _KEYS == _KEYS else []
        return HelloResponse(None, server, tuple(connectors), tuple(keys))

    async def _operation(self, request: OperationRequest) -> None:
        try:
            result = await self._house.operations.performed(request, self._streamed)
        except (ConnectionError, TimeoutError, EOFError):
            raise
        except Exception as error:  # noqa: BLE001 - the platform is told of every failure, and the log of our own
            await self._wire.write(OperationResponsePart(failure(error, request.operation.name)))
        else:
            await self._wire.write(OperationResponsePart(None, result))

    async def _streamed(self, flow: Flow) -> None:
        async with aclosing(self._alive(flow.batches())) as batches:
            await self._sent(batches)
        await self._wire.write(OperationResponseEnd())

    async def _sent(self, batches: AsyncIterator[list[Value]]) -> None:
        """
        Send objects as long as the platform wants more of them.
        """
        sent = 0
        async for batch in batches:
            for each in batch:
                await self._wire.write(OperationResponsePart(None, each))
                sent += 1
                if sent % self._house.patience.pause == 0:
                    if not await self._goes_on():
                        return
                    await self._ask()

    async def _alive(self, flow: AsyncGenerator[list[Value], None]) -> AsyncGenerator[list[Value], None]:
        """
        Yield what a flow yields; while it yields nothing, ask the platform from time to time whether it is still there.
        """
        try:
            while True:
                coming = asyncio.ensure_future(anext(flow, None))
                try:
                    while not await self._came(coming):
                        if not await self._wants_more():
                            return
                    batch = await coming
                finally:
                    if not coming.done():
                        coming.cancel()
                        await asyncio.gather(coming, return_exceptions=True)
                if batch is None:
                    return
                yield batch
        finally:
            await flow.aclose()

    async def _came(self, coming: "asyncio.Future[_T]") -> bool:
        done, _ = await asyncio.wait([coming], timeout=self._house.patience.quiet)
        return bool(done)

    async def _wants_more(self) -> bool:
        if not await self._goes_on():
            return False
        await self._ask()
        return await self._goes_on()

    async def _ask(self) -> None:
        await self._wire.write(OperationResponsePause())
        self._asked = True

    async def _goes_on(self) -> bool:
        """
        Wait for the answer to what was asked last, if there is one to come, and return whether more is wanted.
        """
        if not self._asked:
            return True
        await self._wire.flush()
        answer = await self._wire.read(TRUSTED, self._house.patience.handling)
        if not isinstance(answer, OperationRequestMoreData | OperationRequestStopData):
            raise Malformed(f"a {type(answer).__name__} does not say whether to go on")
        self._asked = False
        return isinstance(answer, OperationRequestMoreData)


def _refused_hello() -> HelloResponse:
    return HelloResponse(PlainException(ExceptionName.INVALID_CREDENTIAL, _WRONG_KEY))
