"""
The configuration properties of the Control Hub connector.
"""

import re
from collections.abc import Mapping
from dataclasses import fields

import pytest

from fakes.virtual_time import VirtualClock
from webex_connector.base.secret import Secret
from webex_connector.connector.configuration import Connection, connection_of
from webex_connector.connector.properties import PROPERTIES
from webex_connector.icf.configuration import ConfigurationMistakes, configured
from webex_connector.icf.errors import Verdict
from webex_connector.webex.pace import Rate
from webex_connector.webex.pasted_token import PastedToken
from webex_connector.webex.settings import ClientSettings, ProxySettings
from webex_connector.webex.tokens import DirectGrant, MemoryVault, RefreshGrant

TOKEN: dict[str, object] = {"authenticationMethod": "TOKEN", "authToken": "t0ken"}
OAUTH: dict[str, object] = {"clientId": "id", "clientSecret": "s3cret", "refreshToken": "r3fresh"}

SAMPLE: dict[str, object] = {
    **OAUTH,
    "tokenExpiration": None,
    "accessToken": None,
    "serviceUri": "https://webexapis.com/v1",
    "readRateLimit": "2.5",
    "login": None,
    "password": None,
    "writeRateLimit": "2.5",
    "authenticationMethod": "OAUTH",
    "tokenEndpoint": "https://webexapis.com/v1/access_token",
    "authToken": None,
    "acceptSelfSignedCertificates": False,
    "disableHostNameVerifier": False,
    "disableHttpCompression": False,
    "clientCertAlias": None,
    "clientCertPassword": None,
    "maximumConnections": "10",
    "httpProxyHost": None,
    "httpProxyPort": None,
    "httpProxyUsername": None,
    "httpProxyPassword": None,
    "connectionTimeout": "30",
    "grantType": "refresh_token",
    "scope": None,
    "authorizationTokenPrefix": "Bearer",
    "useBasicAuthForOauthTokenNeg": True,
}
"""
Each property that the sample configuration of the OpenICF reference names, with its type and form there
(https://docs.pingidentity.com/openicf/connector-reference/webex.html); the secrets are ours.
"""


async def _connected(given: Mapping[str, object]) -> Connection:
    return connection_of(configured(PROPERTIES, given), VirtualClock(), MemoryVault())


async def _mistakes(given: Mapping[str, object]) -> dict[str, str]:
    with pytest.raises(ConfigurationMistakes) as raised:
        await _connected(given)
    assert Verdict.STOP_RUN is raised.value.verdict
    return {each.property: each.problem for each in raised.value.mistakes}


async def test_the_sample_configuration_of_openicf_is_accepted_as_it_is() -> None:
    """
    Texts in the place of numbers, nulls and properties that do nothing here: everything is understood.
    """
    connection = await _connected(SAMPLE)

    assert ClientSettings() == connection.client
    assert (Rate(2.5), Rate(2.5), "emails") == (connection.read_rate, connection.write_rate, connection.name_attribute)
    assert isinstance(connection.tokens, RefreshGrant)


async def test_without_any_rate_the_pace_is_learnt() -> None:
    """
    Rates are bounds, and none is the default.
    """
    connection = await _connected(TOKEN)
    assert (None, None) == (connection.read_rate, connection.write_rate)


@pytest.mark.parametrize(("text", "rate"), [("2.5", 2.5), ("30/sec", 30.0), ("100/min", 100 / 60), (3, 3.0)])
@pytest.mark.parametrize("name", ["readRateLimit", "writeRateLimit"])
async def test_a_rate_is_written_in_three_forms(name: str, text: object, rate: float) -> None:
    """
    A number a second, or with its unit; each kind of request has its own.
    """
    connection = await _connected({**TOKEN, name: text})
    rates = {"readRateLimit": connection.read_rate, "writeRateLimit": connection.write_rate}
    assert Rate(rate) == rates.pop(name)
    assert [None] == list(rates.values())


def test_every_property_has_a_name_and_help_of_its_own() -> None:
    """
    Forms and reference pages can show each.
    """
    declared = [each.name for each in PROPERTIES]
    assert len(set(declared)) == len(declared)
    assert all(each.help.endswith(".") and each.place for each in PROPERTIES)
    passwords = {"password", "httpProxyPassword", "clientCertPassword"}
    tokens = {"clientSecret", "refreshToken", "accessToken", "authToken", "jwtKey", "jwtPem"}
    assert passwords | tokens == {each.name for each in PROPERTIES if each.secret}


