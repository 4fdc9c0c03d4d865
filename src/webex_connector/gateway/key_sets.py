"""
The public keys of issuers: read from a file, or fetched, and fetched again when a signature names a key that is new.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.assertions import PublicKey, UnusableKeys, fitting, keys_of
from webex_connector.icf.errors import ConnectionFailed

Fetch = Callable[[str], Awaitable[bytes]]
"""
Returns what is at an address. Raises NotFetched.
"""

KEPT: Final = 3_600.0
"""
After how many seconds keys are fetched again, so that those which were withdrawn go.
"""

USED_AT_MOST: Final = 24 * 3_600.0
"""
For how many seconds keys are gone by while new ones cannot be fetched.
"""

BETWEEN: Final = 60.0
"""
Seconds between two fetches from one address at least: whoever makes up the names of keys causes no more.
"""

log = logger("gateway")


class NotFetched(Exception):
    """
    There was no answer that can be used; the message says why.
    """


@dataclass(slots=True)
class _Known:
    keys: tuple[PublicKey, ...] = ()
    fetched: float | None = None
    """
    When the keys came; None before they did.
    """
    asked: float | None = None
    """
    When they were asked for last, with or without success.
    """
    problem: str = ""
    """
    Why the last fetch brought nothing; empty when it did.
    """


class KeySets:
    """
    Keys by the address that they are fetched from.
    """

    def __init__(self, fetch: Fetch, clock: Clock) -> None:
        self._fetch, self._clock = fetch, clock
        self._known: dict[str, _Known] = {}
        self._turns: dict[str, asyncio.Lock] = {}

    async def fitting(self, address: str, key_id: str | None) -> tuple[PublicKey, ...]:
        """
        Return the keys that may have made a signature; none when the issuer has no such key.

        Raises ConnectionFailed when there are no keys to go by: that is not the caller's fault.
        """
        known = self._known.setdefault(address, _Known())
        if self._serves(known, key_id):
            return fitting(known.keys, key_id)
        async with self._turns.setdefault(address, asyncio.Lock()):
            if not self._serves(known, key_id):
                await self._refresh(address, known)
        if known.fetched is None or self._clock.monotonic() - known.fetched > USED_AT_MOST:
            raise ConnectionFailed(f"The keys at {address} cannot be had: {known.problem}", retry_after=BETWEEN)
        found = fitting(known.keys, key_id)
        if not found and known.problem:
            # It may be there, and new: whoever signed with it is not to be told that the signature is wrong.
            raise ConnectionFailed(f"New keys at {address} cannot be had: {known.problem}", retry_after=BETWEEN)
        return found

    def _serves(self, known: _Known, key_id: str | None) -> bool:
        is_fresh = known.fetched is not None and self._clock.monotonic() - known.fetched < KEPT
        return is_fresh and bool(fitting(known.keys, key_id))

    async def _refresh(self, address: str, known: _Known) -> None:
        now = self._clock.monotonic()
        if known.asked is not None and now - known.asked < BETWEEN:
            return
        known.asked = now
        try:
            known.keys = keys_of(await self._fetch(address))
        except (NotFetched, UnusableKeys) as problem:
            known.problem = str(problem)
            log.warning("gateway.keys_not_fetched", address=address, reason=known.problem)
            return
        known.fetched, known.problem = self._clock.monotonic(), ""
        log.info("gateway.keys_fetched", address=address, keys=len(known.keys))
