"""
Texts that we hand out and take back: opaque, and nobody else can make or change them.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

_SIGNATURE_BYTES = 16


class Seal:
    """
    Signs with a key of its own. What is signed can be read by who looks closely; secrets do not belong in it.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def closed(self, content: bytes) -> str:
        """
        Return the content as a text of letters, digits, `-` and `_`, which can stand in any address.
        """
        return urlsafe_b64encode(self._signature(content) + content).decode().rstrip("=")

    def opened(self, text: str) -> bytes | None:
        """
        Return the content of a text; None when the text is not from here.
        """
        try:
            raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            return None
        signature, content = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        return content if hmac.compare_digest(signature, self._signature(content)) else None

    def _signature(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, "sha256")[:_SIGNATURE_BYTES]
