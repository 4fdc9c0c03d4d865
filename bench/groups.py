"""
What changing a large group costs: a hundred of 10,000 members put in, and a hundred taken out.

Requests are counted by the simulated organisation. CPU is what this process spends on the whole operation, door and
waiting left out; the simulated organisation runs in a process of its own. Targets: at most 2 requests and 50 ms each.
"""

import asyncio
import time

from bench.listing import requests_seen
from bench.processes import Served, connection_to, sandbox_process
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


async def _measured(sandbox: Served) -> list[str]:
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
    return missed


def run(*, gates: bool) -> list[str]:  # noqa: ARG001 - CPU time does not depend on the load of the computer
    """
    Print the figures and return the missed targets.
    """
    print(f"a group of {MEMBERS} members")
    with sandbox_process(MEMBERS + CHANGED) as sandbox:
        return asyncio.run(_measured(sandbox))
