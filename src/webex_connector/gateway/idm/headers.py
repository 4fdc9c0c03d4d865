"""
The request headers this door understands: versions, log-in, preconditions.

Source: `HttpUtils` and `HttpAdapter` in commons; PingIDM, "REST and IDM".
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from webex_connector.base.secret import Secret
from webex_connector.gateway.authorization import Headers, Login, basic_of
from webex_connector.gateway.idm.errors import Problem

METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
"""
The methods this door has.
"""

ANY: Final = "*"
"""
A precondition that any revision meets.
"""

_SUPPORTED: Final = {"resource": (1, 0), "protocol": (2, 2)}
_VERSION: Final = re.compile(r"\s*(resource|protocol)\s*=\s*([0-9]{1,4})(?:\.([0-9]{1,4}))?\s*")
_EXTENDED: Final = re.compile(r"utf-8'[^']*'", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Version:
    """
    Which versions the caller speaks, each as (major, minor).
    """

    resource: tuple[int, int] = (1, 0)
    protocol: tuple[int, int] = (2, 1)

    @property
    def header(self) -> str:
        """
        The `Content-API-Version` of the answer.
        """
        return f"protocol={_dotted(self.protocol)},resource={_dotted(self.resource)}"


@dataclass(frozen=True, slots=True)
class Preconditions:
    """
    The revisions that a caller insists on, without quotes.
    """

    match: str | None = None
    none_match: str | None = None


def method_of(method: str, headers: Headers) -> str:
    """
    Return the method that is meant; a POST may carry another one in `X-HTTP-Method-Override`.

    Raises Problem (501) for those that this door does not have.
    """
    meant = headers.get("x-http-method-override", method).upper() if method == "POST" else method
    if meant not in METHODS:
        raise Problem(501, f"Method {meant} not supported")
    return meant


def version_of(headers: Headers) -> Version:
    """
    Return the versions from `Accept-API-Version`. Raises Problem (400) for newer ones than ours, and for nonsense.
    """
    text = headers.get("accept-api-version", "").strip()
    found: dict[str, tuple[int, int]] = {}
    for part in text.split(",") if text else ():
        match = _VERSION.fullmatch(part)
        if match is None or match[1] in found:
            raise Problem(400, f"The header Accept-API-Version cannot be understood: {text}")
        wanted, newest = (int(match[2]), int(match[3] or 0)), _SUPPORTED[match[1]]
        if wanted[0] > newest[0]:
            raise Problem(400, f"Unsupported major version: {match[1]}={_dotted(wanted)}")
        if wanted[0] == newest[0] and wanted[1] > newest[1]:
            raise Problem(400, f"Unsupported minor version: {match[1]}={_dotted(wanted)}")
        found[match[1]] = wanted
    return Version(**found)


def login_of(headers: Headers) -> Login | None:
    """
    Return the log-in from `X-OpenIDM-Username` and `X-OpenIDM-Password`, else from Basic `Authorization` (RFC 7617);
    None when neither is there or it cannot be read.
    """
    name, password = headers.get("x-openidm-username"), headers.get("x-openidm-password")
    if name is not None and password is not None:
        return Login(_text(name), Secret(_text(password)))
    return basic_of(headers)


def preconditions_of(headers: Headers) -> Preconditions:
    """
    Return the preconditions. Raises Problem (409) for those by date, which this interface does not have.
    """
    for name in ("If-Modified-Since", "If-Unmodified-Since"):
        if name.lower() in headers:
            raise Problem(409, f"Header {name} not supported; use If-Match with a revision")
    return Preconditions(_revision(headers.get("if-match")), _revision(headers.get("if-none-match")))


def refuse_preconditions(given: Preconditions, what: str, *, match: bool = False, none_match: bool = False) -> None:
    """
    Raise Problem (412) for a precondition that makes no sense on a kind of request; `match` and `none_match` say which
    ones it may have.
    """
    if given.match is not None and not match:
        raise Problem(412, f"If-Match not supported for {what} requests")
    if given.none_match is not None and not none_match:
        raise Problem(412, f"If-None-Match not supported for {what} requests")


def refuse_content_type(headers: Headers) -> None:
    """
    Raise Problem (400) unless the body is said to be JSON in UTF-8.
    """
    kind, *extras = (part.strip().lower() for part in headers.get("content-type", "").split(";"))
    charsets = [part.partition("=")[2].strip('"') for part in extras if part.startswith("charset=")]
    if kind != "application/json" or any(each not in {"utf-8", "utf8"} for each in charsets):
        raise Problem(
            400,
            "The request could not be processed because its Content-Type is not application/json in UTF-8: "
            f"{headers.get('content-type', 'none')}",
        )


def _revision(header: str | None) -> str | None:
    return None if header is None else header.strip().removeprefix("W/").strip('"')


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _text(header: str) -> str:
    """
    Return a header's text: RFC 5987 form (`UTF-8''%C3%A9`), else the UTF-8 that its bytes are, else Latin-1.
    """
    extended = _EXTENDED.match(header)
    if extended is not None:
        return unquote(header[extended.end() :])
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header
