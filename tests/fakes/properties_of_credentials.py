"""
What each property about credentials does, seen at the other side.
"""

import base64
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from fakes.scripted_webex import Seen
from fakes.virtual_time import EPOCH
from fakes.wire import OAUTH, TOKEN, Wire
from webex_connector.icf.configuration import ConfigurationMistakes

Effect = Callable[[Wire], Awaitable[None]]

RSA = RSAKey.generate_key(2048)
EC = ECKey.generate_key("P-384")
SHARED = OctKey.import_key("a shared secret of at least thirty-two bytes")
PEM = RSA.as_pem(private=True).decode()
SIGNED: Mapping[str, object] = {"authenticationMethod": "JWT_TOKEN", "jwtPem": PEM}
BASIC: Mapping[str, object] = {"authenticationMethod": "BASIC", "login": "l0gin", "password": "pässword"}


def shown(seen: list[Seen]) -> str:
    """
    The Authorization header of the last request.
    """
    return seen[-1].headers["authorization"]


def pair(seen: Seen) -> str:
    """
    The name and password of a request with HTTP Basic.
    """
    return base64.b64decode(seen.headers["authorization"].removeprefix("Basic ")).decode()


def token_of(text: str, key: RSAKey | ECKey | OctKey = RSA) -> jwt.Token:
    """
    A signed token, believed if the key fits.
    """
    return jwt.decode(text, key, algorithms=["RS256", "PS512", "ES384", "HS256"])


async def signed(wire: Wire, **properties: object) -> jwt.Token:
    """
    The token that a request carries with JWT_TOKEN.
    """
    return token_of(shown(await wire.seen({**SIGNED, **properties})).removeprefix("Bearer "))


async def method(wire: Wire) -> None:
    """
    OAUTH asks for a token first; the others do not, and each shows something else.
    """
    asked = await wire.seen(OAUTH)
    assert (["/v1/access_token", "/v1/people"], "Bearer fresh") == ([each.path for each in asked], shown(asked))
    for properties, expected in ((TOKEN, "Bearer pasted"), (BASIC, "Basic "), (SIGNED, "Bearer eyJ")):
        seen = await wire.seen(properties)
        assert ["/v1/people"] == [each.path for each in seen]
        assert shown(seen).startswith(expected)


async def grant(wire: Wire) -> None:
    """
    It stands in the token request, under the name that OAuth has for it.
    """
    names = {
        "refresh_token": "refresh_token",
        "client_credentials": "client_credentials",
        "jwt_bearer": "urn:ietf:params:oauth:grant-type:jwt-bearer",
    }
    forms = [(await wire.seen({**OAUTH, "grantType": value, "jwtPem": PEM}))[0].form() for value in names]
    assert list(names.values()) == [form["grant_type"] for form in forms]
    claims = token_of(forms[-1]["assertion"]).claims
    assert ("c-id", "c-id") == (claims["iss"], claims["sub"])
    assert claims["aud"].endswith("/v1/access_token")


async def token_endpoint(wire: Wire) -> None:
    """
    Another server is asked for tokens.
    """
    elsewhere, server = await wire.server(), await wire.server()
    await wire.ask(server, {**OAUTH, "tokenEndpoint": f"{elsewhere.origin}/oauth/access_token"})
    assert (["/oauth/access_token"], ["/v1/people"]) == (
        [each.path for each in elsewhere.seen],
        [each.path for each in server.seen],
    )


async def client(wire: Wire) -> None:
    """
    Both travel in the token request, and nowhere else.
    """
    asked = await wire.seen(OAUTH)
    assert "c-id:c-secret" == pair(asked[0])
    assert "c-secret" not in str(asked[1])


async def refresh_token(wire: Wire) -> None:
    """
    It stands in the form of the token request.
    """
    assert "first-refresh" == (await wire.seen(OAUTH))[0].form()["refresh_token"]


async def access_token(wire: Wire) -> None:
    """
    It is used before any other is asked for.
    """
    seen = await wire.seen({**OAUTH, "accessToken": "given"})
    assert (1, "Bearer given") == (len(seen), shown(seen))


async def token_expiration(wire: Wire) -> None:
    """
    What has ended is not used.
    """
    for hours, expected in ((1, "Bearer given"), (-1, "Bearer fresh")):
        moment = int((EPOCH + timedelta(hours=hours)).timestamp() * 1000)
        assert expected == shown(await wire.seen({**OAUTH, "accessToken": "given", "tokenExpiration": moment}))


