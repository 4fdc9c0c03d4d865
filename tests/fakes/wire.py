"""
From properties to what reaches the other side: a server that plays both Webex and its token endpoint.
"""

import ssl
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from fakes.scripted_webex import Reply, ScriptedWebex, Seen
from fakes.virtual_time import VirtualClock
from webex_connector.connector.configuration import NO_CERTIFICATES, Certificates, connection_of
from webex_connector.connector.properties import PROPERTIES
from webex_connector.icf.configuration import configured
from webex_connector.webex.call import Call
from webex_connector.webex.pacer import AdaptivePacer
from webex_connector.webex.tokens import MemoryVault
from webex_connector.webex.transport import Transport
from webex_connector.webex.wire import Answer, Request

READ = Request("GET", "/people")
OAUTH: Mapping[str, object] = {"clientId": "c-id", "clientSecret": "c-secret", "refreshToken": "first-refresh"}
TOKEN: Mapping[str, object] = {"authenticationMethod": "TOKEN", "authToken": "pasted"}


def answer(seen: Seen) -> Reply:
    """
    Give tokens and empty lists.
    """
    if seen.path.endswith("/access_token"):
        return Reply(body={"access_token": "fresh", "expires_in": 1209600, "refresh_token": "first-refresh"})
    return Reply(body={"items": []})


def locked(key: bytes, passphrase: bytes) -> bytes:
    """
    Return a private key in PEM form, closed with a passphrase.
    """
    closed = BestAvailableEncryption(passphrase)
    return load_pem_private_key(key, None).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, closed)


class Wire:
    """
    Where servers and transports of one test meet; all of them end with it.
    """

    def __init__(self, stack: AsyncExitStack, clock: VirtualClock, folder: Path, trust: Callable[[Path], None]) -> None:
        self.stack, self.clock, self.folder = stack, clock, folder
        self._trust = trust
        self.authority = trustme.CA()
        self.certificates: Certificates = NO_CERTIFICATES

    async def server(
        self, tls: ssl.SSLContext | None = None, script: Callable[[Seen], Reply] = answer
    ) -> ScriptedWebex:
        """
        Start a server.
        """
        return await self.stack.enter_async_context(ScriptedWebex(script, tls))

    def secured(self, host: str = "127.0.0.1", *, asks: bool = False) -> ssl.SSLContext:
        """
        Return TLS for a server of our own authority; with `asks` it wants a client certificate of the same.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(host).configure_cert(context)
        if asks:
            self.authority.configure_trust(context)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def trust_authority(self) -> None:
        """
        Let this computer trust the authority.
        """
        file = self.folder / "authority.pem"
        self.authority.cert_pem.write_to_path(str(file))
        self._trust(file)

    def transport(self, properties: Mapping[str, object]) -> Transport:
        """
        Return what these properties make of the way to Webex.
        """
        connection = connection_of(configured(PROPERTIES, properties), self.clock, MemoryVault(), self.certificates)
        pacer = AdaptivePacer(self.clock, read=connection.read_rate, write=connection.write_rate)
        transport = Transport(connection.client, connection.tokens, pacer, self.clock, lambda: 0.0)
        self.stack.push_async_callback(transport.aclose)
        return transport

    async def ask(self, server: ScriptedWebex, properties: Mapping[str, object], request: Request = READ) -> Answer:
        """
        Send one request with these properties; the server is Webex and the token endpoint unless they say otherwise.
        """
        here = {"serviceUri": server.uri}
        if properties.get("authenticationMethod", "OAUTH") == "OAUTH":
            here["tokenEndpoint"] = f"{server.uri}/access_token"
        return await self.transport({**here, **properties}).send(request, Call())

    async def seen(self, properties: Mapping[str, object], request: Request = READ) -> list[Seen]:
        """
        Return the requests that these properties cause, the one for a token included.
        """
        server = await self.server()
        await self.ask(server, properties, request)
        return server.seen
