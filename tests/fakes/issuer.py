"""
Somebody who signs assertions: an identity provider, or a client by itself. Signs by another library than the one that
checks.
"""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ISSUER: Final = "https://login.example.com/tenant/v2.0"
AUDIENCE: Final = "https://connector.example.com/oauth2/token"
SUBJECT: Final = "8f3c-app"

_BYTES = 32


def encoded(content: bytes) -> str:
    """
    Return bytes as tokens have them.
    """
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class SigningIssuer:
    """
    An issuer with one key at a time, and how often its keys were asked for.
    """

    name: str = ISSUER
    key_id: str = "key-1"
    fetches: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def key_set(self) -> bytes:
        """
        Return its public key, as it is published.
        """
        numbers = self.key.public_key().public_numbers()
        x, y = (encoded(each.to_bytes(_BYTES, "big")) for each in (numbers.x, numbers.y))
        key = {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": self.key_id, "use": "sig"}
        return json.dumps({"keys": [key]}).encode()

    async def fetched(self, _: str) -> bytes:
        """
        Be asked for the keys.
        """
        self.fetches += 1
        return self.key_set()

    def rotate(self, key_id: str) -> None:
        """
        Sign with another key from now on.
        """
        self.key_id, self.key = key_id, ec.generate_private_key(ec.SECP256R1())

    def signed(self, now: datetime, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """
        Return an assertion that is good for five minutes. What is None is left out.
        """
        begins = int(now.timestamp())
        says = {"iss": self.name, "sub": SUBJECT, "aud": AUDIENCE, "iat": begins, "nbf": begins, "exp": begins + 300}
        said = {name: value for name, value in {**says, **claims}.items() if value is not None}
        heads = {"typ": "JWT", "alg": "ES256", "kid": self.key_id, **(header or {})}
        head = {name: value for name, value in heads.items() if value is not None}
        content = f"{encoded(json.dumps(head).encode())}.{encoded(json.dumps(said).encode())}"
        r, s = decode_dss_signature(self.key.sign(content.encode(), ec.ECDSA(SHA256())))
        return f"{content}.{encoded(r.to_bytes(_BYTES, 'big') + s.to_bytes(_BYTES, 'big'))}"
