"""
What an inventory of a classic meeting site costs: the listing, and one request more for each user whose line in it
changed.

Run it by itself with `PYTHONPATH=tests python -m bench.meetings`. Time is virtual, so that the numbers are the same on
any machine; the site answers each GetUser after 200 ms.

- **first**: everybody is read, `concurrency` at a time. The time that this takes at best, divided by the time it took:
  without a limit of the site, and with one to which `readRateLimit` is set. Targets: 0.95, and nothing refused.
- **unchanged**: nobody changed. Target: the pages of the listing and no further request.
- **changed**: some changed in the listing, some where it does not show. Target: the pages, and at most one GetUser for
  each of the first.
"""

import logging
import math
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from msgspec.structs import replace as changed

from fakes.classic_site import ClassicSite, running_site
from fakes.hub import OPTIONS
from fakes.virtual_time import VirtualClock, VirtualTimeLoop
from webex_connector.base import log
from webex_connector.icf import names
from webex_connector.sandbox.faults import Delay, Fault
from webex_connector.sandbox.limits import FixedWindow

USERS = 10_000
FEWER = 2_000
"""
As many as are read where a build server judges.
"""

PAGE = 500
AT_ONCE = 4
LATENCY = 0.2
A_MINUTE = 600
"""
Requests a minute of the site that has a limit.
"""

LISTED, UNLISTED = 150, 50
LEAST_USE = 0.95

_DETAILS = replace(OPTIONS, attributes_to_get=("privileges", "sessionTypes", "company", names.LOCK_OUT))


async def _told(running: ClassicSite, token: str | None) -> tuple[int, str | None]:
    told = 0
    async for delta in running.facade.sync(names.ACCOUNT, token, _DETAILS):
        told, token = told + 1, delta.token
    return told, token


def _asked(running: ClassicSite) -> tuple[int, int, int]:
    asked = running.asked
    refused = sum(each.code != "" for each in running.site.trace.requests())
    return asked.count("LstsummaryUser"), asked.count("GetUser"), refused


async def _first(users: int) -> list[str]:
    """
    Print how fast everybody is read for the first time, and return the missed targets.
    """
    missed = []
    fastest = {"no limit": AT_ONCE / LATENCY, f"{A_MINUTE} a minute": A_MINUTE / 60}
    for name, rate in fastest.items():
        limited = name != "no limit"
        limit = FixedWindow(A_MINUTE, 60.0) if limited else None
        pace = f"{A_MINUTE}/min" if limited else "1000/sec"
        async with running_site(
            VirtualClock(), users=users, limit=limit, readRateLimit=pace, concurrency=AT_ONCE, pageSize=PAGE
        ) as running:
            running.site.faults.add(Fault(Delay(LATENCY), to="POST user.GetUser", times=users * 2, must_fire=users))
            clock, spent = VirtualClock(), time.process_time()
            began = clock.monotonic()
            told, _ = await _told(running, None)
            seconds, cpu = clock.monotonic() - began, (time.process_time() - spent) / users * 1000
            pages, details, refused = _asked(running)
        use = users / rate / seconds
        print(
            f"  first, {name}: {told} users, {pages} pages, {details} read, {refused} refused, {seconds:.0f} s of "
            f"virtual time ({use:.0%} of the possible pace), {cpu:.1f} ms of CPU a user, the site's own included"
        )
        if use < LEAST_USE or refused or details != users:
            missed.append(f"first inventory, {name}: {use:.0%}, {details} read, {refused} refused")
    return missed


async def _later(users: int) -> list[str]:
    """
    Print what an inventory asks for after the first, and return the missed targets.
    """
    missed = []
    async with running_site(VirtualClock(), users=users, readRateLimit="1000/sec", pageSize=PAGE) as running:
        _, token = await _told(running, None)
        for name, listed, unlisted in (("unchanged", 0, 0), ("changed", LISTED, UNLISTED)):
            _change(running, listed, unlisted)
            running.site.trace.clear()
            told, token = await _told(running, token)
            pages, details, _ = _asked(running)
            print(f"  {name}: {told} told of {listed} seen and {unlisted} unseen, {pages} pages, {details} read")
            if pages != math.ceil(users / PAGE) or details > listed or told != listed:
                missed.append(f"{name}: {pages} pages, {details} read for {listed} changes")
    return missed


def _change(running: ClassicSite, listed: int, unlisted: int) -> None:
    world = running.site.world
    for place, user in enumerate(list(world.users())[10 : 10 + listed + unlisted]):
        fields = {"lastName": f"Renamed {place}"} if place < listed else {"company": "Otherwise"}
        world.put(changed(user, fields={**user.fields, **fields}))


def run(*, gates: bool = False) -> list[str]:
    """
    Print the figures and return the missed targets.
    """
    users = FEWER if gates else USERS
    print(f"inventory of a classic site of {users:,} users:")
    works: list[Callable[[int], Awaitable[list[str]]]] = [_first, _later]
    missed = []
    for work in works:
        loop = VirtualTimeLoop()
        try:
            missed += loop.run_until_complete(work(users))
        finally:
            loop.close()
    return missed


if __name__ == "__main__":
    log.configure(as_json=False, level=logging.WARNING)
    sys.exit(bool(run(gates="--gates" in sys.argv)))
