"""
What changing a large group costs: a hundred of 10,000 members put in, and a hundred taken out.

Requests are counted by the simulated organisation, which runs in a process of its own. Once the model is asked, and CPU
is what this process spends on it; once a SCIM client sends PATCH, in Okta's words and in Entra's, and CPU is what the
process that serves the door spends. Targets: at most 2 requests; at most 50 ms in the model and 100 ms at the door.
"""

import asyncio
import time
from typing import Any

import httpx2

from bench.listing import requests_seen
from bench.processes import CLIENT, Served, connection_to, door_process, sandbox_process
from fakes.hub import OPTIONS
from fakes.ports import MemoryJournal, OpenGuard
from webex_connector.base.clock import SystemClock
from webex_connector.connector.control_hub.connector import opened
from webex_connector.icf import names
from webex_connector.icf.attributes import AttributeDelta, added, removed
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING
from webex_connector.webex.tokens import MemoryVault

MEMBERS = 10_000
CHANGED = 100
MOST_REQUESTS = 2
MOST_MILLISECONDS = 50.0
MOST_AT_THE_DOOR = 100.0

_PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


async def _measured(sandbox: Served, door: Served) -> list[str]:
    clock = SystemClock()
    connector = opened(connection_to(sandbox.address), clock, MemoryVault())
    facade = Facade("webex", connector, journal=MemoryJournal(), guard=OpenGuard(), clock=clock, cookie_key=b"k" * 32)
    everybody = [each.uid async for batch in facade.search(names.ACCOUNT, EVERYTHING, OPTIONS) for each in batch]
    members = [{"id": uid} for uid in everybody]
    made = await facade.create(
        names.GROUP,
        {"displayName": ("Large",), "members": tuple(members[:MEMBERS])},
        OPTIONS,
    )
    uid = made.uid or ""
    missed = []
    hundred = members[MEMBERS : MEMBERS + CHANGED]
    changes: dict[str, AttributeDelta] = {
        "put in": added("members", *hundred),
        "taken out": removed("members", *hundred),
    }
    for name, change in changes.items():
        before, spent = len(requests_seen(sandbox)), time.process_time()
        result = await facade.update(names.GROUP, uid, [change], OPTIONS)
        milliseconds = (time.process_time() - spent) * 1000
        requests = len(requests_seen(sandbox)) - before
        size = result.after.values("memberSize") if result.after else ()
        print(f"  {CHANGED} {name}: {requests} requests, {milliseconds:.1f} ms of CPU, members then: {size}")
        if requests > MOST_REQUESTS or milliseconds > MOST_MILLISECONDS:
            missed.append(f"{CHANGED} members {name}: {requests} requests, {milliseconds:.1f} ms")
    await facade.aclose()
    address = f"{door.address}/scim/webex/v2/Groups/{uid}"
    return [*missed, *await _at_the_door(sandbox, door, address, [each["id"] for each in hundred])]


async def _at_the_door(sandbox: Served, door: Served, address: str, hundred: list[str]) -> list[str]:
    """
    Put in and take out what is not in the group yet, and return the missed targets.
    """
    values = [{"value": uid} for uid in hundred]
    each = [{"op": "remove", "path": f'members[value eq "{uid}"]'} for uid in hundred]
    changes: list[tuple[str, list[dict[str, Any]]]] = [
        ("put in by Okta", [{"op": "add", "path": "members", "value": values}]),
        ("taken out by Okta", each),
        ("put in by Entra", [{"op": "Add", "path": "members", "value": values}]),
        ("taken out by Entra", [{"op": "Remove", "path": "members", "value": values}]),
    ]
    missed = []
    async with httpx2.AsyncClient(auth=CLIENT, timeout=60) as client:
        # The first request brings the token; it is no part of what a change takes.
        (await client.get(f"{address}?excludedAttributes=members")).raise_for_status()
        for name, operations in changes:
            before, spent = len(requests_seen(sandbox)), door.cpu_milliseconds()
            answer = await client.patch(address, json={"schemas": [_PATCH], "Operations": operations})
            milliseconds = door.cpu_milliseconds() - spent
            answer.raise_for_status()
            requests = len(requests_seen(sandbox)) - before
            print(f"  {CHANGED} {name}: {requests} requests, {milliseconds:.1f} ms of the door's CPU")
            if requests > MOST_REQUESTS or milliseconds > MOST_AT_THE_DOOR:
                missed.append(f"{CHANGED} members {name}: {requests} requests, {milliseconds:.1f} ms")
    return missed


def run(*, gates: bool) -> list[str]:  # noqa: ARG001 - CPU time does not depend on the load of the computer
    """
    Print the figures and return the missed targets.
    """
    print(f"a group of {MEMBERS} members")
    with sandbox_process(MEMBERS + CHANGED) as sandbox, door_process(sandbox.address) as door:
        return asyncio.run(_measured(sandbox, door))
