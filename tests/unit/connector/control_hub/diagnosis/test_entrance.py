"""
What is told when nothing further can be: Webex is not reached, or does not take the credentials, or is another one.
"""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fakes.hub import OPTIONS, asked, running_hub
from fakes.scripted_webex import Reply, ScriptedWebex
from fakes.virtual_time import VirtualClock
from webex_connector.connector.control_hub.diagnosis import entrance, remedies
from webex_connector.connector.control_hub.diagnosis.tried import Tried
from webex_connector.connector.properties import Grant, Login, Method
from webex_connector.icf.objects import Finding, Verdict
from webex_connector.sandbox.faults import Fail, Fault, WrongJson
from webex_connector.webex.errors import NotReached, Obstacle

CERTIFICATE = Path(__file__).parents[4] / "samples" / "other-host.pem"
STRANGE_KEY = '{"kty": "oct", "k": "d3Jvbmd3cm9uZ3dyb25nd3Jvbmd3cm9uZ3dyb25nd3Jvbmc"}'
NOWHERE = "http://127.0.0.1:1/v1"


@dataclass(frozen=True)
class Trial:
    """
    What a test found, and what it asked.
    """

    findings: dict[str, Finding]
    requests: list[str]


async def trial(clock: VirtualClock, *faults: Fault, **properties: Any) -> Trial:
    """
    Test a connector to the sandbox with these properties.
    """
    async with running_hub(clock, **properties) as hub:
        for fault in faults:
            hub.sandbox.faults.add(fault)
        report = await hub.facade.test(OPTIONS)
        assert not report.ok or not faults
        return Trial({finding.subject: finding for finding in report.findings}, asked(hub))


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    """
    Servers that end with the test.
    """
    async with AsyncExitStack() as servers:
        yield servers


@pytest.mark.parametrize(
    ("named", "subjects"),
    [("serviceUri", {"reach", "clock"}), ("tokenEndpoint", {"reach"})],
)
async def test_a_host_that_takes_no_connection(named: str, subjects: set[str], clock: VirtualClock) -> None:
    """
    Nothing further is asked, and the property that holds the address is named. The clock is that of who did answer.
    """
    found = (await trial(clock, **{named: NOWHERE})).findings

    assert subjects == set(found)
    assert Verdict.NO is found["reach"].verdict
    assert found["reach"].detail.startswith("the host, or the proxy, takes no connection (Webex could not be reached")
    assert f"See that {named} has the right host and port" in found["reach"].remedy


