"""
Records of a file, read page by page in a thread, so that a slow disk holds nobody up.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from webex_connector.sync.records import Page, Record

PAGE = 1000
"""
Records of one page.
"""


async def paged(records: Iterator[Record], *, inline: bool = False) -> AsyncGenerator[Page]:
    """
    Stream what an iterator brings, which is asked in one thread; `inline` in the calling one. Raises what it raises.
    """
    if inline:
        while page := list(islice(records, PAGE)):
            yield Page(page)
        return
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "source") as thread:
        while page := await loop.run_in_executor(thread, lambda: list(islice(records, PAGE))):
            yield Page(page)
