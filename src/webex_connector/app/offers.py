"""
The kinds of connectors as the REST door may offer them: opened for one question, and closed again.
"""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from webex_connector.app.connectors import KINDS
from webex_connector.app.guard import ShutGuard
from webex_connector.app.journal import LogJournal
from webex_connector.app.kinds.kind import ConnectorKind, Surroundings
from webex_connector.base.clock import Clock
from webex_connector.gateway.idm.systems import ConnectorRef
from webex_connector.icf.configuration import Property, configured
from webex_connector.icf.facade import Facade
from webex_connector.mirror.connector import WithLocalAttributes
from webex_connector.store.local_attributes import LocalValues
from webex_connector.webex.tokens import MemoryVault

_KEY_BYTES = 32
_REMEMBERED = 100


class OfferedKind:
    """
    One kind of connector that configurations can name, with local attributes beside its objects as systems have them.
    """

    def __init__(self, kind: ConnectorKind, ref: ConnectorRef, clock: Clock, beside: LocalValues) -> None:
        self.kind, self.ref = kind, ref
        self.display_name = kind.title
        self._clock, self._beside = clock, beside
        self._key = secrets.token_bytes(_KEY_BYTES)
        self._vaults: OrderedDict[bytes, MemoryVault] = OrderedDict()

    @property
    def properties(self) -> tuple[Property, ...]:
        """
        The configuration properties it has.
        """
        return self.kind.properties

    @asynccontextmanager
    async def opened(self, name: str, configuration: Mapping[str, object]) -> AsyncIterator[Facade]:
        """
        Open a connector with this configuration while the block runs. It lets nothing be deleted or disabled.

        Raises ConfigurationMistakes with everything that is wrong.
        """
        values = configured(self.kind.properties, configuration)
        front = await self.kind.opened(values, Surroundings(self._clock, self._vault(configuration)))
        if self.kind.keeps_beside:
            front = WithLocalAttributes(front, name, self._beside)
        facade = Facade(
            name,
            front,
            journal=LogJournal(),
            guard=ShutGuard(),
            clock=self._clock,
            cookie_key=secrets.token_bytes(_KEY_BYTES),
        )
        try:
            yield facade
        finally:
            await facade.aclose()

    def _vault(self, configuration: Mapping[str, object]) -> MemoryVault:
        """
        Return a vault of this very configuration's own: tried again, it finds a renewed refresh token, and one with
        another secret finds nothing that would make it look right.
        """
        # Keyed, so that the digest of a secret says nothing about it.
        key = hashlib.blake2b(repr(sorted(configuration.items())).encode(), key=self._key).digest()
        vault = self._vaults.setdefault(key, MemoryVault())
        self._vaults.move_to_end(key)
        if len(self._vaults) > _REMEMBERED:
            self._vaults.popitem(last=False)
        return vault


def offers(clock: Clock, beside: LocalValues) -> tuple[OfferedKind, ...]:
    """
    Return every kind that configurations can name.
    """
    return tuple(OfferedKind(kind, kind.ref, clock, beside) for kind in KINDS.values() if kind.ref is not None)
