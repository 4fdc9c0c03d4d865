"""
What a crowd of connections costs the connector server that never say a word: as many as this machine lets one process
have, ten thousand at most.

The server keeps a thousand and lets the oldest go for each newcomer, so its memory is that of a thousand, however many
come; and a platform is served all the while.

Targets: 30 MB more than before at most, and an operation in the middle of the crowd within a second.
"""

import asyncio
import resource
import socket
import time
from urllib.parse import urlsplit

from bench.processes import running
from bench.remote_connect import server
from fakes.remote_client import Platform
from webex_connector.gateway.remote.codec.messages import EchoMessage

CROWD = 10_000
SPARE = 200
"""
Descriptors that the measuring process has for itself.
"""
MOST_MEGABYTES = 30
MOST_SECONDS = 1.0


def _crowd(host: str, port: int, count: int) -> list[socket.socket]:
    return [socket.create_connection((host, port)) for _ in range(count)]


async def _echo(platform: Platform) -> float:
    began = time.perf_counter()
    async with platform.connected() as wire:
        await platform.ask(wire, EchoMessage("?"))
    return time.perf_counter() - began


def run(*, gates: bool) -> list[str]:
    """
    Print the figures and return the missed targets. With `gates` the time is only printed.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(CROWD, hard - SPARE)
    with running(server, "") as served:
        place = urlsplit(served.address)
        platform = Platform(place.hostname or "", place.port or 0)
        asyncio.run(_echo(platform))
        before = served.peak_megabytes()
        crowd = _crowd(platform.host, platform.port, count)
        took = asyncio.run(_echo(platform))
        more = served.peak_megabytes() - before
        for each in crowd:
            each.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    print(f"remote: {count:,} idle connections: {more:.1f} MB more, an operation among them {took * 1000:.0f} ms")
    missed = [] if more <= MOST_MEGABYTES else [f"{more:.0f} MB for idle connections"]
    return missed if took <= MOST_SECONDS or gates else [*missed, f"{took:.1f} s among idle connections"]
