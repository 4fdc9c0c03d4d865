"""
Walking a list to its end, in the three ways Webex offers (https://developer.webex.com/docs/basics, pagination).

Short and empty pages mean nothing where Webex tells the next page or the size of the whole. A page that fails
fails the walk: nobody may take a part for the whole.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.wire import Json, Request


@dataclass(frozen=True, slots=True)
class Page:
    """
    One page of a list.
    """

    items: list[Json]
    next_url: str | None
    """
    Where the walk goes on; a later walk may start there. `None` on the last page, and on lists counted by index or
    offset.
    """

    total: int | None = None
    """How many items the whole list has, where Webex says so."""


async def linked_pages(sender: Sender, request: Request, call: Call, name: str) -> AsyncIterator[Page]:
    """
    Yield the pages whose items stand under `name`, following the `Link` header.

    Raise TooStrange when a page has no such list, or a thing without an id in it, or points to a page that was already
    read.
    """
    read = {request.address}
    while True:
        answer = await sender.send(request, call)
        yield Page(answer.resources(name), answer.next_url)
        if answer.next_url is None:
            return
        if answer.next_url in read:
            raise answer.strange("the next page was already read; the list would never end")
        read.add(answer.next_url)
        request = request.follow(answer.next_url)


async def counted_pages(
    sender: Sender,
    request: Request,
    call: Call,
    name: str,
    *,
    total: str,
    start_index: int = 1,
    key: str = "id",
) -> AsyncIterator[Page]:
    """
    Yield the pages whose items stand under `name`, counting from `start_index`, which begins at 1.

    The size of the whole stands under `total`, the id of an item under `key`. Where Webex does not tell the size,
    the walk ends with an empty page. Raise TooStrange when a page has no such list (an empty whole may leave it out),
    or is empty before the end.
    """
    while True:
        query = {**request.query, "startIndex": str(start_index)}
        answer = await sender.send(replace(request, query=query), call)
        size = answer.json().get(total)
        items = [] if size == 0 and name not in answer.json() else answer.resources(name, key)
        start_index += len(items)
        ended = start_index > size if isinstance(size, int) else not items
        if not items and not ended:
            raise answer.strange(f"an empty page at {start_index} of {size}")
        yield Page(items, None, size if isinstance(size, int) else None)
        if ended:
            return


async def offset_pages(sender: Sender, request: Request, call: Call, name: str, *, whole: int) -> AsyncIterator[Page]:
    """
    Yield the pages whose items stand under `name`, by an offset that begins at 0.

    Webex tells neither a next page nor a total here. A page of fewer than `whole` items is the last one; choose `whole`
    no larger than what Webex surely gives at a time, or a silently lowered page would end the walk. Raise TooStrange
    when a page has no such list, or a thing without an id in it.
    """
    offset = 0
    while True:
        query = {**request.query, "offset": str(offset)}
        items = (await sender.send(replace(request, query=query), call)).resources(name)
        yield Page(items, None)
        if len(items) < whole:
            return
        offset += len(items)
