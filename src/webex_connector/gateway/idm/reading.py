"""
Reading one object and querying many. Many are streamed as they come: nothing is held beyond one batch.
"""

from collections.abc import AsyncIterator

from starlette.responses import Response

from webex_connector.base.log import logger
from webex_connector.gateway.http import encoded, encoded_rows, streamed
from webex_connector.gateway.idm.call import JSON, Call, headers_of
from webex_connector.gateway.idm.errors import Problem
from webex_connector.gateway.idm.headers import ANY, refuse_preconditions
from webex_connector.gateway.idm.objects import REVISION, View, fields_of
from webex_connector.gateway.idm.query import query_of
from webex_connector.gateway.idm.target import Found
from webex_connector.icf.objects import ConnectorObject

log = logger("gateway")


async def read(call: Call) -> Response:
    """
    Answer with one object; with 304 when the caller has this revision.
    """
    known = call.preconditions.none_match
    refuse_preconditions(call.preconditions, "read", none_match=known != ANY)
    fields = fields_of(call.parameters.text("_fields"))
    view = View(call.info, fields)
    row = view.row(await call.current(fields))
    if known is not None and row.get(REVISION) == known:
        return Response(status_code=304, headers=headers_of(call.version, {"ETag": f'"{known}"', **call.age}))
    return call.answer(row)


async def query(call: Call) -> Response:
    """
    Answer with the objects that match, as a stream whose end tells their number and the place of the next page.

    The first batch is awaited before the answer begins, so that what fails by then is an error of its own; what fails
    later cuts the connection.
    """
    refuse_preconditions(call.preconditions, "query")
    asked = query_of(call.parameters, call.version, call.options)
    view = View(call.info, asked.fields)
    # A plus sign that was not encoded has become a space and matches nothing; this line shows it.
    log.debug("idm.query", system=call.path.system, object_class=call.info.name, filter=repr(asked.node))
    search = call.facade.search(call.info.name, asked.node, asked.options)
    batches = aiter(search)
    first = await anext(batches, None)
    if asked.count_only:
        count = len(first or ())
        async for batch in batches:
            count += len(batch)
        return call.answer({"resultCount": count})
    policy = asked.options.total_policy.value
    parts = _parts(first, batches, search, view, policy, pretty=call.pretty)
    return streamed(parts, headers_of(call.version, call.age), JSON)


async def _parts(
    batch: list[ConnectorObject] | None,
    following: AsyncIterator[list[ConnectorObject]],
    search: Found,
    view: View,
    policy: str,
    *,
    pretty: bool,
) -> AsyncIterator[bytes]:
    opening = b'{\n  "result": [' if pretty else b'{"result":['
    count = 0
    while batch is not None:
        rows = encoded_rows([view.row(each) for each in batch], pretty=pretty)
        count += len(batch)
        yield opening + rows
        opening = b","
        batch = await anext(following, None)
    closing = {
        "resultCount": count,
        "pagedResultsCookie": search.result.cookie,
        "totalPagedResultsPolicy": policy,
        "totalPagedResults": search.result.total,
        "remainingPagedResults": search.result.remaining,
    }
    end = b"\n  ]," if pretty else b"],"
    yield (b"" if count else opening) + end + encoded(closing, pretty=pretty)[1:]


def unreadable(call: Call) -> Problem:
    """
    Return the answer to a GET of an object class without a query.
    """
    return Problem(
        400,
        f"The resource collection {call.info.name} cannot be read. "
        "One of _queryId, _queryExpression, or _queryFilter is required.",
    )
