"""
The headers of an answer that carry meaning: where the next page is, how long to wait, which exchange it was, and when.
"""

import base64
import binascii
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from webex_connector.base.secret import Secret

_PARAMETER = r"""\s*;\s*([^\s=;,"<>]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?"""
_LINK = re.compile(rf"<([^>]*)>((?:{_PARAMETER})*)")

_LEAST_SKEW = timedelta(minutes=1)
_SIZES = ((1440, "days"), (60, "hours"), (1, "minutes"))


def next_link(header: str, asked: Mapping[str, str]) -> str | None:
    """
    Return the target of the link whose relation is `next` (RFC 8288), or None when there is no further page.

    The target is returned as it came, since its cursor means nothing to us, with two exceptions for bugs that Webex has
    had (https://github.com/WebexCommunity/WebexPythonSDK/issues/168 and /169): `max=null` gets the size that was
    asked for, and a parameter that was asked for but is missing is put back.
    """
    for target, parameters, *_ in _LINK.findall(header):
        for name, quoted, bare in re.findall(_PARAMETER, parameters):
            if name.lower() == "rel" and "next" in (quoted or bare).lower().split():
                return _repaired(target.strip(), asked)
    return None


def _repaired(target: str, asked: Mapping[str, str]) -> str:
    parts = urlsplit(target)
    query = parse_qsl(parts.query, keep_blank_values=True)
    sane = [(name, value) for name, value in query if (name, value) != ("max", "null")]
    missing = [(name, value) for name, value in asked.items() if name not in dict(sane)]
    if sane == query and not missing:
        return target
    return urlunsplit(parts._replace(query=urlencode(sane + missing, quote_via=quote)))


def seconds_to_wait(header: str | None, now: datetime) -> float | None:
    """
    Return the seconds that `Retry-After` asks for, never below zero, or None when it is missing or not understood.

    It may hold seconds or a date (RFC 9110, section 10.2.3). A date is rounded up to whole seconds: coming back a
    fraction of a second early earns a second refusal.
    """
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        until = _moment(header)
        if until is None:
            return None
        seconds = float(math.ceil((until - now).total_seconds()))
    return max(0.0, seconds) if math.isfinite(seconds) else None


def lead_of(header: str | None, now: datetime) -> timedelta | None:
    """
    Return how far the clock that wrote a `Date` header (RFC 9110, section 6.6.1) is ahead of `now`; negative if behind.

    It is right to a second or so, since dates have whole seconds. None for a header that is missing or not understood.
    """
    written = None if header is None else _moment(header)
    return None if written is None else written - now


def skew_of(lead: timedelta | None) -> str:
    """
    Return what to add to a refusal of a token: times stand in tokens, and a wrong clock is a likely reason.

    Nothing where the clocks agree to a minute.
    """
    if lead is None or abs(lead) < _LEAST_SKEW:
        return ""
    minutes = round(abs(lead) / timedelta(minutes=1))
    size = next(f"{minutes // each} {unit}" for each, unit in _SIZES if minutes >= 2 * each or each == 1)
    return f" (the clock of this computer is {size} {'behind' if lead > timedelta() else 'ahead'})"


def shown_in(value: Secret) -> list[Secret]:
    """
    Return a secret that is sent, in every form in which an answer could quote it: as it is, without the word before it,
    and where that word is Basic, the password as it was before it was encoded (RFC 7617; RFC 6749, section 2.3.1).
    """
    scheme, _, shown = value.reveal().partition(" ")
    if not shown:
        return [value]
    forms = [value, Secret(shown)]
    if scheme == "Basic":
        try:
            password = base64.b64decode(shown, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return forms
        forms += [Secret(password), Secret(unquote(password))]
    return forms


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    # A date without a zone is read as UTC, as the RFC's own obsolete forms are.
    return found.replace(tzinfo=found.tzinfo or UTC)


def tracking_id_in(headers: Mapping[str, str]) -> str | None:
    """
    Return Webex's id of the exchange from headers with lower-case names; the first one, since it is at times doubled.
    """
    return headers.get("trackingid", "").split(",")[0].strip() or None
