"""
Mirrors in tests: pictures in a database, in front of a connector.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from fakes.beside import beside
from webex_connector.base.clock import Clock
from webex_connector.icf import names
from webex_connector.icf.operations import Connector
from webex_connector.mirror.mirror import Mirror
from webex_connector.mirror.refresh import Rhythm
from webex_connector.store.engine import Database

CLASSES = (names.ACCOUNT, names.GROUP, "ROLES", "LICENSES", "TEAMS", "LOCATIONS")
"""
The object classes that are mirrored, as far as they are there.
"""

LONG = Rhythm(timedelta(minutes=5), timedelta(days=1), timedelta(days=365))
"""
Pictures that are shown whatever their age.
"""


def mirrored(
    connector: Connector,
    database: Database,
    clock: Clock,
    rhythm: Rhythm = LONG,
    classes: Collection[str] = CLASSES,
) -> Mirror:
    """
    Put empty pictures, and local attributes, in front of a connector.
    """
    return Mirror(beside(connector, database), "webex", database, clock, classes=classes, rhythm=rhythm)


class Mirrors:
    """
    Puts pictures in front of connectors, and remembers the last one, for tests that are given a facade alone.
    """

    def __init__(self, database: Database, clock: Clock, **more: Any) -> None:
        self._database, self._clock, self._more = database, clock, more
        self._made: list[Mirror] = []

    def __call__(self, connector: Connector) -> Mirror:
        """
        Put pictures in front of a connector.
        """
        self._made.append(mirrored(connector, self._database, self._clock, **self._more))
        return self._made[-1]

    @property
    def last(self) -> Mirror:
        """
        The mirror that was made last.
        """
        return self._made[-1]

    async def fill(self) -> Mirror:
        """
        Read everything into the pictures of the last mirror, and return it.
        """
        for refresher in self.last.refreshers.values():
            assert await refresher.refresh()
        return self.last
