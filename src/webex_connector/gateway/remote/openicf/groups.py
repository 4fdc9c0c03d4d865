"""
Platforms with all their sockets. Requests, answers and cancellations of one platform may come and go by any of them, so
that operations belong to the platform and not to a socket.
"""

import asyncio
import secrets
from collections import OrderedDict
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from webex_connector.gateway.remote import errors
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.openicf import outcomes
from webex_connector.gateway.remote.openicf.messages import member, new
from webex_connector.gateway.remote.openicf.requests import ACCOMPANYING, request_of
from webex_connector.gateway.remote.operations import Operations, failure
from webex_connector.gateway.remote.streaming import Flow
from webex_connector.icf.errors import Ambiguous, ConnectionBroken, ConnectionFailed, ConnectorError, Throttled

_CANCELLED_AT_MOST: Final = 1_000
_GOODBYE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How long is waited for whom, in seconds, and how much is done at once.
    """

    greeting: float = 20.0
    """
    For a WebSocket to be opened, and for the first message on it.
    """
    quiet: float = 60.0
    """
    For which a socket says nothing before it is asked whether it is still there.
    """
    handling: float = 900.0
    """
    For the answer to that. A platform that has much to do with what it got does not read meanwhile.
    """
    absence: float = 60.0
    """
    For a platform that has lost its last socket to come back for an answer.
    """
    cancelled: float = 60.0
    """
    How long an operation is remembered that was cancelled before it came.
    """
    at_once: int = 200
    """
    How many operations of one platform go on at the same time.
    """


class Line(Protocol):
    """
    Where messages go.
    """

    async def send(self, content: bytes) -> None:
        """
        Send a message. Raises ConnectionError when nobody is there any more.
        """
        ...


class _Lost(Exception):
    """
    The socket that a stream went by is closed.
    """


@dataclass(slots=True)
class _Running:
    task: asyncio.Task[None]
    line: Line
    crowded: bool
    """
    Whether there was no place for it when it came.
    """
    streams: bool = False
    sent: int = 0
    """
    How many objects of a stream are sent.
    """
    unwanted: bool = False


class Group:
    """
    One platform, by the session that it names on each of its sockets.
    """

    def __init__(self, operations: Operations, patience: Patience) -> None:
        self._operations, self._patience = operations, patience
        self._lines: dict[Line, None] = {}
        self._joined = asyncio.Event()
        self._running: dict[int, _Running] = {}
        self._cancelled: OrderedDict[int, float] = OrderedDict()
        self._closing = False

    @property
    def forsaken(self) -> bool:
        """
        Whether it has neither sockets nor operations.
        """
        return not self._lines and not self._running

    def join(self, line: Line) -> None:
        """
        Take a socket in.
        """
        self._lines[line] = None
        self._joined.set()

    def leave(self, line: Line) -> None:
        """
        Take note that a socket is closed. Streams on it fail: nobody knows how much of them has arrived.
        """
        self._lines.pop(line, None)
        for each in self._running.values():
            if each.line is line and each.streams:
                each.task.cancel()

    async def done_with(self, line: Line) -> None:
        """
        Wait until no operation that came by this socket goes on any more.
        """
        while tasks := [each.task for each in self._running.values() if each.line is line]:
            await asyncio.wait(tasks)

    def start(self, number: int, operation: Any, line: Line) -> None:
        """
        Perform an operation and send its answer, unless it was cancelled before. Raises Malformed when its number is
        that of an operation that still goes on.
        """
        if number in self._running:
            raise Malformed(f"the number {number} is given to two requests")
        until = self._cancelled.pop(number, None)
        if until is not None and self._operations.clock.monotonic() < until:
            return
        task = asyncio.get_running_loop().create_task(self._answered(number, operation))
        self._running[number] = _Running(task, line, crowded=len(self._running) >= self._patience.at_once)
        task.add_done_callback(lambda _: self._running.pop(number))

    def cancel(self, number: int) -> None:
        """
        Stop a stream. Other operations go on to their end, without an answer: half a change would be worse than a whole
        one. An operation that has not come yet is not performed when it comes.
        """
        running = self._running.get(number)
        if running is None:
            self._cancelled[number] = self._operations.clock.monotonic() + self._patience.cancelled
            if len(self._cancelled) > _CANCELLED_AT_MOST:
                self._cancelled.popitem(last=False)
            return
        running.unwanted = True
        if running.streams:
            running.task.cancel()

    async def finish(self, within: float) -> None:
        """
        Begin nothing new, and give what goes on so many seconds; what is not at its end then is told to have failed.
        """
        self._closing = True
        if self._running:
            await asyncio.wait([each.task for each in self._running.values()], timeout=within)
        tasks = [each.task for each in self._running.values()]
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _answered(self, number: int, operation: Any) -> None:
        running = self._running[number]
        try:
            response = await self._performed(number, operation, running)
        except (asyncio.CancelledError, _Lost):
            response = outcomes.failed(errors.wrapped(self._broken(running)))
        if not running.unwanted:
            await self._told(_message(number, response), running.line)

    def _broken(self, running: _Running) -> ConnectorError:
        reason = "the connector server stops" if self._closing else "the connection that it went by was lost"
        if running.streams:
            return ConnectionBroken(f"The stream is not complete: {reason}")
        return Ambiguous(f"The operation did not come to its end: {reason}")

    async def _performed(self, number: int, operation: Any, running: _Running) -> Any:
        async def streamed(flow: Flow) -> None:
            running.streams = True
            if running.unwanted:
                return
            async with aclosing(flow.batches()) as batches:
                async for batch in batches:
                    for each in batch:
                        running.sent += 1
                        await _sent(_message(number, outcomes.part(each, running.sent)), running.line)

        name = ""
        try:
            name = member(operation, *ACCOMPANYING)
            self._admit(running)
            request = request_of(operation)
            returned = await self._operations.performed(request, streamed)
            if running.streams:
                return outcomes.end(request, returned, running.sent)
            return outcomes.answer(request, returned)
        except _Lost:
            raise
        except Exception as error:  # noqa: BLE001 - the platform is told of every failure, and the log of our own
            return outcomes.failed(failure(error, name))

    def _admit(self, running: _Running) -> None:
        if self._closing:
            raise ConnectionFailed("The connector server stops")
        if running.crowded:
            raise Throttled(f"More than {self._patience.at_once} operations go on at the same time")

    async def _told(self, content: bytes, line: Line) -> None:
        """
        Send an answer by any socket; wait for one when there is none, but not for ever.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE if self._closing else None) as waiting:
                while not await self._passed_on(content, line):
                    self._joined.clear()
                    if waiting.when() is None:
                        waiting.reschedule(asyncio.get_running_loop().time() + self._patience.absence)
                    await self._joined.wait()

    async def _passed_on(self, content: bytes, line: Line) -> bool:
        # The one that the request came by is the first choice.
        for each in sorted(self._lines, key=lambda other: other is not line):
            with suppress(ConnectionError):
                await each.send(content)
                return True
        return False