async def test_a_certificate_that_nobody_trusts(
    stack: AsyncExitStack, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    TLS is told apart from a host that is not there, and the remedy is a certificate, not a firewall.
    """
    monkeypatch.delenv("SSL_CERT_FILE")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    server = await stack.enter_async_context(ScriptedWebex(lambda _seen: Reply(body={"items": []}), context))
    found = (await trial(clock, serviceUri=server.uri)).findings

    assert found["reach"].detail.startswith("the certificate is not trusted, or TLS fails")
    assert "SSL_CERT_FILE" in found["reach"].remedy
    assert not server.seen


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_proxy_that_refuses(
    scheme: str, stack: AsyncExitStack, clock: VirtualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Before a tunnel, and where none is built, 407 is the proxy's word and not Webex's.
    """
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    proxy = await stack.enter_async_context(ScriptedWebex(lambda _seen: Reply(407)))
    host, port = proxy.origin.removeprefix("http://").split(":")
    address = f"{scheme}://localhost:2/v1"
    found = (
        await trial(
            clock,
            serviceUri=address,
            authenticationMethod="TOKEN",
            authToken="sandbox-admin-token",
            httpProxyHost=host,
            httpProxyPort=int(port),
        )
    ).findings

    assert {"reach"} == set(found)
    assert found["reach"].detail.startswith("the proxy refuses the way")
    assert found["reach"].remedy.startswith("See that httpProxyUsername and httpProxyPassword are right")


@pytest.mark.parametrize("obstacle", Obstacle)
def test_every_obstacle_has_its_words(obstacle: Obstacle) -> None:
    """
    None of the two sentences is shared with another obstacle.
    """
    error = NotReached("", request="GET /organizations")
    error.obstacle = obstacle
    (found,) = entrance.entered(Tried(error=error), Grant.REFRESH_TOKEN)

    assert found.remedy == remedies.WAYS[obstacle].format(property="serviceUri")
    assert 1 == sum(text in found.detail for text in entrance.TELLING.values())
    assert len(Obstacle) == len(set(entrance.TELLING.values())) == len(set(remedies.WAYS.values()))


@pytest.mark.parametrize(
    ("properties", "sentence", "login"),
    [
        ({"clientSecret": "b0gus"}, "The token endpoint refused to give a token", Grant.REFRESH_TOKEN),
        ({"refreshToken": "b0gus"}, "The token endpoint refused to give a token", Grant.REFRESH_TOKEN),
        (
            {"authenticationMethod": "TOKEN", "authToken": "b0gus"},
            "Webex did not accept the access token",
            Method.TOKEN,
        ),
        (
            {"authenticationMethod": "BASIC", "login": "sandbox-login", "password": "b0gus"},
            "Webex did not accept the access token",
            Method.BASIC,
        ),
        (
            {"authenticationMethod": "JWT_TOKEN", "jwtKey": STRANGE_KEY},
            "Webex did not accept the access token",
            Method.JWT_TOKEN,
        ),
        (
            {"grantType": "client_credentials", "clientSecret": "b0gus"},
            "The token endpoint refused to give a token",
            Grant.CLIENT_CREDENTIALS,
        ),
        (
            {"grantType": "jwt_bearer", "jwtKey": STRANGE_KEY},
            "The token endpoint refused to give a token",
            Grant.JWT_BEARER,
        ),
    ],
)
async def test_credentials_that_webex_does_not_take(
    properties: dict[str, Any], sentence: str, login: Login, clock: VirtualClock
) -> None:
    """
    Webex is reached, nothing further is asked, no secret is told; a token of the Government's looks the same, so that
    its host is named.
    """
    done = await trial(clock, **properties)

    assert {"reach", "credentials", "clock"} == set(done.findings)
    found = done.findings["credentials"]
    assert (Verdict.NO, remedies.refused(login)) == (found.verdict, found.remedy)
    assert found.detail.startswith(sentence)
    assert "b0gus" not in repr(done.findings)
    assert "https://api-usgov.webex.com/v1" in found.remedy
    # What is signed here is signed anew once.
    assert len(done.requests) <= (2 if login is Method.JWT_TOKEN else 1)


async def test_a_token_that_has_expired(clock: VirtualClock) -> None:
    """
    A fixed token that ended is not accepted, and a new one is asked for.
    """
    async with running_hub(clock, authenticationMethod="TOKEN", authToken="sandbox-admin-token") as hub:
        hub.sandbox.world.grants.revoke("sandbox-admin-token")
        report = await hub.facade.test(OPTIONS)

    assert "credentials: Webex did not accept the access token: GET /organizations: 401" in (report.error or "")


async def test_an_organisation_that_is_unknown(clock: VirtualClock) -> None:
    """
    Webex takes the token and shows no organisation to it.
    """
    done = await trial(clock, Fault(WrongJson('{"items": []}'), to="GET /organizations"))

    found = done.findings["organisation"]
    assert (Verdict.NO, "Webex shows no organisation to this token") == (found.verdict, found.detail)
    assert "authorised in this organisation" in found.remedy
    assert "people" in done.findings


async def test_a_token_that_sees_several_organisations(clock: VirtualClock) -> None:
    """
    A partner's token is a warning: a change could reach another organisation.
    """
    items = '{"items": [{"id": "x", "displayName": "One"}, {"id": "y", "displayName": "Two"}]}'
    async with running_hub(clock) as hub:
        hub.sandbox.faults.add(Fault(WrongJson(items), to="GET /organizations"))
        report = await hub.facade.test(OPTIONS)

    found = next(each for each in report.findings if each.subject == "organisation")
    assert (Verdict.WARNING, "the token sees 2 organisations: One, Two") == (found.verdict, found.detail)
    assert report.ok


async def test_something_that_is_not_webex(clock: VirtualClock) -> None:
    """
    A page of HTML with 200 is no answer of Webex: somebody else answered.
    """
    done = await trial(clock, Fault(WrongJson("<html>Sign in</html>"), to="GET /organizations", times=9))

    assert Verdict.NO is done.findings["reach"].verdict
    assert done.findings["reach"].remedy.startswith("Something else than Webex may have answered")


async def test_the_others_go_on_when_webex_fails_once(clock: VirtualClock) -> None:
    """
    A failure of one call is not one of all: the rest is looked at.
    """
    done = await trial(clock, Fault(Fail(status=500), to="GET /organizations", times=9))

    assert ["organisation"] == [each.subject for each in done.findings.values() if not each.ok]
    assert Verdict.UNKNOWN is done.findings["organisation"].verdict
    assert "20 users" == done.findings["SCIM"].detail
