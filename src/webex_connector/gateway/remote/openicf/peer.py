"""
What is said on one socket: the greeting, what there is, and operations.
"""

import asyncio
from contextlib import suppress
from typing import Any, Final

from webex_connector.base.log import logger
from webex_connector.gateway.remote import errors
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.streams import written
from webex_connector.gateway.remote.description import connectors_of
from webex_connector.gateway.remote.openicf import outcomes
from webex_connector.gateway.remote.openicf.groups import Group, Groups
from webex_connector.gateway.remote.openicf.messages import member, new, parsed
from webex_connector.gateway.remote.openicf.socket import Socket
from webex_connector.icf.errors import ConnectionFailed

_log = logger("gateway")

_CONNECTORS: Final = 0
"""
The level of information that a platform begins with.
"""


class Peer:
    """
    A platform at the other end of a socket.
    """

    def __init__(self, groups: Groups, socket: Socket) -> None:
        self._groups, self._socket = groups, socket
        self._group: Group | None = None
        self.greeted = asyncio.Event()
        """
        Set when the platform has said who it is.
        """

    async def greet(self) -> None:
        """
        Say who we are: the one who has opened the socket begins. Raises ConnectionError.
        """
        await self._say(0, request=new("Request", handshake=self._ourselves()))

    async def retire(self, within: float) -> None:
        """
        Close the socket when nothing goes on that came by it, or so many seconds are over.
        """
        if self._group is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(within):
                    await self._group.done_with(self._socket)
        await self._socket.close()

    async def held(self) -> None:
        """
        Answer until the socket is closed, and close it. What goes wrong with it is told to the log, in one line.
        """
        asking = asyncio.create_task(self._asked_to_be_there())
        try:
            await self._listened()
        except Malformed as problem:
            _log.warning("remote.not_understood", peer=self._socket.peer, reason=str(problem))
            await self._socket.close(str(problem), wrong=True)
        except ConnectionError:
            _log.info("remote.peer_gone", peer=self._socket.peer)
        except TimeoutError:
            _log.info("remote.peer_silent", peer=self._socket.peer)
        except Exception as error:  # noqa: BLE001 - a fault of ours costs one socket, and is told
            _log.error("remote.failed", peer=self._socket.peer, exc_info=error)
        finally:
            asking.cancel()
            if self._group is not None:
                self._groups.left(self._group, self._socket)
            await self._socket.close()

    async def _asked_to_be_there(self) -> None:
        """
        Ask now and then whether the peer is still there, and close the socket when it is not.
        """
        patience = self._groups.patience
        try:
            while True:
                await self._groups.operations.clock.sleep(patience.quiet)
                await self._socket.answered(patience.handling)
        except (ConnectionError, TimeoutError):
            await self._socket.close()

    async def _listened(self) -> None:
        async with asyncio.timeout(self._groups.patience.greeting) as waiting:
            async for content in self._socket.messages():
                message = parsed(content)
                match member(message):
                    case "request":
                        await self._asked(message.id, message.request)
                    case "response":
                        self._answered(message.response)
                    case _:
                        raise Malformed("a message is neither a request nor a response")
                if self._group is not None:
                    waiting.reschedule(None)

    async def _asked(self, number: int, request: Any) -> None:
        kind = member(request)
        if kind == "handshake":
            self._joined(request.handshake)
            await self._say(number, response=new("Response", handshake=self._ourselves()))
        elif self._group is None:
            early = errors.wrapped(ConnectionFailed("A request came before the handshake"))
            await self._say(number, response=outcomes.failed(early))
        elif kind == "operation" and request.operation.HasField("configuration_change"):
            # An event, which has no answer. The connectors here keep their configuration.
            return
        elif kind == "operation":
            self._group.start(number, request.operation, self._socket)
        elif kind == "control":
            await self._say(number, response=new("Response", control=self._controlled(request.control)))
        elif kind == "cancel":
            self._group.cancel(number)
        else:
            raise Malformed("a request asks for nothing that there is")

    def _answered(self, response: Any) -> None:
        # The greeting is all that we ever ask for.
        if member(response) == "handshake" and self._group is None:
            self._joined(response.handshake)

    def _joined(self, handshake: Any) -> None:
        if self._group is not None or not handshake.session:
            raise Malformed("a handshake names no session" if self._group is None else "there are two handshakes")
        self._group = self._groups.joined(handshake.session, self._socket)
        self.greeted.set()

    def _ourselves(self) -> Any:
        return new("Handshake", session=self._groups.session)

    def _controlled(self, control: Any) -> Any:
        if _CONNECTORS not in control.levels:
            return new("Controlled")
        operations = self._groups.operations
        return new("Controlled", connectors=written(tuple(connectors_of(operations.facades.kinds, operations.profile))))

    async def _say(self, number: int, **what: Any) -> None:
        await self._socket.send(new("RemoteMessage", id=number, **what).SerializeToString())
