"""
How many Webex requests the sync engine needs.

- **nothing changed**: no write, and no more reads than there are pages of people, and what every run asks once.
- **one in a hundred changed**, their titles, and every tenth of those gets a licence: at most 1.25 times the pages to
  read, one request for a hundred changes of attributes, one for each change of licences, and the read-back, a request
  for a hundred.
- **the usual pattern**, to fetch all ids and then each object, takes how many times as many.

Requests are counted by the simulated organisation, on the road `scim`. The build server judges only the first, and of
the second that nobody is read alone: it has fewer people, of whom what every run asks once is too large a part.
"""

import asyncio
import math
import tempfile
from dataclasses import replace
from pathlib import Path

from fakes.hub import OPTIONS
from fakes.sync_stage import Stage, staged
from fakes.virtual_time import VirtualClock, VirtualTimeLoop
from webex_connector.icf import names
from webex_connector.icf.facade import Facade
from webex_connector.icf.filters import EVERYTHING
from webex_connector.sandbox import rendering
from webex_connector.sandbox.catalogue import UNIFIED_CM
from webex_connector.store.engine import in_memory
from webex_connector.store.tables import METADATA
from webex_connector.sync.decide.definition import PropertyMapping
from webex_connector.sync.records import Record

PEOPLE = 10_000
FEWER = 1_000
"""
For the build server.
"""
PAGE = 1_000
ONE_IN = 100
ONCE = 2
"""
What every run asks once: a token, and which road there is.
"""
MOST = 1.25
LEAST_RATIO = 50

_BATCH = 100


def _records(stage: Stage) -> list[Record]:
    world = stage.world
    return [
        Record(
            person.uuid,
            {
                "mail": (person.email,),
                "cn": (person.display_name,),
                "title": (person.title,) if person.title else (),
                "licenses": tuple(rendering.license_id(world, each) for each in person.licenses),
            },
        )
        for _, person in world.people()
    ]


def _changed(stage: Stage, records: list[Record]) -> tuple[int, int]:
    """
    Let one in a hundred be different, and return how many titles and how many licences that are.
    """
    license_ = rendering.license_id(stage.world, UNIFIED_CM)
    titles = licenses = 0
    for place in range(5, len(records), ONE_IN):
        attributes = {**records[place].attributes, "title": ("Somebody else",)}
        titles += 1
        if titles % 10 == 1:
            attributes["licenses"] = (*attributes["licenses"], license_)
            licenses += 1
        records[place] = replace(records[place], attributes=attributes)
    return titles, licenses


async def _run_of(stage: Stage) -> tuple[int, int]:
    """
    Plan and apply, and return the requests and how many of them were no reads.
    """
    trace = stage.gate.sandbox.trace
    trace.clear()
    await stage.apply(await stage.plan())
    asked = [each for each in trace.requests() if each.template != "/access_token"]
    return len(asked), sum(each.method != "GET" for each in asked)


async def _one_by_one(stage: Stage) -> int:
    """
    Fetch all ids, then each object, and return the requests.
    """

    async def work(facade: Facade) -> int:
        found = [each.uid async for some in facade.search(names.ACCOUNT, EVERYTHING, OPTIONS) for each in some]
        for uid in found:
            await facade.get(names.ACCOUNT, uid, OPTIONS)
        return len(found)

    stage.gate.sandbox.trace.clear()
    await stage.ask(work)
    return stage.gate.sandbox.trace.count


async def _measured(people: int, folder: Path) -> list[str]:
    database = in_memory()
    database.write_now(METADATA.create_all)
    missed = []
    async with staged(
        database,
        folder,
        VirtualClock(),
        road="scim",
        people=people,
        readRateLimit="1000/sec",
        writeRateLimit="1000/sec",
    ) as stage:
        stage.mapping = replace(
            stage.mapping,
            properties=(
                PropertyMapping("emails", "mail"),
                PropertyMapping("displayName", "cn"),
                PropertyMapping("title", "title"),
                PropertyMapping("licenses", "licenses"),
            ),
        )
        stage.source.records = _records(stage)
        await stage.apply(await stage.plan())
        pages = math.ceil(people / PAGE)
        requests, writes = await _run_of(stage)
        print(f"  nothing changed: {requests} requests for {pages} pages of people, {writes} of them writes")
        if writes or requests > pages + ONCE:
            missed.append(f"nothing changed: {requests} requests, {writes} writes")
        titles, licenses = _changed(stage, stage.source.records)
        least = pages + math.ceil(titles / _BATCH) + licenses + math.ceil(titles / _BATCH)
        requests, _ = await _run_of(stage)
        alone = len(stage.gate.sandbox.trace.requests(method="GET", template="/people/{id}"))
        if alone:
            missed.append(f"{alone} people were read alone")
        print(
            f"  {titles} titles and {licenses} licences changed: {requests} requests, {requests / least:.2f} times the "
            f"{least} that it takes at least"
        )
        if people == PEOPLE and requests > MOST * least:
            missed.append(f"{titles} changed: {requests} requests, {requests / least:.2f} times the least")
        usual = await _one_by_one(stage)
        print(f"  all ids and then each object: {usual} requests, {usual / requests:.0f} times as many")
        if people == PEOPLE and usual / requests < LEAST_RATIO:
            missed.append(f"the usual pattern takes only {usual / requests:.0f} times as many requests")
    database.close()
    return missed


def run(*, gates: bool) -> list[str]:
    """
    Print the figures and return the missed targets.
    """
    people = FEWER if gates else PEOPLE
    print(f"synchronizing {people:,} people")
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(_measured(people, Path(folder)))


if __name__ == "__main__":
    print(run(gates=True))
