"""
The systems that requests are for: those of the settings, and those that platforms configure, which are kept open from
one request to the next. A platform sends the whole configuration with every request.
"""

import base64
import binascii
import hashlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.remote.codec.description import ConnectorKey
from webex_connector.gateway.remote.codec.primitives import Malformed
from webex_connector.gateway.remote.codec.streams import read
from webex_connector.gateway.remote.description import SYSTEM, configuration_in
from webex_connector.gateway.remote.ports import Kind, Systems
from webex_connector.gateway.rights import Client, Right
from webex_connector.icf.errors import ConfigurationInvalid, Throttled
from webex_connector.icf.facade import Facade

_log = logger("gateway")

LOOK_AGAIN: Final = 60.0
"""
Seconds between two looks for what nobody uses any more.
"""


@dataclass(frozen=True, slots=True)
class Keeping:
    """
    How many configured connectors are kept open, and for how many seconds after their last use.
    """

    at_most: int = 100
    idle: float = 7_200.0


@dataclass(slots=True)
class _Kept:
    facade: Facade
    used: float
    users: int = 0


class Facades:
    """
    Every connector that a request may be for.
    """

    def __init__(
        self,
        kinds: Sequence[Kind],
        systems: Systems,
        client: Client,
        clock: Clock,
        keeping: Keeping = Keeping(),
    ) -> None:
        self.kinds = kinds
        self._by_key: Mapping[ConnectorKey, Kind] = {key: kind for kind in kinds for key in kind.keys}
        self._systems = systems
        self._client = client
        self._clock = clock
        self._keeping = keeping
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    @asynccontextmanager
    async def using(self, key: ConnectorKey, facade_key: str) -> AsyncIterator[Facade]:
        """
        Yield the facade for a configuration; it stays open at least as long as the block runs.

        Raises ConfigurationInvalid, Malformed, NotPermitted, and Throttled when too many are in use.
        """
        kind = self._by_key.get(key)
        if kind is None:
            raise ConfigurationInvalid(f"There is no connector {key.connector_name} {key.bundle_version} here")
        # The key holds secrets: only its digest is kept.
        digest = hashlib.sha256(repr(key).encode() + facade_key.encode()).digest()
        kept = self._kept.get(digest)
        if kept is None:
            configuration = _configuration(facade_key, kind)
            name = configuration.get(SYSTEM.name)
            if name is not None:
                yield self._named(str(name))
                return
            self._client.require(Right.CONFIGURE, None)
            facade = await kind.opened(configuration)
            await self._make_room()
            # While room was made, another request may have opened the same.
            kept = self._kept.get(digest)
            if kept is None:
                kept = self._kept[digest] = _Kept(facade, self._clock.monotonic())
            else:
                await facade.aclose()
        self._kept.move_to_end(digest)
        kept.users += 1
        try:
            yield kept.facade
        finally:
            kept.users -= 1
            kept.used = self._clock.monotonic()

    def _named(self, name: str) -> Facade:
        self._client.require(Right.READ, name)
        return self._systems.facade(name)

    async def sweep(self) -> None:
        """
        Close what was not used for too long.
        """
        now = self._clock.monotonic()
        for digest, each in list(self._kept.items()):
            if not each.users and now - each.used >= self._keeping.idle:
                await self._close(digest)

    async def swept(self) -> None:
        """
        Sweep again and again until cancelled.
        """
        while True:
            await self._clock.sleep(LOOK_AGAIN)
            await self.sweep()

    async def aclose(self) -> None:
        """
        Close everything.
        """
        for digest in list(self._kept):
            await self._close(digest)

    async def _make_room(self) -> None:
        while len(self._kept) >= self._keeping.at_most:
            unused = next((digest for digest, each in self._kept.items() if not each.users), None)
            if unused is None:
                raise Throttled(f"{len(self._kept)} configurations are in use; no more are kept open at once")
            await self._close(unused)

    async def _close(self, digest: bytes) -> None:
        kept = self._kept.pop(digest, None)
        if kept is not None:
            await kept.facade.aclose()
            _log.info("remote.connector_closed", left=len(self._kept))


def _configuration(facade_key: str, kind: Kind) -> dict[str, object]:
    try:
        content = base64.b64decode(facade_key, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("the facade key is not Base64") from None
    values = read(content)
    if len(values) != 1:
        raise Malformed("the facade key holds no configuration")
    return configuration_in(values[0], kind)