def test_what_is_not_given_has_its_default() -> None:
    """
    Every property has a value, in the order of the declaration.
    """
    assert [(each.name, each.default) for each in PROPERTIES] == list(configured(PROPERTIES, {}).items())


@pytest.mark.parametrize(
    ("given", "field", "expected"),
    [
        ({"serviceUri": "http://localhost:1/v1/"}, "service_uri", "http://localhost:1/v1"),
        ({"maximumConnections": "3"}, "maximum_connections", 3),
        ({"connectionTimeout": 7}, "connection_timeout", 7.0),
        ({"acceptSelfSignedCertificates": True}, "accept_self_signed", True),
        ({"disableHostNameVerifier": "true"}, "disable_host_name_verifier", True),
        ({"disableHttpCompression": True}, "disable_compression", True),
        ({"authorizationTokenPrefix": "Token"}, "authorization_prefix", "Token"),
        ({"httpProxyHost": "proxy", "httpProxyPort": "3128"}, "proxy", ProxySettings("proxy", 3128)),
        (
            {"httpProxyHost": "p", "httpProxyPort": 1, "httpProxyUsername": "u", "httpProxyPassword": "pw"},
            "proxy",
            ProxySettings("p", 1, "u", Secret("pw")),
        ),
    ],
)
async def test_a_property_means_one_thing_to_the_client(given: dict[str, object], field: str, expected: object) -> None:
    """
    What is given arrives there, and nothing else changes.
    """
    settings = (await _connected({**TOKEN, **given})).client
    others = (each.name for each in fields(ClientSettings) if each.name != field)
    assert expected == getattr(settings, field) != getattr(ClientSettings(), field)
    assert all(getattr(settings, name) == getattr(ClientSettings(), name) for name in others)


@pytest.mark.parametrize("name", ["emails", "displayName", "firstName"])
async def test_the_name_of_an_account_can_be_chosen(name: str) -> None:
    """
    Three attributes may serve as it.
    """
    assert name == (await _connected({**TOKEN, "nameAttribute": name})).name_attribute


async def test_each_way_to_authenticate_has_its_own_source_of_tokens() -> None:
    """
    A fixed token, a refresh token, or the client itself.
    """
    client = {"clientId": "id", "clientSecret": "s3cret", "grantType": "client_credentials"}
    assert isinstance((await _connected(TOKEN)).tokens, PastedToken)
    assert isinstance((await _connected(OAUTH)).tokens, RefreshGrant)
    assert isinstance((await _connected(client)).tokens, DirectGrant)


async def test_an_access_token_given_is_used_until_it_ends(clock: VirtualClock) -> None:
    """
    `tokenExpiration` counts milliseconds since 1970; nobody asks the token endpoint before.
    """
    later = int(clock.now().timestamp() + 3600) * 1000
    connection = await _connected({**OAUTH, "accessToken": "acc3ss", "tokenExpiration": str(later)})

    async def nobody_is_asked(request: object) -> None:
        raise AssertionError(request)

    assert Secret("acc3ss") == await connection.tokens.token(nobody_is_asked)  # type: ignore[arg-type]  # it never answers


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"clientId", "clientSecret", "refreshToken"}),
        ({"grantType": "client_credentials"}, {"clientId", "clientSecret"}),
        ({"authenticationMethod": "TOKEN"}, {"authToken"}),
        ({**TOKEN, "serviceUri": "webexapis.com"}, {"serviceUri"}),
        ({**TOKEN, "serviceUri": "https://"}, {"serviceUri"}),
        ({**TOKEN, "serviceUri": "https://webexapis.com:port"}, {"serviceUri"}),
        ({**TOKEN, "serviceUri": "https://me:pw@webexapis.com/v1"}, {"serviceUri"}),
        ({**OAUTH, "tokenEndpoint": "ftp://webexapis.com"}, {"tokenEndpoint"}),
        ({**TOKEN, "maximumConnections": 0}, {"maximumConnections"}),
        ({**TOKEN, "connectionTimeout": "-1"}, {"connectionTimeout"}),
        ({**TOKEN, "readRateLimit": "fast"}, {"readRateLimit"}),
        ({**TOKEN, "writeRateLimit": "0"}, {"writeRateLimit"}),
        ({**TOKEN, "writeRateLimit": "5/day"}, {"writeRateLimit"}),
        ({**TOKEN, "httpProxyHost": "proxy"}, {"httpProxyPort"}),
        ({**TOKEN, "httpProxyHost": "proxy", "httpProxyPort": 65536}, {"httpProxyPort"}),
        ({**TOKEN, "httpProxyPort": 3128, "httpProxyUsername": "u"}, {"httpProxyPort", "httpProxyUsername"}),
        ({**OAUTH, "accessToken": "a", "tokenExpiration": 10**20}, {"tokenExpiration"}),
        ({"authenticationMethod": "BASIC"}, {"login", "password"}),
        ({"authenticationMethod": "BASIC", "login": "a:b", "password": "p"}, {"login"}),
        ({"authenticationMethod": "JWT_TOKEN"}, {"jwtKey"}),
        ({**TOKEN, "clientCertPassword": "p"}, {"clientCertPassword"}),
    ],
)
async def test_what_does_not_fit_together_is_named(given: dict[str, object], expected: set[str]) -> None:
    """
    Everything missing or contradictory is found at once, by its property.
    """
    assert expected == (await _mistakes(given)).keys()