async def scope(wire: Wire) -> None:
    """
    It stands in the form of the token request, if it was given.
    """
    assert "a b" == (await wire.seen({**OAUTH, "scope": "a b"}))[0].form()["scope"]
    assert "scope" not in (await wire.seen(OAUTH))[0].form()


async def basic_or_form(wire: Wire) -> None:
    """
    Switched off, id and secret are fields of the form, and no header is sent.
    """
    for value in (True, False):
        request = (await wire.seen({**OAUTH, "useBasicAuthForOauthTokenNeg": value}))[0]
        assert value == ("authorization" in request.headers) != ("client_secret" in request.form())


async def auth_token(wire: Wire) -> None:
    """
    Every request carries it.
    """
    assert "Bearer another" == shown(await wire.seen({**TOKEN, "authToken": "another"}))


async def prefix(wire: Wire) -> None:
    """
    It stands before the token.
    """
    assert "Token pasted" == shown(await wire.seen({**TOKEN, "authorizationTokenPrefix": "Token"}))


async def login(wire: Wire) -> None:
    """
    Every request carries both, in UTF-8.
    """
    assert "l0gin:pässword" == pair((await wire.seen(BASIC))[0])


async def jwt_key(wire: Wire) -> None:
    """
    It signs.
    """
    for key in (RSA, EC, SHARED):
        jwk = json.dumps(key.as_dict(private=True))
        seen = await wire.seen({"authenticationMethod": "JWT_TOKEN", "jwtKey": jwk})
        assert "exp" in token_of(shown(seen).removeprefix("Bearer "), key).claims


async def jwt_pem(wire: Wire) -> None:
    """
    It signs.
    """
    assert "RS256" == (await signed(wire)).header["alg"]


async def key_algorithm(wire: Wire) -> None:
    """
    A key of another kind is refused.
    """
    await signed(wire, keyAlgorithm="RSA")
    with pytest.raises(ConfigurationMistakes, match=r"^keyAlgorithm: says EC, but jwtPem holds a key of kind RSA$"):
        await signed(wire, keyAlgorithm="EC")


async def jwt_certificate(wire: Wire) -> None:
    """
    Its thumbprint is in the token's head, so that the other side finds it.
    """
    leaf = wire.authority.issue_cert("us@acme.example")
    pem = leaf.private_key_pem.bytes().decode()
    certificate = leaf.cert_chain_pems[0].bytes()
    properties = {"authenticationMethod": "JWT_TOKEN", "jwtPem": pem, "jwtCert": certificate.decode()}
    text = shown(await wire.seen(properties)).removeprefix("Bearer ")
    head = json.loads(base64.urlsafe_b64decode(text.split(".")[0] + "=="))
    digest = hashlib.sha256(x509.load_pem_x509_certificate(certificate).public_bytes(Encoding.DER)).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == head["x5t#S256"]


async def jwt_algorithm(wire: Wire) -> None:
    """
    The token is signed that way.
    """
    assert "PS512" == (await signed(wire, jwtAlgorithm="PS512")).header["alg"]


async def jwt_expiration(wire: Wire) -> None:
    """
    So many seconds the token lives.
    """
    for seconds, given in ((300, {}), (40, {"jwtExpiration": 40})):
        claims = (await signed(wire, **given)).claims
        assert (int(EPOCH.timestamp()), seconds) == (claims["iat"], claims["exp"] - claims["iat"])


async def jwt_claims(wire: Wire) -> None:
    """
    The token says so.
    """
    told = {"iss": "us", "aud": ["them"], "level": 3}
    assert told.items() <= (await signed(wire, jwtClaims=told)).claims.items()


EFFECTS: Mapping[str, Effect] = {
    "authenticationMethod": method,
    "grantType": grant,
    "tokenEndpoint": token_endpoint,
    "clientId": client,
    "clientSecret": client,
    "refreshToken": refresh_token,
    "accessToken": access_token,
    "tokenExpiration": token_expiration,
    "scope": scope,
    "useBasicAuthForOauthTokenNeg": basic_or_form,
    "authToken": auth_token,
    "authorizationTokenPrefix": prefix,
    "login": login,
    "password": login,
    "jwtKey": jwt_key,
    "jwtPem": jwt_pem,
    "keyAlgorithm": key_algorithm,
    "jwtCert": jwt_certificate,
    "jwtAlgorithm": jwt_algorithm,
    "jwtExpiration": jwt_expiration,
    "jwtClaims": jwt_claims,
}
