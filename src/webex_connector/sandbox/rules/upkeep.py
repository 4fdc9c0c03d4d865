"""
What the organisation does by itself: it writes down what happens, and does later what is due later.
"""

from functools import partial

from webex_connector.sandbox.changes import ITSELF
from webex_connector.sandbox.rules import audit, lifecycle, templates
from webex_connector.sandbox.world import World


def begin(world: World) -> None:
    """
    Watch every change from now on.
    """
    world.watchers += [partial(watch, world) for watch in (audit.record, templates.watch, lifecycle.watch)]


def settle(world: World) -> None:
    """
    Do everything that is due, each at its own time: whoever looks at the organisation next finds it done.
    """
    now = world.now()
    while (entry := world.agenda.next_due(now)) is not None:
        moment, work = entry
        with world.acting(ITSELF, moment):
            work()
