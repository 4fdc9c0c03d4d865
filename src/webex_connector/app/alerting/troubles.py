"""
Telling people, once for each time it happens, that a system's access is refused, and that a mirror's copies stay
behind.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

from webex_connector.app.alerts import Alert, Alerts
from webex_connector.app.settings import AlertSettings
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.idm.systems import System
from webex_connector.icf import names
from webex_connector.icf.errors import AccessRefused, ConnectorError
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.options import Actor, Lane, OperationOptions
from webex_connector.mirror.mirror import Age, Mirror
from webex_connector.store.errors import StoreError

REFUSED: Final = "webex.access_refused"
BEHIND: Final = "mirror.behind"
"""
The events of the alerts.
"""

_SECONDS: Final = 60.0
_log = logger("app")


class Troubles:
    """
    Looks at every open system again and again. What lasts is told once; what is over may be told again when it comes
    back.
    """

    def __init__(
        self,
        systems: Mapping[str, System],
        mirrors: Mapping[str, Mirror],
        alerts: Alerts,
        settings: AlertSettings,
        clock: Clock,
    ) -> None:
        self._systems, self._mirrors, self._alerts, self._clock = systems, mirrors, alerts, clock
        self._every = settings.check_every
        self.refused: set[str] = set()
        """
        The systems whose access Webex refused at the last look that told.
        """
        self.behind: set[str] = set()
        """
        The systems of whose mirrors a copy was behind.
        """

    async def watched(self) -> None:
        """
        Look until cancelled, the first time after an interval; never where the settings say so.
        """
        while self._every.total_seconds():
            await self._clock.sleep(self._every.total_seconds())
            await self.look()

    async def look(self) -> None:
        """
        Look once at all systems, at a request to Webex for each.
        """
        self.refused &= self._systems.keys()
        self.behind &= self._mirrors.keys()
        await asyncio.gather(
            *(self._look_in(name, system) for name, system in self._systems.items()),
            *(self._look_at(name, mirror) for name, mirror in self._mirrors.items()),
        )

    async def _look_in(self, name: str, system: System) -> None:
        there = [each.name for each in system.facade.schema.object_classes]
        options = OperationOptions(
            attributes_to_get=(),
            page_size=1,
            actor=Actor("alerts", "alerts"),
            lane=Lane.BULK,
            deadline=self._clock.monotonic() + _SECONDS,
            live=True,
        )
        try:
            search = system.facade.search(names.ACCOUNT if names.ACCOUNT in there else there[0], EVERYTHING, options)
            await anext(aiter(search), None)
        except AccessRefused as error:
            if name not in self.refused:
                self.refused.add(name)
                await self._alerts.tell(Alert(REFUSED, _refusal(name, error), {"system": name}))
        except ConnectorError as error:
            # Whether it would let us in, nobody can tell.
            _log.info("alerts.access_unknown", system=name, reason=error.message)
        else:
            self.refused.discard(name)

    async def _look_at(self, name: str, mirror: Mirror) -> None:
        try:
            late = [each for each in await mirror.ages() if each.is_behind]
        except StoreError as problem:
            _log.warning("alerts.copies_unread", system=name, reason=str(problem))
            return
        if not late:
            self.behind.discard(name)
        elif name not in self.behind:
            self.behind.add(name)
            await self._alerts.tell(Alert(BEHIND, _lateness(name, late), {"system": name}))


def _refusal(name: str, error: AccessRefused) -> str:
    return (
        f"The system {name} is refused access, and every request of its clients with it: "
        f"{error.message.rstrip('.')}. webex-connector test {name} says what to look at; "
        f"webex-connector connect {name} renews a token"
    )


def _lateness(name: str, late: list[Age]) -> str:
    told = "; ".join(
        f"{each.object_class} {'was never read' if each.as_of is None else f'is of {each.as_of:%Y-%m-%d %H:%M} UTC'}"
        + ("" if each.error is None else f" ({each.error})")
        for each in late
    )
    return f"Copies of the system {name} cannot be brought up to date: {told}. See webex-connector mirror status"
