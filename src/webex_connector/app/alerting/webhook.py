"""
Alerts by HTTP: one POST of JSON, signed.

The receiver computes HMAC-SHA256 (RFC 2104) of the timestamp, a full stop and the body, with the secret, and compares:
then it knows who sent it, and by the timestamp that nobody sent it again later.
"""

import asyncio
import hashlib
import hmac
from datetime import datetime
from typing import Final

import httpx2
import msgspec

from webex_connector.app.alerting.way import NotDelivered
from webex_connector.app.alerts import Alert
from webex_connector.base.secret import Secret

SIGNATURE: Final = "X-Webex-Connector-Signature"
TIMESTAMP: Final = "X-Webex-Connector-Timestamp"
"""
Seconds since 1970-01-01 UTC.
"""

_SECONDS: Final = 10.0
_WORTH_ANOTHER: Final = frozenset({408, 425, 429})
_SERVER: Final = 500


class Webhook:
    """
    An address that alerts are posted to.
    """

    name = "webhook"

    def __init__(self, address: Secret, secret: Secret | None) -> None:
        self._address, self._secret = address, secret

    async def send(self, alert: Alert, at: datetime) -> None:
        """
        Post an alert. Raises NotDelivered for every answer but a 2xx; redirects are not followed.
        """
        body = msgspec.json.encode(
            {"event": alert.event, "text": alert.text, "facts": dict(alert.facts), "at": at.isoformat()}
        )
        stamp = str(int(at.timestamp()))
        headers = {"Content-Type": "application/json", TIMESTAMP: stamp}
        if self._secret is not None:
            headers[SIGNATURE] = signature(self._secret, stamp, body)
        try:
            async with asyncio.timeout(_SECONDS), httpx2.AsyncClient(timeout=None) as http:
                answer = await http.post(self._address.reveal(), content=body, headers=headers)
        except TimeoutError:
            raise NotDelivered(f"no answer within {_SECONDS:g} seconds") from None
        except httpx2.HTTPError as problem:
            # Its words may name the address.
            raise NotDelivered(type(problem).__name__) from problem
        if not answer.is_success:
            again = answer.status_code in _WORTH_ANOTHER or answer.status_code >= _SERVER
            raise NotDelivered(f"the answer is {answer.status_code}", lasting=not again)


def signature(secret: Secret, stamp: str, body: bytes) -> str:
    """
    Return the signature of a body that was sent at a moment.
    """
    digest = hmac.new(secret.reveal().encode(), f"{stamp}.".encode() + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"
