"""
Telling people, while there is still time, that a system's token ends.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final, Protocol

from webex_connector.app.alerts import Alert, Alerts
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.console.ports import Standing
from webex_connector.icf.errors import ConnectorError
from webex_connector.webex.expiry_watch import ACCESS_NOTICE, REFRESH_NOTICE

ENDS: Final = "webex.token_ends"
"""
The event of the alert.
"""

_DAY: Final = 86_400.0
_log = logger("app")


class Standings(Protocol):
    """
    Knows how every system stands.
    """

    async def standings(self) -> Sequence[Standing]:
        """
        Return how every system stands. Raises ConnectionFailed.
        """
        ...


async def told_daily(systems: Standings, alerts: Alerts, clock: Clock) -> None:
    """
    Tell, now and once a day until cancelled, of each token that ends soon and that nothing but a person renews.
    """
    while True:
        try:
            for each in await systems.standings():
                await _told(each, alerts, clock)
        except ConnectorError as problem:
            _log.warning("alerts.tokens_unread", reason=problem.message)
        await clock.sleep(_DAY)


async def _told(standing: Standing, alerts: Alerts, clock: Clock) -> None:
    last, now = standing.last_day, clock.now()
    notice = REFRESH_NOTICE if standing.renews else ACCESS_NOTICE
    if last is None or last - now > notice:
        return
    days = max(timedelta(), last - now).days
    text = (
        f"The {'refresh' if standing.renews else 'access'} token of the system {standing.name} ends on "
        f"{last:%Y-%m-%d}, in {days} days; connect it anew before: webex-connector connect {standing.name}"
    )
    await alerts.tell(Alert(ENDS, text, {"system": standing.name}))
