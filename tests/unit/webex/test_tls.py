"""
Whom we trust, over real TLS with a certificate that its own key signed and that was made out to another host.
"""

import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from fakes.scripted_webex import Reply, Seen
from fakes.webex_stage import Stage
from webex_connector.base.secret import Secret
from webex_connector.webex.call import Call
from webex_connector.webex.errors import NotReached
from webex_connector.webex.settings import ProxySettings
from webex_connector.webex.wire import Request

CERTIFICATE = Path(__file__).parents[2] / "samples" / "other-host.pem"
READ = Request("GET", "/people")


@pytest.fixture
async def secured(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """
    A stage whose server shows the certificate of another host, which nobody trusts.
    """
    monkeypatch.delenv("SSL_CERT_FILE")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    await stage.server(lambda _seen: Reply(body={"items": []}), context)
    return stage


async def test_an_unknown_certificate_is_not_trusted(secured: Stage) -> None:
    """
    No request leaves, hence no token; the error names the reason.
    """
    with pytest.raises(NotReached, match="CERTIFICATE_VERIFY_FAILED"):
        await secured.transport().send(READ, Call())


async def test_any_certificate_can_be_accepted_with_a_warning(secured: Stage) -> None:
    """
    For tests against a system without a proper certificate.
    """
    secured.settings = replace(secured.settings, accept_self_signed=True)
    with capture_logs() as lines:
        transport = secured.transport()
    assert [("webex.any_certificate_accepted", "warning")] == [(line["event"], line["log_level"]) for line in lines]
    assert {"items": []} == (await transport.send(READ, Call())).data


async def test_a_known_certificate_of_another_host_is_not_trusted(
    secured: Stage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    A known issuer alone is not enough: the name must fit.
    """
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with pytest.raises(NotReached, match=r"CERTIFICATE_VERIFY_FAILED.*not valid for '127.0.0.1'"):
        await secured.transport().send(READ, Call())


async def test_the_name_can_be_left_unchecked_with_a_warning(
    secured: Stage,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    The issuer must still be a known one: without it the same setting does not help.
    """
    secured.settings = replace(secured.settings, disable_host_name_verifier=True)
    with pytest.raises(NotReached):
        await secured.transport().send(READ, Call())
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with capture_logs() as lines:
        transport = secured.transport()
    assert [("webex.any_host_name_accepted", "warning")] == [(line["event"], line["log_level"]) for line in lines]
    assert {"items": []} == (await transport.send(READ, Call())).data


async def test_a_proxy_with_credentials_is_gone_through(stage: Stage) -> None:
    """
    The proxy gets the whole address and its own credentials; a host that no name server knows is no obstacle.
    """
    proxy = await stage.server(lambda _seen: Reply(body={"items": []}))
    host, port = proxy.origin.removeprefix("http://").split(":")
    through = ProxySettings(host, int(port), "user", Secret("hush"))
    stage.settings = replace(stage.settings, service_uri="http://webex.invalid/v1", proxy=through)
    await stage.transport().send(READ, Call())
    assert "http://webex.invalid/v1/people" == proxy.seen[0].target
    assert "Basic dXNlcjpodXNo" == proxy.seen[0].headers["proxy-authorization"]


async def test_a_proxy_that_refuses_the_way_is_a_request_that_never_left(stage: Stage) -> None:
    """
    CONNECT fails, so Webex saw nothing.
    """

    def refuse(seen: Seen) -> Reply:
        return Reply(407 if seen.method == "CONNECT" else 500)

    proxy = await stage.server(refuse)
    host, port = proxy.origin.removeprefix("http://").split(":")
    stage.settings = replace(
        stage.settings,
        service_uri="https://webex.invalid/v1",
        proxy=ProxySettings(host, int(port)),
    )
    with pytest.raises(NotReached):
        await stage.transport().send(Request("POST", "/people", body={}), Call())
    assert {"CONNECT"} == {seen.method for seen in proxy.seen}
