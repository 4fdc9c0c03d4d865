"""
A SCIM 2.0 server as a source: `[sources.<name>]` with `type = "scim"`.
"""

import ssl
from collections.abc import Callable, Mapping
from functools import partial
from typing import cast
from urllib.parse import urlsplit

from webex_connector.app.bearer import BearerToken
from webex_connector.app.settings import Bearer
from webex_connector.app.sync_sections.around import Around
from webex_connector.app.table import Table
from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.icf.configuration import Property, PropertyType, Setting
from webex_connector.icf.errors import ConnectionFailed
from webex_connector.sync.errors import SourceFailed
from webex_connector.sync.sources.scim import CHANGED, MarkedScimSource, ScimResources, ScimSource
from webex_connector.sync.sources.scim_client import Authorization, Held, ScimClient
from webex_connector.sync.sources.source import Source

NAME = "scim"

_OAUTH = ("token_endpoint", "client_id", "client_secret")

PROPERTIES: tuple[Property, ...] = (
    Property("url", "The server's base address, as `https://host/scim/v2`.", required=True),
    Property("token", "A bearer token that the server takes.", secret=True),
    Property("token_endpoint", "In place of a token: where one is fetched by OAuth 2 client credentials."),
    Property("client_id", "With `token_endpoint`: the client's name."),
    Property("client_secret", "With `token_endpoint`: the client's secret.", secret=True),
    Property("scope", "With `token_endpoint`: what is asked for.", default=""),
    Property("certificates", "A PEM file of the authorities to trust in place of this computer's."),
    Property("resources", "Which resources: the path of their type.", default="Users"),
    Property("key", "The attribute whose value never changes for one person.", default="id"),
    Property("filter", "Which of them are records (RFC 7644, section 3.4.2.2)."),
    Property("attributes", "The attributes to ask for; without it, what the server gives.", PropertyType.LIST),
    Property("count", "How many resources a page should have.", PropertyType.INTEGER, 100),
    Property(
        "changed",
        f"By what is followed: `{CHANGED}`, where the server filters by it. Without it everything is "
        "read and compared.",
        allowed=(CHANGED,),
    ),
)


class Fetched:
    """
    Tokens that are fetched, for a source.
    """

    def __init__(self, source: str, token: BearerToken) -> None:
        self._source, self._token = source, token

    async def header(self) -> str:
        """
        Return the value of `Authorization`. Raises SourceFailed when no token is to be had.
        """
        try:
            return await self._token.header()
        except ConnectionFailed as problem:
            raise SourceFailed(self._source, problem.message) from problem


def read(table: Table, around: Around) -> Callable[[str], Source] | None:
    """
    Return how the source is opened; None, with everything noted, when something is wrong.
    """
    values = table.values(PROPERTIES)
    if not values or not _fits(table, values):
        return None
    tls: ssl.SSLContext | None = None
    if values["certificates"] is not None:
        try:
            tls = ssl.create_default_context(cafile=table.folder / str(values["certificates"]))
        except OSError as problem:
            table.wrong("certificates", f"cannot be read: {problem.strerror or problem}")
            return None
    resources = ScimResources(
        str(values["resources"]).strip("/"),
        str(values["key"]),
        cast("str | None", values["filter"]),
        cast("tuple[str, ...] | None", values["attributes"]) or (),
        cast("int", values["count"]),
    )
    return partial(_opened, values=values, resources=resources, tls=tls, clock=around.clock)


def _fits(table: Table, values: Mapping[str, Setting]) -> bool:
    url, wrong = urlsplit(str(values["url"])), False
    if url.scheme not in {"https", "http"} or not url.netloc:
        table.wrong("url", "is like https://host/scim/v2")
        wrong = True
    named = [each for each in _OAUTH if values[each] is not None]
    if values["token"] is None and not named:
        table.wrong("token", "is required, or token_endpoint, client_id and client_secret")
        wrong = True
    if values["token"] is not None and named:
        table.wrong("token", f"and {named[0]} exclude each other")
        wrong = True
    for each in set(_OAUTH) - set(named) if named else ():
        table.wrong(each, f"goes with {named[0]}")
        wrong = True
    if cast("int", values["count"]) < 1:
        table.wrong("count", "must be 1 or more")
        wrong = True
    return not wrong


def _opened(
    name: str,
    *,
    values: Mapping[str, Setting],
    resources: ScimResources,
    tls: ssl.SSLContext | None,
    clock: Clock,
) -> Source:
    authorization: Authorization
    if isinstance(values["token"], Secret):
        authorization = Held(values["token"])
    else:
        bearer = Bearer(
            str(values["token_endpoint"]),
            str(values["client_id"]),
            cast("Secret", values["client_secret"]),
            str(values["scope"]),
        )
        authorization = Fetched(name, BearerToken(bearer, clock, tls=tls))
    client = ScimClient(name, str(values["url"]), authorization, clock, tls)
    kind = ScimSource if values["changed"] is None else MarkedScimSource
    return kind(name, resources, client)
