"""
A connector process that dies at a chosen moment, before a simulated organisation that lives on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from fakes.hub import facade_to
from fakes.ports import MemoryJournal
from webex_connector.base.clock import Clock
from webex_connector.icf.facade import Facade
from webex_connector.icf.ports import Done, Failed, Intent
from webex_connector.sandbox.delivery import Message, Receive, Send
from webex_connector.sandbox.sandbox import Sandbox

T = TypeVar("T")


class Moment(Enum):
    """
    When a process dies, as seen from one of its requests.
    """

    BEFORE = "before it leaves"
    AFTER = "after its effect, before its answer is read"
    UNTOLD = "after its answer, before the journal knows the end"


@dataclass(frozen=True)
class Death:
    """
    The end of a process at the request of this number, from one. UNTOLD is for the last request.
    """

    request: int
    moment: Moment


def deaths(requests: int) -> Iterator[Death]:
    """
    Yield every death that a process of so many requests can die.
    """
    for request in range(1, requests + 1):
        yield Death(request, Moment.BEFORE)
        yield Death(request, Moment.AFTER)
    yield Death(requests, Moment.UNTOLD)


class Gate:
    """
    Stands before the sandbox (ASGI), counts what the process now alive asks for, and lets it die.

    What a dead process may still send never arrives.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.requests = 0
        self.dead = False
        self._kill: Callable[[], object] = lambda: None
        self._death: Death | None = None

    def begin(self, kill: Callable[[], object], death: Death | None) -> None:
        """
        Let a process begin, with what ends it, and its death if it is to have one.
        """
        self.requests, self.dead, self._kill, self._death = 0, False, kill, death

    def die(self) -> None:
        """
        End the process.
        """
        self.dead = True
        self._kill()

    @property
    def is_untold(self) -> bool:
        """
        Whether the process is to die when the journal would be told the end.
        """
        return self._death is not None and self._death.moment is Moment.UNTOLD

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """
        Pass a request on, unless its sender dies before.
        """
        if not self.dead:
            self.requests += 1
            moment = self._death.moment if self._death and self._death.request == self.requests else None
            if moment is not Moment.BEFORE:
                await self.sandbox(scope, receive, _unheard if moment is Moment.AFTER else send)
            if moment not in {Moment.BEFORE, Moment.AFTER}:
                return
            self.die()
        # Nobody is answered: whoever asked is gone, and its connections close.
        while (await receive())["type"] != "http.disconnect":
            pass


async def _unheard(_message: Message) -> None:
    """
    Take an answer that nobody reads.
    """


class MortalJournal:
    """
    The journal as a process writes it: a dead one writes no more.
    """

    def __init__(self, journal: MemoryJournal, gate: Gate) -> None:
        self._journal = journal
        self._gate = gate

    async def begin(self, intent: Intent) -> str:
        """
        Add an entry.
        """
        return await self._journal.begin(intent)

    async def end(self, key: str, end: Done | Failed) -> None:
        """
        Complete an entry, unless the process is dead by then.
        """
        if self._gate.is_untold and not self._gate.dead:
            self._gate.die()
            await asyncio.Event().wait()
        if not self._gate.dead:
            await self._journal.end(key, end)


async def lived(
    gate: Gate,
    address: str,
    clock: Clock,
    journal: MemoryJournal,
    work: Callable[[Facade], Awaitable[T]],
    death: Death | None = None,
    opening: Callable[..., Facade] = facade_to,
    **properties: Any,
) -> T | None:
    """
    Do the work in a process of its own; None when it died on the way. Nothing of it but the journal is left. The
    properties are added to the connector's configuration; `opening` opens it to the sandbox.
    """
    facade = opening(gate.sandbox, address, clock, MortalJournal(journal, gate), **properties)
    task = asyncio.ensure_future(work(facade))
    gate.begin(task.cancel, death)
    try:
        return await task
    except asyncio.CancelledError:
        if not gate.dead:
            raise
        return None
    finally:
        await facade.aclose()
