"""
Who is signed in: a signed cookie, and a token for forms that no other site can know.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from webex_connector.base.clock import Clock

LIFE: Final = timedelta(hours=8)
"""
How long somebody stays signed in. A restart of the server ends every session.
"""

_KEY_BYTES = 32
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Session:
    """
    Somebody's.
    """

    id: str
    client: str
    began: datetime
    form_token: str
    """
    What every form of this session carries (against cross-site request forgery).
    """


class _Payload(msgspec.Struct, array_like=True):
    id: str
    client: str
    began: float


class Sessions:
    """
    Sessions signed with a key that this process made up: nothing is kept.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(_KEY_BYTES)

    def begin(self, client: str) -> str:
        """
        Return the cookie of a new session.
        """
        began = self._clock.now().timestamp()
        payload = msgspec.json.encode(_Payload(secrets.token_urlsafe(_ID_BYTES), client, began))
        return f"{base64.urlsafe_b64encode(payload).decode()}.{self._signature(b'session', payload)}"

    def of(self, cookie: str) -> Session | None:
        """
        Return the session of a cookie; None for one that is forged, damaged or over.
        """
        text, _, signature = cookie.partition(".")
        try:
            payload = base64.urlsafe_b64decode(text)
        except (binascii.Error, ValueError):
            return None
        if not hmac.compare_digest(signature.encode(), self._signature(b"session", payload).encode()):
            return None
        found = msgspec.json.decode(payload, type=_Payload)
        began = datetime.fromtimestamp(found.began, UTC)
        if self._clock.now() >= began + LIFE:
            return None
        return Session(found.id, found.client, began, self._signature(b"form", found.id.encode()))

    def _signature(self, purpose: bytes, payload: bytes) -> str:
        return hmac.new(self._key, purpose + b"\n" + payload, hashlib.sha256).hexdigest()
