"""
What a failure of the network means, at real TLS servers and real proxies: may the request have arrived, what was in the
way, and which property does the person read?
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import trustme

from fakes.proxy import TunnelProxy
from fakes.scripted_webex import Reply, Script
from fakes.telling_tls import telling_server
from fakes.virtual_time import VirtualClock
from fakes.wire import TOKEN, Wire
from webex_connector.webex.call import Call
from webex_connector.webex.certificates import CertificateFile
from webex_connector.webex.errors import AnswerLost, NotReached, Obstacle, WebexError
from webex_connector.webex.wire import Request

WRITE = Request("POST", "/people", body={})
SHOWN: dict[str, object] = {**TOKEN, "clientCertAlias": "ours"}
NOT_TAKEN = "the server probably does not accept the client certificate of clientCertAlias, "


@pytest.fixture
async def wire(clock: VirtualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """
    Where servers and clients meet; the client has a certificate whose issuer no server knows.
    """
    for name in ("NO_PROXY", "no_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "client.pem"
    trustme.CA().issue_cert("us@acme.example").private_key_and_cert_chain_pem.write_to_path(str(file))
    async with AsyncExitStack() as stack:
        met = Wire(stack, clock, tmp_path, lambda authority: monkeypatch.setenv("SSL_CERT_FILE", str(authority)))
        met.trust_authority()
        met.certificates = {"ours": CertificateFile(file)}
        yield met


async def failure(wire: Wire, uri: str, properties: dict[str, Any]) -> WebexError:
    """
    How a write ends there.
    """
    with pytest.raises(WebexError) as caught:
        await wire.transport({**properties, "serviceUri": uri}).send(WRITE, Call())
    return caught.value


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_rejected_certificate_is_no_doubt(version: ssl.TLSVersion, wire: Wire) -> None:
    """
    Under TLS 1.3 the request leaves before the server's alert is heard; it was read by nobody all the same.
    """
    context = wire.secured(asks=True)
    context.maximum_version = version
    uri = await wire.stack.enter_async_context(telling_server(context))
    error = await failure(wire, uri, SHOWN)

    assert isinstance(error, NotReached)
    assert Obstacle.CLIENT_CERTIFICATE is error.obstacle
    assert error.detail.startswith(NOT_TAKEN)
    assert "unknown ca" in error.detail


async def test_a_server_that_wants_a_certificate_is_told_apart(wire: Wire) -> None:
    """
    There is none to show: the property to set is named.
    """
    uri = await wire.stack.enter_async_context(telling_server(wire.secured(asks=True)))
    error = await failure(wire, uri, dict(TOKEN))

    assert isinstance(error, NotReached)
    assert error.detail.startswith("the server wants a client certificate, and clientCertAlias names none (")


async def test_a_server_that_hangs_up_without_a_word_leaves_a_doubt(wire: Wire) -> None:
    """
    Nobody can tell whether it read the request, but the likely cause is named.
    """
    server = await wire.server(wire.secured(asks=True))
    error = await failure(wire, server.uri, SHOWN)

    assert isinstance(error, AnswerLost)
    assert Obstacle.CLIENT_CERTIFICATE is error.obstacle
    assert error.detail.startswith(NOT_TAKEN)


async def test_a_lost_answer_is_not_blamed_on_an_accepted_certificate(wire: Wire) -> None:
    """
    On a connection that carried an answer the server has accepted us; and a broken answer is an answer.
    """
    leaf = wire.authority.issue_cert("us@acme.example")
    leaf.private_key_and_cert_chain_pem.write_to_path(str(wire.folder / "client.pem"))
    for good, cut_after in ((1, 0), (0, 85)):
        replies = [Reply(body={"items": []}, cut_after=cut_after)] + [Reply(body={"items": []})] * good
        server = await wire.server(wire.secured(asks=True), replied(replies))
        transport = wire.transport({**SHOWN, "serviceUri": server.uri})
        for _ in range(good):
            await transport.send(WRITE, Call())
        with pytest.raises(AnswerLost) as caught:
            await transport.send(WRITE, Call())
        assert "clientCertAlias" not in caught.value.detail


async def test_our_distrust_is_not_blamed_on_our_certificate(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Whoever does not trust the server's certificate looks at that one.
    """
    monkeypatch.delenv("SSL_CERT_FILE")
    server = await wire.server(wire.secured(asks=True))
    error = await failure(wire, server.uri, SHOWN)

    assert Obstacle.TLS is error.obstacle
    assert "clientCertAlias" not in error.detail