async def test_all_mistakes_of_one_kind_come_together() -> None:
    """
    Whoever mends the configuration mends it once.
    """
    found = await _mistakes(
        {
            "clientld": "id",
            "authenticationMethod": "oauth",
            "maximumConnections": "many",
            "acceptSelfSignedCertificates": "perhaps",
            "nameAttribute": "lastName",
            "clientSecret": 5,
            "jwtAlgorithm": "none",
        },
    )
    assert {
        "clientld": "is not a property; did you mean clientId?",
        "authenticationMethod": "must be one of OAUTH, BASIC, JWT_TOKEN, TOKEN, not 'oauth'",
        "maximumConnections": "must be a whole number, not 'many'",
        "acceptSelfSignedCertificates": "must be true or false, not 'perhaps'",
        "nameAttribute": "must be one of emails, displayName, firstName, not 'lastName'",
        "clientSecret": "must be a text",
        "jwtAlgorithm": (
            "must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, Ed25519, HS256, HS384, "
            "HS512, not 'none'"
        ),
    } == found


async def test_no_secret_can_be_read_from_what_is_printed() -> None:
    """
    Neither settings nor connection nor mistakes show a secret.
    """
    secrets = {name: f"s3cret-{name}" for name in ("clientSecret", "refreshToken", "accessToken", "httpProxyPassword")}
    given = {"clientId": "id", "httpProxyHost": "proxy", "httpProxyPort": 3128, **secrets}
    printed = [repr(configured(PROPERTIES, given)), repr(await _connected(given))]
    printed.append(str(await _mistakes({**given, "readRateLimit": "fast"})))
    printed.append(str(await _mistakes({"authenticationMethod": "BASIC", **secrets, "password": "s3cret-password"})))
    printed.append(str(await _mistakes({**given, "serviceUri": "https://me:s3cret-uri@webexapis.com/v1"})))
    assert not re.findall("s3cret[^'\"]*", " ".join(printed))


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("http://127.0.0.1:8085/v1", True),
        ("http://[::1]:8085/v1", True),
        ("http://localhost/v1", True),
        ("https://webexapis.com/v1", True),
        ("http://webexapis.com/v1", False),
        ("http://10.0.0.7/v1", False),
    ],
)
async def test_the_token_is_never_sent_in_clear_over_a_network(address: str, *, private: bool) -> None:
    """
    Plain HTTP is for this computer alone, as with the sandbox.
    """
    given = {"authenticationMethod": "TOKEN", "authToken": "t", "serviceUri": address}
    settings = configured(PROPERTIES, given)
    if private:
        assert address == connection_of(settings, VirtualClock(), MemoryVault()).client.service_uri
    else:
        with pytest.raises(
            ConfigurationMistakes, match="serviceUri: must begin with https://: the token would be sent"
        ):
            connection_of(settings, VirtualClock(), MemoryVault())
