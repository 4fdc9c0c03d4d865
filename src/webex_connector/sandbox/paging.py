"""
Pages: places to go on from, and the `Link` header that leads there (https://developer.webex.com/docs/basics).

A place counts the people in the order they were added, gaps included, so that nobody is shown twice or skipped while
others come and go between two pages.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar
from urllib.parse import parse_qsl, quote, urlencode

from webex_connector.sandbox.exchange import Request
from webex_connector.sandbox.problems import bad_request
from webex_connector.sandbox.quirks import CursorShape, NextLink, Quirks

T = TypeVar("T")

_CURSOR = re.compile(r"limit=(\d+)&startIndex=(\d+)&page=(\d+)")
_PLACES = ("after", "cursor", "next")
_NOT_REPEATED = frozenset({*_PLACES, "before", "max", "limit"})


@dataclass(frozen=True, slots=True)
class Cursor:
    """
    Where a page begins.
    """

    place: int = 0
    page: int = 1
    """The number of the page, from one."""

    def encode(self, limit: int) -> str:
        """
        Return the text that stands in a link; callers must not look inside.
        """
        return base64.urlsafe_b64encode(f"limit={limit}&startIndex={self.place + 1}&page={self.page}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """
    What a page holds, and where the next one begins if there is one.
    """

    items: list[T]
    following: Cursor | None


def cursor_in(query: Mapping[str, str]) -> Cursor:
    """
    Return the place a request asks for; the beginning when it names none. Raises a 400 for one we never gave.
    """
    text = next((query[name] for name in _PLACES if query.get(name)), "")
    if not text:
        return Cursor()
    try:
        parsed = _CURSOR.fullmatch(base64.urlsafe_b64decode(text).decode())
    except ValueError:
        parsed = None
    if parsed is None:
        raise bad_request("Invalid cursor.")
    return Cursor(int(parsed[2]) - 1, int(parsed[3]))


def page_number(query: Mapping[str, str]) -> int:
    """
    Return which page a request asks for, however it pages; an unreadable request asks for the first.
    """
    if query.get("startIndex", "").isdigit() and query.get("count", "").isdigit() and int(query["count"]):
        return (int(query["startIndex"]) - 1) // int(query["count"]) + 1
    text = next((query[name] for name in _PLACES if query.get(name)), "")
    try:
        parsed = _CURSOR.fullmatch(base64.urlsafe_b64decode(text).decode())
    except ValueError:
        return 1
    return int(parsed[3]) if parsed else 1


def cut(walk: Iterator[tuple[int, T]], cursor: Cursor, limit: int, quirks: Quirks) -> Page[T]:
    """
    Take one page from a walk that begins at the cursor's place and yields places with items.
    """
    short = quirks.short_pages[cursor.page - 1 : cursor.page]
    size = min(limit, *short) if short else limit
    taken = list(islice(walk, size))
    beyond = next(walk, None)
    following = Cursor(beyond[0], cursor.page + 1) if beyond else None
    return Page([item for _, item in taken], following)


def link_to(request: Request, following: Cursor, limit: int, quirks: Quirks, *, names: tuple[str, str]) -> str:
    """
    Return the `Link` header's value for the next page; `names` are those of the cursor and of the page size.

    The address is absolute, on the host the caller used.
    """
    cursor_name, limit_name = names
    kept = [(key, value) for key, value in parse_qsl(request.query_string) if key not in _NOT_REPEATED]
    if quirks.next_link is NextLink.FILTERS_LOST:
        kept = []
    size = "null" if quirks.next_link is NextLink.MAX_NULL else str(limit)
    parts = [urlencode(kept)] if kept else []
    parts.append(f"{limit_name}={size}")
    if cursor_name == CursorShape.AFTER.value:
        parts.append("before")
    parts.append(f"{cursor_name}={quote(following.encode(limit), safe='')}")
    return f'<{request.base_url}{request.path}?{"&".join(parts)}>; rel="next"'


def link_headers(request: Request, following: Cursor | None, limit: int, quirks: Quirks) -> dict[str, str]:
    """
    Return the headers of a page whose links say `cursor` and `max`: none on the last page.
    """
    if following is None:
        return {}
    return {"Link": link_to(request, following, limit, quirks, names=("cursor", "max"))}