def replied(replies: list[Reply]) -> Script:
    """
    Reply with these, the last one first.
    """
    return lambda _seen: replies.pop()


LOG_IN = {"httpProxyUsername": "u", "httpProxyPassword": "wrong"}


@pytest.mark.parametrize(
    ("log_in", "hint"),
    [
        (LOG_IN, "the proxy does not accept httpProxyUsername and httpProxyPassword"),
        ({}, "the proxy wants a log-in: httpProxyUsername and httpProxyPassword are not set"),
    ],
)
@pytest.mark.parametrize("scheme", ["https", "http"])
async def test_a_proxy_that_wants_a_log_in(scheme: str, log_in: dict[str, Any], hint: str, wire: Wire) -> None:
    """
    With a tunnel and without one its refusal is no answer of Webex, and nothing was carried.
    """
    proxy = await wire.stack.enter_async_context(TunnelProxy("u:p"))
    through = {"httpProxyHost": "127.0.0.1", "httpProxyPort": proxy.port}
    error = await failure(wire, f"{scheme}://localhost:2/v1", {**TOKEN, **through, **log_in})

    assert isinstance(error, NotReached)
    assert Obstacle.PROXY is error.obstacle
    assert error.detail.startswith(f"{hint} (")
    assert "407" in error.detail


@pytest.mark.parametrize("host", ["127.0.0.1", "proxy.invalid"])
async def test_a_proxy_that_is_not_there(host: str, wire: Wire) -> None:
    """
    It takes no connection, or no name server knows it; Webex is not to blame.
    """
    error = await failure(wire, "https://localhost:2/v1", {**TOKEN, "httpProxyHost": host, "httpProxyPort": 1})

    assert Obstacle.NO_PROXY is error.obstacle
    assert error.detail.startswith("the proxy of httpProxyHost and httpProxyPort is not reached (")


async def test_a_proxy_that_reaches_nobody(wire: Wire) -> None:
    """
    It took the connection, and refuses the way.
    """
    proxy = await wire.stack.enter_async_context(TunnelProxy(dead_end=True))
    through = {"httpProxyHost": "127.0.0.1", "httpProxyPort": proxy.port}
    error = await failure(wire, "https://localhost:2/v1", {**TOKEN, **through})

    assert error.detail.startswith("the proxy of httpProxyHost and httpProxyPort refuses the way (")


async def test_a_proxy_of_the_environment(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    No property names it, so the variable is named.
    """
    proxy = await wire.stack.enter_async_context(TunnelProxy("u:p"))
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
    error = await failure(wire, "https://webex.example/v1", dict(TOKEN))

    assert error.detail.startswith("the proxy that the environment names (HTTPS_PROXY) refuses (")


async def test_webex_behind_a_proxy_can_be_what_is_not_reached(wire: Wire) -> None:
    """
    An untrusted certificate at the end of the tunnel is Webex's, not the proxy's.
    """
    proxy = await wire.stack.enter_async_context(TunnelProxy())
    server = await wire.server(wire.secured("other.example"))
    through = {"httpProxyHost": "127.0.0.1", "httpProxyPort": proxy.port}
    error = await failure(wire, server.uri, {**TOKEN, **through})

    assert Obstacle.TLS is error.obstacle
    assert "proxy" not in error.detail
