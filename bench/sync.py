"""
What following the changes of an organisation costs, in Webex requests, against reading everything.

With the road `scim` and a token that may read audit events: nothing changed, ten people changed, one person deleted.
Target: at most 3 requests and one more for each changed person. The other road, where everything is listed each time,
is only printed.
"""

import asyncio
import time
from dataclasses import dataclass

from bench.listing import requests_seen
from bench.processes import Served, connection_to, sandbox_process
from fakes.hub import OPTIONS
from fakes.ports import MemoryJournal, OpenGuard
from webex_connector.base.clock import SystemClock
from webex_connector.connector.control_hub.connector import opened
from webex_connector.icf import names
from webex_connector.icf.attributes import replaced
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING
from webex_connector.icf.operations import SyncDelta
from webex_connector.webex.tokens import MemoryVault

PEOPLE = 10_000
CHANGED = 10
MOST_REQUESTS = 3


@dataclass(slots=True)
class Follower:
    """
    A consumer with its token.
    """

    facade: Facade
    sandbox: Served
    token: str = ""

    async def begin(self) -> int:
        """
        Fetch the token of now and return the requests it took.
        """
        before = len(requests_seen(self.sandbox))
        self.token = await self.facade.latest_token(names.ACCOUNT, OPTIONS) or ""
        return len(requests_seen(self.sandbox)) - before

    async def told(self) -> tuple[list[SyncDelta], int, float]:
        """
        Return what changed, the requests and the seconds that took; the token moves on.
        """
        before, began = len(requests_seen(self.sandbox)), time.perf_counter()
        deltas = [each async for each in self.facade.sync(names.ACCOUNT, self.token, OPTIONS)]
        seconds = time.perf_counter() - began
        self.token = deltas[-1].token if deltas else self.token
        return deltas, len(requests_seen(self.sandbox)) - before, seconds


async def _measured(sandbox: Served, road: str) -> list[str]:
    clock = SystemClock()
    connector = opened({**connection_to(sandbox.address), "road": road}, clock, MemoryVault())
    facade = Facade("webex", connector, journal=MemoryJournal(), guard=OpenGuard(), clock=clock, cookie_key=b"k" * 32)
    before, began = len(requests_seen(sandbox)), time.perf_counter()
    everybody = [each.uid async for batch in facade.search(names.ACCOUNT, EVERYTHING, OPTIONS) for each in batch]
    whole, whole_seconds = len(requests_seen(sandbox)) - before, time.perf_counter() - began
    follower = Follower(facade, sandbox)
    first = await follower.begin()
    print(f"  {road} road: the first token takes {first} requests; reading everything takes {whole}")
    missed = []
    for title, changed, deleted in (("nothing", 0, 0), (f"{CHANGED} changed", CHANGED, 0), ("1 deleted", 0, 1)):
        for uid in everybody[100 : 100 + changed]:
            await facade.update(names.ACCOUNT, uid, [replaced("title", f"Changed {road}")], OPTIONS)
        for _ in range(deleted):
            await facade.delete(names.ACCOUNT, everybody.pop(), OPTIONS)
        deltas, requests, seconds = await follower.told()
        ratio = whole_seconds / seconds
        print(f"    {title}: {len(deltas)} told, {requests} requests, {ratio:.1f} times as fast as reading everything")
        if len(deltas) != changed + deleted:
            missed.append(f"{title}, {road} road: {len(deltas)} changes were told")
        if road == "scim" and requests > MOST_REQUESTS + changed:
            missed.append(f"{title}: {requests} requests")
    await facade.aclose()
    return missed


def run(*, gates: bool) -> list[str]:  # noqa: ARG001 - requests do not depend on the load of the computer
    """
    Print the figures and return the missed targets.
    """
    print(f"following {PEOPLE} people")
    with sandbox_process(PEOPLE) as sandbox:
        return [target for road in ("scim", "people") for target in asyncio.run(_measured(sandbox, road))]
