"""
Alerts taken to people: written to the log at once, then by every way that is set up; a storm of one kind is told once.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from webex_connector.app.alerting.way import NotDelivered, Way
from webex_connector.app.alerts import Alert, LoggedAlerts
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.store.errors import StoreError
from webex_connector.store.leases import Leases

PAUSES: Final = (1.0, 10.0, 60.0, 300.0)
"""
Seconds between the attempts to deliver one.
"""

_WITHIN: Final = 30.0
_PASSING: Final = frozenset({"run", "plan"})
"""
The facts that are others each time something of the same kind happens.
"""

_log = logger("app")


class ToldAlerts:
    """
    Takes alerts to people. One that says the same of the same, but for run and plan, is told once in `quiet`, whichever
    process tells it; the log has all of them.
    """

    def __init__(self, ways: Sequence[Way], leases: Leases, clock: Clock, quiet: timedelta) -> None:
        self._ways, self._leases, self._clock, self._quiet = ways, leases, clock, quiet
        self._logged, self._under_way = LoggedAlerts(), set[asyncio.Task[None]]()

    async def tell(self, alert: Alert) -> None:
        """
        Write an alert to the log and send it on its way. Raises nothing.
        """
        await self._logged.tell(alert)
        await self.send(alert)

    async def send(self, alert: Alert) -> None:
        """
        Send an alert on its way, without a line in the log; what becomes of that is logged. Raises nothing.
        """
        if not self._ways or not await self._is_first(alert):
            return
        at = self._clock.now()
        for way in self._ways:
            task = asyncio.create_task(self._delivered(way, alert, at))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def aclose(self) -> None:
        """
        Return when what was told has left; after some time it is given up.
        """
        if self._under_way:
            _, left = await asyncio.wait(self._under_way, timeout=_WITHIN)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def _is_first(self, alert: Alert) -> bool:
        try:
            return await self._leases.take(_name(alert), self._quiet)
        except StoreError as problem:
            # Better twice than never.
            _log.warning("alerts.not_counted", reason=str(problem))
            return True

    async def _delivered(self, way: Way, alert: Alert, at: datetime) -> None:
        for pause in (*PAUSES, None):
            try:
                await way.send(alert, at)
            except NotDelivered as problem:
                _log.warning("alerts.attempt_failed", way=way.name, alert=alert.event, reason=str(problem))
                if pause is None or problem.lasting:
                    break
                await self._clock.sleep(pause)
            else:
                _log.info("alerts.delivered", way=way.name, alert=alert.event)
                return
        _log.error("alerts.not_delivered", way=way.name, alert=alert.event, text=alert.text)
        try:
            # The next one of the same kind is tried anew.
            await self._leases.give_up(_name(alert))
        except StoreError as problem:
            _log.warning("alerts.not_counted", reason=str(problem))


def _name(alert: Alert) -> str:
    facts = sorted((name, value) for name, value in alert.facts.items() if name not in _PASSING)
    return f"alert {alert.event} {hashlib.sha256(repr(facts).encode()).hexdigest()[:16]}"
