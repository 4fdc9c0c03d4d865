"""
A connector server as its clients reach it: one connection for each request, as the Java clients do it.
"""

import asyncio
import hashlib
import hmac
import ssl
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.client.errors import error_of
from webex_connector.gateway.remote.codec.framing import TRUSTED
from webex_connector.gateway.remote.codec.messages import (
    ErrorResponse,
    HelloRequest,
    HelloResponse,
    OperationRequest,
    OperationRequestMoreData,
    OperationResponseEnd,
    OperationResponsePart,
    OperationResponsePause,
)
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.values import Locale, Value
from webex_connector.gateway.remote.wire import Wire
from webex_connector.icf.errors import (
    AccessRefused,
    Ambiguous,
    ConfigurationInvalid,
    ConnectionBroken,
    ConnectionFailed,
    ConnectorError,
    InvalidCredential,
    OperationTimeout,
)

PORT: Final = 8759
"""
The port of connector servers that nobody moved.
"""

CONNECTORS: Final = 20
"""
The level of a greeting that asks for everything about all connectors.
"""


@dataclass(frozen=True, slots=True)
class Server:
    """
    Where a connector server is, and what it takes to be heard there.
    """

    host: str
    port: int
    key: Secret
    """
    The shared key itself, not its digest.
    """
    tls: ssl.SSLContext | None = None
    """
    How TLS is spoken; None for plain TCP.
    """
    fingerprint: str | None = None
    """
    The SHA-256 of the certificate that the server has to show, in hexadecimal digits with or without colons. It is
    looked at before the key leaves.
    """
    within: float = 60.0
    """
    Seconds until a connection is made, and until the next word of an answer.
    """

    async def hello(self) -> HelloResponse:
        """
        Return what the server offers. Raises AccessRefused for a wrong key, ConfigurationInvalid for a certificate
        that is not trusted, ConnectionFailed, ConnectionBroken and OperationTimeout.
        """
        async with self._asked(HelloRequest(CONNECTORS), writing=False) as wire:
            answer = await wire.read(TRUSTED, self.within)
            if not isinstance(answer, HelloResponse):
                raise Malformed(_misfit(answer))
        if answer.exception is not None:
            raise _refusal(error_of(answer.exception, writing=False))
        return answer

    async def call(self, request: OperationRequest, *, writing: bool = False) -> Value:
        """
        Return what an operation without a stream answers.

        Raises ConnectionFailed when nothing was asked yet, the error that the server tells (for a wrong key
        InvalidCredential), and when the answer does not come ConnectionBroken or OperationTimeout, or of a write
        Ambiguous.
        """
        async with self._asked(request, writing=writing) as wire:
            return _result(await wire.read(TRUSTED, self.within), writing=writing)

    def stream(self, request: OperationRequest) -> "Stream":
        """
        Return the stream that an operation answers; nothing is asked before it is iterated.
        """
        return Stream(self, request)

    @asynccontextmanager
    async def _asked(self, request: Value, *, writing: bool) -> AsyncIterator[Wire]:
        """
        Send a request and yield the connection on which the answer comes.
        """
        reader, writer = await self._connected()
        try:
            wire = Wire(reader, writer)
            for each in (Locale("en"), self.key, request):
                await wire.write(each)
            await wire.flush()
            yield wire
        except (OSError, EOFError, Malformed) as problem:
            # A timeout is an OSError, too.
            raise self._broken(problem, writing=writing) from problem
        finally:
            writer.transport.abort()

    def _broken(self, problem: Exception, *, writing: bool) -> ConnectorError:
        if isinstance(problem, TimeoutError):
            sentence = f"{self.host}:{self.port} said nothing for {self.within:g} seconds"
            return Ambiguous(sentence) if writing else OperationTimeout(sentence)
        reason = {
            Malformed: f"what it says is not the connector protocol: {problem}",
            EOFError: "it hung up without an answer; perhaps it speaks TLS, or plain TCP, and we do not",
        }.get(type(problem), str(problem))
        sentence = f"The connection to {self.host}:{self.port} broke: {reason}"
        return Ambiguous(sentence) if writing else ConnectionBroken(sentence)

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        where = f"{self.host}:{self.port}"
        try:
            async with asyncio.timeout(self.within):
                reader, writer = await asyncio.open_connection(self.host, self.port, ssl=self.tls)
        except ssl.SSLCertVerificationError as problem:
            raise ConfigurationInvalid(
                f"The certificate of {where} is not trusted: {problem.verify_message}; name a file that it is in, or "
                "its fingerprint"
            ) from problem
        except TimeoutError:
            raise ConnectionFailed(f"{where} does not answer within {self.within:g} seconds") from None
        except ssl.SSLError as problem:
            raise ConnectionFailed(f"{where} does not speak TLS: {problem.reason or problem}") from problem
        except OSError as problem:
            raise ConnectionFailed(f"{where} cannot be reached: {problem.strerror or problem}") from problem
        try:
            self._check(writer)
        except ConfigurationInvalid:
            writer.transport.abort()
            raise
        return reader, writer

    def _check(self, writer: asyncio.StreamWriter) -> None:
        if self.fingerprint is None:
            return
        shown = writer.get_extra_info("ssl_object")
        found = hashlib.sha256(shown.getpeercert(binary_form=True) if shown else b"").hexdigest()
        if not hmac.compare_digest(found, self.fingerprint.replace(":", "").lower()):
            raise ConfigurationInvalid(
                f"{self.host}:{self.port} shows a certificate with the fingerprint {_pairs(found)}, not the expected "
                "one; it was told nothing"
            )


class Stream:
    """
    The objects that an operation answers, one after the other, and what it returns after the last one.
    """

    def __init__(self, server: Server, request: OperationRequest) -> None:
        self._server, self._request = server, request
        self.returned: Value = None
        """
        What the operation returned; None until it has ended.
        """

    async def __aiter__(self) -> AsyncGenerator[Value, None]:
        """
        Ask, and yield the objects. Leaving early hangs up, which ends the operation. Raises what `Server.call` raises.
        """
        server = self._server
        async with server._asked(self._request, writing=False) as wire:  # noqa: SLF001 - the two are one matter
            while not isinstance(answer := await wire.read(TRUSTED, server.within), OperationResponseEnd):
                if isinstance(answer, OperationResponsePause):
                    await wire.write(OperationRequestMoreData())
                    await wire.flush()
                else:
                    yield _result(answer, writing=False)
            self.returned = _result(await wire.read(TRUSTED, server.within), writing=False)


def _result(answer: Value, *, writing: bool) -> Value:
    if isinstance(answer, ErrorResponse) and answer.exception is not None:
        raise error_of(answer.exception, writing=writing)
    if not isinstance(answer, OperationResponsePart):
        raise Malformed(_misfit(answer))
    if answer.exception is not None:
        raise error_of(answer.exception, writing=writing)
    return answer.result


def _refusal(error: ConnectorError) -> ConnectorError:
    if isinstance(error, InvalidCredential):
        return AccessRefused("The connector server does not know this key")
    return error


def _misfit(answer: Value) -> str:
    return f"a {type(answer).__name__} is no answer"


def _pairs(digits: str) -> str:
    return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2)).upper()
