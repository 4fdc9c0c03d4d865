"""
What is read by waiting, read piece by piece in a thread, so that a slow disk or server holds nobody up.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from itertools import islice
from typing import TypeVar

from webex_connector.sync.records import Page, Record

T = TypeVar("T")

PAGE = 1000
"""
Records of one page.
"""


async def paged(records: Generator[Record], *, inline: bool = False) -> AsyncGenerator[Page]:
    """
    Stream what a generator brings, as pages. Raises what it raises.
    """
    async with aclosing(pieces(records, inline=inline)) as found:
        async for some in found:
            yield Page(some)


async def pieces(items: Generator[T], *, inline: bool = False) -> AsyncGenerator[list[T]]:
    """
    Stream what a generator brings, a thousand at a time. All of it runs in one thread, its end too; `inline` in the
    calling one. Raises what it raises.
    """
    if inline:
        try:
            while piece := list(islice(items, PAGE)):
                yield piece
        finally:
            items.close()
        return
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "source") as thread:
        try:
            while piece := await loop.run_in_executor(thread, lambda: list(islice(items, PAGE))):
                yield piece
        finally:
            await loop.run_in_executor(thread, items.close)
