"""
A sandbox and a door, each in a process of its own, as they would run.
"""

import asyncio
import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from webex_connector.app import serve, wiring
from webex_connector.app.lasting import keep_for_good
from webex_connector.app.settings import ServeSettings, Settings, SystemSettings
from webex_connector.base import log
from webex_connector.base.clock import SystemClock
from webex_connector.base.secret import Secret
from webex_connector.connector.properties import PROPERTIES
from webex_connector.gateway.rights import Client
from webex_connector.icf.configuration import Setting, configured
from webex_connector.sandbox.grants import Credentials
from webex_connector.sandbox.sandbox import Sandbox

CLIENT = ("bench", "bench")
"""
The log-in of the door.
"""

CONTROL_TOKEN = "bench"
"""
What opens the sandbox's control API.
"""

_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Served:
    """
    A process and the address it serves.
    """

    address: str
    pid: int

    def peak_megabytes(self) -> float:
        """
        Return the most memory the process ever held.
        """
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("this system does not tell how much memory a process held")

    def cpu_milliseconds(self) -> float:
        """
        Return the CPU that the process has spent so far, with all its threads.
        """
        # In nanoseconds, where /proc/<pid>/stat counts in hundredths of a second.
        each = (Path(place) / "schedstat" for place in Path(f"/proc/{self.pid}/task").iterdir())
        return sum(int(schedule.read_text().split()[0]) for schedule in each) / 1e6


def connection_to(sandbox: str) -> dict[str, Setting]:
    """
    Return the connector's configuration for a sandbox at this address.
    """
    credentials = Credentials()
    given = {
        "serviceUri": f"{sandbox}/v1",
        "tokenEndpoint": f"{sandbox}/v1/access_token",
        "clientId": credentials.client_id,
        "clientSecret": credentials.client_secret,
        "refreshToken": credentials.refresh_token,
        # What is measured is our own cost, so the pace, which is learnt otherwise, is set out of the way.
        "readRateLimit": "10000/sec",
        "writeRateLimit": "10000/sec",
    }
    return configured(PROPERTIES, given)


@contextmanager
def sandbox_process(people: int) -> Iterator[Served]:
    """
    Serve an organisation of this size while the block runs.
    """
    with running(_sandbox, people) as served:
        yield served


@contextmanager
def door_process(sandbox: str) -> Iterator[Served]:
    """
    Serve the REST door to the organisation at this address, as system `webex`, while the block runs.
    """
    with running(_door, sandbox) as served:
        yield served


@contextmanager
def running(target: object, argument: object) -> Iterator[Served]:
    """
    Run `target(argument, connection)`, which sends its address through the connection, in a process of its own while
    the block runs.
    """
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_entered, args=(target, argument, theirs), daemon=True)
    process.start()
    try:
        if not ours.poll(120):
            raise RuntimeError("the server did not start")
        yield Served(ours.recv(), process.pid or 0)
    finally:
        process.terminate()
        process.join()


def _entered(target: object, argument: object, ready: Connection) -> None:
    log.configure(as_json=True, level=logging.WARNING)
    asyncio.run(target(argument, ready))  # type: ignore[operator]  # one of the two functions below


async def _sandbox(people: int, ready: Connection) -> None:
    sandbox = Sandbox(people=people, control_token=CONTROL_TOKEN)
    async with sandbox.serving() as address:
        ready.send(address)
        await asyncio.Event().wait()


async def _door(sandbox: str, ready: Connection) -> None:
    clock = SystemClock()
    system = SystemSettings("webex", "control_hub", "Webex Connector", connection_to(sandbox))
    settings = Settings(ServeSettings(port=0), 50, (Client(CLIENT[0], Secret(CLIENT[1])),), {"webex": system})
    async with wiring.opened(settings, clock) as systems:
        application = wiring.doors(systems, settings, clock)
        keep_for_good()
        async with serve.serving(application, settings.serve) as address:
            ready.send(address)
            await asyncio.Event().wait()
