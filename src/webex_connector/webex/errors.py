"""
What can go wrong between us and Webex, grouped by what is known about the outcome.

    WebexError
    ├── NotReached       the request never left: nothing changed
    ├── AnswerLost       it left, no whole and readable answer came: it may have happened
    ├── ServerFailed     5xx: it may have happened
    ├── Throttled        429, after our patience ended: nothing changed
    ├── Locked           423, after our patience ended: nothing changed
    ├── Unauthorized     401, also with a renewed token: nothing changed
    ├── TokenRefused     the token endpoint gave no token: nothing changed
    ├── Forbidden        403: nothing changed
    ├── NotFound         404 and 410: nothing changed
    ├── Conflict         409: nothing changed
    ├── Refused          400 and each other status that is no success: it may have happened in part
    ├── NoTurn           the organisation's requests line up beyond our own deadline: nothing changed
    ├── DeadlinePassed   our own deadline came before the request left: nothing changed
    ├── TooStrange       an answer of an impossible shape: it may have happened
    └── Withheld         dry run, the request was not sent: nothing changed

The statuses are those of https://developer.webex.com/docs/basics (API error codes) and RFC 9110, section 15.
"""

from enum import Enum
from typing import Any, ClassVar


class Obstacle(Enum):
    """
    What was in the way of a request that never left.
    """

    NAME = "name"
    """No name server knows the host, or none could be asked."""

    CONNECTION = "connection"
    """The host, or the proxy, does not take connections, or no way leads there."""

    TIME = "time"
    """No connection stood in the time allowed."""

    TLS = "tls"
    """No trust in the certificate, or no protocol in common."""

    CLIENT_CERTIFICATE = "client certificate"
    """The server did not accept our certificate, or misses one. Where it does not say so: that is what is likely."""

    PROXY = "proxy"
    """The proxy refused the way."""

    NO_PROXY = "no proxy"
    """The proxy of our settings is not reached."""

    OTHER = "other"
    """It cannot be told."""


class WebexError(Exception):
    """
    Webex did not do what was asked, or we cannot tell whether it did.
    """

    summary: ClassVar[str] = "Webex did not do what was asked"
    """One sentence for people; it holds no facts of the single case."""

    may_have_happened: ClassVar[bool] = True
    """Whether a request that changes something may have had an effect, in full or in part, despite this error."""

    def __init__(
        self,
        detail: str = "",
        *,
        request: str | None = None,
        status: int | None = None,
        tracking_id: str | None = None,
        descriptions: tuple[str, ...] = (),
        codes: tuple[str, ...] = (),
        wait: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.request = request
        """Method and path, without the query: `GET /people`."""
        self.status = status
        self.tracking_id = tracking_id
        """What Cisco's support asks for: Webex's own id of the exchange, or else the one we sent."""
        self.descriptions = descriptions
        """Each description Webex gave, in its order."""
        self.codes = codes
        """Each machine-readable code Webex gave (`errorCode`, `code`, `scimType`, OAuth `error`), as text."""
        self.wait = wait
        """Seconds Webex asked us to wait before the next try."""
        self.obstacle = Obstacle.OTHER
        """What was in the way of a request that never left, or probably cut off its answer."""

    def __str__(self) -> str:
        told = [self.summary, self.request, self.detail]
        return f"{': '.join(part for part in told if part)} (tracking id {self.tracking_id or 'none'})"


class NotReached(WebexError):
    """
    The request never left: no name, no connection, no TLS, or no free connection in time.
    """

    summary = "Webex could not be reached"
    may_have_happened = False


class AnswerLost(WebexError):
    """
    The request left, and no whole, readable answer came: look before repeating it.
    """

    summary = "The answer of Webex was lost"


class ServerFailed(WebexError):
    """
    Webex, or a gateway before it, answered 5xx.
    """

    summary = "Webex failed"


class Throttled(WebexError):
    """
    Webex answered 429 more often, or asked for a longer wait, than we have patience for.
    """

    summary = "Webex asked us to slow down"
    may_have_happened = False


class Locked(WebexError):
    """
    Webex answered 423: something else works on the object.
    """

    summary = "The object is locked in Webex"
    may_have_happened = False


class Unauthorized(WebexError):
    """
    Webex did not accept the token, nor the renewed one if there was one to get.
    """

    summary = "Webex did not accept the access token"
    may_have_happened = False


class TokenRefused(WebexError):
    """
    The token endpoint gave no token: the credentials are wrong, or the grant has ended (RFC 6749, section 5.2).
    """

    summary = "The token endpoint refused to give a token"
    may_have_happened = False


class Forbidden(WebexError):
    """
    The token is good, but its scopes or its owner's roles do not allow this.
    """

    summary = "The access token may not do this in Webex"
    may_have_happened = False


class NotFound(WebexError):
    """
    Webex does not know the object, no longer knows it, or does not show it to this token.
    """

    summary = "Webex does not know the object"
    may_have_happened = False


class Conflict(WebexError):
    """
    Something in Webex is in the way: usually the same e-mail address or name.
    """

    summary = "The change conflicts with what is in Webex"
    may_have_happened = False


class Refused(WebexError):
    """
    Webex refused the request. A refused write of a person may be half done: read the person before deciding.

    Cisco says so for `POST /people` and `PUT /people/{id}`: https://developer.webex.com/docs/api/v1/people.
    """

    summary = "Webex refused the request"


class NoTurn(WebexError):
    """
    So many requests of the organisation line up that this one would leave after the caller's deadline; `wait` says when
    one that comes now could leave.
    """

    summary = "Requests to Webex are waiting in line"
    may_have_happened = False


class DeadlinePassed(WebexError):
    """
    The caller's deadline came while the request still waited here.
    """

    summary = "The time allowed ended before the request was sent"
    may_have_happened = False


class TooStrange(WebexError):
    """
    The answer was complete but cannot be right, so nothing may be concluded from it.
    """

    summary = "The answer of Webex makes no sense"


class Withheld(WebexError):
    """
    Dry run: this is the request that would have been sent.
    """

    summary = "Dry run, not sent"
    may_have_happened = False

    def __init__(self, method: str, path: str, body: dict[str, Any] | None) -> None:
        super().__init__(request=f"{method} {path}")
        self.method = method
        self.path = path
        self.body = body
