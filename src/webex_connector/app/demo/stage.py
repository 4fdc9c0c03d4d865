"""
What the demonstration plays on: an organisation on a free port and the REST door in front of it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from webex_connector.app import mirrors, wiring
from webex_connector.app.practice import practice_system
from webex_connector.app.serve import serving
from webex_connector.app.settings import MirrorSettings, ServeSettings, Settings
from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.gateway.rights import Client, Role
from webex_connector.icf import names
from webex_connector.sandbox.sandbox import Sandbox

SYSTEM = "webex"
"""
The name of the system, as the reference page has it.
"""

LOGIN = "openidm-admin"
"""
User name and password of the reference page. They are known to everybody, so only the demonstration has them, and only
this computer can reach it.
"""

MIRRORED = MirrorSettings((names.ACCOUNT, names.GROUP, "ROLES", "LICENSES"))
"""
What is read from a copy.
"""

_HOST = "127.0.0.1"
_DESTRUCTIVE_PER_HOUR = 50


@dataclass(frozen=True, slots=True)
class Stage:
    """
    A running demonstration.
    """

    sandbox: Sandbox
    organisation: str
    """
    The address of the simulated organisation.
    """
    port: int
    """
    Where the REST door listens.
    """


@asynccontextmanager
async def built(sandbox: Sandbox, port: int, clock: Clock) -> AsyncIterator[Stage]:
    """
    Start the organisation and the door, and stop them at the end of the block. Raises SetupError when the port is
    taken.
    """
    async with sandbox.serving() as organisation:
        settings = Settings(
            ServeSettings(_HOST, port),
            _DESTRUCTIVE_PER_HOUR,
            (Client(LOGIN, Secret(LOGIN), role=Role.ADMIN),),
            {SYSTEM: replace(practice_system(SYSTEM, organisation, sandbox.credentials), mirror=MIRRORED)},
        )
        async with (
            wiring.opened(settings, clock) as systems,
            serving(wiring.doors(systems, settings, clock), settings.serve) as door,
        ):
            following = asyncio.create_task(mirrors.follow(systems.mirrors, clock))
            try:
                yield Stage(sandbox, organisation, int(door.rpartition(":")[2]))
            finally:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)
