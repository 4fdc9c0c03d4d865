"""
Encryption at rest: AES-256-GCM, bound to the place where the value is kept.

A sealed value is `v1.<key id>.<nonce>.<ciphertext>`. Table, row and column are authenticated with it (NIST SP 800-38D,
additional authenticated data), so that a value copied to another row does not open.
"""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from webex_connector.base.secret import Secret
from webex_connector.store.errors import SealBroken, StoreUnusable

_VERSION = "v1"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_ID_LETTERS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where a sealed value stands.
    """

    table: str
    row: str
    column: str

    @property
    def bound(self) -> bytes:
        """
        The place as bytes; no two places have the same.
        """
        return b"".join(
            len(part).to_bytes(4) + part for part in (each.encode() for each in (self.table, self.row, self.column))
        )


class Key:
    """
    One key. It is known by its id, and never printed.
    """

    def __init__(self, raw: bytes) -> None:
        if len(raw) != _KEY_BYTES:
            raise StoreUnusable(f"A key of the store has {_KEY_BYTES} bytes, not {len(raw)}")
        self.id = hashlib.sha256(b"webex-connector key id" + raw).hexdigest()[:_ID_LETTERS]
        self.cipher = AESGCM(raw)
        self._text = Secret(base64.urlsafe_b64encode(raw).decode())

    @classmethod
    def made(cls) -> "Key":
        """
        Return a new key.
        """
        return cls(secrets.token_bytes(_KEY_BYTES))

    @classmethod
    def parsed(cls, text: Secret) -> "Key":
        """
        Read a key as `text` gives it. Raises StoreUnusable, without repeating it, when it is none.
        """
        try:
            return cls(base64.b64decode(text.reveal(), altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            raise StoreUnusable("A key of the store is not written in base64") from None

    @property
    def text(self) -> Secret:
        """
        The key as it is written to a file.
        """
        return self._text

    def __repr__(self) -> str:
        return f"Key(id={self.id})"


class Cipher:
    """
    Seals with the first of its keys and opens with all of them.
    """

    def __init__(self, keys: tuple[Key, ...]) -> None:
        if not keys:
            raise StoreUnusable("The store has no key")
        self._first = keys[0]
        self._keys = {key.id: key for key in keys}

    @property
    def first(self) -> str:
        """
        The id of the key that seals.
        """
        return self._first.id

    def seal(self, secret: Secret, place: Place) -> str:
        """
        Encrypt a secret for one place; never twice to the same text.
        """
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._first.cipher.encrypt(nonce, secret.reveal().encode(), place.bound)
        return ".".join((_VERSION, self._first.id, _text(nonce), _text(sealed)))

    def open(self, sealed: str, place: Place) -> Secret:
        """
        Return what was sealed for this place. Raises SealBroken.
        """
        where = f"{place.table}.{place.column}"
        try:
            version, key_id, nonce, content = sealed.split(".")
            raw_nonce, raw = _bytes(nonce), _bytes(content)
        except (ValueError, binascii.Error):
            raise SealBroken(f"{where} does not hold a sealed value") from None
        if version != _VERSION:
            raise SealBroken(f"{where} was sealed in the form {version}, which this version does not know")
        key = self._keys.get(key_id)
        if key is None:
            raise SealBroken(f"{where} was sealed with the key {key_id}, which is not among the keys of the store")
        try:
            return Secret(key.cipher.decrypt(raw_nonce, raw, place.bound).decode())
        except (InvalidTag, ValueError):
            raise SealBroken(f"{where} was changed, or copied from another place") from None

    def is_current(self, sealed: str) -> bool:
        """
        Whether a sealed value was sealed with the first key.
        """
        return sealed.startswith(f"{_VERSION}.{self.first}.")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
