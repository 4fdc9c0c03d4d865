"""
What each property about the way to Webex, and about the objects, does: at a proxy, in TLS, on the wire, by the clock.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping

from structlog.testing import capture_logs

from fakes.hub import OPTIONS, asked, running_hub
from fakes.hub_subjects import person_id
from fakes.proxy import TunnelProxy
from fakes.scripted_webex import Reply
from fakes.wire import READ, TOKEN, Wire, locked
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.webex.call import Call
from webex_connector.webex.certificates import CertificateFile
from webex_connector.webex.errors import AnswerLost, NotReached, WebexError
from webex_connector.webex.wire import Request, Root

Effect = Callable[[Wire], Awaitable[None]]

WRITE = Request("POST", "/groups", body={})


async def failing(wire: Wire, properties: Mapping[str, object], kind: type[WebexError] = NotReached) -> None:
    """
    A request with these properties does not come through.
    """
    try:
        await wire.transport(properties).send(READ, Call(deadline=wire.clock.monotonic() + 1000))
    except kind:
        return
    raise AssertionError(properties)


async def environment(wire: Wire) -> None:
    """
    Each cloud has hosts of its own, for Webex and for tokens; an explicit address goes before.
    """
    proxy = await wire.stack.enter_async_context(TunnelProxy(dead_end=True))
    through = {"httpProxyHost": "127.0.0.1", "httpProxyPort": proxy.port}
    oauth = {"clientId": "i", "clientSecret": "s", "refreshToken": "r"}
    for properties, host in (
        (TOKEN, "webexapis.com:443"),
        ({**TOKEN, "environment": "GOVERNMENT"}, "api-usgov.webex.com:443"),
        ({**oauth, "environment": "GOVERNMENT"}, "api-usgov.webex.com:443"),
        ({**TOKEN, "environment": "GOVERNMENT", "serviceUri": "https://webex.example/v1"}, "webex.example:443"),
        ({**oauth, "environment": "GOVERNMENT", "tokenEndpoint": "https://id.example/t"}, "id.example:443"),
    ):
        proxy.asked.clear()
        await failing(wire, {**through, **properties})
        assert {host} == set(proxy.asked)


async def service_uri(wire: Wire) -> None:
    """
    Every path begins there.
    """
    server = await wire.server()
    await wire.ask(server, {**TOKEN, "serviceUri": f"{server.origin}/gateway/v9/"})
    assert ["/gateway/v9/people"] == [each.path for each in server.seen]


async def scim_uri(wire: Wire) -> None:
    """
    SCIM paths begin there, and without it on the host of serviceUri.
    """
    request = Request("GET", "/x/v2/Users", root=Root.SCIM)
    server, elsewhere = await wire.server(), await wire.server()
    await wire.ask(server, {**TOKEN, "scimUri": f"{elsewhere.origin}/scim"}, request)
    await wire.ask(server, TOKEN, request)
    assert (["/scim/x/v2/Users"], ["/identity/scim/x/v2/Users"]) == (
        [each.path for each in elsewhere.seen],
        [each.path for each in server.seen],
    )


async def _seconds(wire: Wire, properties: Mapping[str, object], request: Request) -> float:
    server = await wire.server()
    transport = wire.transport({**TOKEN, "serviceUri": server.uri, **properties})
    began = wire.clock.monotonic()
    for _ in range(5):
        await transport.send(request, Call())
    return wire.clock.monotonic() - began


async def read_rate(wire: Wire) -> None:
    """
    Reads wait for their turn, as long as the rate says; writes do not wait for reads.
    """
    assert 7.9 < await _seconds(wire, {"readRateLimit": "30/min"}, READ) < 8.1
    assert await _seconds(wire, {"readRateLimit": "30/min"}, WRITE) < 1


async def write_rate(wire: Wire) -> None:
    """
    The same for writes.
    """
    assert 7.9 < await _seconds(wire, {"writeRateLimit": "30/min"}, WRITE) < 8.1
    assert await _seconds(wire, {"writeRateLimit": "30/min"}, READ) < 1


async def maximum_connections(wire: Wire) -> None:
    """
    More requests than that wait for a connection.
    """
    server = await wire.server(script=lambda _seen: Reply(body={"items": []}, delay=10))
    properties = {**TOKEN, "serviceUri": server.uri, "readRateLimit": "1000/sec", "maximumConnections": 2}
    transport = wire.transport(properties)
    began = wire.clock.monotonic()
    await asyncio.gather(*(transport.send(READ, Call()) for _ in range(6)))
    assert 2 == len(server._writers)
    assert 30 <= wire.clock.monotonic() - began < 31


async def connection_timeout(wire: Wire) -> None:
    """
    So many seconds the other side has, until TLS stands.
    """

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    with capture_logs() as lines:
        await failing(wire, {**TOKEN, "serviceUri": address, "connectionTimeout": 7})
    server.close()
    assert {7000} == {line["ms"] for line in lines if line["event"] == "webex.request"}


async def proxy(wire: Wire) -> None:
    """
    The way leads through the proxy, which is shown its own credentials; without the right ones nothing gets through.
    """
    tunnel = await wire.stack.enter_async_context(TunnelProxy("us3r:p4ss"))
    wire.trust_authority()
    server = await wire.server(wire.secured())
    through = {"httpProxyHost": "127.0.0.1", "httpProxyPort": str(tunnel.port)}
    log_in = {"httpProxyUsername": "us3r", "httpProxyPassword": "p4ss"}
    await wire.ask(server, {**TOKEN, **through, **log_in})
    assert ([server.origin.removeprefix("https://")], 1) == (tunnel.asked, len(server.seen))
    assert ["us3r:p4ss"] == [base64.b64decode(each.removeprefix("Basic ")).decode() for each in tunnel.credentials]
    assert "proxy-authorization" not in server.seen[0].headers
    for wrong in ({**log_in, "httpProxyPassword": "x"}, {**log_in, "httpProxyUsername": "x"}, {}):
        await failing(wire, {**TOKEN, "serviceUri": server.uri, **through, **wrong})
    assert 1 == len(server.seen)


async def client_certificate(wire: Wire) -> None:
    """
    A server that asks who we are is shown the certificate; without one nothing gets through.
    """
    wire.trust_authority()
    server = await wire.server(wire.secured(asks=True))
    leaf = wire.authority.issue_cert("us@acme.example")
    file = wire.folder / "client.pem"
    leaf.private_key_and_cert_chain_pem.write_to_path(str(file))
    wire.certificates = {"ours": CertificateFile(file)}
    await wire.ask(server, {**TOKEN, "clientCertAlias": "ours"})
    assert 1 == len(server.seen)
    await failing(wire, {**TOKEN, "serviceUri": server.uri}, AnswerLost)
    assert 1 == len(server.seen)


async def certificate_password(wire: Wire) -> None:
    """
    It opens the private key, where that has a passphrase of its own.
    """
    wire.trust_authority()
    server = await wire.server(wire.secured(asks=True))
    file, key = wire.folder / "client.pem", wire.folder / "client.key"
    leaf = wire.authority.issue_cert("us@acme.example")
    leaf.cert_chain_pems[0].write_to_path(str(file))
    key.write_bytes(locked(leaf.private_key_pem.bytes(), b"0pen"))
    wire.certificates = {"ours": CertificateFile(file, key)}
    await wire.ask(server, {**TOKEN, "clientCertAlias": "ours", "clientCertPassword": "0pen"})
    assert 1 == len(server.seen)


async def self_signed(wire: Wire) -> None:
    """
    An unknown certificate is trusted, with a warning.
    """
    server = await wire.server(wire.secured("another.example"))
    await failing(wire, {**TOKEN, "serviceUri": server.uri})
    with capture_logs() as lines:
        await wire.ask(server, {**TOKEN, "acceptSelfSignedCertificates": True})
    assert ["acceptSelfSignedCertificates"] == [line["setting"] for line in lines if line["log_level"] == "warning"]


async def any_host_name(wire: Wire) -> None:
    """
    A known certificate of another host is trusted, with a warning; an unknown one is not.
    """
    server = await wire.server(wire.secured("another.example"))
    without = {**TOKEN, "serviceUri": server.uri}
    await failing(wire, {**without, "disableHostNameVerifier": True})
    wire.trust_authority()
    await failing(wire, without)
    with capture_logs() as lines:
        await wire.ask(server, {**TOKEN, "disableHostNameVerifier": True})
    assert ["disableHostNameVerifier"] == [line["setting"] for line in lines if line["log_level"] == "warning"]


async def compression(wire: Wire) -> None:
    """
    Webex is asked for plain answers.
    """
    for value, wanted in ((False, "gzip"), (True, "identity")):
        headers = (await wire.seen({**TOKEN, "disableHttpCompression": value}))[0].headers
        assert wanted in headers["accept-encoding"].split(", ")


async def name_attribute(wire: Wire) -> None:
    """
    The account's name is that attribute.
    """
    for value, expected in (("emails", SAMPLE), ("firstName", "John")):
        async with running_hub(wire.clock, nameAttribute=value) as hub:
            assert expected == (await hub.facade.get(names.ACCOUNT, person_id(hub, SAMPLE), OPTIONS)).name


async def road(wire: Wire) -> None:
    """
    The change of an account goes by that API.
    """
    for value, expected in (("people", "PUT /people/{id}"), ("scim", "PATCH /Users/{id}")):
        async with running_hub(wire.clock, road=value) as hub:
            await hub.facade.update(names.ACCOUNT, person_id(hub, SAMPLE), [replaced("title", "Chief")], OPTIONS)
            assert expected in asked(hub)


async def object_classes(wire: Wire) -> None:
    """
    They are there beside the usual ones.
    """
    for value, expected in (([], set()), (["TEAMS"], {"TEAMS"}), (["TEAMS", "LOCATIONS"], {"TEAMS", "LOCATIONS"})):
        async with running_hub(wire.clock, objectClasses=value) as hub:
            there = {each.name for each in hub.facade.schema.object_classes}
            assert expected == there & {"TEAMS", "LOCATIONS"}


EFFECTS: Mapping[str, Effect] = {
    "environment": environment,
    "serviceUri": service_uri,
    "scimUri": scim_uri,
    "readRateLimit": read_rate,
    "writeRateLimit": write_rate,
    "maximumConnections": maximum_connections,
    "connectionTimeout": connection_timeout,
    "httpProxyHost": proxy,
    "httpProxyPort": proxy,
    "httpProxyUsername": proxy,
    "httpProxyPassword": proxy,
    "clientCertAlias": client_certificate,
    "clientCertPassword": certificate_password,
    "acceptSelfSignedCertificates": self_signed,
    "disableHostNameVerifier": any_host_name,
    "disableHttpCompression": compression,
    "nameAttribute": name_attribute,
    "road": road,
    "objectClasses": object_classes,
}
