"""
Signed tokens (JWT, RFC 7519): a key, how it signs, what is said. The only importer of joserfc.

The names of properties stand in the errors, since a person reads them who filled those in.
"""

import hashlib
import secrets
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from joserfc import jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, JWKRegistry, Key, OctKey, OKPKey, RSAKey

from webex_connector.base.secret import Secret

ALGORITHMS: Mapping[str, tuple[str, ...]] = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("Ed25519",),
    "oct": ("HS256", "HS384", "HS512"),
}
"""
The algorithms that each kind of key (`kty`, RFC 7517) can sign with, the usual one first; RFC 7518 and
RFC 9864.
"""

_CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512", "Ed25519": "Ed25519"}
_SHORTEST_RSA = 2048
_CONTENT = msgspec.json.Decoder(dict[str, str | list[str]])
_LIBRARY_REFUSES = (ValueError, TypeError, KeyError, JoseError)


class UnusableKey(Exception):
    """
    No key can be made of what was given. `property` names the one to mend; the key itself stands nowhere.
    """

    def __init__(self, property_: str, problem: str) -> None:
        self.property, self.problem = property_, problem
        super().__init__(f"{property_}: {problem}")


@dataclass(frozen=True, slots=True)
class Signer:
    """
    Signs tokens of a few minutes' life.
    """

    key: Key
    algorithm: str
    seconds: int
    """How long a token lives."""

    claims: Mapping[str, object]
    """What every token says: `iss`, `aud` and so on. `iat`, `exp` and `jti` are added unless they stand here."""

    thumbprint: str | None = None
    """The certificate's (RFC 7515, section 4.1.8), by which the other side finds it."""

    def __repr__(self) -> str:
        return f"Signer({self.algorithm})"

    def token(self, now: datetime) -> Secret:
        """
        Return a new token, good from now on.
        """
        began = int(now.timestamp())
        header = {"typ": "JWT", "alg": self.algorithm}
        header |= {"kid": self.key.kid} if self.key.kid else {}
        header |= {"x5t#S256": self.thumbprint} if self.thumbprint else {}
        times = {"iat": began, "exp": began + self.seconds, "jti": secrets.token_urlsafe(16)}
        return Secret(jwt.encode(header, {**times, **self.claims}, self.key, algorithms=[self.algorithm]))


def key_of_jwk(text: Secret) -> Key:
    """
    Return the key in a JSON Web Key (RFC 7517). Raise UnusableKey for anything else, and for a public key.
    """
    try:
        found = _CONTENT.decode(text.reveal())
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UnusableKey("jwtKey", "is no JSON Web Key: it must be a JSON object with kty (RFC 7517)") from None
    kind = found.get("kty")
    if kind not in ALGORITHMS:
        raise UnusableKey("jwtKey", f"has the unsupported kty {kind!r}; there are {', '.join(ALGORITHMS)}")
    key = _imported(found, "jwtKey", f"is a damaged {kind} key")
    if not key.is_private:
        raise UnusableKey("jwtKey", "is a public key; signing needs the private one")
    return key


def key_of_pem(pem: Secret, kind: str | None) -> Key:
    """
    Return the private key in a PEM text (RFC 7468); `kind` is what it is said to be.

    Raise UnusableKey for a text that is none, an encrypted key, a key of another kind, and DSA, which no JWT knows.
    """
    if kind == "DSA":
        raise UnusableKey("keyAlgorithm", "DSA cannot sign a JWT (RFC 7518, section 3.1); use RSA or EC")
    try:
        private = load_pem_private_key(pem.reveal().encode(), password=None)
    except TypeError:
        problem = "is encrypted, and no property holds its passphrase; decrypt it with: openssl pkey -in FILE"
        raise UnusableKey("jwtPem", problem) from None
    except ValueError:
        raise UnusableKey("jwtPem", "is no private key in PEM form: -----BEGIN PRIVATE KEY----- …") from None
    if isinstance(private, dsa.DSAPrivateKey):
        raise UnusableKey("jwtPem", "is a DSA key, which cannot sign a JWT (RFC 7518, section 3.1); use RSA or EC")
    found = next((each for cls, each in _KINDS if isinstance(private, cls)), "OKP")
    if kind is not None and kind != found:
        raise UnusableKey("keyAlgorithm", f"says {kind}, but jwtPem holds a key of kind {found}")
    return _imported(pem.reveal(), "jwtPem", f"is a key of kind {found} that cannot sign a JWT", found)


def algorithm_for(key: Key, asked: str | None) -> str:
    """
    Return how the key signs: as asked, or as its kind usually does. Raise UnusableKey when it cannot sign that way.
    """
    own = (_CURVES[key.curve_name],) if isinstance(key, ECKey) else ALGORITHMS[key.key_type]
    if asked is not None and asked not in own:
        raise UnusableKey("jwtAlgorithm", f"{asked} needs another key: this one signs with {' or '.join(own)}")
    return asked or own[0]


def thumbprint_of(certificate: str, key: Key, now: datetime) -> str:
    """
    Return the SHA-256 thumbprint of a certificate in PEM form. Raise UnusableKey unless it is in force and the key's.
    """
    try:
        found = x509.load_pem_x509_certificate(certificate.encode())
    except ValueError:
        raise UnusableKey("jwtCert", "is no certificate in PEM form: -----BEGIN CERTIFICATE----- …") from None
    if found.not_valid_after_utc <= now:
        raise UnusableKey("jwtCert", f"ended on {found.not_valid_after_utc:%Y-%m-%d}")
    if found.not_valid_before_utc > now:
        raise UnusableKey("jwtCert", f"begins on {found.not_valid_before_utc:%Y-%m-%d}")
    ours = key.as_pem(private=False) if isinstance(key, RSAKey | ECKey | OKPKey) else b""
    theirs = found.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    if ours != theirs:
        raise UnusableKey("jwtCert", "belongs to another key than jwtPem")
    digest = hashlib.sha256(found.public_bytes(Encoding.DER)).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


_KINDS: tuple[tuple[type, str], ...] = ((rsa.RSAPrivateKey, "RSA"), (ec.EllipticCurvePrivateKey, "EC"))


def _imported(source: str | dict[str, str | list[str]], property_: str, otherwise: str, kind: str | None = None) -> Key:
    with warnings.catch_warnings():
        # It warns of short keys; they are refused below.
        warnings.simplefilter("ignore", SecurityWarning)
        try:
            key: Key = JWKRegistry.import_key(source, kind)
            curve = key.curve_name if isinstance(key, ECKey | OKPKey) else None
        except _LIBRARY_REFUSES:
            raise UnusableKey(property_, otherwise) from None
    if curve is not None and curve not in _CURVES:
        raise UnusableKey(property_, f"is on the curve {curve}; there are {', '.join(_CURVES)}")
    # RFC 7518, sections 3.2 and 3.3: a shorter key signs, and whoever hears the token can guess it.
    if isinstance(key, RSAKey) and key.raw_value.key_size < _SHORTEST_RSA:
        raise UnusableKey(property_, f"is an RSA key of {key.raw_value.key_size} bits; {_SHORTEST_RSA} are the least")
    if isinstance(key, OctKey) and len(key.raw_value) < hashlib.sha256().digest_size:
        raise UnusableKey(property_, "is a shared key of fewer than 256 bits")
    return key
