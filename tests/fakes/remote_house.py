"""
The connector server of the whole house, in front of a simulated organisation.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fakes.remote_client import KEY, Platform
from webex_connector.app import remote, wiring
from webex_connector.app.practice import practice_system
from webex_connector.app.remote import OWN_KEYS
from webex_connector.app.settings import RemoteSettings, ServeSettings, Settings
from webex_connector.base.clock import Clock
from webex_connector.base.secret import Secret
from webex_connector.gateway.remote.codec.values import Value
from webex_connector.gateway.remote.key import digest_of
from webex_connector.gateway.remote.profiles import CONNID, Profile
from webex_connector.gateway.rights import Client, Role
from webex_connector.sandbox.sandbox import Sandbox


@dataclass(frozen=True)
class RemoteHouse:
    """
    An organisation, and a platform that has the whole configuration of a connector to it; the server knows it as the
    system `webex`, too.
    """

    sandbox: Sandbox
    platform: Platform


@asynccontextmanager
async def remote_house(
    clock: Clock,
    *,
    people: int = 20,
    certificate: Path | None = None,
    profile: Profile = CONNID,
    destructive_per_hour: int = 50,
) -> AsyncIterator[RemoteHouse]:
    """
    Serve them while the block runs; with a certificate, over TLS.
    """
    client = Client("remote", role=Role.ADMIN)
    settings = RemoteSettings("127.0.0.1", 0, Secret(digest_of(KEY)), client, profile, certificate, None, None, 10, 600)
    sandbox = Sandbox(people=people, clock=clock)
    async with sandbox.serving() as address:
        system = practice_system("webex", address, sandbox.credentials)
        house = Settings(ServeSettings(), destructive_per_hour, (), {"webex": system})
        async with (
            wiring.opened(house, clock) as systems,
            remote.serving(settings, systems, 5, clock) as at,
        ):
            configuration: dict[str, Value] = {
                "serviceUri": f"{address}/v1",
                "tokenEndpoint": f"{address}/v1/access_token",
                "clientId": sandbox.credentials.client_id,
                "clientSecret": Secret(sandbox.credentials.client_secret),
                "refreshToken": Secret(sandbox.credentials.refresh_token),
                "road": "people",
            }
            platform = Platform(at.host, at.port, connector=OWN_KEYS["control_hub"], configuration=configuration)
            yield RemoteHouse(sandbox, platform)
