"""
The rules of Webex's HTTP, as functions from values to values: no network, no clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any, Protocol, TypeVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

import msgspec

from webex_connector.base.secret import Secret
from webex_connector.webex.errors import (
    AnswerLost,
    Conflict,
    Forbidden,
    Locked,
    NotFound,
    Refused,
    ServerFailed,
    Throttled,
    TooStrange,
    Unauthorized,
    WebexError,
)
from webex_connector.webex.headers import next_link, seconds_to_wait, tracking_id_in
from webex_connector.webex.reasons import Reason, reason_in

Json = dict[str, Any]
"""
An object as Webex sends it. Webex replaces whole resources, so nothing of it may be dropped on the way.
"""

TRACKING_HEADER = "TrackingID"
"""
The header in which a client may name the exchange; Webex answers with it (https://developer.webex.com/docs/basics).
"""


class Root(Enum):
    """
    What a path is below. Webex has two families of paths, with ids of two forms.
    """

    SERVICE = "service"
    """`/v1`: base64 ids (https://developer.webex.com/docs/basics)."""

    SCIM = "scim"
    """`/identity/scim`: bare UUIDs (https://developer.webex.com/docs/api/v1/scim-2-users)."""


_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_CONTENT = frozenset({204, 205})
_DECODER = msgspec.json.Decoder()

_MEANING: dict[int, type[WebexError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    423: Locked,
    429: Throttled,
}


@dataclass(frozen=True, slots=True)
class Document:
    """
    A body that is no JSON, of an API whose every request is a `POST`.
    """

    media_type: str
    content: Secret
    """The whole text, which is sent as UTF-8. It is a secret since such an API wants the log-in inside it."""

    reads: bool
    """Whether it cannot change anything."""


@dataclass(frozen=True, slots=True)
class Request:
    """
    One request, before it has a token and a host.
    """

    method: str
    path: str
    """Below its root, with a leading slash; made by `path_to`."""

    query: Mapping[str, str] = field(default_factory=dict)
    body: Json | None = None
    form: Mapping[str, str | Secret] | None = None
    """Sent as `application/x-www-form-urlencoded` in the place of a JSON body."""

    document: Document | None = None
    """Sent as it is, in the place of a JSON body."""

    headers: Mapping[str, str | Secret] = field(default_factory=dict)
    root: Root = Root.SERVICE
    address: str | None = None
    """A whole address that is used as it is, in the place of path and query. `query` then only tells what was asked."""

    @property
    def is_safe(self) -> bool:
        """
        Whether the request cannot change anything (RFC 9110, section 9.2.1).
        """
        return self.method in _SAFE or (self.document is not None and self.document.reads)

    @property
    def title(self) -> str:
        """
        Method and path, which are fit for a log: no query, hence no e-mail address.
        """
        return f"{self.method} {self.path}"

    def follow(self, next_url: str) -> "Request":
        """
        Return the request for the next page.
        """
        return replace(self, address=next_url)


@dataclass(frozen=True, slots=True)
class Answer:
    """
    A success.
    """

    status: int
    data: Json | None
    """`None` when Webex answered without content."""

    next_url: str | None
    tracking_id: str | None
    request: str | None = None
    """Method and path of the request it answers."""

    def json(self) -> Json:
        """
        Return the object. Raise TooStrange when Webex answered without one.
        """
        if self.data is None:
            raise self.strange("an object was expected")
        return self.data

    def resource(self) -> Json:
        """
        Return the object, which has an id. Raise TooStrange when it has none: no thing of Webex is without.
        """
        return self._identified(self.json())

    def resources(self, name: str, key: str = "id") -> list[Json]:
        """
        Return the list of objects under that name, each with its id under `key`. Raise TooStrange for anything else.
        """
        return [self._identified(item, key) for item in self.items(name)]

    def items(self, name: str) -> list[Json]:
        """
        Return the list of objects under that name. Raise TooStrange when it is missing or holds anything else.
        """
        items = self.json().get(name)
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self.strange(f"no list of objects in {name!r}")
        return items

    def _identified(self, thing: Json, key: str = "id") -> Json:
        id_ = thing.get(key)
        if not isinstance(id_, str) or not id_:
            raise self.strange("an object without an id")
        return thing

    def strange(self, detail: str) -> TooStrange:
        """
        Return the error for an answer of this shape.
        """
        return TooStrange(detail, request=self.request, status=self.status, tracking_id=self.tracking_id)


class Identified(Protocol):
    """
    An answer that may carry Webex's own id of the exchange.
    """

    @property
    def tracking_id(self) -> str | None:
        """
        What Cisco's support asks for.
        """
        ...


Deciphered = TypeVar("Deciphered", bound=Identified)

Decipher = Callable[[Request, int, Mapping[str, str], bytes, datetime], Deciphered]
"""
How an API's answers are read: request, status, headers, body and the time now in, an answer out or the WebexError that
it means.
"""


def path_to(*segments: str) -> str:
    """
    Return the path made of these segments, each of them quoted.

    Raise NotFound for a segment that would lead elsewhere (empty, `.`, `..`): no object in Webex has such an id.
    """
    for segment in segments:
        if segment in {"", ".", ".."}:
            raise NotFound(f"{segment!r} is not an id", request="/" + "/".join(segments))
    return "".join("/" + quote(segment, safe="") for segment in segments)


def resolve(roots: Mapping[Root, str], request: Request) -> str:
    """
    Return the whole address of a request.

    Raise TooStrange when Webex named an address on another host than the one that was asked: our token must not go
    there.
    """
    base = roots[request.root].rstrip("/")
    if request.address is None:
        query = "?" + urlencode(request.query, quote_via=quote) if request.query else ""
        return base + request.path + query
    address = urljoin(base + "/", request.address)
    if _origin(address) is None or _origin(address) != _origin(base):
        raise TooStrange("the next page is said to be on another host; not followed", request=request.title)
    return address


def _origin(address: str) -> tuple[str, str | None, int | None] | None:
    parts = urlsplit(address)
    try:
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None
    return None if "@" in parts.netloc else (parts.scheme, parts.hostname, port)


def decipher(request: Request, status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
    """
    Turn what came back into an answer, or raise what it means. `now` is needed for a `Retry-After` that is a date.

    Raise AnswerLost for a success whose body is not JSON, TooStrange for JSON that is no object, and for other statuses
    the error that the tree in `errors` draws for them.
    """
    found = {name.lower(): value for name, value in headers.items()}
    sent = request.headers.get(TRACKING_HEADER)
    tracking_id = tracking_id_in(found) or (sent if isinstance(sent, str) else None)
    if not 200 <= status < 300:  # noqa: PLR2004 - RFC 9110, section 15.3
        raise _meaning(request, status, found, body, tracking_id, now)
    data = None
    if body or not (status in _NO_CONTENT or request.method == "DELETE"):
        try:
            data = _DECODER.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            kind = found.get("content-type", "no content type")
            detail = f"{len(body)} bytes of {kind} that are not JSON"
            raise AnswerLost(detail, request=request.title, status=status, tracking_id=tracking_id) from error
        if not isinstance(data, dict):
            detail = "the answer is JSON, but no object"
            raise TooStrange(detail, request=request.title, status=status, tracking_id=tracking_id)
    next_url = next_link(found.get("link", ""), request.query)
    return Answer(status, data, next_url, tracking_id, request.title)


def _meaning(
    request: Request,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    tracking_id: str | None,
    now: datetime,
) -> WebexError:
    wait = seconds_to_wait(headers.get("retry-after"), now)
    return refusal(status, reason_in(body), request=request.title, tracking_id=tracking_id, wait=wait)


def refusal(
    status: int,
    reason: Reason,
    *,
    request: str | None,
    tracking_id: str | None,
    wait: float | None = None,
) -> WebexError:
    """
    Return the error for a status that is no success. The reason's own tracking id goes before the one given.
    """
    kind = ServerFailed if status >= 500 else _MEANING.get(status, Refused)  # noqa: PLR2004 - RFC 9110, section 15.6
    return kind(
        f"{status} {reason.text}".rstrip(),
        request=request,
        status=status,
        tracking_id=reason.tracking_id or tracking_id,
        descriptions=reason.descriptions,
        codes=reason.codes,
        wait=wait,
    )
