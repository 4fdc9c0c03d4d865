"""
The names of what people are granted, licences and roles: read seldom, since they change seldom.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.icf import names
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.options import Actor, OperationOptions

log = logger("gateway")

KEPT: Final = 600.0
"""
For how many seconds names are taken for right.
"""

KEPT_NOTHING: Final = 60.0
"""
After how many seconds names that could not be read are asked for again.
"""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """
    What can be granted of one kind.
    """

    names: Mapping[str, str]
    """
    Names by id.
    """
    whole: bool
    """
    Whether these are all; if not, an unknown id says nothing.
    """
    until: float

    def ids_of(self, name: str) -> list[str]:
        """
        Return the ids of everything that has this name, in any case.
        """
        folded = names.folded_text(name)
        return [uid for uid, each in self.names.items() if names.folded_text(each) == folded]


class DisplayNames:
    """
    The catalogues of one system, by object class.
    """

    def __init__(self, facade: Facade, clock: Clock) -> None:
        self._facade, self._clock = facade, clock
        self._catalogues: dict[str, Catalogue] = {}
        self._turn = asyncio.Lock()

    async def of(self, object_class: str, options: OperationOptions) -> Catalogue:
        """
        Return the catalogue of an object class. Without an answer of the target it is the one before, or an empty one:
        a resource without the names of its licences is better than none.
        """
        known = self._catalogues.get(object_class)
        if known is not None and self._clock.monotonic() < known.until:
            return known
        async with self._turn:
            known = self._catalogues.get(object_class)
            if known is None or self._clock.monotonic() >= known.until:
                known = await self._read(object_class, options, known)
                self._catalogues[object_class] = known
        return known

    async def _read(self, object_class: str, options: OperationOptions, known: Catalogue | None) -> Catalogue:
        # The names are kept for everybody, so they are read whatever this client may see by itself.
        asked = OperationOptions(
            attributes_to_get=(), actor=Actor(options.actor.name, options.actor.door), lane=options.lane
        )
        try:
            search = self._facade.search(object_class, EVERYTHING, asked)
            found = {each.uid: each.name or each.uid async for batch in search for each in batch}
        except ConnectorError as error:
            log.warning("scim.names_unread", object_class=object_class, reason=error.message)
            before = {} if known is None else known.names
            return Catalogue(before, whole=False, until=self._clock.monotonic() + KEPT_NOTHING)
        return Catalogue(found, whole=True, until=self._clock.monotonic() + KEPT)
