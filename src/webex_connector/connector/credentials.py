"""
From properties to what Webex knows us by: one function for each method and grant.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.connector.given import Given
from webex_connector.connector.properties import Grant, Login, Method
from webex_connector.webex.hosts import Hosts
from webex_connector.webex.oauth import OAuthClient, Tokens
from webex_connector.webex.pasted_token import PastedToken
from webex_connector.webex.self_signed import SelfSignedToken
from webex_connector.webex.signing import (
    Signer,
    UnusableKey,
    algorithm_for,
    key_of_jwk,
    key_of_pem,
    thumbprint_of,
)
from webex_connector.webex.tokens import DirectGrant, RefreshGrant, StaticToken, TokenSource, TokenVault

_JWT_SECONDS = 300
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_NOBODY = Secret("")


@dataclass(frozen=True, slots=True)
class Credentials:
    """
    Where tokens come from, and the word that stands before them in the Authorization header.
    """

    tokens: TokenSource
    prefix: str
    login: Login


def credentials_of(given: Given, hosts: Hosts, service: str, clock: Clock, vault: TokenVault) -> Credentials:
    """
    Return what the authentication method asks for; what is missing or damaged is noted in `given`.
    """
    prefix = given.get("authorizationTokenPrefix", str) or "Bearer"
    login = login_of(given)
    match Method(given.get("authenticationMethod", str) or Method.OAUTH.value):
        case Method.BASIC:
            return Credentials(_basic(given), "Basic", login)
        case Method.TOKEN:
            pasted = given.need("authToken", Secret, _NOBODY, "with authenticationMethod TOKEN")
            tokens: TokenSource = PastedToken(pasted, service, vault=vault, clock=clock, ends=_expiration(given, clock))
        case Method.JWT_TOKEN:
            own = given.get("clientId", str)
            signer = _signer(given, {"iss": own} if own else {}, "authenticationMethod JWT_TOKEN", clock.now())
            tokens = SelfSignedToken(signer, clock) if signer else StaticToken(_NOBODY)
        case Method.OAUTH:
            tokens = _oauth(given, hosts, clock, vault)
        case never:
            assert_never(never)
    return Credentials(tokens, prefix, login)


def login_of(given: Given) -> Login:
    """
    Return by what the properties let Webex know us.
    """
    method = Method(given.get("authenticationMethod", str) or Method.OAUTH.value)
    return Grant(given.get("grantType", str) or Grant.REFRESH_TOKEN.value) if method is Method.OAUTH else method


def _basic(given: Given) -> StaticToken:
    why = "with authenticationMethod BASIC"
    login, password = given.need("login", str, "", why), given.need("password", Secret, _NOBODY, why)
    if ":" in login:
        # RFC 7617, section 2: the first colon is where the password begins.
        given.wrong("login", "must not hold a colon")
    return StaticToken(Secret(base64.b64encode(f"{login}:{password.reveal()}".encode()).decode()))


def _oauth(given: Given, hosts: Hosts, clock: Clock, vault: TokenVault) -> TokenSource:
    grant = Grant(given.get("grantType", str) or Grant.REFRESH_TOKEN.value)
    why = f"with grantType {grant.value}"
    client = client_of(given, hosts, why, needed=grant is not Grant.JWT_BEARER)
    first = _first(given, clock)
    match grant:
        case Grant.REFRESH_TOKEN:
            refresh = given.need("refreshToken", Secret, _NOBODY, why)
            return RefreshGrant(client, refresh, vault=vault, clock=clock, given=first)
        case Grant.CLIENT_CREDENTIALS:
            return DirectGrant(client, lambda: {"grant_type": "client_credentials"}, clock=clock, given=first)
        case Grant.JWT_BEARER:
            return _asserted(given, client, clock, first)


def client_of(given: Given, hosts: Hosts, why: str, *, needed: bool = True) -> OAuthClient:
    """
    Return who we are to the token endpoint; an id or a secret that is missing though `needed` is noted in `given`.
    """
    return OAuthClient(
        given.address("tokenEndpoint", hosts.token_endpoint),
        given.need("clientId", str, "", why) if needed else given.get("clientId", str) or "",
        given.need("clientSecret", Secret, _NOBODY, why) if needed else given.get("clientSecret", Secret),
        basic=given.get("useBasicAuthForOauthTokenNeg", bool) is not False,
        scope=given.get("scope", str),
    )


def _asserted(given: Given, client: OAuthClient, clock: Clock, first: Tokens | None) -> TokenSource:
    # RFC 7523, section 3: issuer, subject and audience must be there.
    claims = {"aud": client.endpoint} | ({"iss": client.client_id, "sub": client.client_id} if client.client_id else {})
    signer = _signer(given, claims, "grantType jwt_bearer", clock.now())
    if signer is None:
        return StaticToken(_NOBODY)
    missing = [name for name in ("iss", "sub") if name not in signer.claims]
    if missing:
        given.wrong("jwtClaims", f"lacks {' and '.join(missing)}, and there is no clientId to stand for it")

    def show() -> Mapping[str, str | Secret]:
        return {"grant_type": _JWT_BEARER, "assertion": signer.token(clock.now())}

    return DirectGrant(client, show, clock=clock, given=first)


def _signer(given: Given, usual: Mapping[str, object], why: str, now: datetime) -> Signer | None:
    jwk, pem = given.get("jwtKey", Secret), given.get("jwtPem", Secret)
    seconds = given.positive("jwtExpiration", _JWT_SECONDS)
    claims = {**usual, **_claims(given)}
    if (jwk is None) == (pem is None):
        given.wrong("jwtKey", f"or jwtPem is required with {why}" if jwk is None else "and jwtPem exclude each other")
        return None
    if pem is None:
        given.idle_without("jwtPem", "jwtCert", "keyAlgorithm")
    certificate = given.get("jwtCert", str)
    try:
        key = key_of_jwk(jwk) if jwk else key_of_pem(pem or _NOBODY, given.get("keyAlgorithm", str))
        algorithm = algorithm_for(key, given.get("jwtAlgorithm", str))
        thumbprint = thumbprint_of(certificate, key, now) if pem and certificate else None
    except UnusableKey as problem:
        given.wrong(problem.property, problem.problem)
        return None
    return Signer(key, algorithm, seconds, claims, thumbprint)


def _claims(given: Given) -> Mapping[str, object]:
    claims: Mapping[str, object] = given.get("jwtClaims", dict) or {}
    try:
        read: object = msgspec.json.decode(msgspec.json.encode(claims))
    except (TypeError, ValueError, msgspec.MsgspecError):
        read = None
    if read != claims:
        # A date of a TOML file, for one: JWTs count seconds (RFC 7519, section 2).
        given.wrong("jwtClaims", "holds what JSON has no form for")
        return {}
    return claims


def _first(given: Given, clock: Clock) -> Tokens | None:
    access = given.get("accessToken", Secret)
    return None if access is None else Tokens(access, ends=_expiration(given, clock))


def _expiration(given: Given, clock: Clock) -> datetime | None:
    milliseconds = given.get("tokenExpiration", int)
    epoch = datetime.fromtimestamp(0, tz=clock.now().tzinfo)
    try:
        return None if milliseconds is None else epoch + timedelta(milliseconds=milliseconds)
    except OverflowError:
        given.wrong("tokenExpiration", f"is no moment in milliseconds: {milliseconds}")
        return None
