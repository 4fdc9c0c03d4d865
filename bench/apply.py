"""
How much of the allowed rate a plan uses while it is applied.

People are made with a licence, a request each, and then change their titles, a read and a write each; every request is
away for 300 ms. The rate of writes is fixed, so that the least time is the number of writes divided by it. Target: that
is at least 95 % of the time that was taken. All of it is virtual time: what the computer itself takes is not in it.

A change is away for 600 ms, so that the 10 connections there are unless more are allowed carry 16 a second: for higher
rates as many are allowed as there are writes in a second. What 10 reach at the first such rate is only printed.
"""

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fakes.sync_stage import Stage, record, staged
from fakes.virtual_time import VirtualClock, VirtualTimeLoop
from webex_connector.sandbox.faults import Delay, Fault
from webex_connector.store.engine import in_memory
from webex_connector.store.plans import ItemState
from webex_connector.store.tables import METADATA

PEOPLE = 1000
LATENCY = 0.3
LEAST_USE = 0.95
RATES = (5, 10, 20, 50)
CONNECTIONS = 10
"""
As many as there are without a setting.
"""
ALWAYS = 1_000_000


@dataclass(frozen=True)
class Used:
    """
    What applying one plan took.
    """

    writes: int
    requests: int
    seconds: float

    def use(self, rate: float) -> float:
        """
        Return the part of the allowed rate that was used.
        """
        return self.writes / rate / self.seconds


async def _applied(stage: Stage, title: str) -> Used:
    stage.source.records = [record(f"{number:04}", f"P{number:04}", title=title) for number in range(PEOPLE)]
    plan = await stage.plan()
    trace = stage.gate.sandbox.trace
    trace.clear()
    began = stage.clock.monotonic()
    await stage.apply(plan)
    seconds = stage.clock.monotonic() - began
    counts = await stage.tables.plans.counts(plan.id)
    if counts.get(ItemState.DONE) != PEOPLE:
        raise RuntimeError(f"not everybody is {title}: {counts}")
    writes = [each for each in trace.requests() if each.method != "GET" and each.template != "/access_token"]
    return Used(len(writes), trace.count, seconds)


async def _measured(rate: int, connections: int, folder: Path) -> list[str]:
    database = in_memory()
    database.write_now(METADATA.create_all)
    missed = []
    limits: dict[str, Any] = {
        "writeRateLimit": f"{rate}/sec",
        "readRateLimit": f"{10 * rate}/sec",
        "maximumConnections": connections,
    }
    async with staged(database, folder, VirtualClock(), **limits) as stage:
        stage.gate.sandbox.faults.add(Fault(Delay(LATENCY), times=ALWAYS, must_fire=0))
        for what, title in (("made", "Staff"), ("changed", "Lead")):
            used = await _applied(stage, title)
            print(
                f"  {rate} writes a second, {connections} connections: {PEOPLE} {what} in {used.seconds:.0f} s and "
                f"{used.requests} requests; {used.use(rate):.1%} of the rate is used"
            )
            if used.use(rate) < LEAST_USE and connections >= rate:
                missed.append(f"{PEOPLE} {what} at {rate} writes a second: {used.use(rate):.1%} of the rate")
    database.close()
    return missed


def run(*, gates: bool) -> list[str]:  # noqa: ARG001 - virtual time does not depend on the load of the computer
    """
    Print the figures and return the missed targets.
    """
    print(f"applying plans of {PEOPLE} people")
    too_few = next(rate for rate in RATES if rate > CONNECTIONS)
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return [
            target
            for rate, connections in (*((each, max(each, CONNECTIONS)) for each in RATES), (too_few, CONNECTIONS))
            for target in runner.run(_measured(rate, connections, Path(folder)))
        ]
