"""
Signed assertions (JWT, RFC 7519) of others, and the keys that they are checked by. Pure; the only importer of joserfc
among the doors.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from joserfc import jws, jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

from webex_connector.gateway.admission import Lapsed, Unproven

ALGORITHMS: Final = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "Ed25519", "EdDSA"),
)
"""
How an assertion may be signed: by keys of which the other half never leaves whoever signs (RFC 7518, RFC 9864).
"""

LONGEST: Final = 16 * 1024
"""
How many characters an assertion may have.
"""

LONGEST_LIFE: Final = timedelta(hours=24)
"""
How far off the end of an assertion may be; Microsoft's live that long at most.
"""

LEEWAY: Final = timedelta(seconds=60)
"""
By how much two clocks may differ.
"""

_LONGEST_IDENTIFIER: Final = 256
_SHORTEST_RSA: Final = 2048
_KINDS: Final = {"RSA", "EC", "OKP"}
_LIBRARY_REFUSES: Final = (ValueError, TypeError, KeyError, JoseError)


PublicKey = Key
"""
A key that checks signatures.
"""


class UnusableKeys(Exception):
    """
    A set of keys cannot be used; the message says why.
    """


class _Set(msgspec.Struct):
    keys: list[dict[str, Any]]


class _Claims(msgspec.Struct):
    """
    What an assertion has to say, and may say (RFC 7523, section 3).
    """

    iss: str
    sub: str
    aud: str | list[str]
    exp: int | float
    nbf: int | float | None = None
    iat: int | float | None = None
    jti: str | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """
    What an assertion says of itself before anybody has proven it.
    """

    issuer: str
    key_id: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """
    What an issuer has said, and until when. An `identifier` is there when it is to be used once.
    """

    subject: str
    ends: datetime
    identifier: str | None


def keys_of(content: bytes) -> tuple[PublicKey, ...]:
    """
    Return the keys of a JSON Web Key Set (RFC 7517, section 5) that signatures can be checked by. Those of other kinds
    and for other uses are passed over.

    Raises UnusableKeys when it is no such set, or none is left.
    """
    try:
        found = msgspec.json.decode(content, type=_Set)
    except (msgspec.MsgspecError, ValueError) as problem:
        raise UnusableKeys(f"it is no JSON Web Key Set: {problem}") from None
    keys = tuple(key for each in found.keys if (key := _key_of(each)) is not None)
    if not keys:
        raise UnusableKeys(
            "it has no key for signatures: public keys of kind RSA (2048 bits at least), EC or Ed25519 are wanted"
        )
    return keys


def announced(text: str) -> Announced:
    """
    Return who claims to have made an assertion, unproven. Raises Unproven when that cannot be read.
    """
    if len(text) > LONGEST:
        raise Unproven(f"The assertion is longer than {LONGEST} characters")
    try:
        found = jws.extract_compact(text.encode("ascii"))
        header, claims = found.headers(), msgspec.json.decode(found.payload, type=dict[str, Any])
    except (*_LIBRARY_REFUSES, msgspec.MsgspecError):
        raise Unproven("The assertion is no signed JWT (RFC 7519)") from None
    issuer, key_id = claims.get("iss"), header.get("kid")
    if not isinstance(issuer, str):
        raise Unproven("The assertion does not name its issuer, the claim iss")
    return Announced(issuer, key_id if isinstance(key_id, str) else None)


def fitting(keys: Sequence[PublicKey], key_id: str | None) -> tuple[PublicKey, ...]:
    """
    Return the keys that may have made a signature: the one it names, or all when it names none.
    """
    return tuple(keys) if key_id is None else tuple(each for each in keys if each.kid == key_id)


def proven(text: str, keys: Sequence[PublicKey], audience: frozenset[str], now: datetime) -> Proof:
    """
    Return what an assertion proves. Raises Unproven when no key made its signature, and Lapsed when it is genuine and
    of no use all the same: for somebody else, over, or not begun.
    """
    content = next((found for each in keys if (found := _signed(text, each)) is not None), None)
    if content is None:
        raise Unproven(
            f"The signature of the assertion fits no key of its issuer, or is none of {', '.join(ALGORITHMS)}"
        )
    try:
        claims = msgspec.convert(content, _Claims)
    except msgspec.ValidationError as problem:
        raise Lapsed(f"The assertion lacks something: {problem}") from None
    meant = {claims.aud} if isinstance(claims.aud, str) else set(claims.aud)
    if not meant & audience:
        raise Lapsed(f"The assertion is for {', '.join(sorted(meant)) or 'nobody'}, and not for this server")
    return Proof(claims.sub, _end(claims, now) + LEEWAY, _identifier(claims))


def _end(claims: _Claims, now: datetime) -> datetime:
    """
    Return when an assertion ends. Raises Lapsed when it is not in force.
    """
    ends = _moment(claims.exp)
    if ends + LEEWAY <= now:
        raise Lapsed(f"The assertion ended on {ends:%Y-%m-%d at %H:%M} UTC")
    if ends > now + LONGEST_LIFE + LEEWAY:
        raise Lapsed(
            f"The assertion lives too long: it may end within {LONGEST_LIFE.total_seconds() // 3600:.0f} hours"
        )
    for claim in (claims.nbf, claims.iat):
        if claim is not None and _moment(claim) > now + LEEWAY:
            raise Lapsed(f"The assertion begins on {_moment(claim):%Y-%m-%d at %H:%M} UTC, which is yet to come")
    return ends


def _identifier(claims: _Claims) -> str | None:
    if claims.jti is not None and len(claims.jti) > _LONGEST_IDENTIFIER:
        raise Lapsed(f"The identifier of the assertion, jti, is longer than {_LONGEST_IDENTIFIER} characters")
    return claims.jti


def _moment(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise Lapsed(f"The assertion names a moment that is none: {seconds}") from None


def _signed(text: str, key: PublicKey) -> dict[str, Any] | None:
    """
    Return the claims when the key made the signature.
    """
    try:
        return dict(jwt.decode(text, key, algorithms=list(ALGORITHMS)).claims)
    except _LIBRARY_REFUSES:
        return None


def _key_of(found: dict[str, Any]) -> PublicKey | None:
    if found.get("kty") not in _KINDS or found.get("use", "sig") != "sig":
        return None
    with warnings.catch_warnings():
        # It warns of short keys; they are passed over below.
        warnings.simplefilter("ignore", SecurityWarning)
        try:
            key: Key = JWKRegistry.import_key(found)
            size = key.raw_value.key_size if isinstance(key, RSAKey) else _SHORTEST_RSA
        except _LIBRARY_REFUSES:
            return None
    usable = isinstance(key, RSAKey | ECKey | OKPKey) and size >= _SHORTEST_RSA
    return key if usable else None
