"""
The mirrors of the open systems, and how they are kept up to date while a server runs.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

from webex_connector.app.settings import MirrorSettings
from webex_connector.app.storing import Memory
from webex_connector.base.clock import Clock
from webex_connector.base.log import logger
from webex_connector.icf.configuration import ConfigurationMistakes, Mistake
from webex_connector.icf.errors import ConnectorError
from webex_connector.icf.operations import Connector
from webex_connector.mirror.mirror import Mirror
from webex_connector.store.errors import StoreError

LOOK_AGAIN: Final = 5.0
"""
Seconds between two looks whether a refresh is due.
"""

_log = logger("app")


def mirror_of(system: str, settings: MirrorSettings, connector: Connector, memory: Memory, clock: Clock) -> Mirror:
    """
    Put a mirror in front of a system's connector. Raises ConfigurationMistakes for an object class that it has not.
    """
    unknown = [name for name in settings.classes if name not in connector.handlers]
    if unknown:
        there = ", ".join(connector.handlers)
        problem = f"names {', '.join(unknown)}, which the system does not have; it has {there}"
        raise ConfigurationMistakes([Mistake("mirror.classes", problem)])
    database = memory.store.database
    return Mirror(connector, system, database, clock, classes=settings.classes, rhythm=settings.rhythm)


async def not_shown(mirrors: Iterable[Mirror]) -> int:
    """
    Return how many object classes are to be read from a copy, and are not: it is not whole yet, too old, or cannot be
    read.
    """
    count = 0
    for mirror in mirrors:
        try:
            count += sum(1 for age in await mirror.ages() if not age.is_shown)
        except StoreError:
            count += len(mirror.refreshers)
    return count


async def follow(mirrors: Mapping[str, Mirror], clock: Clock) -> None:
    """
    Refresh, until cancelled, whatever is due, each system beside the others.
    """
    running: dict[str, asyncio.Task[None]] = {}
    try:
        while True:
            for name, mirror in mirrors.items():
                if name not in running or running[name].done():
                    running[name] = asyncio.create_task(_refreshed(name, mirror))
            await clock.sleep(LOOK_AGAIN)
    finally:
        for task in running.values():
            task.cancel()
        await asyncio.gather(*running.values(), return_exceptions=True)


async def _refreshed(name: str, mirror: Mirror) -> None:
    try:
        await mirror.refresh_due()
    except (ConnectorError, StoreError) as problem:
        # It is kept beside the copy as well, and tried again after a while.
        _log.warning("app.mirror_not_refreshed", system=name, reason=str(problem))
