"""
A whole run with each kind of credential, every secret marked: none of them stands in a log, an error, a report, the
journal, the sandbox's trace, or what a debugger prints.
"""

import base64
import json
import logging
import re
import traceback
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from joserfc.jwk import OctKey, RSAKey

from fakes.hub import OPTIONS, Hub, running_hub
from fakes.hub_subjects import person_id
from fakes.proxy import TunnelProxy
from fakes.virtual_time import VirtualClock
from webex_connector.base import log
from webex_connector.connector.configuration import connection_of
from webex_connector.connector.properties import PROPERTIES
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.configuration import ConfigurationMistakes, configured
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.filters import EVERYTHING
from webex_connector.sandbox.faults import ExpireToken, Fail, Fault, LoseAnswer
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.quirks import Quirks
from webex_connector.sandbox.scenarios import SAMPLE
from webex_connector.webex.tokens import MemoryVault

MARK = "t0ps3cret"
RSA = RSAKey.generate_key(2048)
PEM = RSA.as_pem(private=True).decode()
SHARED = f"{MARK}-shared-key-of-thirty-two-bytes-or-more"
JWK = json.dumps(OctKey.import_key(SHARED).as_dict(private=True))

CREDENTIALS: dict[str, Any] = {
    "client_secret": f"{MARK}-client",
    "refresh_token": f"{MARK}-refresh",
    "access_token": f"{MARK}-access",
    "password": f"{MARK}-password",
}

METHODS: dict[str, tuple[dict[str, Any], str]] = {
    "refresh token": ({}, ""),
    "refresh token, secret in the form": ({"useBasicAuthForOauthTokenNeg": False}, ""),
    "given access token": ({"accessToken": CREDENTIALS["access_token"]}, ""),
    "client credentials": ({"grantType": "client_credentials"}, ""),
    "assertion": ({"grantType": "jwt_bearer", "jwtPem": PEM}, RSA.as_pem(private=False).decode()),
    "signed token": ({"authenticationMethod": "JWT_TOKEN", "jwtKey": JWK}, SHARED),
    "pasted token": ({"authenticationMethod": "TOKEN", "authToken": CREDENTIALS["access_token"]}, ""),
    "password": (
        {"authenticationMethod": "BASIC", "login": "sandbox-login", "password": CREDENTIALS["password"]},
        "",
    ),
}


@pytest.fixture
def written() -> Iterator[StringIO]:
    """
    Everything that is logged, down to the smallest line, by us and by the libraries.
    """
    before, stream = structlog.get_config(), StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.configure(as_json=True, level=logging.DEBUG, stream=stream)
    root.setLevel(logging.DEBUG)
    yield stream
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


def in_every_form(secret: str) -> set[str]:
    """
    A secret as it is, and as it travels by HTTP Basic, whatever stands before it.
    """
    forms = {secret}
    for shift in range(3):
        coded = base64.b64encode(b"x" * shift + secret.encode()).decode()
        # Without the characters that the neighbours have a share in.
        forms.add(coded[4:-4])
    return forms


async def complained(action: Any) -> str:
    """
    What is shown when the action fails: the message, the whole traceback, and the error itself.
    """
    try:
        await action
    except ConnectorError as error:
        return f"{error} {error!r} {vars(error)} {''.join(traceback.format_exception(error))}"
    return ""


async def whole_run(hub: Hub, properties: dict[str, Any]) -> tuple[str, set[str]]:
    """
    Read, test, change, fail in several ways, and print everything there is. Return it with the tokens handed out.
    """
    said, tokens = [repr(configured(PROPERTIES, properties))], set[str]()
    grants = hub.sandbox.world.grants
    john = person_id(hub, SAMPLE)

    async def listing() -> None:
        async for _ in hub.facade.search("ROLES", EVERYTHING, OPTIONS):
            pass

    async def retitled(title: str) -> None:
        await hub.facade.update(names.ACCOUNT, john, [replaced("title", title)], OPTIONS)

    said.append(repr(await hub.facade.test(OPTIONS)))
    said.append(await complained(retitled("Chief")))
    for effect, to in ((Fail(403), "GET /roles"), (LoseAnswer(), "GET /roles"), (ExpireToken(), "GET /roles")):
        hub.sandbox.faults.add(Fault(effect, to=to, times=4))
        said.append(await complained(listing()))
        tokens |= {*grants._refresh, *grants._access}
        hub.sandbox.faults.clear()
    hub.sandbox.clock.advance(400 * 86_400)
    for text in tokens:
        grants.withdraw(text)
    said.append(await complained(retitled("Nobody")))
    said += [repr(await hub.facade.test(OPTIONS)), repr(vars(hub.facade)), repr(hub.journal.entries)]
    said.append(repr(hub.sandbox.trace.requests()))
    return "\n".join(said), tokens


@pytest.mark.parametrize("method", METHODS)
async def test_no_secret_is_told(method: str, clock: VirtualClock, written: StringIO) -> None:
    """
    Neither one that was configured nor one that was handed out on the way.
    """
    properties, trusted = METHODS[method]
    credentials = Credentials(**CREDENTIALS, trusted_key=trusted)
    quirks = Quirks(refresh_rotates=True)
    async with running_hub(clock, people=5, credentials=credentials, quirks=quirks, **properties) as hub:
        said, handed_out = await whole_run(hub, properties)
    everything = said + written.getvalue()
    # A signed token is new each time, and looks like no other text.
    assert [] == re.findall(r"eyJ[\w-]+\.[\w-]+\.[\w-]+", everything)
    secrets = {*CREDENTIALS.values(), SHARED, *handed_out, *PEM.splitlines()[1:-1]}
    assert "webex.request" in written.getvalue()
    assert [] == [each for secret in secrets if secret for each in in_every_form(secret) if each in everything]


async def test_no_secret_stands_in_a_mistake(clock: VirtualClock) -> None:
    """
    Nor in what is told of a configuration that cannot be used.
    """
    given = {each.name: f"{MARK}-{each.name}" for each in PROPERTIES if each.secret}
    for method in ("OAUTH", "BASIC", "JWT_TOKEN", "TOKEN"):
        values = configured(PROPERTIES, {**given, "authenticationMethod": method, "maximumConnections": 0})
        with pytest.raises(ConfigurationMistakes) as caught:
            connection_of(values, clock, MemoryVault())
        assert MARK not in f"{caught.value} {caught.value!r} {''.join(traceback.format_exception(caught.value))}"


async def test_the_proxy_password_is_not_told(clock: VirtualClock, written: StringIO) -> None:
    """
    Not even when the proxy refuses it.
    """
    async with (
        TunnelProxy("u:another") as proxy,
        running_hub(
            clock,
            people=5,
            serviceUri="https://webex.example/v1",
            httpProxyHost="127.0.0.1",
            httpProxyPort=proxy.port,
            httpProxyUsername="u",
            httpProxyPassword=f"{MARK}-proxy",
        ) as hub,
    ):
        said = await complained(hub.facade.get(names.ACCOUNT, "x", OPTIONS)) + repr(await hub.facade.test(OPTIONS))
        said += repr(vars(hub.facade))
        assert proxy.asked
    everything = said + written.getvalue()
    assert [] == [each for each in in_every_form(f"{MARK}-proxy") if each in everything]


def test_a_secret_that_is_told_would_be_found() -> None:
    """
    The check itself finds what it looks for, whatever name stands before the colon.
    """
    for name in ("a", "ab", "abc", "abcd"):
        told = base64.b64encode(f"{name}:{MARK}-client".encode()).decode()
        assert any(each in told for each in in_every_form(f"{MARK}-client"))
