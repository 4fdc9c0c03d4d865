"""
Inventories as runs, so that schedules take them.
"""

from typing import Final

import msgspec

from webex_connector.app.postponing import postponing
from webex_connector.app.systems import Systems
from webex_connector.base.clock import Clock
from webex_connector.icf import names
from webex_connector.jobs.handle import RunHandle
from webex_connector.jobs.kinds import Arguments, Kinds
from webex_connector.store.snapshots import SnapshotTable
from webex_connector.sync.errors import RunRefused
from webex_connector.sync.inventory.taking import take

KIND: Final = "inventory"
"""
The kind of the runs.
"""

_TOLD_EVERY = 1.0


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    system: str
    object_class: str = names.ACCOUNT


class _Cancelled(Exception):
    """
    Somebody wants it to end before everything was looked at.
    """


class InventoryWork:
    """
    The work of these runs. One that is interrupted looks at everything anew.
    """

    def __init__(self, systems: Systems, clock: Clock) -> None:
        self._systems, self._clock = systems, clock

    def register(self, kinds: Kinds) -> None:
        """
        Let runs of this kind be done, one at a time for each object class of a system.
        """
        kinds.register(KIND, self, _key)

    async def __call__(self, run: RunHandle, arguments: Arguments) -> None:
        """
        Take an inventory. Raises RunRefused when there is no such system, UnknownObjectClass, ValidationError for
        arguments there are not, and what the system and the store raise.
        """
        asked = msgspec.convert(arguments, _Asked)
        if asked.system not in self._systems:
            why = self._systems.problems.get(asked.system, f"there are: {', '.join(self._systems) or 'none'}")
            raise RunRefused(f"The system {asked.system} is not open; {why}")
        facade = self._systems[asked.system].facade
        info = facade.schema.object_class(asked.object_class)
        table = SnapshotTable(self._systems.memory.store.database, self._clock, asked.system, info.name)
        told = self._clock.monotonic()

        async def watch(count: int) -> None:
            nonlocal told
            if run.is_cancelled():
                raise _Cancelled
            if self._clock.monotonic() - told >= _TOLD_EVERY:
                told = self._clock.monotonic()
                await run.progress(count)

        try:
            with postponing():
                done = await take(facade, info.name, table, run.actor, watch)
        except _Cancelled:
            return
        await run.progress(done.objects, done.objects)


def _key(arguments: Arguments) -> str:
    return f"inventory of {arguments['system']}/{names.folded(str(arguments.get('object_class', names.ACCOUNT)))}"
