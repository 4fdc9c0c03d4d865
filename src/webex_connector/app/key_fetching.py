"""
Fetching the public keys of issuers.
"""

import asyncio
from typing import Final

import httpx2

from webex_connector.gateway.key_sets import NotFetched

_SECONDS: Final = 5.0
_LARGEST: Final = 256 * 1024


async def fetched(address: str) -> bytes:
    """
    Return what is at an address, by way of the proxy that the environment names. Redirects are not followed: the keys
    are where the settings say, or nowhere.

    Raises NotFetched, after five seconds too.
    """
    content = bytearray()
    try:
        async with (
            asyncio.timeout(_SECONDS),
            httpx2.AsyncClient(timeout=None, headers={"Accept": "application/json"}) as http,
            http.stream("GET", address) as answer,
        ):
            if answer.status_code != httpx2.codes.OK:
                raise NotFetched(f"the answer is {answer.status_code}")
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > _LARGEST:
                    raise NotFetched(f"the answer is larger than {_LARGEST} bytes")
    except TimeoutError:
        raise NotFetched(f"there was no whole answer within {_SECONDS:g} seconds") from None
    except httpx2.HTTPError as problem:
        raise NotFetched(f"{type(problem).__name__}: {problem}") from problem
    return bytes(content)
