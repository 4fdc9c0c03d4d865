"""
Listing resources: pages by index with exact totals (RFC 7644, section 3.4.2.4), or by cursor (RFC 9865).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.responses import Response

from webex_connector.gateway.scim.asked import asked_in_body
from webex_connector.gateway.scim.call import Call, answered
from webex_connector.gateway.scim.errors import Kind, Problem, refused
from webex_connector.gateway.scim.filter import Query, mentioned, query_of, sieve
from webex_connector.gateway.scim.filter_text import Node
from webex_connector.gateway.scim.mapping import Returned, Shape
from webex_connector.gateway.scim.paging import Page, page_of, question_of
from webex_connector.gateway.scim.shown import Shown
from webex_connector.gateway.scim.values import shown as in_words
from webex_connector.icf.errors import InvalidOption
from webex_connector.icf.filters import Filter, Predicate, attributes_of
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import Freshness, OperationOptions, SortKey, TotalPolicy

LIST_URN: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


async def searched(call: Call) -> Response:
    """
    Answer a POST to `.search`, which says in its body what a GET says in its address.
    """
    return await listed(replace(call, asked=asked_in_body(call.body), uid=""))


async def listed(call: Call) -> Response:
    """
    Answer with one page. A page that cannot be read in full is an error, never a short list.
    """
    query = query_of(call.asked.filter, call.resource, call.system.manner.offset)
    shown = call.system.narrowing(call.resource).to(call.asked, attributes_of(query.native))
    freshness = Freshness()
    options = replace(
        call.options,
        attributes_to_get=shown.sources,
        sort_keys=sort_keys_of(call),
        freshness=freshness,
    )
    part = await (_by_index if call.asked.cursor is None else _by_cursor)(call, query, options)
    view = await call.view(shown)
    rows = [call.system.writings.of(view, each).body for each in part.found]
    return answered(200, _body(rows, part.place), call.age(freshness))


@dataclass(frozen=True, slots=True)
class _Part:
    """
    Some objects of a list; `place` says in the answer which.
    """

    found: Sequence[ConnectorObject]
    place: dict[str, Any]


async def _by_index(call: Call, query: Query, options: OperationOptions) -> _Part:
    page = page_of(call.asked)
    if not page.count:
        options = replace(options, attributes_to_get=())
    if query.remainder is None:
        found, total = await _native(call, query.native, page, options)
    else:
        found, total = await _tested(call, query.native, query.remainder, page, options)
    return _Part(found, {"totalResults": total, "startIndex": page.start})


async def _by_cursor(call: Call, query: Query, options: OperationOptions) -> _Part:
    """
    Return the resources that follow. Those that the remainder of the filter does not let through are missing in the
    page, which may be shorter for it, or empty; only without a next cursor it is the last one.
    """
    # The time of day: another process may go on from a cursor of this one.
    now = call.system.clock.now().timestamp()
    question = question_of(call.asked, call.system.facade.system, call.options.actor.name, call.resource.name)
    turn = call.system.cursors.turn(call.asked, question, now)
    if not turn.count:
        counted = await _by_index(replace(call, asked=replace(call.asked, count="0")), query, options)
        return _Part((), {"totalResults": counted.place["totalResults"]})
    options = replace(options, page_size=turn.count, cookie=turn.mark, total_policy=TotalPolicy.ESTIMATE)
    wanted, lets_through = await _test_of(call, query.remainder)
    options = replace(options, attributes_to_get=tuple({*(options.attributes_to_get or ()), *wanted}))
    search = call.system.facade.search(call.resource.object_class, query.native, options)
    try:
        found = [each async for batch in search for each in batch if lets_through(each)]
    except InvalidOption as error:
        if turn.mark is None:
            raise
        # Nothing else of this is the client's: what the cursor's pages were read from is there no more.
        raise refused(Kind.EXPIRED_CURSOR, "What the pages before were read from is gone; begin again") from error
    place: dict[str, Any] = {}
    if query.remainder is None and search.result.total >= 0:
        place["totalResults"] = search.result.total
    if search.result.cookie is not None:
        place["nextCursor"] = call.system.cursors.made(search.result.cookie, turn.count, question, now)
    return _Part(found, place)


async def _native(
    call: Call, node: Filter, page: Page, options: OperationOptions
) -> tuple[Sequence[ConnectorObject], int]:
    """
    Return a page of what the model finds, and how many there are in all.
    """
    # Without resources it is the total that is asked for.
    size, offset = page.count or 1, page.start - 1
    asked = replace(options, page_size=size, offset=offset, total_policy=TotalPolicy.EXACT)
    search = call.system.facade.search(call.resource.object_class, node, asked)
    found = [each async for batch in search for each in batch]
    return found[: page.count], search.result.total


async def _tested(
    call: Call, node: Filter, remainder: Node, page: Page, options: OperationOptions
) -> tuple[Sequence[ConnectorObject], int]:
    """
    Return a page of what the model finds and the remainder of the filter lets through, and how many that are in all.
    """
    wanted, lets_through = await _test_of(call, remainder)
    options = replace(options, attributes_to_get=tuple({*(options.attributes_to_get or ()), *wanted}))
    search = call.system.facade.search(call.resource.object_class, node, options)
    found: list[ConnectorObject] = []
    total = 0
    async for batch in search:
        for each in filter(lets_through, batch):
            total += 1
            if page.start <= total < page.start + page.count:
                found.append(each)
    return found, total


async def _test_of(call: Call, remainder: Node | None) -> tuple[frozenset[str], Predicate]:
    """
    Return the test that the remainder of a filter is, and the attributes that it takes.
    """
    if remainder is None:
        return frozenset(), lambda _: True
    told = Shown(mentioned(remainder, call.resource), call.info, whole=False)
    view, test = await call.view(told), sieve(remainder, call.resource)
    return frozenset(told.sources), lambda each: test(view.resource(each))


def sort_keys_of(call: Call) -> tuple[SortKey, ...]:
    """
    Return what to sort by. Raises Problem: 400 for an unknown attribute, 501 for one that has no order here.
    """
    asked = call.asked
    if asked.sort_by is None:
        return ()
    place = call.resource.find(asked.sort_by)
    if place is None:
        raise refused(Kind.INVALID_PATH, f"{call.resource.name} has no attribute {asked.sort_by} to sort by")
    hidden = place.attribute.returned is Returned.NEVER
    if hidden or place.model is None or place.attribute.shape is Shape.MAPS:
        raise Problem(501, f"Sorting by {place.path} is not offered")
    order = (asked.sort_order or "ascending").lower()
    if order not in {"ascending", "descending"}:
        raise refused(Kind.INVALID_VALUE, f"sortOrder is ascending or descending, not {in_words(asked.sort_order)}")
    return (SortKey(place.model, order == "ascending"),)


def list_body(rows: Sequence[Any], total: int, *, start: int) -> dict[str, Any]:
    """
    Return the answer that carries a page by index.
    """
    return _body(rows, {"totalResults": total, "startIndex": start})


def _body(rows: Sequence[Any], place: dict[str, Any]) -> dict[str, Any]:
    return {"schemas": [LIST_URN], **place, "itemsPerPage": len(rows), "Resources": rows}
