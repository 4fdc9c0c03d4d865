"""
What becomes of people nobody signs in as any more: after thirty days of being inactive they are deleted
(https://help.webex.com/article/nikzbgy).
"""

from functools import partial

from webex_connector.sandbox.changes import Change, PersonChanged
from webex_connector.sandbox.records import Person
from webex_connector.sandbox.world import World

_DAY = 86_400_000


def watch(world: World, change: Change) -> None:
    """
    Start or stop somebody's time when the account is switched off or on.

    Those who were inactive when the organisation was made have no time: they count as kept by a directory.
    """
    match change:
        case PersonChanged(before=before, after=Person() as after) if not after.active:
            if (before is None or before.active) and world.quirks.inactive_days:
                since = world.now()
                world.inactive_since[after.uuid] = since
                world.agenda.add(since + world.quirks.inactive_days * _DAY, partial(_end, world, after.uuid, since))
        case PersonChanged(before=Person() as before):
            world.inactive_since.pop(before.uuid, None)


def _end(world: World, uuid: str, since: int) -> None:
    if world.inactive_since.get(uuid) == since:
        world.drop_person(uuid)
