"""
The envelope of the XML API: a request out, an answer in, as functions from values to values.

The text is made by the library, never by putting strings together: names hold `&`, passwords `<`.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from webex_connector.base.secret import MASK, Secret
from webex_connector.webex.errors import (
    AnswerLost,
    Forbidden,
    NotReached,
    ServerFailed,
    Throttled,
    TooStrange,
    WebexError,
)
from webex_connector.webex.headers import seconds_to_wait, tracking_id_in
from webex_connector.webex.meetings_xml.markup import Node, Unreadable, parsed
from webex_connector.webex.meetings_xml.namespaces import INSTANCE, SERVICE
from webex_connector.webex.meetings_xml.operations import Field, Fields, Operation
from webex_connector.webex.meetings_xml.reasons import refusal
from webex_connector.webex.wire import TRACKING_HEADER, Document, Request

MEDIA_TYPE = "text/xml; charset=UTF-8"

# What XML 1.0 has no form for, not even an escaped one (https://www.w3.org/TR/xml/#charsets).
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_TOO_MANY_REQUESTS = 429
_FORBIDDEN = frozenset({401, 403})
_SUCCESS = 200


@dataclass(frozen=True, slots=True)
class Proof:
    """
    By what a request shows that its caller is who it says: an element of the security context and the secret in it.
    """

    element: str | None
    """`password`, `sessionTicket` or `webExAccessToken`; None where the secret stands in the body instead."""

    secret: Secret


@dataclass(frozen=True, slots=True)
class Caller:
    """
    The site, and who asks it. Site and partner id are sent where they are known; current sites do without.
    """

    site_name: str
    webex_id: str
    site_id: str | None = None
    partner_id: str | None = None

    def context(self, proof: Proof | None) -> Fields:
        """
        Return the fields of the security context, in the schema's order; without a proof only the site's.
        """
        fields: dict[str, Field | None] = {
            "webExID": self.webex_id if proof else None,
            "password": proof.secret if proof and proof.element == "password" else None,
            "siteID": self.site_id,
            "siteName": self.site_name,
            "partnerID": self.partner_id,
        }
        if proof and proof.element not in {None, "password"}:
            fields[str(proof.element)] = proof.secret
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """
    A success.
    """

    body: Node
    """`bodyContent`."""

    tracking_id: str | None


def is_writable(text: str) -> bool:
    """
    Say whether a text can stand in XML at all: control characters and halves of pairs cannot.
    """
    return _UNWRITABLE.search(text) is None


def request_for(address: str, operation: Operation, fields: Fields, context: Fields) -> Request:
    """
    Return the request. Raise ValueError, naming the element, for a text that `is_writable` denies.
    """
    message = ET.Element("serv:message", {"xmlns:serv": SERVICE, "xmlns:xsi": INSTANCE})
    _fill(ET.SubElement(ET.SubElement(message, "header"), "securityContext"), context)
    body = ET.SubElement(message, "body")
    _fill(ET.SubElement(body, "bodyContent", {"xsi:type": operation.binding}), fields)
    text = '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(message, encoding="unicode")
    return Request(
        "POST",
        f"/{operation.title}",
        document=Document(MEDIA_TYPE, Secret(text), reads=operation.reads),
        headers={"Accept": "text/xml"},
        address=address,
    )


def secrets_in(value: Field) -> Iterator[Secret]:
    """
    Yield every secret in an element, at any depth.
    """
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from secrets_in(each)
    elif not isinstance(value, str | int):
        for each in value:
            yield from secrets_in(each)


def _fill(parent: ET.Element, fields: Fields) -> None:
    for name, value in fields.items():
        for each in [value] if isinstance(value, str | int | Secret | Mapping) else value:
            element = ET.SubElement(parent, name)
            if isinstance(each, Mapping):
                _fill(element, each)
            else:
                element.text = _written(name, each)


def _written(name: str, value: Field) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value.reveal() if isinstance(value, Secret) else str(value)
    if not is_writable(text):
        raise ValueError(f"{name} holds a character that XML has no form for")
    # Whoever reads XML makes one line feed of either.
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """
    Reads answers. No error that it raises shows any of the secrets, though a site may quote what it refuses.
    """

    secrets: tuple[Secret, ...]

    def __call__(
        self,
        request: Request,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,
    ) -> SiteAnswer:
        """
        Return the answer of a success.

        Raise AnswerLost for what is no XML, TooStrange for XML of another kind, and for a failure what `reasons` says.
        """
        found = {name.lower(): value for name, value in headers.items()}
        sent = request.headers.get(TRACKING_HEADER)
        tracking_id = tracking_id_in(found) or (sent if isinstance(sent, str) else None)
        if status != _SUCCESS:
            raise _on_the_way(request, status, found, now, tracking_id)
        try:
            message = parsed(body)
        except Unreadable as error:
            detail = f"{len(body)} bytes that are no answer of the XML API: {error}"
            raise AnswerLost(detail, request=request.title, status=status, tracking_id=tracking_id) from error
        response, content = message.at("header", "response"), message.at("body", "bodyContent")
        result = response.word("result") if response else None
        if (message.namespace, message.name) != (SERVICE, "message") or response is None or result is None:
            detail = "the answer is XML, but none of the XML API"
            raise TooStrange(detail, request=request.title, status=status, tracking_id=tracking_id)
        if result != "SUCCESS":
            raise refusal(response, request.title, tracking_id, self._hidden)
        return SiteAnswer(content or Node(SERVICE, "bodyContent", ""), tracking_id)

    def _hidden(self, text: str) -> str:
        for secret in self.secrets:
            if secret:
                text = text.replace(secret.reveal(), MASK)
        return text


def _on_the_way(
    request: Request, status: int, headers: Mapping[str, str], now: datetime, tracking_id: str | None
) -> WebexError:
    """
    Return the error for a status that the API itself never gives: its refusals come with 200. So none of them speaks
    of the object that was asked for, a 404 least of all.
    """
    detail = f"status {status} from something before the XML API"
    wait = seconds_to_wait(headers.get("retry-after"), now)
    if status == _TOO_MANY_REQUESTS:
        kind: type[WebexError] = Throttled
    elif status in _FORBIDDEN:
        kind = Forbidden
    elif status >= 500:  # noqa: PLR2004 - RFC 9110, section 15.6
        kind = ServerFailed
    elif status >= 300:  # noqa: PLR2004 - RFC 9110, section 15.4
        kind, detail = NotReached, f"status {status}: there is no XML API at this address, look at siteName and siteUrl"
    else:
        kind = TooStrange
    return kind(detail, request=request.title, status=status, tracking_id=tracking_id, wait=wait)
