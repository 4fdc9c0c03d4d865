"""
Walking a list to its end, in the two ways Webex offers (https://developer.webex.com/docs/basics, pagination).

Short and empty pages mean nothing; only the absence of a next page does. A page that fails fails the walk: nobody may
take a part for the whole.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from webex_connector.webex.call import Call, Sender
from webex_connector.webex.wire import Json, Request


@dataclass(frozen=True, slots=True)
class Page:
    """
    One page of a list.
    """

    items: list[Json]
    next_url: str | None
    """Where the walk goes on; a later walk may start there. `None` on the last page, and on lists counted by index."""

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
) -> AsyncIterator[Page]:
    """
    Yield the pages whose items stand under `name`, counting from `start_index`, which begins at 1.

    The size of the whole stands under `total`. Where Webex does not tell it, the walk ends with an empty page. Raise
    TooStrange when a page has no such list (an empty whole may leave it out), or is empty before the end.
    """
    while True:
        answer = await sender.send(_at(request, start_index), call)
        size = answer.json().get(total)
        items = [] if size == 0 and name not in answer.json() else answer.resources(name)
        start_index += len(items)
        ended = start_index > size if isinstance(size, int) else not items
        if not items and not ended:
            raise answer.strange(f"an empty page at {start_index} of {size}")
        yield Page(items, None, size if isinstance(size, int) else None)
        if ended:
            return


def _at(request: Request, start_index: int) -> Request:
    return Request(request.method, request.path, {**request.query, "startIndex": str(start_index)})
