"""
Signed assertions, checked: genuine, for us, in force.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import RSAKey

from fakes.issuer import AUDIENCE, SUBJECT, SigningIssuer, encoded
from webex_connector.gateway.admission import Lapsed, NotAdmitted, Unproven
from webex_connector.gateway.assertions import Announced, UnusableKeys, announced, fitting, keys_of, proven

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
BEGAN = int(NOW.timestamp())
FOR_US = frozenset({AUDIENCE})
ISSUER = SigningIssuer()
KEYS = keys_of(ISSUER.key_set())


def test_what_is_signed_is_believed() -> None:
    """
    The subject, until when, and what makes it one of a kind; one audience of several is enough.
    """
    text = ISSUER.signed(NOW, jti="one", aud=["api://other", AUDIENCE])
    assert Announced(ISSUER.name, "key-1") == announced(text)
    proof = proven(text, KEYS, FOR_US, NOW)
    assert (SUBJECT, "one", NOW + timedelta(minutes=6)) == (proof.subject, proof.identifier, proof.ends)
    assert proven(ISSUER.signed(NOW), KEYS, FOR_US, NOW).identifier is None


def test_an_rsa_key_signs_too() -> None:
    """
    As most identity providers have it; a key of 1024 bits does not count, nor one that is for encryption.
    """
    key = RSAKey.generate_key(2048, {"kid": "r"})
    public = key.as_dict(private=False)
    short = rsa.generate_private_key(65537, 1024).public_key().public_numbers()  # noqa: S505 - it is to be refused
    told = [public, {**public, "n": encoded(short.n.to_bytes(128, "big"))}, {**public, "use": "enc"}]
    keys = keys_of(json.dumps({"keys": told}).encode())
    text = jwt.encode({"alg": "RS256", "kid": "r"}, {"iss": "i", "sub": "s", "aud": AUDIENCE, "exp": BEGAN + 60}, key)
    assert 1 == len(keys)
    assert "s" == proven(text, keys, FOR_US, NOW).subject


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"aud": "api://other"}, "is for api://other, and not for this server"),
        ({"aud": []}, "is for nobody, and not for this server"),
        ({"exp": BEGAN - 61}, "ended on 2026-11-02 at 07:58 UTC"),
        ({"exp": BEGAN - 60}, "ended on"),
        ({"exp": BEGAN + 2 * 86_400}, "lives too long: it may end within 24 hours"),
        ({"exp": 1e300}, "names a moment that is none"),
        ({"nbf": BEGAN + 61}, "begins on 2026-11-02 at 08:01 UTC, which is yet to come"),
        ({"iat": BEGAN + 61}, "which is yet to come"),
        ({"exp": None}, "lacks something: .*`exp`"),
        ({"sub": None}, "lacks something: .*`sub`"),
        ({"aud": None}, "lacks something: .*`aud`"),
        ({"exp": "tomorrow"}, "lacks something"),
        ({"jti": 7}, "lacks something"),
        ({"jti": "x" * 257}, "jti, is longer than 256 characters"),
    ],
)
def test_what_is_genuine_and_of_no_use_says_why(claims: dict[str, Any], why: str) -> None:
    """
    Whoever set the issuer up learns what to change.
    """
    with pytest.raises(Lapsed, match=why):
        proven(ISSUER.signed(NOW, **claims), KEYS, FOR_US, NOW)


@pytest.mark.parametrize("seconds", [-59, 59])
def test_clocks_may_differ_by_a_minute(seconds: int) -> None:
    """
    An issuer ahead of us, or behind, is no forger.
    """
    there = NOW + timedelta(seconds=seconds)
    assert SUBJECT == proven(ISSUER.signed(there, exp=int(there.timestamp()) + 1), KEYS, FOR_US, NOW).subject


def _with_shared_key(_: str) -> str:
    """
    Sign with the public key as if it were a shared one: a forger has that, too.
    """
    head = encoded(json.dumps({"alg": "HS256", "kid": "key-1"}).encode())
    content = f"{head}.{encoded(json.dumps({'iss': ISSUER.name, 'sub': 'x', 'aud': AUDIENCE}).encode())}"
    return f"{content}.{encoded(hmac.digest(ISSUER.key_set(), content.encode(), hashlib.sha256))}"


def _unsigned(text: str) -> str:
    return f"{encoded(json.dumps({'alg': 'none'}).encode())}.{text.split('.')[1]}."


def _changed(text: str) -> str:
    head, _, signature = text.split(".")
    return f"{head}.{SigningIssuer().signed(NOW, sub='admin').split('.')[1]}.{signature}"


@pytest.mark.parametrize("forge", [_with_shared_key, _unsigned, _changed, lambda _: SigningIssuer().signed(NOW)])
def test_no_forgery_is_believed(forge: Any) -> None:
    """
    Signed with nothing, with what everybody knows, with another key, or changed after.
    """
    with pytest.raises(Unproven, match="signature of the assertion fits no key"):
        proven(forge(ISSUER.signed(NOW)), KEYS, FOR_US, NOW)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no signed JWT"),
        ("a.b.c", "is no signed JWT"),
        ("é.é.é", "is no signed JWT"),
        ("e30.e30.e30", "is no signed JWT"),
        ("x" * 20_000, "is longer than 16384 characters"),
        (ISSUER.signed(NOW, iss=None), "does not name its issuer"),
        (ISSUER.signed(NOW, iss=7), "does not name its issuer"),
    ],
)
def test_what_is_none_is_refused(text: str, why: str) -> None:
    """
    Before any key is looked for.
    """
    with pytest.raises(NotAdmitted, match=why):
        announced(text)


def test_a_header_that_must_be_understood_is_not() -> None:
    """
    An extension that we do not know could mean anything (RFC 7515, section 4.1.11).
    """
    with pytest.raises(Unproven):
        proven(ISSUER.signed(NOW, {"crit": ["new"], "new": 1}), KEYS, FOR_US, NOW)


def test_a_key_is_found_by_its_name() -> None:
    """
    All are tried for a signature that names none.
    """
    assert (KEYS, KEYS, ()) == (fitting(KEYS, "key-1"), fitting(KEYS, None), fitting(KEYS, "key-2"))
    assert SUBJECT == proven(ISSUER.signed(NOW, {"kid": None}), KEYS, FOR_US, NOW).subject


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is no JSON Web Key Set"),
        (b"[]", "is no JSON Web Key Set"),
        (b'{"keys": [1]}', "is no JSON Web Key Set"),
        (b'{"keys": []}', "has no key for signatures"),
        (b'{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', "has no key for signatures"),
        (b'{"keys": [{"kty": "RSA", "n": "?", "e": "AQAB"}]}', "has no key for signatures"),
    ],
)
def test_a_set_without_keys_is_none(content: bytes, why: str) -> None:
    """
    A shared key is none that others may know.
    """
    with pytest.raises(UnusableKeys, match=why):
        keys_of(content)
