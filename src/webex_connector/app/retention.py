"""
What a running server takes away of itself when it is old enough.
"""

from datetime import timedelta

from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.store.errors import StoreError
from webex_connector.store.purging import Purge

_DAY = 86_400.0
_log = logger("app")


async def purged_daily(purge: Purge, days: int, clock: Clock) -> None:
    """
    Take away, now and once a day until cancelled, plans with their items, dead links, and versions that inventories
    saw, that are older than so many days; nothing when that is 0. What cannot be taken away is logged: the next try
    will do it.
    """
    while days:
        before = clock.now() - timedelta(days=days)
        try:
            plans, links, versions = await purge.plans(before), await purge.links(before), await purge.versions(before)
            if plans or links or versions:
                counts = {"plans": plans, "links": links, "versions": versions}
                _log.info("app.plans_taken_away", **counts, before=before.isoformat())
        except StoreError as problem:
            _log.warning("app.plans_not_taken_away", reason=str(problem))
        await clock.sleep(_DAY)
