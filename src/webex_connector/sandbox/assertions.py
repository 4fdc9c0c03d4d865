"""
Reading signed tokens (JWT, RFC 7519) with the public key of whoever signs them.
"""

import base64
import binascii
import hmac
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

_HASHES = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
_DIGESTS = {"256": "sha256", "384": "sha384", "512": "sha512"}
_TOLERANCE = 60
_PARTS = 3


class Untrusted(Exception):
    """
    The token is not believed; the text says why.
    """


def trusted(text: str) -> str:
    """
    Return a key to believe, from what stands in a file: a public key in PEM form, or a shared secret.

    Raises ValueError, with what is wrong, for an empty text, a private key, and PEM of which nothing can be made.
    """
    key = text.strip()
    if not key:
        raise ValueError("it is empty")
    if "PRIVATE KEY-----" in key:
        raise ValueError("it is a private key, which stays with who signs; its public half: openssl pkey -pubout")
    if key.startswith("-----BEGIN"):
        try:
            public = load_pem_public_key(key.encode())
        except (ValueError, UnsupportedAlgorithm):
            raise ValueError("it is no public key in PEM form: -----BEGIN PUBLIC KEY----- …") from None
        if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
            raise ValueError("it is neither an RSA nor an EC key")
    return key


def claims_in(token: str, trusted: str, now: float, audience: str | None = None) -> dict[str, Any]:
    """
    Return what a token says. `trusted` is a public key in PEM form or a shared secret, `now` seconds since 1970.

    Raises Untrusted for a damaged token, a wrong signature or audience, and a time outside the token's own. A minute is
    forgiven, since clocks differ (RFC 7523, section 3).
    """
    parts = token.split(".")
    if len(parts) != _PARTS:
        raise Untrusted("The assertion is not a signed JWT.")
    try:
        header, claims = (msgspec.json.decode(_bytes(part), type=dict[str, Any]) for part in parts[:2])
        signature = _bytes(parts[2])
    except (msgspec.DecodeError, binascii.Error, UnicodeError):
        raise Untrusted("The assertion cannot be read.") from None
    if not trusted or not _is_signed(str(header.get("alg")), f"{parts[0]}.{parts[1]}".encode(), signature, trusted):
        raise Untrusted("The signature of the assertion is wrong.")
    ends, began = claims.get("exp"), claims.get("iat", 0)
    if not isinstance(ends, int | float) or ends + _TOLERANCE <= now:
        raise Untrusted("The assertion has expired.")
    if not isinstance(began, int | float) or began - _TOLERANCE > now:
        raise Untrusted("The assertion is not yet valid.")
    if audience is not None and audience not in _several(claims.get("aud")):
        raise Untrusted("The assertion is made for another audience.")
    return claims


def _is_signed(algorithm: str, content: bytes, signature: bytes, trusted: str) -> bool:
    kind, size = algorithm[:2], algorithm[2:]
    if size not in _HASHES:
        return False
    if not trusted.startswith("-----BEGIN"):
        expected = hmac.digest(trusted.encode(), content, _DIGESTS[size])
        return kind == "HS" and hmac.compare_digest(expected, signature)
    key, hashed = load_pem_public_key(trusted.encode()), _HASHES[size]
    try:
        if isinstance(key, rsa.RSAPublicKey) and kind == "RS":
            key.verify(signature, content, padding.PKCS1v15(), hashed)
        elif isinstance(key, rsa.RSAPublicKey) and kind == "PS":
            key.verify(signature, content, padding.PSS(padding.MGF1(hashed), hashed.digest_size), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey) and kind == "ES":
            half = len(signature) // 2
            numbers = (int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
            key.verify(encode_dss_signature(*numbers), content, ec.ECDSA(hashed))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _several(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
