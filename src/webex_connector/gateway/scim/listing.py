"""
Listing resources: pages by index with exact totals (RFC 7644, section 3.4.2.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.responses import Response

from webex_connector.gateway.scim.asked import Asked, asked_in_body
from webex_connector.gateway.scim.call import Call, answered
from webex_connector.gateway.scim.discovery import MOST_COUNT, USUAL_COUNT
from webex_connector.gateway.scim.errors import Kind, Problem, refused
from webex_connector.gateway.scim.filter import mentioned, query_of, tester
from webex_connector.gateway.scim.filter_text import Node
from webex_connector.gateway.scim.mapping import Shape
from webex_connector.gateway.scim.projection import projection_of
from webex_connector.gateway.scim.rendering import sources_of
from webex_connector.gateway.scim.values import shown as in_words
from webex_connector.icf.filters import Filter, attributes_of
from webex_connector.icf.objects import ConnectorObject
from webex_connector.icf.options import OperationOptions, SortKey, TotalPolicy

LIST_URN: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


@dataclass(frozen=True, slots=True)
class Page:
    """
    Which part of a list is asked for: from the place `start`, counted from 1, at most `count`.
    """

    start: int
    count: int


async def searched(call: Call) -> Response:
    """
    Answer a POST to `.search`, which says in its body what a GET says in its address.
    """
    return await listed(replace(call, asked=asked_in_body(call.body), uid=""))


async def listed(call: Call) -> Response:
    """
    Answer with one page. A page that cannot be read in full is an error, never a short list.
    """
    page, query = page_of(call.asked), query_of(call.asked.filter, call.resource, call.system.manner.offset)
    shown = projection_of(call.resource, call.asked, attributes_of(query.native))
    options = replace(
        call.options,
        attributes_to_get=tuple(sources_of(shown.resource)) if page.count else (),
        sort_keys=sort_keys_of(call),
    )
    if query.remainder is None:
        found, total = await _native(call, query.native, page, options)
    else:
        found, total = await _tested(call, query.native, query.remainder, page, options)
    view = await call.view(shown.resource, with_version=shown.whole)
    return answered(200, list_body([view.resource(each) for each in found], total, start=page.start))


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
    told = mentioned(remainder, call.resource)
    view, test = await call.view(told, with_version=False), tester(remainder, call.resource)
    wanted = {*(options.attributes_to_get or ()), *sources_of(told)}
    search = call.system.facade.search(
        call.resource.object_class, node, replace(options, attributes_to_get=tuple(wanted))
    )
    found: list[ConnectorObject] = []
    total = 0
    async for batch in search:
        for each in batch:
            if test(view.resource(each)):
                total += 1
                if page.start <= total < page.start + page.count:
                    found.append(each)
    return found, total


def page_of(asked: Asked) -> Page:
    """
    Return the page. A place below 1 is 1, a negative number is 0, and more than there may be is as many as there may.

    Raises Problem (400, invalidValue) for what is no number.
    """
    start = 1 if asked.start_index is None else _number("startIndex", asked.start_index)
    count = USUAL_COUNT if asked.count is None else _number("count", asked.count)
    return Page(max(1, start), min(max(0, count), MOST_COUNT))


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
    if place.model is None or place.attribute.shape is Shape.MAPS:
        raise Problem(501, f"Sorting by {place.path} is not offered")
    order = (asked.sort_order or "ascending").lower()
    if order not in {"ascending", "descending"}:
        raise refused(Kind.INVALID_VALUE, f"sortOrder is ascending or descending, not {in_words(asked.sort_order)}")
    return (SortKey(place.model, order == "ascending"),)


def list_body(rows: Sequence[dict[str, Any]], total: int, *, start: int) -> dict[str, Any]:
    """
    Return the answer that carries a page.
    """
    return {
        "schemas": [LIST_URN],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(rows),
        "Resources": rows,
    }


def _number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise refused(Kind.INVALID_VALUE, f"{name} must be an integer, not {in_words(text)}") from None
