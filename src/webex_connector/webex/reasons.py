"""
Why Webex said no: every published shape of an error body, read into one value.

    REST     {"message", "errors": [{"description", "errorCode" | "code"}], "trackingId"}
    SCIM     {"status", "scimType", "detail" | "details", "urn:…:Error": {"trackingId", "errorCode", "details"}}
    OAuth    {"error", "error_description"}                                          (RFC 6749, section 5.2)
    gateway  HTML, plain text, or nothing

Sources: https://developer.webex.com/docs/basics, RFC 7644 section 3.12, https://github.com/webex/webex-openapi-specs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

_SCIM_EXTENSION = "urn:scim:schemas:extension:cisco:webexidentity:api:messages:2.0:Error"
_LONGEST_TEXT = 300
_DECODER = msgspec.json.Decoder()
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Reason:
    """
    What an error body tells.
    """

    text: str = ""
    """The most telling sentence of the body, for people."""

    descriptions: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    tracking_id: str | None = None


def reason_in(body: bytes) -> Reason:
    """
    Read an error body. Nothing is raised: an unreadable body is a reason that tells nothing.
    """
    try:
        content = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Reason(_plain_text(body))
    return reason_of(content) if isinstance(content, dict) else Reason()


def reason_of(content: dict[str, Any]) -> Reason:
    """
    Read an error that stands within an answer, as each failed operation's does in the answer to a bulk request.
    """
    extension = _object(content.get(_SCIM_EXTENSION))
    listed = content.get("errors")
    single = [_object(entry) for entry in listed] if isinstance(listed, list) else []
    descriptions = tuple(
        _texts(
            extension.get("details"),
            content.get("detail"),
            content.get("details"),
            *(entry.get("description") for entry in single),
            content.get("error_description"),
        ),
    )
    codes = _texts(
        extension.get("errorCode"),
        content.get("scimType"),
        *(code for entry in single for code in (entry.get("errorCode"), entry.get("code"))),
        content.get("error"),
    )
    told = [*descriptions, *_texts(content.get("message"), content.get("error"))]
    tracking = [*_texts(extension.get("trackingId"), content.get("trackingId"))]
    return Reason(told[0] if told else "", descriptions, tuple(codes), tracking[0] if tracking else None)


def _object(value: object) -> dict[str, Any]:
    if isinstance(value, str):
        return {"description": value}
    return value if isinstance(value, dict) else {}


def _texts(*values: object) -> Iterator[str]:
    for value in values:
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            yield str(value).strip()


def _plain_text(body: bytes) -> str:
    title = _TITLE.search(body)
    if title is None and body.lstrip().startswith(b"<"):
        return "(a page without a title)"
    return " ".join((title[1] if title else body).decode(errors="replace").split())[:_LONGEST_TEXT]
