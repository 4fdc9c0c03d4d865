"""
What was in the way of a request that never left, read from the error of the network.
"""

import socket
import ssl
from collections.abc import Iterator

from webex_connector.webex.errors import Obstacle

# The alerts about a certificate (RFC 8446, section 6.2) as OpenSSL names them. Who sends one means the other side's.
_ABOUT_OURS = frozenset(
    {
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "TLSV1_ALERT_UNKNOWN_CA",
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
    },
)


def obstacle_in(error: BaseException) -> Obstacle:
    """
    Return what the error, or one of those it came from, says. The more telling kind goes before the more general one.
    """
    if rejects_our_certificate(error):
        return Obstacle.CLIENT_CERTIFICATE
    chain = list(_chain(error))
    for kind, obstacle in (
        (ssl.SSLError, Obstacle.TLS),
        (socket.gaierror, Obstacle.NAME),
        (TimeoutError, Obstacle.TIME),
        (OSError, Obstacle.CONNECTION),
    ):
        if any(isinstance(each, kind) for each in chain):
            return obstacle
    return Obstacle.OTHER


def rejects_our_certificate(error: BaseException) -> bool:
    """
    Say whether the server ended the handshake over our certificate, or for want of one. It has then read no request,
    also where one was sent: in TLS 1.3 a client may send before it hears of it (RFC 8446, section 4.4.2.4).
    """
    reasons = (getattr(each, "reason", None) for each in _chain(error) if isinstance(each, ssl.SSLError))
    return not _ABOUT_OURS.isdisjoint(reasons)


def distrusts_theirs(error: BaseException) -> bool:
    """
    Say whether it was we who ended the handshake, over the server's certificate.
    """
    return any(isinstance(each, ssl.SSLCertVerificationError) for each in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