async def _sent(content: bytes, line: Line) -> None:
    try:
        await line.send(content)
    except ConnectionError:
        raise _Lost from None


def _message(number: int, response: Any) -> bytes:
    content: bytes = new("RemoteMessage", id=number, response=response).SerializeToString()
    return content


class Groups:
    """
    All platforms that are there.
    """

    def __init__(self, operations: Operations, patience: Patience = Patience()) -> None:
        self.operations, self.patience = operations, patience
        self.session = secrets.token_hex(20).upper()
        """
        What this run of the program calls itself.
        """
        self._groups: dict[str, Group] = {}

    def __len__(self) -> int:
        return len(self._groups)

    def joined(self, session: str, line: Line) -> Group:
        """
        Return the platform of a session, with a socket more.
        """
        self._forget()
        group = self._groups.setdefault(session, Group(self.operations, self.patience))
        group.join(line)
        return group

    def left(self, group: Group, line: Line) -> None:
        """
        Take a socket from a platform.
        """
        group.leave(line)
        self._forget()

    def _forget(self) -> None:
        for session in [session for session, group in self._groups.items() if group.forsaken]:
            del self._groups[session]

    async def finish(self, within: float) -> None:
        """
        Let every platform's operations end within so many seconds.
        """
        await asyncio.gather(*(each.finish(within) for each in self._groups.values()))
