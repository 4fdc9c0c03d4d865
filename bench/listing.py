"""
What a full list costs: Webex requests, time through the door against the bare client, and memory.

- **requests**: everybody with every attribute that `/people` returns may take ceil(people / page limit) + 5 requests;
with
  `groups`, one walk of the groups more.
- **door / client**: the time of a full `_queryFilter=true` list through the door, its JSON read but not parsed,
divided by the
  time the bare Webex client needs to fetch and decode the same people. Sandbox and door are processes of their own;
  the two are measured in turn, and the medians are compared. Target: below 2.
- **memory**: the most the door's process ever held after listing an organisation four times as large, divided by the
same
  for the smaller one. Target: below 1.25.
"""

import asyncio
import json
import math
import statistics
import time
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2

from bench.processes import CLIENT, CONTROL_TOKEN, Served, connection_to, door_process, sandbox_process
from webex_connector.base.clock import SystemClock
from webex_connector.connector.configuration import connection_of
from webex_connector.webex.call import Call
from webex_connector.webex.client import WebexClient, connect
from webex_connector.webex.pacer import AdaptivePacer
from webex_connector.webex.resources.people import PeopleQuery
from webex_connector.webex.tokens import MemoryVault

PEOPLE = 10_000
PAGE = 1000
ROUNDS = 7
MOST_TIMES = 2.0
MOST_GROWTH = 1.25
_LIST = "/openidm/system/webex/__ACCOUNT__?_queryFilter=true"


def requests_seen(sandbox: Served) -> list[dict[str, Any]]:
    """
    Return what the sandbox was asked for so far.
    """
    asked = urllib.request.Request(f"{sandbox.address}/__sandbox__/trace", headers={"X-Sandbox-Token": CONTROL_TOKEN})  # noqa: S310 - loopback
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - loopback
        found: list[dict[str, Any]] = json.load(answer)["requests"]
        return found


async def listed_through(door: Served, fields: str = "") -> int:
    """
    Read the whole list through the door and return how many rows it said there were.
    """
    tail = b""
    async with (
        httpx2.AsyncClient(auth=CLIENT, timeout=120) as client,
        client.stream("GET", f"{door.address}{_LIST}{fields}") as answer,
    ):
        answer.raise_for_status()
        async for chunk in answer.aiter_raw():
            tail = (tail + chunk)[-400:]
    return int(tail.split(b'"resultCount":')[1].split(b",")[0])


async def listed_bare(client: WebexClient) -> int:
    """
    Fetch and decode everybody with the Webex client alone.
    """
    return sum([len(page.items) async for page in client.people.list(PeopleQuery(), Call())])


def bare_client(sandbox: Served) -> WebexClient:
    """
    Return the Webex client alone.
    """
    clock = SystemClock()
    connection = connection_of(connection_to(sandbox.address), clock, MemoryVault())
    return connect(connection.client, connection.tokens, AdaptivePacer(clock, read=connection.read_rate), clock)


async def timed(work: Callable[[], Awaitable[int]], expected: int) -> float:
    """
    Return the seconds the work took. Raises RuntimeError when it did not bring everybody.
    """
    began = time.perf_counter()
    count = await work()
    if count != expected:
        raise RuntimeError(f"{count} rows instead of {expected}")
    return time.perf_counter() - began


async def counted(sandbox: Served, door: Served) -> list[str]:
    """
    Print the requests of a full list, without and with groups.
    """
    missed = []
    for name, fields in (("default attributes", ""), ("with groups", "&_fields=*,groups")):
        before = len(requests_seen(sandbox))
        rows = await listed_through(door, fields)
        asked = requests_seen(sandbox)[before:]
        people = sum("/people" in each["path"] for each in asked)
        groups = sum("/groups" in each["path"] for each in asked)
        print(f"  {rows} people, {name}: {len(asked)} requests ({people} of people, {groups} of groups)")
        if people > math.ceil(PEOPLE / PAGE) + 5 or (not fields and len(asked) > math.ceil(PEOPLE / PAGE) + 5):
            missed.append(f"{name} took {len(asked)} requests")
    return missed


async def compared(sandbox: Served, door: Served) -> list[str]:
    """
    Print the time through the door against that of the bare client.
    """
    client = bare_client(sandbox)
    bare, through = [], []
    for _ in range(ROUNDS):
        bare.append(await timed(lambda: listed_bare(client), PEOPLE))
        through.append(await timed(lambda: listed_through(door), PEOPLE))
    await client.aclose()
    ratio = statistics.median(through) / statistics.median(bare)
    print(f"  bare client {statistics.median(bare):.3f} s, door {statistics.median(through):.3f} s: {ratio:.2f} times")
    return [] if ratio < MOST_TIMES else [f"the door costs {ratio:.2f} times the bare client"]


def grown() -> list[str]:
    """
    Print the door's peak memory for two sizes of the organisation.
    """
    peaks = []
    for people in (PEOPLE, 4 * PEOPLE):
        with sandbox_process(people) as sandbox, door_process(sandbox.address) as door:
            asyncio.run(listed_through(door))
            peaks.append(door.peak_megabytes())
    growth = peaks[1] / peaks[0]
    small, large = (f"{peak:.0f} MB" for peak in peaks)
    print(f"  peak memory of the door: {small} for {PEOPLE} people, {large} for {4 * PEOPLE}: {growth:.2f} times")
    return [] if growth < MOST_GROWTH else [f"memory grew {growth:.2f} times"]


def run(*, gates: bool) -> list[str]:
    """
    Print all figures and return the missed targets. With `gates` the time, which depends on the load of the computer,
    is only printed.
    """
    print(f"listing {PEOPLE} people")

    async def both(sandbox: Served, door: Served) -> list[str]:
        missed = await counted(sandbox, door)
        slow = await compared(sandbox, door)
        return missed if gates else missed + slow

    with sandbox_process(PEOPLE) as sandbox, door_process(sandbox.address) as door:
        missed = asyncio.run(both(sandbox, door))
    return missed + grown()
