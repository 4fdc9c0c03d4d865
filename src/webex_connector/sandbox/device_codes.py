"""
What devices without a keyboard ask for, until somebody decides in a browser elsewhere and the device fetches its tokens
(https://developer.webex.com/docs/login-with-webex, RFC 8628).
"""

import hashlib
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from webex_connector.base.clock import Clock

DEVICE_LIFE = 300
"""
Seconds until a device's request is over, decided or not.
"""

DEVICE_INTERVAL = 2
"""
Seconds a device must wait from one question to the next.
"""

_CODES = 1_000_000


class NotYet(Enum):
    """
    Why a device gets no tokens: status, the word of RFC 8628 section 3.5, and a sentence.
    """

    PENDING = (428, "authorization_pending", "The user has not yet completed the authorization.")
    TOO_FAST = (429, "slow_down", "The device asks more often than its interval allows.")
    DENIED = (400, "access_denied", "The user denied the request.")
    GONE = (400, "invalid_grant", "The device code is unknown, used or expired.")


class Decision(Enum):
    """
    What somebody said to a device's request.
    """

    NONE = "none"
    ALLOW = "allow"
    DENY = "deny"


@dataclass(slots=True)
class DeviceRequest:
    """
    What a device asks for, and how far that has come.
    """

    device_code: str
    user_code: str
    """Six digits, which people type."""
    client_id: str
    scopes: frozenset[str]
    until: float
    """Seconds since 1970."""
    decision: Decision = Decision.NONE
    polled: float | None = None
    """When the device last asked for its tokens, in seconds since 1970."""

    @property
    def hashed_code(self) -> str:
        """
        The user code as it stands in the complete address, for a QR code.
        """
        return hashlib.sha256(f"{self.device_code}/{self.user_code}".encode()).hexdigest()


class DeviceCodes:
    """
    Requests whose time is not over.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._requests: dict[str, DeviceRequest] = {}
        self._numbered = 0

    def ask(self, client_id: str, scopes: frozenset[str]) -> DeviceRequest:
        """
        Begin a request, with codes that no other has.
        """
        taken = {each.user_code for each in self.all()}
        user_code, device_code = self._codes()
        while user_code in taken:
            user_code, device_code = self._codes()
        asked = DeviceRequest(device_code, user_code, client_id, scopes, self._now() + DEVICE_LIFE)
        self._requests[device_code] = asked
        return asked

    def all(self) -> list[DeviceRequest]:
        """
        Return every request whose time is not over, oldest first; what is over is forgotten.
        """
        now = self._now()
        self._requests = {code: each for code, each in self._requests.items() if now < each.until}
        return list(self._requests.values())

    def undecided(self, code: str) -> DeviceRequest | None:
        """
        Return the request with that user code, plain or hashed; None when there is none, or it was decided.
        """
        fits = (each for each in self.all() if code in {each.user_code, each.hashed_code})
        return next((each for each in fits if each.decision is Decision.NONE), None)

    def poll(self, device_code: str, client_id: str) -> DeviceRequest | NotYet:
        """
        Return what was allowed, once, or why there is nothing to hand out.
        """
        asked = next((each for each in self.all() if each.device_code == device_code), None)
        if asked is None or asked.client_id != client_id:
            return NotYet.GONE
        before, asked.polled = asked.polled, self._now()
        if before is not None and asked.polled - before < DEVICE_INTERVAL:
            return NotYet.TOO_FAST
        match asked.decision:
            case Decision.NONE:
                return NotYet.PENDING
            case Decision.DENY:
                return NotYet.DENIED
            case Decision.ALLOW:
                return self._requests.pop(device_code)

    def _codes(self) -> tuple[str, str]:
        self._numbered += 1
        digest = hashlib.sha256(f"device/{self._numbered}".encode()).digest()
        return f"{int.from_bytes(digest[:8]) % _CODES:06}", str(UUID(bytes=digest[16:], version=4))

    def _now(self) -> float:
        return self._clock.now().timestamp()
