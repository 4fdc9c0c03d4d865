"""
The server as it is run for an identity provider: the store in a file, the mirror on and filled, the token of the client
in the store, each request in the log.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from bench.processes import Served, connection_to, running
from webex_connector.app import serve, wiring
from webex_connector.app.lasting import keep_for_good
from webex_connector.app.settings import MirrorSettings, ServeSettings, Settings, SystemSettings
from webex_connector.base import log
from webex_connector.base.clock import SystemClock
from webex_connector.gateway.credentials import PREFIX, token_digest
from webex_connector.gateway.rights import Role
from webex_connector.icf import names
from webex_connector.store.clients import By, ClientTable, CredentialKind, KeptClient, KeptCredential
from webex_connector.store.opening import StorePlace

TOKEN = f"{PREFIX}bench"
"""
What the client shows.
"""

_CLASSES = (names.ACCOUNT, names.GROUP, "ROLES", "LICENSES")
_PLENTY = 1_000_000


@contextmanager
def mirrored_door_process(sandbox: str, folder: Path) -> Iterator[Served]:
    """
    Serve the doors to the organisation at this address, as system `webex`, while the block runs. The store and the log
    are in the folder.
    """
    with running(_served, (sandbox, folder)) as served:
        yield served


async def _served(given: tuple[str, Path], ready: Connection) -> None:
    sandbox, folder = given
    clock = SystemClock()
    system = SystemSettings(
        "webex", "control_hub", "Webex Connector", connection_to(sandbox), mirror=MirrorSettings(_CLASSES)
    )
    settings = Settings(
        ServeSettings(port=0),
        # The limits are counted against, and far away.
        destructive_per_hour=_PLENTY,
        clients=(),
        systems={"webex": system},
        store=StorePlace(folder),
        requests_per_second=_PLENTY,
    )
    with (folder / "server.log").open("w") as lines:
        log.configure(as_json=True, level=logging.INFO, stream=lines)
        async with wiring.opened(settings, clock) as systems:
            client = KeptClient("bench", Role.PROVISIONER.value, None, clock.now())
            shown = KeptCredential(CredentialKind.TOKEN, TOKEN, token_digest(TOKEN), clock.now())
            await ClientTable(systems.memory.store.database).enrol(client, shown, By("bench", "bench"))
            await systems.mirrors["webex"].refresh_due()
            keep_for_good()
            async with serve.serving(wiring.doors(systems, settings, clock), settings.serve) as address:
                ready.send(address)
                await asyncio.Event().wait()
