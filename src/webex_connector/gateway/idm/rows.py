"""
Queries of things that are no objects of a system: filtered here, sent as they come.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from starlette.responses import Response

from webex_connector.gateway.http import encoded, encoded_rows, streamed
from webex_connector.gateway.idm.call import JSON, headers_of
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.headers import Version
from webex_connector.gateway.idm.objects import ONLY_IDS
from webex_connector.gateway.idm.parameters import Parameters
from webex_connector.gateway.idm.query import Query, query_of
from webex_connector.icf.filters import Predicate, checked, matcher
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import OperationOptions
from webex_connector.icf.schema import ObjectClassInfo

Placed = tuple[int, dict[str, Any]]
"""
A row with its place, which no other row has; later rows have higher ones.
"""

Rows = Callable[[int], AsyncIterator[Sequence[Placed]]]
"""
Streams the rows behind a place.
"""


async def queried(parameters: Parameters, version: Version, info: ObjectClassInfo, rows: Rows) -> Response:
    """
    Answer a query. The cookie of a page is the place of its last row. Raises Problem (400) and InvalidFilter.
    """
    asked = query_of(parameters, version, OperationOptions())
    if asked.options.sort_keys:
        raise Problem(400, f"{info.name} cannot be sorted", detail={"parameter": "_sortKeys"})
    fits = matcher(checked(asked.node, info), info)
    found = _matching(rows(_place(asked.options.cookie)), fits, info)
    if asked.count_only:
        return Response(encoded({"resultCount": len([None async for _ in found])}), 200, headers_of(version), JSON)
    names = _names(parameters, asked)
    return streamed(_parts(found, asked, names), headers_of(version), JSON)


def _names(parameters: Parameters, asked: Query) -> frozenset[str] | None:
    if asked.fields == ONLY_IDS:
        return frozenset({"_id"})
    named = {each.strip().strip("/") for each in (parameters.text("_fields") or "").split(",")} - {"", "*"}
    return frozenset({"_id", *named}) if named else None


def _place(cookie: str | None) -> int:
    if cookie is None:
        return -1
    if not cookie.isdecimal():
        raise Problem(400, "The cookie is none of this query", detail={"parameter": "_pagedResultsCookie"})
    return int(cookie)


async def _matching(
    pages: AsyncIterator[Sequence[Placed]], fits: Predicate, info: ObjectClassInfo
) -> AsyncIterator[Placed]:
    async for page in pages:
        for place, row in page:
            values = {name: (value,) for name, value in row.items() if isinstance(value, str | int | bool)}
            if fits(ConnectorObject(info.name, str(row["_id"]), None, values)):
                yield place, row


async def _parts(found: AsyncIterator[Placed], asked: Query, names: frozenset[str] | None) -> AsyncIterator[bytes]:
    yield b'{"result":['
    count, skip, cookie, size = 0, asked.options.offset, None, asked.options.page_size
    async for place, row in found:
        if skip:
            skip -= 1
            continue
        shown = row if names is None else {name: value for name, value in row.items() if name in names}
        yield (b"," if count else b"") + encoded_rows([shown])
        count += 1
        if count == size:
            cookie = str(place)
            break
    closing = {
        "resultCount": count,
        "pagedResultsCookie": cookie,
        "totalPagedResultsPolicy": "NONE",
        "totalPagedResults": -1,
        "remainingPagedResults": -1,
    }
    yield b"]," + encoded(closing)[1:]
