"""
A request as the API sees it, its reply, and the table of routes that joins them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec

from webex_connector.sandbox.grants import AccessToken
from webex_connector.sandbox.problems import Problem, bad_request
from webex_connector.sandbox.world import World

T = TypeVar("T")


class Media(Enum):
    """
    What the body of a request must be.
    """

    JSON = "application/json"
    FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """
    A request after routing.
    """

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes = b""
    base_url: str = ""
    """Scheme and host as the caller used them, for links."""
    template: str = ""
    """The path with names in braces, such as `/people/{id}`; empty when no route fits."""
    params: Mapping[str, str] = field(default_factory=dict)
    """What stands in the path for each name."""
    token: AccessToken | None = None
    """The access token, once it was checked."""
    within: Callable[[str, str, bytes], "Reply"] | None = None
    """Carries out an operation of the body, given its own method, path and body. Only SCIM requests have it."""

    @cached_property
    def query(self) -> Mapping[str, str]:
        """
        The parameters behind the question mark; of a repeated one the last counts.
        """
        return dict(parse_qsl(self.query_string, keep_blank_values=True))

    @cached_property
    def form(self) -> Mapping[str, str]:
        """
        The body as a form.
        """
        return dict(parse_qsl(self.body.decode(errors="replace"), keep_blank_values=True))

    def json(self, shape: type[T]) -> T:
        """
        Read the body as JSON of that shape. Raises a 400 that says what is wrong with it.
        """
        try:
            return msgspec.json.decode(self.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise bad_request(str(error)) from None

    def flag(self, name: str) -> bool:
        """
        Tell whether a parameter says true; absent is false.
        """
        return self.query.get(name, "").lower() == "true"

    def number(self, name: str, default: int, *, least: int = 1) -> int:
        """
        Return a parameter as a number that is not below `least`. Raises a 400 otherwise; none means the default.
        """
        text = self.query.get(name, "")
        if text in {"", "null"}:
            return default
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise bad_request(f"Invalid value for parameter {name!r}: {text}")
        return int(text)


@dataclass(frozen=True)
class Reply:
    """
    What comes back.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(status: int, content: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """
    Reply with JSON.
    """
    return Reply(status, msgspec.json.encode(content), headers or {})


Handler = Callable[[World, Request], Reply]
"""
Answers one kind of request, or raises a `Problem`.
"""


def need(*scopes: str) -> frozenset[str]:
    """
    Name scopes that are needed together.
    """
    return frozenset(scopes)


@dataclass(frozen=True)
class Route:
    """
    One line of the routing table.
    """

    method: str
    template: str
    handler: Handler
    scopes: tuple[frozenset[str], ...] = ()
    """Sets of scopes of which the token must have one whole; none at all means that no token is needed."""
    roles: frozenset[str] = frozenset()
    """Roles of which the token's person must have one; a machine account needs none. Empty: no role is needed."""
    root: str = "/v1"
    """What stands before the template in the path."""
    media: Media = Media.JSON
    """What a body must be."""
    scim: bool = False
    """Whether it belongs to SCIM, whose refusals look different."""

    @property
    def is_write(self) -> bool:
        """
        Whether it may change something.
        """
        return self.method != "GET"


class Routes:
    """
    The routing table.
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [(_pattern(route), route) for route in routes]

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]]:
        """
        Return the route and what stands in its braces. Raises a 404 for an unknown path, a 405 for a method.
        """
        fits = [(found, route) for pattern, route in self._routes if (found := pattern.fullmatch(path))]
        for found, route in fits:
            if route.method == method:
                return route, found.groupdict()
        raise Problem(405 if fits else 404)


def _pattern(route: Route) -> re.Pattern[str]:
    path = re.escape(route.root + route.template).replace(r"\{", "{").replace(r"\}", "}")
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
