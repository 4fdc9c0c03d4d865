"""
Who will soon not be let in any more, told while there is time to give something new.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.stored_clients import answered
from webex_connector.icf.errors import ConnectionFailed
from webex_connector.store.clients import ClientTable, KeptClient, KeptCredential

WARNED_BEFORE: Final = timedelta(days=14)
"""
How long before the end of what a client shows it is warned of.
"""

LOOK_AGAIN: Final = 3_600.0
"""
Seconds between two looks.
"""

_WARNED_EVERY: Final = timedelta(days=1)

log = logger("gateway")


class Endings:
    """
    The clients that have nothing to show for longer than two weeks. Without a table nobody's ends.
    """

    def __init__(self, table: ClientTable | None, clock: Clock) -> None:
        self._table, self._clock = table, clock
        self._warned: dict[str, datetime] = {}
        self.soon: Sequence[str] = ()
        """
        Their names, as of the last look.
        """

    async def look(self) -> None:
        """
        Look who they are, and warn of each once a day. Raises ConnectionFailed when the store does not answer.
        """
        if self._table is None:
            return
        now = self._clock.now()
        ends = {
            client.name: moment
            for client, credentials in await answered(self._table.all())
            if (moment := _end(client, credentials, now)) is not None and moment <= now + WARNED_BEFORE
        }
        self.soon = sorted(ends)
        for name in self.soon:
            if self._warned.get(name, now - _WARNED_EVERY) <= now - _WARNED_EVERY:
                self._warned[name] = now
                log.warning(
                    "access.ends_soon",
                    client=name,
                    ends=f"{ends[name]:%Y-%m-%d %H:%M} UTC",
                    advice=f"webex-connector access rotate {name} --keep 24h gives it a new one",
                )

    async def watched(self) -> None:
        """
        Look again and again until cancelled.
        """
        while True:
            try:
                await self.look()
            except ConnectionFailed as problem:
                log.warning("access.endings_unread", reason=problem.message)
            await self._clock.sleep(LOOK_AGAIN)


def _end(client: KeptClient, credentials: Sequence[KeptCredential], now: datetime) -> datetime | None:
    """
    Return when the last of what a client shows ends; None when it shows nothing that will, or shows it no more.
    """
    ends = [each.ends for each in credentials if each.ends is None or each.ends > now]
    known = [each for each in ends if each is not None]
    return max(known) if client.revoked is None and known and len(known) == len(ends) else None
