"""
How many operations a second the connector server takes on one core, each on a TCP connection of its own, as the Java
clients make them; and what TLS costs.

The server is a process of its own, tied to one core, with a connector in memory behind it; the clients are another
process on another core where there is one. Counted is what the server's core can do: the time of its own CPU.

Target: 200 operations a second over plain TCP; the figure for TLS is printed beside it.
"""

import asyncio
import os
import ssl
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlsplit

from bench.processes import Served, running
from fakes.memory_connector import staff
from fakes.remote_client import MemoryKind, Platform, serving
from webex_connector.app.self_signed import self_signed
from webex_connector.base.clock import SystemClock
from webex_connector.gateway.remote.codec.objects import ObjectClass, Uid

OPERATIONS = 1_000
AT_ONCE = 8
LEAST_A_SECOND = 200


async def server(certificate: str, ready: Connection) -> None:
    """
    Serve the connector in memory on one core, over TLS where there is a certificate, until the process is ended.
    """
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    clock = SystemClock()
    kind = MemoryKind(clock)
    staff(kind.connector, 100)
    tls = None
    if certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
    async with serving(clock, kind=kind, tls=tls) as served:
        somebody = next(iter(kind.connector.world["__ACCOUNT__"]))
        ready.send(f"tcp://{served.platform.host}:{served.platform.port}/{somebody}")
        await asyncio.Event().wait()


@contextmanager
def _certificate() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        made = self_signed(["127.0.0.1"], SystemClock().now(), timedelta(days=2))
        file = Path(folder) / "server.pem"
        file.write_bytes(made.key + made.certificate)
        yield file


async def _asked(platform: Platform, uid: str) -> None:
    left = iter(range(OPERATIONS))

    async def one_after_the_other() -> None:
        for _ in left:
            found = await platform.call("GetApiOp", "getObject", ObjectClass("__ACCOUNT__"), Uid(uid), None)
            if found is None:
                raise RuntimeError("nobody was found")

    await asyncio.gather(*(one_after_the_other() for _ in range(AT_ONCE)))


def _measured(served: Served, certificate: Path | None) -> tuple[float, float]:
    """
    Return operations a second, by the clock and by the server's CPU.
    """
    place = urlsplit(served.address)
    tls = None if certificate is None else ssl.create_default_context(cafile=certificate)
    platform = Platform(place.hostname or "", place.port or 0, tls=tls)
    asyncio.run(_asked(platform, place.path[1:]))
    spent, began = served.cpu_milliseconds(), time.perf_counter()
    asyncio.run(_asked(platform, place.path[1:]))
    took = time.perf_counter() - began
    return OPERATIONS / took, 1000 * OPERATIONS / (served.cpu_milliseconds() - spent)


def run(*, gates: bool) -> list[str]:
    """
    Print the figures and return the missed target. With `gates` it is judged by the server's CPU alone.
    """
    with running(server, "") as served:
        plain, plain_cpu = _measured(served, None)
    with _certificate() as certificate, running(server, str(certificate)) as served:
        tls, tls_cpu = _measured(served, certificate)
    print(
        f"remote: {plain:,.0f} operations/s, each on a connection of its own ({plain_cpu:,.0f} by CPU); "
        f"over TLS {tls:,.0f} ({tls_cpu:,.0f} by CPU)"
    )
    reached = plain_cpu if gates else plain
    return [] if reached >= LEAST_A_SECOND else [f"{reached:.0f} connections a second"]
