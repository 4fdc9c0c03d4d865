"""
An administrator's side of the guard: who was stopped, and the yes that lets them go on.
"""

from collections.abc import Mapping
from datetime import timedelta

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.gateway.stored_clients import answered
from webex_connector.icf.errors import InvalidInput
from webex_connector.store.clients import By
from webex_connector.store.quota import Account, Allowance, Destructions

LONGEST = timedelta(days=30)
"""
How long an allowance may last: one that is forgotten lets through what the guard is there for.
"""

_log = logger("app")


class Allowing:
    """
    Looks and says yes. Each method raises ConnectionFailed when the store does not answer.
    """

    def __init__(self, destructions: Destructions, clock: Clock) -> None:
        self._destructions, self._clock = destructions, clock

    async def accounts(self) -> Mapping[str, Account]:
        """
        Return what is known of each client that was stopped, may do more than usual, or did something in the last hour.
        """
        return await answered(self._destructions.all())

    async def renew(self, client: str, by: By) -> None:
        """
        Let a stopped client go on with a whole new quota. Raises InvalidInput when it is not stopped.
        """
        if not await answered(self._destructions.allow(client, None, by)):
            raise InvalidInput(f"{client} is not stopped; --count lets it do more than its quota beforehand")
        _log.info("guard.allowed", client=client, by=by.actor)

    async def grant(self, client: str, count: int, span: timedelta, by: By) -> None:
        """
        Let a client delete or disable so many objects within a span beyond its quota, and go on if it was stopped. It
        replaces what was granted before. Raises InvalidInput.
        """
        if count < 1:
            raise InvalidInput(f"--count is one or more, not {count}")
        if span > LONGEST:
            raise InvalidInput(f"--for is {LONGEST.days} days at most")
        ends = self._clock.now() + span
        await answered(self._destructions.allow(client, Allowance(count, ends), by))
        _log.info("guard.allowed", client=client, count=count, ends=ends.isoformat(), by=by.actor)
