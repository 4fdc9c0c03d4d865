"""
How far a request got, and what a failure of the network on the way means: whether the request may have arrived, what
was in the way, and which property to look at.
"""

from dataclasses import dataclass
from typing import Any

from webex_connector.webex.errors import AnswerLost, NotReached, Obstacle, WebexError
from webex_connector.webex.obstacles import distrusts_theirs, obstacle_in, rejects_our_certificate
from webex_connector.webex.settings import ClientSettings

WANTS_LOG_IN = 407
"""
The status by which a proxy, and no server, refuses (RFC 9110, section 15.5.8).
"""

_UNCONNECTED = frozenset({Obstacle.NAME, Obstacle.CONNECTION, Obstacle.TIME})


@dataclass(slots=True)
class Journey:
    """
    The way of one request, as the HTTP library tells it.
    """

    connected: bool = False
    """Whether a connection was made for it, to the server or to the proxy."""

    left: bool = False
    """Whether the request has begun to leave; without that it cannot have had an effect."""

    first: bool = False
    """Whether a connection was secured for it, so that no earlier request shows that the server accepts us."""

    answered: bool = False
    """Whether the head of an answer came."""

    async def note(self, event: str, facts: dict[str, Any]) -> None:
        """
        Take notice of an event.
        """
        if event.endswith("connect_tcp.complete"):
            self.connected = True
        elif event.endswith("start_tls.complete"):
            self.first = True
        elif event.endswith("receive_response_headers.complete"):
            self.answered = self.left
        # A CONNECT only builds the way through a proxy; the request itself follows on it.
        elif event.endswith("send_request_headers.started") and facts["request"].method != b"CONNECT":
            self.left = True

    def failure(self, error: Exception, settings: ClientSettings, request: str, *, by_proxy: bool) -> WebexError:
        """
        Return what an error of the network means here; `by_proxy` says that the proxy refused the way.
        """
        obstacle = Obstacle.PROXY if by_proxy else self._obstacle(error, settings)
        kind = AnswerLost if self.left and not rejects_our_certificate(error) else NotReached
        text = f"{type(error).__name__}: {error}".rstrip(": ")
        hint = _hint(obstacle, settings, text)
        failure = kind(f"{hint} ({text})" if hint else text, request=request)
        failure.obstacle = obstacle
        return failure

    def _obstacle(self, error: Exception, settings: ClientSettings) -> Obstacle:
        obstacle = obstacle_in(error)
        if obstacle in _UNCONNECTED and settings.proxy is not None and not (self.left or self.connected):
            return Obstacle.NO_PROXY
        if settings.client_certificate is None or distrusts_theirs(error):
            return obstacle
        # Not every server says why it ends a handshake, and under TLS 1.3 its end looks like the loss of the answer.
        unexplained = self.first and not self.answered if self.left else obstacle is Obstacle.TLS
        return Obstacle.CLIENT_CERTIFICATE if unexplained else obstacle


def refused_by_proxy(error: WebexError, settings: ClientSettings) -> NotReached:
    """
    Return the error for a refusal that came as an answer because no tunnel is built: the proxy carried nothing.
    """
    failure = NotReached(
        f"{_hint(Obstacle.PROXY, settings, error.detail)} ({error.detail})",
        request=error.request,
        tracking_id=error.tracking_id,
    )
    failure.obstacle = Obstacle.PROXY
    return failure


def _hint(obstacle: Obstacle, settings: ClientSettings, text: str) -> str:
    """
    Return the sentence that names the properties to look at; empty where they are those that everybody knows.
    """
    proxy, certificate = settings.proxy, settings.client_certificate
    if obstacle is Obstacle.CLIENT_CERTIFICATE:
        if certificate is None:
            return "the server wants a client certificate, and clientCertAlias names none"
        return f"the server probably does not accept the client certificate of clientCertAlias, {certificate.subject}"
    if obstacle is Obstacle.NO_PROXY:
        return "the proxy of httpProxyHost and httpProxyPort is not reached"
    if obstacle is not Obstacle.PROXY:
        return ""
    if proxy is None:
        return "the proxy that the environment names (HTTPS_PROXY) refuses"
    if str(WANTS_LOG_IN) not in text:
        return "the proxy of httpProxyHost and httpProxyPort refuses the way"
    if proxy.username is None:
        return "the proxy wants a log-in: httpProxyUsername and httpProxyPassword are not set"
    return "the proxy does not accept httpProxyUsername and httpProxyPassword"
