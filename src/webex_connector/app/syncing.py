"""
From the name of a mapping to a mapping with its two ends.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from webex_connector.app.sync_settings import SyncSettings
from webex_connector.base.clock import Clock
from webex_connector.expressions.compiling import Expressions
from webex_connector.gateway.idm.systems import System
from webex_connector.sync.engine import Ends
from webex_connector.sync.errors import RunRefused
from webex_connector.sync.rules import compiled


@dataclass(frozen=True, slots=True)
class Syncing:
    """
    What mappings are opened with.
    """

    settings: SyncSettings
    systems: Mapping[str, System]
    expressions: Expressions
    clock: Clock

    @asynccontextmanager
    async def opened(self, name: str) -> AsyncIterator[Ends]:
        """
        Open a mapping's source while the block runs.

        Raises RunRefused when there is no such mapping, it is not enabled or its system is not open, and
        ExpressionsInvalid with everything that is wrong in its expressions.
        """
        mapping = self.settings.mappings.get(name)
        if mapping is None:
            there = ", ".join(self.settings.mappings) or "none"
            raise RunRefused(f"There is no mapping {name}; there are: {there}")
        if not mapping.enabled:
            raise RunRefused(f"The mapping {name} is not enabled")
        if mapping.system not in self.systems:
            raise RunRefused(f"The system {mapping.system} of the mapping {name} is not open")
        target = self.systems[mapping.system].facade
        source = self.settings.sources[mapping.source].opened(mapping.source)
        try:
            info = target.schema.object_class(mapping.object_class)
            rules = await compiled(mapping, info, self.expressions, self.clock, source.shape)
            yield Ends(mapping, source, target, rules)
        finally:
            await source.aclose()
