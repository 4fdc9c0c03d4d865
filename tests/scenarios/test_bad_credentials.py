"""
Credentials that do not work, and ways that are closed: each with the sentence that the person reads.
"""

import re
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from fakes.hub import OPTIONS, Hub, asked, running_hub
from fakes.proxy import TunnelProxy
from fakes.virtual_time import VirtualClock
from fakes.wire import OAUTH, READ, TOKEN, Wire, locked
from webex_connector.connector.configuration import connection_of
from webex_connector.connector.faults import meaning
from webex_connector.connector.properties import PROPERTIES
from webex_connector.icf.configuration import ConfigurationMistakes, configured
from webex_connector.icf.errors import AccessRefused, ConnectionFailed, ConnectorError
from webex_connector.icf.filters import EVERYTHING
from webex_connector.sandbox.grants import ACCESS_LIFE, REFRESH_LIFE, Credentials
from webex_connector.sandbox.quirks import Quirks
from webex_connector.webex.call import Call
from webex_connector.webex.certificates import CertificateFile
from webex_connector.webex.errors import WebexError
from webex_connector.webex.tokens import MemoryVault

HOUR = 3600
KEY = RSAKey.generate_key(2048)
PEM = KEY.as_pem(private=True).decode()
SIGNING = Credentials(trusted_key=KEY.as_pem(private=False).decode())
ASSERTING: dict[str, Any] = {"grantType": "jwt_bearer", "jwtPem": PEM}
PASTED: dict[str, object] = {"authenticationMethod": "TOKEN", "authToken": "sandbox-admin-token"}
JWT: dict[str, object] = {"authenticationMethod": "JWT_TOKEN"}

NO_TOKEN = "The token endpoint refused to give a token: POST /v1/access_token: no access token: "
DEAD = f"{NO_TOKEN}400 The refresh token is unknown, expired or revoked."
NOT_VALID = (
    "Webex did not accept the access token: GET /roles: 401 The request requires a valid access token set in the "
    "Authorization request header."
)


