"""
A simulated organisation behind the whole house, and the settings of a connector server in front of it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.remote_client import KEY
from webex_connector.app import wiring
from webex_connector.app.practice import practice_system
from webex_connector.app.settings import RemoteSettings, ServeSettings, Settings
from webex_connector.app.systems import Systems
from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.key import digest_of
from webex_connector.gateway.remote.profiles import OPENICF
from webex_connector.gateway.rights import Client, Role
from webex_connector.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class OpenIcfHouse:
    """
    The organisation is the system `webex`.
    """

    sandbox: Sandbox
    systems: Systems
    settings: RemoteSettings
    clock: Clock


@asynccontextmanager
async def openicf_house(
    clock: Clock, people: int = 20, *, certificate: Path | None = None
) -> AsyncIterator[OpenIcfHouse]:
    """
    Be there while the block runs. Nothing listens yet.
    """
    client = Client("remote", role=Role.ADMIN)
    settings = RemoteSettings("127.0.0.1", 0, Secret(digest_of(KEY)), client, OPENICF, certificate, None, None, 10, 600)
    sandbox = Sandbox(people=people, clock=clock)
    async with sandbox.serving() as address:
        house = Settings(ServeSettings(), 50, (), {"webex": practice_system("webex", address, sandbox.credentials)})
        async with wiring.opened(house, clock) as systems:
            yield OpenIcfHouse(sandbox, systems, settings, clock)