@pytest.fixture
async def wire(clock: VirtualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """
    Where servers and clients meet.
    """
    async with AsyncExitStack() as stack:
        yield Wire(stack, clock, tmp_path, lambda file: monkeypatch.setenv("SSL_CERT_FILE", str(file)))


async def told(hub: Hub) -> ConnectorError | None:
    """
    What comes of asking for the roles: nothing to complain about, or an error.
    """
    try:
        async for _ in hub.facade.search("ROLES", EVERYTHING, OPTIONS):
            pass
    except ConnectorError as error:
        return error
    return None


Case = tuple[dict[str, Any], Callable[[Hub], object], str]
"""
The properties, what happens at Webex, and what the person reads.
"""

CASES: dict[str, Case] = {
    "refresh token revoked": ({}, lambda hub: hub.sandbox.world.grants.withdraw("sandbox-refresh-token"), DEAD),
    "rotated refresh token lost": (
        {},
        lambda hub: hub.sandbox.world.grants.refresh("sandbox-refresh-token", rotate=True, revoke_access=False),
        DEAD,
    ),
    "pasted token revoked": (PASTED, lambda hub: hub.sandbox.world.grants.revoke("sandbox-admin-token"), NOT_VALID),
    "wrong client secret": (
        {"clientSecret": "wrong"},
        lambda hub: None,
        f"{NO_TOKEN}401 The client could not be authenticated.",
    ),
    "wrong password": ({"authenticationMethod": "BASIC", "login": "l", "password": "p"}, lambda hub: None, NOT_VALID),
    "assertion by another key": (
        {"grantType": "jwt_bearer", "jwtPem": RSAKey.generate_key(2048).as_pem(private=True).decode()},
        lambda hub: None,
        f"{NO_TOKEN}400 The signature of the assertion is wrong.",
    ),
    "assertion, clock an hour behind": (
        ASSERTING,
        lambda hub: hub.sandbox.clock.advance(HOUR),
        f"{NO_TOKEN}400 The assertion has expired. (the clock of this computer is 60 minutes behind)",
    ),
    "JWT, clock an hour behind": (
        {**JWT, "jwtPem": PEM},
        lambda hub: hub.sandbox.clock.advance(HOUR),
        f"{NOT_VALID} (the clock of this computer is 60 minutes behind)",
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_a_dead_credential_has_its_sentence(case: str, clock: VirtualClock) -> None:
    """
    It is the person's turn: nothing is asked again, and nothing but the token was asked for.
    """
    properties, happens, sentence = CASES[case]
    async with running_hub(clock, people=5, credentials=SIGNING, **properties) as hub:
        happens(hub)
        error = await told(hub)
    assert isinstance(error, AccessRefused)
    assert sentence == error.message
    assert len(hub.sandbox.trace.requests()) <= 2


async def test_a_refresh_token_that_nobody_used_for_ninety_days_is_dead(clock: VirtualClock) -> None:
    """
    Webex begins its time with the first use.
    """
    async with running_hub(clock, people=5) as hub:
        assert await told(hub) is None
        hub.sandbox.clock.advance(REFRESH_LIFE)
        error = await told(hub)
    assert error is not None
    assert f"{DEAD} (the clock of this computer is 90 days behind)" == error.message


async def test_an_hour_between_the_clocks_costs_one_renewal_and_no_error(clock: VirtualClock) -> None:
    """
    Webex calls a token ended that we think is good: it is renewed on the refusal, and the request is repeated.
    """
    async with running_hub(clock, people=5, quirks=Quirks(refresh_rotates=True)) as hub:
        assert await told(hub) is None
        hub.sandbox.clock.advance(HOUR)
        await clock.sleep(ACCESS_LIFE - HOUR)
        hub.sandbox.trace.clear()
        assert await told(hub) is None
        assert ["GET /roles", "GET /roles"] == asked(hub)
        assert 1 == len(hub.sandbox.trace.requests(template="/access_token"))


async def refusal(wire: Wire, uri: str, **properties: object) -> str:
    """
    What the person reads who asks there; numbers of ports and of lines in OpenSSL differ each time.
    """
    with pytest.raises(WebexError) as caught:
        await wire.transport({**TOKEN, "serviceUri": uri, **properties}).send(READ, Call())
    error = meaning(caught.value)
    assert isinstance(error, ConnectionFailed)
    prefix = "Webex could not be reached: GET /people: "
    assert error.message.startswith(prefix)
    return re.sub(r" \(_ssl.c:\d+\)", "", error.message.removeprefix(prefix))


async def test_a_proxy_that_refuses(wire: Wire) -> None:
    """
    For want of a log-in, because it reaches nobody, or because it is not there.
    """
    closed = await wire.stack.enter_async_context(TunnelProxy("u:p"))
    blind = await wire.stack.enter_async_context(TunnelProxy(dead_end=True))
    uri = "https://webex.example/v1"
    no_log_in = "the proxy wants a log-in: httpProxyUsername and httpProxyPassword are not set"
    named = "the proxy of httpProxyHost and httpProxyPort"
    for port, sentence in (
        (closed.port, f"{no_log_in} (ProxyError: 407 Proxy Authentication Required)"),
        (blind.port, f"{named} refuses the way (ProxyError: 502 Bad Gateway)"),
        (1, f"{named} is not reached (ConnectError: All connection attempts failed)"),
    ):
        assert sentence == await refusal(wire, uri, httpProxyHost="127.0.0.1", httpProxyPort=port)


async def test_a_server_certificate_that_is_not_to_be_trusted(wire: Wire) -> None:
    """
    Unknown issuer, another host, ended.
    """
    failed = "ConnectError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
    good, other = await wire.server(wire.secured()), await wire.server(wire.secured("other.example"))
    ended = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    wire.authority.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1)).configure_cert(ended)  # noqa: DTZ001 - as the library wants it
    old = await wire.server(ended)
    assert f"{failed}unable to get local issuer certificate" == await refusal(wire, good.uri)
    wire.trust_authority()
    mismatch = "IP address mismatch, certificate is not valid for '127.0.0.1'."
    assert failed + mismatch == await refusal(wire, other.uri)
    assert f"{failed}certificate has expired" == await refusal(wire, old.uri)
    assert [] == good.seen + other.seen + old.seen


LOCKED = locked(PEM.encode(), b"0pen").decode()
EC_PEM = ECKey.generate_key("P-256").as_pem(private=True).decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"jwtPem": "-----BEGIN"}, "jwtPem: is no private key in PEM form: -----BEGIN PRIVATE KEY----- …"),
        (
            {"jwtPem": LOCKED},
            "jwtPem: is encrypted, and no property holds its passphrase; decrypt it with: openssl pkey -in FILE",
        ),
        (
            {"jwtPem": PEM, "keyAlgorithm": "DSA"},
            "keyAlgorithm: DSA cannot sign a JWT (RFC 7518, section 3.1); use RSA or EC",
        ),
        (
            {"jwtPem": EC_PEM, "jwtAlgorithm": "RS256"},
            "jwtAlgorithm: RS256 needs another key: this one signs with ES256",
        ),
        ({"jwtPem": PEM, "jwtKey": "{}"}, "jwtKey: and jwtPem exclude each other"),
        ({}, "jwtKey: or jwtPem is required with authenticationMethod JWT_TOKEN"),
        ({"jwtKey": "s3cret"}, "jwtKey: is no JSON Web Key: it must be a JSON object with kty (RFC 7517)"),
        ({"jwtKey": '{"kty":"AES"}'}, "jwtKey: has the unsupported kty 'AES'; there are RSA, EC, OKP, oct"),
        ({"jwtKey": '{"kty":"oct","k":"c2hvcnQ"}'}, "jwtKey: is a shared key of fewer than 256 bits"),
        ({"jwtKey": '{"kty":"RSA","n":"x","e":"AQAB"}'}, "jwtKey: is a damaged RSA key"),
        ({"jwtPem": PEM, "jwtCert": "x"}, "jwtCert: is no certificate in PEM form: -----BEGIN CERTIFICATE----- …"),
        ({"jwtPem": PEM, "jwtExpiration": 0}, "jwtExpiration: must be 1 or more, not 0"),
        (
            {"jwtPem": PEM, "jwtClaims": {"nbf": datetime(2026, 1, 1)}},  # noqa: DTZ001 - as TOML reads it
            "jwtClaims: holds what JSON has no form for",
        ),
    ],
)
async def test_a_key_that_cannot_sign_has_its_sentence(given: dict[str, object], sentence: str) -> None:
    """
    It names the property to mend, and never shows the key.
    """
    with pytest.raises(ConfigurationMistakes) as caught:
        connection_of(configured(PROPERTIES, {**JWT, **given}), VirtualClock(), MemoryVault())
    assert sentence == caught.value.message


async def test_an_assertion_needs_somebody_who_asserts(clock: VirtualClock) -> None:
    """
    RFC 7523 wants issuer and subject.
    """
    given = {"grantType": "jwt_bearer", "jwtPem": PEM, "jwtClaims": {"iss": "us"}}
    with pytest.raises(ConfigurationMistakes) as caught:
        connection_of(configured(PROPERTIES, given), clock, MemoryVault())
    assert "jwtClaims: lacks sub, and there is no clientId to stand for it" == caught.value.message


async def test_a_client_certificate_that_is_not_there(clock: VirtualClock, tmp_path: Path) -> None:
    """
    The alias is told from those there are.
    """
    given = configured(PROPERTIES, {**OAUTH, "clientCertAlias": "ours"})
    there = {"theirs": CertificateFile(tmp_path / "x.pem")}
    for certificates, tail in (({}, "there is none"), (there, "there are: theirs")):
        with pytest.raises(ConfigurationMistakes) as caught:
            connection_of(given, clock, MemoryVault(), certificates)
        assert f"clientCertAlias: names no table [certificates.ours]; {tail}" == caught.value.message
